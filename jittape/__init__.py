"""jittape: tape-based automatic differentiation, compiled by Numba."""

from math import e, inf, nan, pi
from typing import TYPE_CHECKING

from numpy import finfo, iinfo

from . import autograd, errors, fft, linalg, nn, ops, optim
from .devices import Backends, Device as device, NoAccelerator, UnsupportedDType
from .ops.random_generators import Generator, default_generator
from .dtypes import bool_ as bool
from .dtypes import cdouble, cfloat, complex64, complex128, double, float32, float64, int8, int16, int32, int64, long, uint8
from .dtypes import can_cast, get_default_dtype, promote_types, set_default_dtype
from .dtypes import float_ as float
from .dtypes import int_ as int
from .autograd import enable_grad, inference_mode, is_grad_enabled, is_inference_mode_enabled, no_grad, set_grad_enabled
from .autograd.debugging import debug
from .autograd.recorded_lines import record_lines
from .autograd import is_anomaly_enabled
from .autograd.stop_gradient import stop_gradient
from .ops import *
from .programs.persistence import program_files as _programs_in_files
from .programs.calls.compiled import compile
from .kernels.threads import get_num_threads, set_num_threads
from . import func, utils
from .errors import TraceError
from .programs.batches.vmap import vmap
from .files.safetensors import load_safetensors, save_safetensors, state_from_torch
from .files.tensor_files import load, save
from .printing.text import set_printoptions
from .tape.tape import Tape
from .tensors.array import Array
from .tensors.size import Size
from .tensors.tensor import Tensor
from .transforms import (
    check_grads,
    checkpoint,
    custom_jvp,
    custom_vjp,
    fit_covariance,
    fixed_point,
    gauss_newton_product,
    grad,
    hessian,
    hessian_diag,
    hessian_trace,
    hvp,
    implicit_minimum,
    implicit_root,
    jacfwd,
    jacobian,
    jacrev,
    jvp,
    linearize,
    propagate,
    register_backend,
    value_and_grad,
    vjp,
)

from numpy import dtype

from . import notebooks as _notebooks
from .version import __version__

if TYPE_CHECKING:
    from . import native, numpy, random, scipy, special, typing
    from .ode import odeint, solve_ivp
    from .parity import check_value_parity
    from .pictures import explain, show
    from .precompilation import precompile
    from .profiling import profile
    from .sparse import sparse_hessian, sparse_jacobian, sparsity

accelerator, backends, cuda = NoAccelerator("accelerator"), Backends(), NoAccelerator("cuda")
float16, bfloat16 = UnsupportedDType("float16"), UnsupportedDType("bfloat16")
half = float16
strided, contiguous_format, preserve_format = "strided", "contiguous_format", "preserve_format"

__all__ = [
    "Array",
    "Generator",
    "Size",
    "Tape",
    "Tensor",
    "TraceError",
    "accelerator",
    "autograd",
    "backends",
    "bfloat16",
    "bool",
    "cdouble",
    "cfloat",
    "check_grads",
    "check_value_parity",
    "can_cast",
    "checkpoint",
    "compile",
    "complex128",
    "complex64",
    "contiguous_format",
    "cuda",
    "custom_jvp",
    "custom_vjp",
    "debug",
    "default_generator",
    "device",
    "double",
    "dtype",
    "e",
    "enable_grad",
    "errors",
    "explain",
    "fft",
    "finfo",
    "fit_covariance",
    "fixed_point",
    "float",
    "float16",
    "float32",
    "float64",
    "func",
    "gauss_newton_product",
    "get_default_dtype",
    "get_num_threads",
    "grad",
    "half",
    "hessian",
    "hessian_diag",
    "hessian_trace",
    "hvp",
    "iinfo",
    "implicit_minimum",
    "implicit_root",
    "inf",
    "inference_mode",
    "int",
    "int16",
    "int32",
    "int64",
    "int8",
    "is_anomaly_enabled",
    "is_grad_enabled",
    "is_inference_mode_enabled",
    "jacfwd",
    "jacobian",
    "jacrev",
    "jvp",
    "linalg",
    "linearize",
    "load",
    "load_safetensors",
    "long",
    "nan",
    "native",
    "nn",
    "no_grad",
    "numpy",
    "odeint",
    "optim",
    "pi",
    "precompile",
    "profile",
    "preserve_format",
    "promote_types",
    "propagate",
    "random",
    "record_lines",
    "register_backend",
    "save",
    "save_safetensors",
    "scipy",
    "set_default_dtype",
    "set_grad_enabled",
    "set_num_threads",
    "set_printoptions",
    "show",
    "solve_ivp",
    "sparse_hessian",
    "sparse_jacobian",
    "sparsity",
    "special",
    "state_from_torch",
    "stop_gradient",
    "strided",
    "typing",
    "uint8",
    "utils",
    "value_and_grad",
    "vjp",
    "vmap",
]
__all__ += ops.__all__

_LOADED_WHEN_ASKED_FOR = {  # name -> the module that has it, "" for one that is a module itself
    # the first registers types with Numba, "special" loads SciPy, the last is for checkers
    **dict.fromkeys(("native", "numpy", "random", "scipy", "special", "typing"), ""),
    **dict.fromkeys(("odeint", "solve_ivp"), ".ode"),  # these two load parts of SciPy, which take longer than all else
    **dict.fromkeys(("sparse_hessian", "sparse_jacobian", "sparsity"), ".sparse"),
    **dict.fromkeys(("explain", "show"), ".pictures"),
    "check_value_parity": ".parity",
    "precompile": ".precompilation",
    "profile": ".profiling",
}


def _load(name):
    home = _LOADED_WHEN_ASKED_FOR.get(name)
    if home is None:
        raise AttributeError(f"module 'jittape' has no attribute {name!r}")
    from importlib import import_module

    if not home:
        return import_module(f".{name}", __name__)
    found = globals()[name] = getattr(import_module(home, __name__), name)
    return found


if not TYPE_CHECKING:
    __getattr__ = _load  # to a checker it would say that there is every name


def __dir__():
    return [*__all__, "__version__"]
