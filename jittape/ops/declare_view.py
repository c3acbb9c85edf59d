"""Views: another layout on the same storage, a row without a kernel."""

from threading import get_ident

import numpy as np

from ..tape.schema import GRAD
from ..memory.layouts import intern
from ..memory.words import address_of
from ..tape.record import record_view
from ..tape.refusals import answer
from ..tape.row_kinds import VIEW_ROW
from ..tape.tape import current
from ..tape.recording_state import recording
from ..tensors.row_binding import intern_array, row_of
from ..tensors.array import Array, as_array, constant_like, is_read_only, read_only
from ..tensors.linked_copies import link_of, linked
from ..tensors.tensor import Tensor, result, wrap
from .operation_table import BY_NAME, Operation, as_operand, keeper_of, recorder_of
from .shape_rules import expect
from .unrecorded_path import plain_arrays


class View(Operation):
    """Another layout on the same storage: NumPy's own function, asked for the layout only."""

    kind = VIEW_ROW
    linear = moves = True
    _layouts = {}  # (opcode, layout, statics) -> (layout, offset)

    def __init__(self, body, **about):
        self.body, self.rule, self.needs = body, None, None
        super().__init__(body.__name__.removesuffix("_view"), 1, doc=body.__doc__, **about)

    def quick(self, x, statics):
        """The view of a constant, or of a result on the recording tape by a layout seen before; None: go the whole way."""
        tape = recording()
        if not isinstance(x, Tensor) or tape is None or x._tape is not tape or tape.owner != get_ident():
            return self._of_constant(x, statics)
        if x._extras is not None and (x._extras.read_only or x._extras.link is not None):
            return None  # the whole way passes that on
        a = x._row
        found = self._layouts.get((self.code, tape.layout_ids[a], statics))
        if found is None or not tape.flags[a] & GRAD:
            return None
        row = record_view(tape.header, self.code, a, found[0], tape.offsets[a] + found[1])
        if row < 0:
            return None
        if statics:
            tape.statics[row] = statics
        return result(tape, row, Array if type(x) is Array else Tensor)

    def _of_constant(self, x, statics):
        """The view of a Tensor without a history, None where that is no view or refused: the whole way says why."""
        if not isinstance(x, Tensor) or x._array is None or x.requires_grad or plain_arrays((x,)) is None or _is_special(x):
            return None
        array = x._array
        try:
            view = self.body(array, *statics)
        except Exception:
            return None
        if view.base is not array and (view.base is None or view.base is not array.base):
            return None
        return constant_like(x, view, x._storage)

    def apply(self, x, *statics):
        """The view of a Tensor, or of an array as a constant."""
        if isinstance(x, Tensor) and link_of(x) is not None and recorder_of((x,)) is None and not link_of(x).is_direct(x):
            return link_of(x).viewed(self, statics).on(link_of(x).base)  # outside the graph it is one of the memory itself
        value = self._applied(x, statics)
        if type(x) is Array:
            value = as_array(value)
        elif not isinstance(x, Tensor):
            return value
        if not _is_special(x):
            return value
        if link_of(x) is not None and _share(value, x):
            linked(value, link_of(x).viewed(self, statics))
        return read_only(value) if is_read_only(x) else value

    def _applied(self, x, statics):
        found = self.quick(x, statics)
        if found is not None:
            return found
        if not isinstance(x, Tensor):
            x = wrap(np.asarray(as_operand(x)))
        tape = keeper_of((x,))
        if tape is not None:
            return self._record(tape, x, statics)
        array = x._pinned()
        view = self.body(array, *statics)
        if not np.may_share_memory(view, array) and view.size:
            return wrap(np.array(view))
        if recording() is not None and current().recorder is None and x.requires_grad:
            return x.detach() if view is array else wrap(view, x.detach()._storage)
        return wrap(view, x._storage)

    def _record(self, tape, x, statics):
        refused = None
        while True:
            tape.reserve(4)
            a = row_of(tape, x)
            layout = tape.layout_ids[a]
            key = (self.code, layout, statics)
            found = self._layouts.get(key)
            if found is None:
                found = self._layout_of(tape, a, statics)
                if found is None:  # NumPy had to copy: do so, in order, and view that
                    return self.apply(BY_NAME["clone"].in_rows(x), *statics)
                if len(self._layouts) > 100_000:
                    self._layouts.clear()
                self._layouts[key] = found
            row = record_view(tape.header, self.code, a, found[0], tape.offsets[a] + found[1])
            if row >= 0:
                return self.finish(tape, row, statics)
            refused = answer(tape, self, row, refused)

    def _layout_of(self, tape, a, statics):
        array = tape.array(a)
        view = self.body(array, *statics)
        if view.size and not np.shares_memory(view, array):
            return None
        offset = (address_of(view) - address_of(array)) // array.itemsize if view.size else 0
        return intern_array(view), offset

    def needing(self, rule):
        """Decorate ``rule(layout, *statics)``: it raises where NumPy would make a copy, or take statics that no call has."""
        self.needs = rule
        return rule

    def layout_of(self, layout, statics):
        """Number and offset of the layout of the view of a layout; raises for statics that no call has (see `shape_rules`)."""
        if self.needs is not None:
            self.needs(layout, *statics)
        memory = np.empty(layout.span, np.int8)  # never written or read: only addresses are computed from it
        x = np.lib.stride_tricks.as_strided(memory[-layout.low :], layout.shape, layout.strides)
        part = self.body(x, *statics)
        if not part.size:
            return intern(part.shape), 0
        offset = address_of(part) - address_of(x)
        expect(0 <= offset - layout.low < layout.span, "a view")
        return intern(part.shape, part.strides), offset

    def pullback(self, k, y_bar, y, operands, statics):
        return self.rule(y_bar, operands[0], *statics)

    def pushforward(self, k, x_dot, y, operands, statics):
        return self.apply(x_dot, *statics)


def _is_special(x):
    """Whether views of a Tensor are more than views: they refuse writes, or are parts of other numbers, as it does and is."""
    return x._extras is not None and (x._extras.read_only or x._extras.link is not None)


def _share(a, b):
    """Whether two Tensors are on one memory."""
    if a._storage is not None and b._storage is not None:
        return a._storage is b._storage
    return a._tape is not None and a._tape is b._tape and a._tape.storage_ids[a._row] == b._tape.storage_ids[b._row]


def view(**about):
    """Declare a view: decorates NumPy's way to it; ``.pullback`` takes the rule."""

    def declare(body):
        operation = View(body, **about)

        def pullback(rule):
            operation.rule = rule
            return rule

        operation.rule_of = pullback
        return operation

    return declare
