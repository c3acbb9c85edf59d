"""Products of matrices by SciPy's BLAS, called by address from kernels."""

import functools

import numpy as np
from numba import types
from numba.extending import get_cython_function_address

from ..numba_backend.decorators import JIT, helper
from ..numba_backend.word_intrinsics import call_by_address
from ..memory.words import address_of, c64_at, c128_at, f32_at, f64_at, i64_at, u8_at

# A row-major matrix is its transpose to BLAS.  One block of memory holds what its calls point at.

PLAIN, TURNED = ord("N"), ord("T")
_GEMM, _TRANS, _SIZES, _ALPHA, _BETA, _WORDS = 0, 4, 6, 12, 14, 16
_KINDS, ITEM_BYTES = (f64_at, f32_at, c128_at, c64_at), (8, 4, 16, 8)  # in the order of SciPy's routines
_blas = np.zeros(_WORDS, np.int64)


@functools.cache
def blas_block():
    """The address of the block, with the addresses of SciPy's gemm filled in on first use."""
    for k, name in enumerate(("dgemm", "sgemm", "zgemm", "cgemm")):
        _blas[_GEMM + k] = get_cython_function_address("scipy.linalg.cython_blas", name)
    return address_of(_blas)


def blas_kind(at):
    """Which of the routines for several dtypes takes values of these windows."""
    return _KINDS.index(at)


if JIT:
    _call = call_by_address(types.void(*[types.int64] * 13))

    @helper
    def _call_gemm(address, block, ta, tb, a, b, c):
        """gemm with all scalars in the block (see `gemm`): BLAS takes them by address."""
        letters, sizes = block + 8 * _TRANS, block + 8 * _SIZES
        u8_at(letters, 1)[0] = ta
        u8_at(letters, 9)[8] = tb
        _call(
            address,
            letters,
            letters + 8,
            sizes,
            sizes + 8,
            sizes + 16,
            block + 8 * _ALPHA,
            a,
            sizes + 24,
            b,
            sizes + 32,
            block + 8 * _BETA,
            c,
            sizes + 40,
        )

else:

    def _call_gemm(gemm, block, ta, tb, a, b, c):
        m, n, k, lda, ldb, ldc = (i64_at(block, _WORDS)[_SIZES + j] for j in range(6))
        at = _KINDS[_blas[_GEMM : _GEMM + len(_KINDS)].tolist().index(gemm)]
        left = at(a, m * k).reshape((k, m) if ta == PLAIN else (m, k))
        right = at(b, k * n).reshape((n, k) if tb == PLAIN else (k, n))
        product = (left.T if ta == PLAIN else left) @ (right.T if tb == PLAIN else right)
        beta = at(block + 8 * _BETA, 1)[0]
        target = at(c, m * n)
        target[:] = (target * beta if beta else 0) + product.T.reshape(-1)


@helper
def gemm(block, kind, ta, tb, m, n, k, a, lda, b, ldb, add, c):
    """Compute C = op(A) op(B), or add it to C, for matrices as BLAS sees them: stored by columns, C with m rows."""
    words = i64_at(block, _WORDS)
    words[_SIZES], words[_SIZES + 1], words[_SIZES + 2] = m, n, k
    words[_SIZES + 3], words[_SIZES + 4], words[_SIZES + 5] = lda, ldb, m
    if kind == 0:
        _set_scalars(f64_at(block + 8 * _ALPHA, 1), f64_at(block + 8 * _BETA, 1), add)
    elif kind == 1:
        _set_scalars(f32_at(block + 8 * _ALPHA, 1), f32_at(block + 8 * _BETA, 1), add)
    elif kind == 2:
        _set_scalars(c128_at(block + 8 * _ALPHA, 1), c128_at(block + 8 * _BETA, 1), add)
    else:
        _set_scalars(c64_at(block + 8 * _ALPHA, 1), c64_at(block + 8 * _BETA, 1), add)
    _call_gemm(words[_GEMM + kind], block, ta, tb, a, b, c)


@helper
def _set_scalars(alpha, beta, add):
    alpha[0] = 1.0
    beta[0] = 1.0 if add else 0.0
