"""Transforms: functions that make derivatives of functions."""

from .backends import register_backend
from .check_grads import check_grads
from .checkpointing import checkpoint
from .jvp_linearize import jvp, linearize
from .jacobians import hessian, hessian_diag, hvp, jacfwd, jacobian, jacrev
from .grad_vjp import grad, value_and_grad, vjp
from .implicit_functions import fixed_point, implicit_root
from .implicit_minima import implicit_minimum
from .fits import fit_covariance, gauss_newton_product, hessian_trace, propagate
from .custom_rules import custom_jvp, custom_vjp

__all__ = [
    "check_grads",
    "checkpoint",
    "custom_jvp",
    "custom_vjp",
    "fit_covariance",
    "fixed_point",
    "gauss_newton_product",
    "grad",
    "hessian",
    "hessian_diag",
    "hessian_trace",
    "hvp",
    "implicit_minimum",
    "implicit_root",
    "jacfwd",
    "jacobian",
    "jacrev",
    "jvp",
    "linearize",
    "propagate",
    "register_backend",
    "value_and_grad",
    "vjp",
]
