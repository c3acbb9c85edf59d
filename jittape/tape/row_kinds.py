"""The kinds of rows, and what sweeps, compaction and programs do with each: one table.

The number of a row's kind stands in the upper bits of its flags.  Compiled code asks a mask, which has a bit for every kind,
or reads the number of a service from a word; both are made of the table here.  A further kind of row is a line in it, and a
service for what is new about it.
"""

from typing import NamedTuple

from ..kernels.services import (
    REVERSE_ELEMENTWISE,
    REVERSE_NARY,
    REVERSE_STRUCTURED,
    REVERSE_VIEW,
    REVERSE_WRITE,
    SECOND_ELEMENTWISE,
    SECOND_STRUCTURED,
)
from ..numba_backend.decorators import helper

KIND_SHIFT = 3  # the lower bits of the flags are `schema.GRAD`, `LEAF` and `FREED`
SERVICE_BITS = 5
NO_SERVICE = (1 << SERVICE_BITS) - 1


class RowKind(NamedTuple):
    """What is done with the rows of a kind.

    Attributes
    ----------
    name : str
    is_pooled : bool
        Operands stand in the parameter pool: ``arg0`` says where, ``arg1`` how many.  Else they are ``arg0`` to ``arg2``.
    pool_integers : int
        How many integers a pooled operand has there, for its kernel.
    is_view : bool
        Its value lies in the memory of its operand, and its adjoint in that of its operand's.
    is_write : bool
        Its value is the memory of its first operand, changed.  Sweeps undo it on their way down, and keep its adjoint.
    is_on_host : bool
        Python computes it, its adjoints and its tangents.
    reads_values : bool
        Its partials read values, which have to be what they were.
    moves : bool
        Sweeps copy adjoints and tangents of its operands, whatever their layout: there has to be room for that.
    ends_adjoint : bool
        Nobody needs its adjoint once it has been handed down.
    reverse, second : int
        Services that hand an adjoint down, and that add what the second order needs; NO_SERVICE: there is none.
    lowering : str
        What programs make of it, by the name of their methods; "" for nothing.
    """

    name: str
    is_pooled: bool = False
    pool_integers: int = 0
    is_view: bool = False
    is_write: bool = False
    is_on_host: bool = False
    reads_values: bool = False
    moves: bool = False
    ends_adjoint: bool = True
    reverse: int = NO_SERVICE
    second: int = NO_SERVICE
    lowering: str = ""


ROW_KINDS = (
    RowKind("source", ends_adjoint=False),
    RowKind("elementwise", reads_values=True, reverse=REVERSE_ELEMENTWISE, second=SECOND_ELEMENTWISE, lowering="elementwise"),
    RowKind("structured", reads_values=True, reverse=REVERSE_STRUCTURED, second=SECOND_STRUCTURED, lowering="structured"),
    RowKind("n-ary", is_pooled=True, pool_integers=2, moves=True, reverse=REVERSE_NARY, lowering="structured"),
    RowKind("host", is_on_host=True, lowering="host"),
    RowKind("n-ary host", is_pooled=True, is_on_host=True, moves=True, lowering="host"),
    RowKind("view", is_view=True, moves=True, ends_adjoint=False, reverse=REVERSE_VIEW),
    RowKind("write", is_write=True, moves=True, ends_adjoint=False, reverse=REVERSE_WRITE, lowering="write"),
)
SOURCE_ROW, ELEMENTWISE_ROW, STRUCTURED_ROW, NARY_ROW, HOST_ROW, NARY_HOST_ROW, VIEW_ROW, WRITE_ROW = range(len(ROW_KINDS))


def mask_of(attribute):
    """A word with the bits of the kinds of which something holds."""
    return sum(1 << number for number, kind in enumerate(ROW_KINDS) if getattr(kind, attribute))


def services_of(attribute):
    """A word with a service of each kind."""
    return sum(getattr(kind, attribute) << SERVICE_BITS * number for number, kind in enumerate(ROW_KINDS))


POOLED, VIEWS, WRITES_IN_PLACE, ON_HOST = map(mask_of, ("is_pooled", "is_view", "is_write", "is_on_host"))
READS_VALUES, MOVES, ENDS_ADJOINT, COMPUTED = map(mask_of, ("reads_values", "moves", "ends_adjoint", "lowering"))
REVERSE_SERVICES, SECOND_SERVICES = services_of("reverse"), services_of("second")


@helper
def kind_of(flags):
    """The number of the kind of a row, or of an array of rows, by its flags."""
    return flags >> KIND_SHIFT


@helper
def flags_for(kind):
    """The flags of a row of a kind, without any other."""
    return kind << KIND_SHIFT


@helper
def is_one_of(flags, mask):
    """Whether the kind of a row is one of those in a mask: 0 or 1."""
    return mask >> (flags >> KIND_SHIFT) & 1


@helper
def service_in(services, kind):
    """The service of a kind."""
    return services >> SERVICE_BITS * kind & NO_SERVICE
