"""Products of matrices by SciPy's BLAS, called by address from kernels."""

import functools

import numpy as np
from numba import types
from numba.extending import get_cython_function_address

from ..numba_backend.decorators import JIT, helper
from ..numba_backend.word_intrinsics import call_by_address
from ..memory.words import address_of, f32_at, f64_at, i64_at, u8_at

# A row-major matrix is its transpose to BLAS.  One block of memory holds what its calls point at.

PLAIN, TURNED = ord("N"), ord("T")
_GEMM, _TRANS, _SIZES, _ALPHA, _BETA, _WORDS = 0, 2, 4, 10, 11, 12
_blas = np.zeros(_WORDS, np.int64)


@functools.cache
def blas_block():
    """The address of the block, with the addresses of SciPy's gemm filled in on first use."""
    for k, name in enumerate(("dgemm", "sgemm")):
        _blas[_GEMM + k] = get_cython_function_address("scipy.linalg.cython_blas", name)
    return address_of(_blas)


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
        at = f64_at if gemm == _blas[_GEMM] else f32_at
        left = at(a, m * k).reshape((k, m) if ta == PLAIN else (m, k))
        right = at(b, k * n).reshape((n, k) if tb == PLAIN else (k, n))
        product = (left.T if ta == PLAIN else left) @ (right.T if tb == PLAIN else right)
        beta = at(block + 8 * _BETA, 1)[0]
        target = at(c, m * n)
        target[:] = (target * beta if beta else 0) + product.T.reshape(-1)


@helper
def gemm(block, single, ta, tb, m, n, k, a, lda, b, ldb, add, c):
    """Compute C = op(A) op(B), or add it to C, for matrices as BLAS sees them: stored by columns, C with m rows."""
    words = i64_at(block, _WORDS)
    words[_SIZES], words[_SIZES + 1], words[_SIZES + 2] = m, n, k
    words[_SIZES + 3], words[_SIZES + 4], words[_SIZES + 5] = lda, ldb, m
    if single:
        f32_at(block + 8 * _ALPHA, 1)[0] = 1.0
        f32_at(block + 8 * _BETA, 1)[0] = 1.0 if add else 0.0
    else:
        f64_at(block + 8 * _ALPHA, 1)[0] = 1.0
        f64_at(block + 8 * _BETA, 1)[0] = 1.0 if add else 0.0
    _call_gemm(words[_GEMM + 1] if single else words[_GEMM], block, ta, tb, a, b, c)
