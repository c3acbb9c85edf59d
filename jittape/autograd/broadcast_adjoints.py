"""Adjoints of operands that were broadcast."""

from ..ops.flow_masks import any_to
from ..ops.view_rules import sum_to


def fitted(parts, operands):
    """Adjoints by an elementwise rule, and where they flow, of the shapes of the operands, which were broadcast."""
    for k, part, *reached in parts:
        shape = tuple(operands[k].shape)
        yield k, None if part is None else sum_to(part, shape), *[any_to(flow, shape) for flow in reached]
