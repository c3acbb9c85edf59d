"""Layout of a tape in memory: the words and columns that compiled code reads.

Compiled code knows a tape by one address, that of its header. Header words hold counters, then the addresses of the row
columns, then those of the storage columns.
"""

import numpy as np

# --- header words -------------------------------------------------------------------------------------
ROWS, ROW_LIMIT, BYTES, BYTE_LIMIT, STORAGES, PARAMS = 0, 1, 2, 3, 4, 5
ARENA_NEXT, ARENA_END, ARENA_CHUNKS = 6, 7, 8
POOL_AT, LAYOUTS_AT, OPS_AT, SCRATCH_AT = 9, 10, 11, 12
WRITES = 13  # number of recorded in-place writes; usually 0, which saves a scan
CAPACITY = 14
OWNER = 15  # the thread that records on the tape

# --- row columns --------------------------------------------------------------------------------------
OP, ARG0, ARG1, ARG2, IMM, LAYOUT, STORAGE, OFFSET, VERSION, PARAM, FLAGS, LAST_USE = range(16, 28)
ROW_COLUMNS = {
    OP: np.int32,  # opcode: row of the operation table
    ARG0: np.int32,  # operand rows; NONE; IMMEDIATE for the scalar in `imm`
    ARG1: np.int32,
    ARG2: np.int32,
    IMM: np.float64,  # scalar operand, in the row's dtype (8 bytes, so `x * 2.0` needs no other row)
    LAYOUT: np.int32,
    STORAGE: np.int32,
    OFFSET: np.int64,  # elements from the start of the storage
    VERSION: np.int64,  # of the storage when this row was its newest contents
    PARAM: np.int64,  # first of the row's integers in the parameter pool
    FLAGS: np.uint8,
    LAST_USE: np.int32,  # newest row that has this one for an operand
}

# --- storage columns ----------------------------------------------------------------------------------
S_ADDRESS, S_SIZE, S_DTYPE, S_KIND, S_VERSION, S_CELL, S_HEAD = range(32, 39)
STORAGE_COLUMNS = {
    S_ADDRESS: np.int64,
    S_SIZE: np.int64,  # elements
    S_DTYPE: np.int32,
    S_KIND: np.int32,
    S_VERSION: np.int64,
    S_CELL: np.int64,  # address of the version counter when Python objects share it, else 0
    S_HEAD: np.int32,  # row that defines the whole storage now: its creation or its last write
}
PARAM_POOL = 48  # address of the parameter pool
PARAMS_A_ROW = 8
UNSWEPT, SWEPT_ROWS = 49, 50  # rows that carry gradients and are not freed; how many rows there were when there was none
IN_ROWS = 51  # whether all that is computed lies in row-major order: on a trace
HEADER_WORDS = 64

# --- values -------------------------------------------------------------------------------------------
NONE, IMMEDIATE = -1, -2  # operands that are not rows
GRAD, LEAF, FREED = 1, 2, 4  # row flags; the bits above them are the number of the kind, see `row_kinds`
SNAPSHOT = 1 << 15  # bytes of arrays of NumPy's that are copied, which costs no more than the hash that notices a change
IN_ARENA, IN_POOL, IN_PYTHON, SHARED, COPIED = range(5)  # who owns a storage's memory; copied: from strides no layout has

# --- why a record function refused --------------------------------------------------------------------
MISFIT = -1  # needs the general path: broadcasting, another dtype, a strided operand
CROWDED = -2  # no room: compact or grow, then again
STALE = -3  # an operand's storage has changed since its row
OUT_OF_MEMORY = -4
MISSING = -16  # ``MISSING - slot``: what the slot names has to be compiled (`kernel_table.part_of`)
