"""Products of matrices by SciPy's BLAS, called by address from kernels."""

import functools

import numpy as np
from numba import types
from numba.extending import get_cython_function_address, intrinsic

from ..numba_backend.decorators import JIT, helper
from ..memory.pool import address_of, f32_at, f64_at, i64_at

if JIT:
    from llvmlite import ir

# A row-major matrix is its transpose to BLAS.  One block of memory holds what its calls point at.

PLAIN, TURNED = ord("N"), ord("T")
_GEMM, _TRANS, _SIZES, _ALPHA, _BETA, _WORDS = 0, 2, 4, 10, 11, 12
_blas = np.zeros(_WORDS, np.int64)


@functools.cache
def blas_block():
    """Address of the block, with the addresses of SciPy's gemm filled in on first use."""
    for k, name in enumerate(("dgemm", "sgemm")):
        _blas[_GEMM + k] = get_cython_function_address("scipy.linalg.cython_blas", name)
    return address_of(_blas)


if JIT:

    @intrinsic
    def _call_gemm(typingctx, address, block, ta, tb, a, b, c):
        """gemm with all scalars in the block (see `gemm`)."""

        def codegen(context, builder, signature, args):
            byte = ir.IntType(8).as_pointer()
            gemm, block, ta, tb, a, b, c = args

            def at(word, offset=0):
                place = builder.add(block, ir.Constant(ir.IntType(64), 8 * word + offset))
                return builder.inttoptr(place, byte)

            for word, letter in ((_TRANS, ta), (_TRANS + 1, tb)):
                builder.store(builder.trunc(letter, ir.IntType(8)), at(word))
            m, n, k, lda, ldb, ldc = (at(_SIZES + j) for j in range(6))
            values = [builder.inttoptr(v, byte) for v in (a, b, c)]
            function = builder.inttoptr(gemm, ir.FunctionType(ir.VoidType(), [byte] * 13).as_pointer())
            builder.call(
                function,
                [at(_TRANS), at(_TRANS + 1), m, n, k, at(_ALPHA), values[0], lda, values[1], ldb, at(_BETA), values[2], ldc],
            )
            return context.get_dummy_value()

        return types.void(*[types.int64] * 7), codegen

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
    """C = op(A) op(B), or added to C, as BLAS sees the matrices: by columns, C of m rows."""
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
