"""Writes in place: recorded with what they overwrite, undone by a sweep and done again after it.

A write row stands for the whole storage after the write.
"""

from .append import append_row, is_crowded, set_params
from ..kernels.gather_scatter import GATHER, SWAP, layout_word, move_values
from .schema import (
    CROWDED,
    GRAD,
    LAYOUT,
    LAYOUTS_AT,
    NONE,
    OUT_OF_MEMORY,
    POOL_AT,
    SCRATCH_AT,
    STALE,
    STORAGE,
    S_ADDRESS,
    S_DTYPE,
    S_HEAD,
    WRITES,
)
from ..numba_backend.entry_points import entry
from ..numba_backend.decorators import helper
from ..memory.layouts import SIZE
from ..memory.pool import acquire
from ..memory.words import set_i32, set_word, word
from .reading import flags_of, params_address, row32, row64, value_address
from ..memory.typed_values import item_size
from .row_kinds import WRITE_ROW, flags_for
from .versions import counter, is_stale, set_storage_version

# A write row stands for the whole storage after the write.  Its parameters: layout and offset of the
# region, address of the saved values, elements of the region.
REGION_LAYOUT, REGION_OFFSET, SAVED, REGION_SIZE = range(4)


@helper
def swap_region(tape, row):
    """Exchange the region of a write row with what it saved, which undoes a write or repeats it."""
    params = params_address(tape, row)
    storage = row32(tape, STORAGE, row)
    dtype = row32(tape, S_DTYPE, storage)
    address = row64(tape, S_ADDRESS, storage) + item_size(dtype) * word(params, REGION_OFFSET)
    table = word(word(tape, LAYOUTS_AT), 0)
    layout = word(params, REGION_LAYOUT)
    saved, n = word(params, SAVED), word(params, REGION_SIZE)
    move_values(SWAP, dtype, saved, address, table, layout, layout, 0, n, word(tape, SCRATCH_AT))


@entry
def record_write(tape, op, head, value, region, offset, whole):
    """A row that copies `value`, broadcast, into a region of the storage of `head`.

    `region` is the layout of the region, `whole` the contiguous layout of the whole storage.
    """
    if is_crowded(tape):
        return CROWDED
    if is_stale(tape, value):
        return STALE
    table = word(word(tape, LAYOUTS_AT), 0)
    storage = row32(tape, STORAGE, head)
    dtype = row32(tape, S_DTYPE, storage)
    n = layout_word(table, region, SIZE)
    saved = acquire(word(tape, POOL_AT), n * item_size(dtype))
    if saved == 0:
        return OUT_OF_MEMORY
    scratch = word(tape, SCRATCH_AT)
    # the new values first, on their own: source and target may overlap
    source = row32(tape, LAYOUT, value)
    move_values(GATHER, dtype, saved, value_address(tape, value), table, source, region, 0, n, scratch)
    address = row64(tape, S_ADDRESS, storage) + item_size(dtype) * offset
    move_values(SWAP, dtype, saved, address, table, region, region, 0, n, scratch)
    set_storage_version(tape, storage, counter(tape, storage) + 1)
    grad = (flags_of(tape, head) | flags_of(tape, value)) & GRAD
    row = append_row(tape, op, head, value, NONE, whole, storage, 0, grad | flags_for(WRITE_ROW))
    set_params(tape, row, region, offset, saved, n, 0, 0)
    set_i32(word(tape, S_HEAD), storage, row)
    set_word(tape, WRITES, word(tape, WRITES) + 1)
    return row
