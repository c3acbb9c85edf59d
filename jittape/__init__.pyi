# Written by tools/make_stubs.py from the declarations. Change these, then run it again.

"""jittape: tape-based automatic differentiation, compiled by Numba."""

from math import e as e
from math import inf as inf
from math import nan as nan
from math import pi as pi
from numpy import finfo as finfo
from numpy import iinfo as iinfo
from . import autograd as autograd
from . import errors as errors
from . import fft as fft
from . import linalg as linalg
from . import nn as nn
from . import optim as optim
from .devices import Device as device
from .ops.random_generators import Generator as Generator
from .ops.random_generators import default_generator as default_generator
from .dtypes import bool_ as bool
from .dtypes import cdouble as cdouble
from .dtypes import cfloat as cfloat
from .dtypes import complex64 as complex64
from .dtypes import complex128 as complex128
from .dtypes import double as double
from .dtypes import float32 as float32
from .dtypes import float64 as float64
from .dtypes import int8 as int8
from .dtypes import int16 as int16
from .dtypes import int32 as int32
from .dtypes import int64 as int64
from .dtypes import long as long
from .dtypes import uint8 as uint8
from .dtypes import can_cast as can_cast
from .dtypes import get_default_dtype as get_default_dtype
from .dtypes import promote_types as promote_types
from .dtypes import set_default_dtype as set_default_dtype
from .dtypes import float_ as float
from .dtypes import int_ as int
from .autograd import enable_grad as enable_grad
from .autograd import inference_mode as inference_mode
from .autograd import is_grad_enabled as is_grad_enabled
from .autograd import is_inference_mode_enabled as is_inference_mode_enabled
from .autograd import no_grad as no_grad
from .autograd import set_grad_enabled as set_grad_enabled
from .autograd.debugging import debug as debug
from .autograd.recorded_lines import record_lines as record_lines
from .autograd import is_anomaly_enabled as is_anomaly_enabled
from .autograd.stop_gradient import stop_gradient as stop_gradient
from .ops import *
from .programs.calls.compiled import compile as compile
from .kernels.threads import get_num_threads as get_num_threads
from .kernels.threads import set_num_threads as set_num_threads
from . import func as func
from . import utils as utils
from .errors import TraceError as TraceError
from .programs.batches.vmap import vmap as vmap
from .files.safetensors import load_safetensors as load_safetensors
from .files.safetensors import save_safetensors as save_safetensors
from .files.safetensors import state_from_torch as state_from_torch
from .files.tensor_files import load as load
from .files.tensor_files import save as save
from .printing.text import set_printoptions as set_printoptions
from .tape.tape import Tape as Tape
from .tensors.array import Array as Array
from .tensors.size import Size as Size
from .tensors.tensor import Tensor as Tensor
from .transforms import check_grads as check_grads
from .transforms import checkpoint as checkpoint
from .transforms import custom_jvp as custom_jvp
from .transforms import custom_vjp as custom_vjp
from .transforms import fit_covariance as fit_covariance
from .transforms import fixed_point as fixed_point
from .transforms import gauss_newton_product as gauss_newton_product
from .transforms import grad as grad
from .transforms import hessian as hessian
from .transforms import hessian_diag as hessian_diag
from .transforms import hessian_trace as hessian_trace
from .transforms import hvp as hvp
from .transforms import implicit_minimum as implicit_minimum
from .transforms import implicit_root as implicit_root
from .transforms import jacfwd as jacfwd
from .transforms import jacobian as jacobian
from .transforms import jacrev as jacrev
from .transforms import jvp as jvp
from .transforms import linearize as linearize
from .transforms import propagate as propagate
from .transforms import register_backend as register_backend
from .transforms import value_and_grad as value_and_grad
from .transforms import vjp as vjp
from numpy import dtype as dtype
from .version import __version__ as __version__
from . import native as native
from . import numpy as numpy
from . import random as random
from . import scipy as scipy
from . import special as special
from . import typing as typing
from .ode import odeint as odeint
from .ode import solve_ivp as solve_ivp
from .parity import check_value_parity as check_value_parity
from .pictures import explain as explain
from .pictures import show as show
from .precompilation import precompile as precompile
from .profiling import profile as profile
from .sparse import sparse_hessian as sparse_hessian
from .sparse import sparse_jacobian as sparse_jacobian
from .sparse import sparsity as sparsity

