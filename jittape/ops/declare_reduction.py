"""Reductions: folds over axes whose derivative is an elementwise partial."""

import numpy as np

from . import jacobian_patterns
from .axis_geometry import folded_shape, in_three, out_of_three
from .declare_structured import Structured, same_statics
from .domains import folds_of
from .flow_masks import constant, folded, in_both, permuted, reshaped, spread, where_not_zero
from .operation_table import BY_NAME, masked
from .shape_rules import folded_with


class Reduction(Structured):
    """A fold over axes whose pullback is an elementwise partial.

    Body and partial see three axes, (before, folded, after), and keep the folded one: they are called
    as ``body(x, 1, *statics)`` and ``partial(x, y, 1, *statics)``.  Rows have the statics
    (axes, keepdim, *statics).  With `selects` a zero partial means "not chosen": nothing flows.
    """

    def __init__(self, body, *, selects=False, **about):
        self.fold, self.partial, self.selects = body, None, selects

        def whole(x, axes, keepdim, *statics):
            x3 = in_three(x, axes, np.transpose, np.reshape)
            return body(x3, 1, *statics).reshape(folded_shape(x.shape, axes, keepdim))

        whole.__name__, whole.__doc__ = body.__name__, body.__doc__
        super().__init__(whole, 1, along="axes", **about)
        self.lanes, self.examples = same_statics, folds_of
        self.shaped(folded_with(body.__code__.co_argcount - 2))

    def partials(self, rule):
        """Decorate ``rule(x, y, axis, *statics)``: d y / d x, broadcast against x."""
        self.partial = rule
        return rule

    def _partial(self, x, y, axes, statics):
        """The partial and x, with three axes."""
        permute, reshape = BY_NAME["permute"].apply, BY_NAME["reshape"].apply
        x3 = in_three(x, axes, permute, reshape)
        y3 = reshape(y, (x3.shape[0], 1, x3.shape[2]))
        return self.partial(x3, y3, 1, *statics), x3

    def pullback(self, k, y_bar, y, operands, statics):
        (x,), (axes, _, *rest) = operands, statics
        permute, reshape = BY_NAME["permute"].apply, BY_NAME["reshape"].apply
        partial, x3 = self._partial(x, y, axes, rest)
        x_bar = reshape(y_bar, (x3.shape[0], 1, x3.shape[2])) * partial
        return out_of_three(x_bar, tuple(x.shape), axes, permute, reshape)

    def pushforward(self, k, x_dot, y, operands, statics):
        (x,), (axes, _, *rest) = operands, statics
        permute, reshape = BY_NAME["permute"].apply, BY_NAME["reshape"].apply
        partial, _ = self._partial(x, y, axes, rest)
        y_dot = BY_NAME["sum"].apply(in_three(x_dot, axes, permute, reshape) * partial, (1,), False)
        return reshape(y_dot, tuple(y.shape))

    def push_forward_flows(self, x_dots, flows, y, operands, statics):
        """The term of every element by itself: one that is 0 because nothing flows is 0 beside any partial."""
        (x,), (axes, _, *rest) = operands, statics
        permute, reshape = BY_NAME["permute"].apply, BY_NAME["reshape"].apply
        partial, _ = self._partial(x, y, axes, rest)
        chosen = in_both(flows[0], self._chosen(x, y, statics))
        terms = in_three(x_dots[0], axes, permute, reshape) * partial
        if chosen is not None:
            terms = masked(terms, in_three(spread(chosen, tuple(x.shape)), axes, permuted, reshaped))
        y_dot = BY_NAME["sum"].apply(terms, (1,), False)
        yield reshape(y_dot, tuple(y.shape)), self.flow_ahead(0, flows[0], y, operands, statics)

    def pattern(self, k, y, operands, statics, constants):
        """Of a fold that selects, too, any element may be the one that is chosen."""
        return jacobian_patterns.folded(statics[0], tuple(operands[0].shape))

    def flow_back(self, k, flow, y, operands, statics):
        (x,), (axes, *_) = operands, statics
        everywhere = None if flow is None else spread(reshaped(flow, folded_shape(x.shape, axes, True)), tuple(x.shape))
        return in_both(everywhere, self._chosen(x, y, statics))

    def flow_ahead(self, k, flow, y, operands, statics):
        (x,), (axes, keepdim, *_) = operands, statics
        chosen = in_both(flow, self._chosen(x, y, statics))
        return None if chosen is None else folded(chosen, axes, keepdim)

    def _chosen(self, x, y, statics):
        """Where the fold takes elements from, if it selects."""
        if not self.selects:
            return None
        axes, _, *rest = statics
        partial, _ = self._partial(constant(x), constant(y), axes, rest)
        return out_of_three(where_not_zero(partial), tuple(x.shape), axes, permuted, reshaped)


def reduction(**about):
    """Declare a fold: decorates ``body(x, axis, ...)``, which keeps the axis."""
    return lambda body: Reduction(body, **about)
