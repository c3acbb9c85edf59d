"""The operations: ways to declare them, the declarations, and the functions and methods made of them.

A module declares its operations with all their names; what is exported follows from the declarations.
"""

from . import (
    arithmetic,
    array_methods,
    array_protocols,
    choosing,
    comparison,
    complex_parts,
    compositions,
    condition_numbers,
    convolution,
    correlations,
    creation,
    cross_entropy,
    cross_product,
    cumulative,
    eigenvalues,
    einsum,
    floating_point,
    fourier_transforms,
    gamma_functions,
    gather_sort,
    linear_layer,
    loss_formulas,
    matrix_functions,
    memory_cells,
    moved_elements,
    numpy_creation,
    numpy_elementwise,
    numpy_padding,
    numpy_polynomials,
    numpy_products,
    numpy_protocols,
    numpy_scans,
    numpy_series,
    numpy_sets,
    numpy_shapes,
    numpy_statistics,
    numpy_transforms,
    placement,
    powers,
    products,
    qr_factors,
    random_fills,
    random_tensors,
    recurrent_sequences,
    reduction_kernels,
    reductions,
    round_and_remainder,
    shape_functions,
    singular_values,
    further_tensor_methods,
    softmax,
    special_functions,
    split_and_stack,
    sums,
    indexed_writes,
    torch_compositions,
    torch_functions_of_scipy,
    torch_numbers,
    torch_scans,
    torch_shapes,
    tensor_methods,
    transcendental,
    ufunc_methods,
    weighted_places,
    window_functions_of_time,
    window_maxima,
)
from .operation_names import PUBLIC

globals().update(PUBLIC)
__all__ = []  # follows from the declarations
__all__.extend(PUBLIC)


def __dir__():
    return __all__
