"""The code of a program: rows of integers that the machine reads.

An *item* is one step in order: a kernel on whole arrays, a move, a region of fused blocks, a run of scalar rows. A *micro* is
one step done for every block of a region.
"""

from ...dtypes import DTYPE_CODES, float64

# --- items: kind, then words by kind ----------------------------------------------------------------------
ITEM = 10
CALL, SHIFT, ZERO, COPY, REGION, RUN, RUN_REVERSE, HOST, DIVIDE, CHECK = range(10)
# CALL: kernel, params, out, seed, y, x0, x1, x2
# SHIFT: mode, dtype, block, strided, layout, out layout, n       (`blocks.move_values`)
# ZERO: address, bytes;  COPY: to, from, bytes
# REGION: first micro, last micro, n, dtype, block length, chunks, micros that end it, whether threads may share it
# RUN: statements, count, memory, kernels, partials
# RUN_REVERSE: pairs, count, memory, partials
# HOST: number of the step that Python does
# DIVIDE: dtype, out, x, bits of the divisor: one number
# CHECK: values, count, dtype: the machine stops where one is nan

# --- micros: kind, kernel, six operands, modes of the operands, two words by kind ---------------------------
MICRO = 12
APPLY, GATHER_BLOCK, FILL_BLOCK, SCATTER_BLOCK, TOTAL_BLOCK, FINISH_TOTAL = range(6)
M_KERNEL, M_OUT, M_SEED, M_Y, M_X0, M_X1, M_X2, M_MODES, M_LAYOUT, M_DIVISOR = range(1, 11)
FIXED, ADVANCING, LOCAL = 0, 1, 2  # modes: an address; the address of the first element; bytes into the block memory

RUN_DTYPE = DTYPE_CODES[float64]  # of the numbers in runs of scalar rows

# --- statements of a run of scalar rows: 32-bit words --------------------------------------------------------
STATEMENT = 6  # kernel, y, x0, x1, x2 as elements of the memory, first partial
PAIR = 3  # adjoint of the result, adjoint of the operand, 2 * partial + whether a zero partial lets nothing through

CHUNK = 64  # blocks that are added up together: totals do not depend on the number of threads

# --- header of an instance: addresses and numbers that a call of the machine reads ---------------------------
H_ITEMS, H_COUNT, H_MICROS, H_SCRATCH, H_LOCAL, H_LAYOUTS, H_WIDEST, HEADER_WORDS = range(8)
