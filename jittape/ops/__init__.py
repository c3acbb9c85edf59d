"""The operations: ways to declare them, the declarations, and the functions and methods made of them."""

from . import linear_layer, reduction_kernels, loss_formulas, numpy_protocols
from .compositions import (
    addcdiv, addcmul, addmm, clamp_max, clamp_min, diff, inner, kron, lerp, logit, matrix_power, positive, scatter, scatter_add,
    tensordot, trapezoid,
)
from .comparison import (
    all, allclose, any, argmax, argmin, count_nonzero, eq, equal, ge, gt, is_floating_point, is_tensor, isclose, isfinite,
    isinf, isnan, le, logical_and, logical_not, logical_or, logical_xor, lt, ne, nonzero, numel,
)
from .creation import (
    BoolTensor, DoubleTensor, FloatTensor, LongTensor, arange, as_tensor, empty, empty_like, eye, from_numpy, full, full_like,
    linspace, logspace, manual_seed, meshgrid, normal, ones, ones_like, rand, rand_like, randint, randn, randn_like, randperm,
    tensor, zeros, zeros_like,
)
from .arithmetic import (
    abs, ceil, floor, fmod, hypot, maximum, minimum, mul, neg, reciprocal, remainder, rsqrt, sign, sqrt, square,
    trunc, where,
)
from .transcendental import (
    acos, acosh, asin, asinh, atan, atan2, atanh, cos, cosh, exp, exp2, expm1, log, log10, log1p, log2, logaddexp,
    relu, sigmoid, sin, sinh, tan, tanh, xlogy,
)
from .gather_sort import (
    argsort, gather, index_add, index_select, masked_fill, masked_select, sort, take, take_along_dim, topk,
)
from .einsum import einsum
from .matrix_functions import cholesky, det, inv as inverse, logdet, slogdet
from .products import bmm, dot, matmul, mm, mv, outer, trace
from .tensor_methods import add, clamp, clip, div, floor_divide, pow, round, sub
from .reductions import amax, amin, logsumexp, max, median, min, norm, prod, std, var
from .cumulative import cumprod, cumsum
from .softmax import log_softmax, softmax
from .special_functions import erf, erfc
from .sums import mean, sum
from .copies_and_joins import clone
from .shape_functions import (
    broadcast_tensors, broadcast_to, cat, chunk, diag, diagonal, flatten, flip, hstack, movedim, narrow, permute,
    ravel, reshape, roll, select, split, squeeze, stack, t, tile, transpose, tril, triu, unbind, unsqueeze, vstack,
)

absolute, negative, multiply, subtract, true_divide, divide = abs, neg, mul, sub, div, div
arcsin, arccos, arctan, arctan2, arcsinh, arccosh, arctanh = asin, acos, atan, atan2, asinh, acosh, atanh
arccos, concatenate, concat, swapaxes = acos, cat, cat, transpose

__all__ = [name for name in dir() if not name.startswith("_") and callable(globals()[name])]


def __dir__():
    return __all__