__all__ = [
    "Array", "BoolTensor", "DoubleTensor", "FloatTensor", "Generator", "IntTensor", "LongTensor", "Size", "Tape",
    "Tensor", "TraceError", "abs", "absolute", "accelerator", "acos", "acosh", "add", "addbmm", "addcdiv", "addcmul",
    "addmm", "addmv", "addr", "all", "allclose", "amax", "amin", "aminmax", "angle", "any", "arange", "arccos",
    "arccosh", "arcsin", "arcsinh", "arctan", "arctan2", "arctanh", "argmax", "argmin", "argsort", "argwhere",
    "as_tensor", "asin", "asinh", "atan", "atan2", "atanh", "atleast_1d", "atleast_2d", "atleast_3d", "autograd",
    "backends", "baddbmm", "bartlett_window", "bernoulli", "bfloat16", "bincount", "blackman_window", "block_diag",
    "bmm", "bool", "broadcast_tensors", "broadcast_to", "bucketize", "can_cast", "cartesian_prod", "cat", "cbrt",
    "cdist", "cdouble", "ceil", "cfloat", "chain_matmul", "check_grads", "check_value_parity", "checkpoint", "cholesky",
    "cholesky_solve", "chunk", "clamp", "clamp_max", "clamp_min", "clip", "clone", "column_stack", "combinations",
    "compile", "complex", "complex128", "complex64", "concat", "concatenate", "conj", "conj_physical",
    "contiguous_format", "copysign", "corrcoef", "cos", "cosh", "count_nonzero", "cov", "cross", "cuda", "cummax",
    "cummin", "cumprod", "cumsum", "cumulative_trapezoid", "custom_jvp", "custom_vjp", "debug", "default_generator",
    "deg2rad", "det", "device", "diag", "diag_embed", "diagflat", "diagonal", "diagonal_scatter", "diff", "digamma",
    "dist", "div", "divide", "dot", "double", "dsplit", "dstack", "dtype", "e", "einsum", "empty", "empty_like",
    "enable_grad", "eq", "equal", "erf", "erfc", "erfinv", "errors", "exp", "exp2", "explain", "expm1", "eye", "fft",
    "finfo", "fit_covariance", "fix", "fixed_point", "flatten", "flip", "fliplr", "flipud", "float", "float16",
    "float32", "float64", "float_power", "floor", "floor_divide", "fmax", "fmin", "fmod", "frac", "frexp",
    "from_dlpack", "from_numpy", "full", "full_like", "func", "gamma", "gather", "gauss_newton_product", "ge",
    "get_default_dtype", "get_num_threads", "get_rng_state", "grad", "gradient", "greater", "greater_equal", "gt",
    "half", "hamming_window", "hann_window", "heaviside", "hessian", "hessian_diag", "hessian_trace", "histc", "hsplit",
    "hstack", "hvp", "hypot", "i0", "igamma", "igammac", "iinfo", "imag", "implicit_minimum", "implicit_root",
    "index_add", "index_copy", "index_fill", "index_put", "index_select", "inf", "inference_mode", "initial_seed",
    "inner", "int", "int16", "int32", "int64", "int8", "inverse", "is_anomaly_enabled", "is_complex",
    "is_floating_point", "is_grad_enabled", "is_inference_mode_enabled", "is_tensor", "isclose", "isfinite", "isin",
    "isinf", "isnan", "isneginf", "isposinf", "isreal", "jacfwd", "jacobian", "jacrev", "jvp", "kaiser_window", "kron",
    "kthvalue", "ldexp", "le", "lerp", "less", "less_equal", "lgamma", "linalg", "linearize", "linspace", "load",
    "load_safetensors", "log", "log10", "log1p", "log2", "log_softmax", "logaddexp", "logaddexp2", "logcumsumexp",
    "logdet", "logical_and", "logical_not", "logical_or", "logical_xor", "logit", "logspace", "logsumexp", "long", "lt",
    "manual_seed", "masked_fill", "masked_scatter", "masked_select", "matmul", "matrix_exp", "matrix_power", "max",
    "maximum", "mean", "median", "meshgrid", "min", "minimum", "mm", "mode", "moveaxis", "movedim", "msort", "mul",
    "multinomial", "multiply", "mv", "mvlgamma", "nan", "nan_to_num", "nanmean", "nanquantile", "nansum", "narrow",
    "native", "ne", "neg", "negative", "nextafter", "nn", "no_grad", "nonzero", "norm", "normal", "not_equal", "numel",
    "numpy", "odeint", "ones", "ones_like", "optim", "outer", "permute", "pi", "polar", "polygamma", "positive", "pow",
    "precompile", "preserve_format", "prod", "profile", "promote_types", "propagate", "put", "quantile", "rad2deg",
    "rand", "rand_like", "randint", "randn", "randn_like", "random", "randperm", "ravel", "real", "reciprocal",
    "record_lines", "register_backend", "relu", "remainder", "renorm", "repeat_interleave", "reshape", "resolve_conj",
    "result_type", "roll", "rot90", "round", "rsqrt", "save", "save_safetensors", "scalar_tensor", "scatter",
    "scatter_add", "scatter_reduce", "scipy", "searchsorted", "seed", "select", "select_scatter", "set_default_dtype",
    "set_grad_enabled", "set_num_threads", "set_printoptions", "set_rng_state", "sgn", "show", "sigmoid", "sign",
    "signbit", "sin", "sinc", "sinh", "slice_scatter", "slogdet", "softmax", "solve_ivp", "sort", "spacing",
    "sparse_hessian", "sparse_jacobian", "sparsity", "special", "split", "sqrt", "square", "squeeze", "stack",
    "state_from_torch", "std", "std_mean", "stop_gradient", "strided", "sub", "subtract", "sum", "swapaxes", "swapdims",
    "t", "take", "take_along_dim", "tan", "tanh", "tensor", "tensor_split", "tensordot", "tile", "topk", "trace",
    "transpose", "trapezoid", "trapz", "tril", "tril_indices", "triu", "triu_indices", "true_divide", "trunc", "typing",
    "uint8", "unbind", "unflatten", "unique", "unique_consecutive", "unsqueeze", "utils", "value_and_grad", "var",
    "var_mean", "vdot", "view_as_complex", "view_as_real", "vjp", "vmap", "vsplit", "vstack", "where", "xlogy", "zeros",
    "zeros_like",
]
