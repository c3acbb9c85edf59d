"""Transforms: functions that make derivatives of functions."""

from .backends import register_backend
from .check_grads import check_grads
from .checkpointing import checkpoint
from .jvp_linearize import jvp, linearize
from .jacobians import hessian, hessian_diag, hvp, jacfwd, jacobian, jacrev
from .grad_vjp import grad, value_and_grad, vjp
from .implicit_functions import fixed_point, implicit_minimum, implicit_root
from .custom_rules import custom_jvp, custom_vjp

__all__ = [
    "check_grads",
    "checkpoint",
    "custom_jvp",
    "custom_vjp",
    "fixed_point",
    "grad",
    "hessian",
    "hessian_diag",
    "hvp",
    "implicit_minimum",
    "implicit_root",
    "jacfwd",
    "jacobian",
    "jacrev",
    "jvp",
    "linearize",
    "register_backend",
    "value_and_grad",
    "vjp",
]
