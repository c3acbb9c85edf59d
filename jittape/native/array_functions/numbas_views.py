"""Functions of the table whose code in Numba runs on differentiated numbers: views of arrays, and what compares elements."""

from ...ops import choosing, comparison, gather_sort, shape_functions, split_and_stack
from .native_kernels import numbas_code

numbas_code(
    shape_functions.reshape,
    shape_functions.ravel,
    shape_functions.transpose,
    shape_functions.permute,
    shape_functions.unsqueeze,
    shape_functions.broadcast_to,
    shape_functions.flip,
    split_and_stack.split,
    split_and_stack.roll,
    shape_functions.tril,
    shape_functions.triu,
    gather_sort.take,
    gather_sort.take_along_dim,
    gather_sort.argsort,
    choosing.clip,
    comparison.isclose,
    comparison.allclose,
    comparison.equal,
    comparison.all,
    comparison.any,
    comparison.numel,
    comparison.count_nonzero,
)
