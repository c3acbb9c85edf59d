"""Transforms: functions made of functions."""

from .backends import register_backend
from .check import check_grads
from .checkpointing import checkpoint
from .forward import jvp, linearize
from .jacobians import hessian, hessian_diag, hvp, jacfwd, jacobian, jacrev
from .reverse import grad, value_and_grad, vjp
from .rules import custom_jvp, custom_vjp

__all__ = [
    "check_grads", "checkpoint", "custom_jvp", "custom_vjp", "grad", "hessian", "hessian_diag", "hvp", "jacfwd", "jacobian",
    "jacrev", "jvp", "linearize", "register_backend", "value_and_grad", "vjp",
]
