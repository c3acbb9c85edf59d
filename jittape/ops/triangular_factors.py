"""Operations with triangular results: nothing flows in the other triangle, whose elements are zero whatever the operand is."""

import numpy as np

from .declare_structured import Structured
from .flow_masks import in_both
from .operation_table import masked


class LowerTriangular(Structured):
    """An operation whose results are lower triangular."""

    triangle = staticmethod(np.tril)

    def pull_back_flows(self, active, y_bar, flow, y, operands, statics):
        flow = in_both(flow, self._inside(y))
        yield from super().pull_back_flows(active, masked(y_bar, flow), flow, y, operands, statics)

    def push_forward_flows(self, x_dots, flows, y, operands, statics):
        for part, reached in super().push_forward_flows(x_dots, flows, y, operands, statics):
            reached = in_both(reached, self._inside(y))
            yield part if part is None else masked(part, reached), reached

    def _inside(self, y):
        """Where the triangle is."""
        return self.triangle(np.ones(tuple(y.shape), bool))


class UpperTriangular(LowerTriangular):
    """An operation whose results are upper triangular."""

    triangle = staticmethod(np.triu)
