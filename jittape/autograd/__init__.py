"""Derivatives of recorded programs, with PyTorch's names: backward, grad, hooks, Function, gradient checks."""

from . import conversions, forward_ad, function, functional, graph
from ..ops.creation import Variable
from .anomaly import detect_anomaly, is_anomaly_enabled, set_detect_anomaly
from .gradcheck import GradcheckError, gradcheck, gradgradcheck
from .function import Function
from .hooks import RemovableHandle
from .grad_mode import enable_grad, inference_mode, is_grad_enabled, is_inference_mode_enabled, no_grad, set_grad_enabled
from .grad_fn import Node
from .backward_and_grad import backward, grad

__all__ = [
    "Function",
    "GradcheckError",
    "Node",
    "RemovableHandle",
    "Variable",
    "backward",
    "detect_anomaly",
    "enable_grad",
    "forward_ad",
    "function",
    "functional",
    "grad",
    "gradcheck",
    "gradgradcheck",
    "graph",
    "inference_mode",
    "is_anomaly_enabled",
    "is_grad_enabled",
    "is_inference_mode_enabled",
    "no_grad",
    "set_detect_anomaly",
    "set_grad_enabled",
]


def __dir__():
    return __all__
