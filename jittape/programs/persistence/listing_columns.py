"""Checks of the columns of a listing from a file, before anything is looked up by their numbers."""

import numpy as np

from ...dtypes import N_DIFFERENTIABLE
from ...kernels.kernel_table import SOURCE
from ...ops.shape_rules import expect
from ...tape.row_kinds import ELEMENTWISE_ROW, POOLED, ROW_KINDS, SOURCE_ROW, VIEWS, WRITES_IN_PLACE, is_one_of, kind_of
from ...tape.schema import IMMEDIATE, NONE

KNOWN_FLAGS = 127
LARGEST = 2**56  # elements: no product with an item size overflows
OPERANDS = ("arg0", "arg1", "arg2")


def check_columns(listing):
    """Raise for a number that is outside of its range, whatever the operation of its row."""
    n = len(listing)
    _expect_range(listing.flags, 0, KNOWN_FLAGS + 1, "flags")
    kinds = kind_of(listing.flags)
    _expect_range(kinds, 0, len(ROW_KINDS), "kinds of rows")
    _expect_range(listing.dtypes, 0, N_DIFFERENTIABLE, "dtypes")
    _expect_range(listing.owner, 0, n, "owners")
    _expect_range(listing.sizes, 0, LARGEST, "sizes")
    _expect_range(listing.offset, 0, LARGEST, "offsets")
    expect(bool(((kinds == SOURCE_ROW) == (listing.op == SOURCE)).all()), "rows without a computation to be sources")
    pooled = is_one_of(listing.flags, POOLED) != 0
    _check_operands(listing, np.flatnonzero(~pooled), kinds)
    for row in np.flatnonzero(pooled).tolist():
        first, count = int(listing.arg0[row]), int(listing.arg1[row])
        expect(0 <= first and 1 <= count and first + count <= len(listing.pool), "operands in the pool")
        expect(all(0 <= a < row for a in listing.operands(row)), "operands of earlier rows")
    _check_tables(listing, n, kinds)


def _expect_range(column, low, high, what):
    expect(not len(column) or (low <= column.min() and column.max() < high), f"{what} from {low} to {high - 1}")


def _check_operands(listing, rows, kinds):
    """Operands come first and are earlier rows; only elementwise rows have numbers in their place."""
    columns = [getattr(listing, name)[rows] for name in OPERANDS]
    is_row = [(0 <= a) & (a < rows) for a in columns]
    is_number = [(a == IMMEDIATE) & (kinds[rows] == ELEMENTWISE_ROW) for a in columns]
    is_there = [r | i for r, i in zip(is_row, is_number)]
    fits = np.ones(len(rows), bool)
    for k, a in enumerate(columns):
        fits &= is_there[k] | (a == NONE)
        if k:
            fits &= is_there[k - 1] | ~is_there[k]
    count = sum(is_there)
    fits &= (count > 0) == (kinds[rows] != SOURCE_ROW)
    fits &= (count == 1) | (is_one_of(listing.flags[rows], VIEWS) == 0)
    expect(bool(fits.all()), "operands of earlier rows")


def _check_tables(listing, n, kinds):
    """Statics, regions and constants belong to rows that have them."""
    for name in ("statics", "regions", "constants"):
        expect(all(type(row) is int and 0 <= row < n for row in getattr(listing, name)), f"{name} of rows")
    writes = np.flatnonzero(is_one_of(listing.flags, WRITES_IN_PLACE)).tolist()
    expect(sorted(listing.regions) == writes, "a region for every write")
    expect(all(kinds[row] == SOURCE_ROW for row in listing.constants), "constants that are not computed")
    expect(all(type(s) is tuple for s in listing.statics.values()), "statics in tuples")
