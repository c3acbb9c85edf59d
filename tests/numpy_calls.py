"""Calls of NumPy's functions with every keyword that they have: a table of values for parameters, made into calls.

`calls_of(function)` takes the parameters from NumPy's own signature, so a keyword that a new NumPy adds is met as soon as it is
there, and fails until a value for it stands here.
"""

import inspect

import numpy as np

X = np.array([[0.3, -1.2, 2.1], [0.7, 0.4, -0.62]])
INSIDE = np.array([[0.31, -0.52, 0.83], [0.7, 0.4, -0.62]])  # of (-1, 1)
POSITIVE = np.array([[0.3, 1.2, 2.1], [0.7, 3.4, 0.62]])
ABOVE_ONE = POSITIVE + 1.0
SQUARE = np.array([[2.0, 0.3, 0.1], [0.3, 1.5, -0.2], [0.1, -0.2, 1.2]])
APART = np.array([[1.1, -0.2, 0.3], [-0.2, 2.1, 0.06], [0.3, 0.06, 4.1]])  # eigenvalues that keep their order
ROWS = np.array([[True, False, True], [True, True, False]])
PAD_MODES = ("constant", "edge", "reflect", "symmetric", "wrap", "linear_ramp", "maximum", "minimum", "mean")


class Out:
    """Stands for an array that the call writes its result into: of the dtype and shape that the result has."""


MATRIX = {  # functions whose first operand is another one than X
    **dict.fromkeys("arccos arcsin arctanh".split(), INSIDE),
    **dict.fromkeys("log log10 log1p log2 sqrt power float_power".split(), POSITIVE),
    "arccosh": ABOVE_ONE,
    "dsplit": X.reshape(2, 1, 3),
    **dict.fromkeys("cholesky det inv matrix_power slogdet solve".split(), SQUARE),
    **dict.fromkeys("cond lstsq matrix_rank pinv qr svd tensorinv tensorsolve diag_indices_from".split(), SQUARE),
    "polyfit": np.array([[1.0, 2.5, 2.0, 4.5, 6.0], [0.5, 1.5, 0.2, -2.0, 1.0]]),
    "roots": np.array([[1.0, -3.5, 3.2, -0.7], [2.0, -7.0, 6.5, -1.4]]),
    "geomspace": POSITIVE,
    **dict.fromkeys("eig eigh eigvals eigvalsh".split(), APART),
}
BY_NAME = {  # parameter -> values that a keyword is given, for functions with axes, shapes and dtypes
    "axis": (None, 0, 1, -1, (0, 1), (-1,), ()),
    "keepdims": (True, False),
    "dtype": (np.float64, float, "f8"),
    "out": (Out,),
    "where": (True, ROWS, ROWS.tolist()),
    "initial": (0.25,),
    "order": ("C", "F", "A", "K", None),
    "subok": (True, False),
    "casting": ("same_kind", "unsafe"),
    "decimals": (0, 1, -1),
    "k": (0, 1, -1),
    "offset": (0, 1, -1),
    "axis1": (0, -1),
    "axis2": (1, -1),
    "ddof": (0, 1, 0.5),
    "correction": (1,),
    "mean": (np.array(0.1),),
    "kind": ("stable", "quicksort"),
    "stable": (True, None),
    "equal_nan": (True, False),
    "rtol": (0.5,),
    "atol": (0.5,),
    "device": ("cpu", None),
    "copy": (None, True),
    "shape": ((3, 2), 6, (-1,)),
    "mode": ("raise", "wrap", "clip"),
    "optimize": (True, False),
    "signature": (),
    "overwrite_input": (False,),
}
QUANTILES = {
    "q": (0.3, [0.0, 0.5, 1.0]),
    "weights": (None,),
    "interpolation": (None,),
    "method": (
        "linear lower higher midpoint nearest hazen weibull median_unbiased normal_unbiased inverted_cdf closest_observation "
        "averaged_inverted_cdf interpolated_inverted_cdf"
    ).split(),
}
BETWEEN = {
    "num": (4, 1, 0),
    "endpoint": (True, False),
    "retstep": (True,),
    "base": (2.0,),
    "dtype": (np.float64, None),
    "axis": (0, -1),
    "device": (None,),
}
AS_TEXT = {
    "max_line_width": (None, 40),
    "precision": (None, 3),
    "suppress_small": (True,),
    "separator": (" ",),
    "prefix": ("",),
    "suffix": ("",),
    "style": (),
    "formatter": (None,),
    "threshold": (None,),
    "edgeitems": (None,),
    "sign": (None,),
    "floatmode": (None,),
    "legacy": (None,),
    "optimize": ("greedy",),
    "casting": ("safe",),
    "to": (),
}
LIKE = {"shape": ((2, 2), 3, ()), "dtype": (None, np.float32, int), "order": ("C", "F", "A", "K")}
BY_FUNCTION = {  # function -> parameter -> values; None: the parameter is an operand, and has the default of OPERANDS
    "empty_like": LIKE,
    "zeros_like": LIKE,
    "ones_like": LIKE,
    "full_like": {**LIKE, "fill_value": (0.5, 2, [1.0, 2.0, 3.0])},
    "reshape": {"shape": ((3, 2), 6, (-1,), [6]), "order": ("C", "F", "A"), "copy": (None, True)},
    "ravel": {"order": ("C", "F", "A", "K")},
    "take": {"indices": ([0, 1], 1, np.array([[0, 1], [1, 0]]), -1), "axis": (None, 0, -1), "mode": ("wrap", "clip", "raise")},
    "take_along_axis": {"indices": (np.array([[0, 1, 1]]),), "axis": (0, None)},
    "repeat": {"repeats": (2, [2, 2, 1, 0, 1, 3], np.array(2)), "axis": (None, 0, -1)},
    "roll": {"shift": (1, -2, (1,)), "axis": (None, 0, -1)},
    "rot90": {"k": (0, 1, 2, -1), "axes": ((0, 1), (1, 0))},
    "tile": {"reps": (2, (2, 1), [1, 2], (2, 1, 2), ())},
    "moveaxis": {"source": (0, [0, 1], -1), "destination": (1, [1, 0], 0)},
    "swapaxes": {"axis1": (0, -1), "axis2": (1, -2)},
    "transpose": {"axes": (None, (1, 0), [0, 1], (-1, 0))},
    "expand_dims": {"axis": (0, -1, (0, 2), 2)},
    "squeeze": {"axis": (None, 0, -1, ())},
    "split": {"indices_or_sections": (2, [1], (1,), np.array([1])), "axis": (0,)},
    "array_split": {"indices_or_sections": (2, 3, [1]), "axis": (0, 1, -1)},
    "diff": {"n": (0, 1, 2), "axis": (0, 1, -1), "prepend": (0.5, np.ones((2, 1))), "append": (0, np.ones((2, 1)))},
    "flip": {"axis": (None, 0, -1, (0, 1), ())},
    "clip": {"a_min": (0, None, [0, 1, 0.5]), "a_max": (1.0, None), "min": (0,), "max": (1,), "out": (Out,)},
    "cumsum": {"axis": (None, 0, -1)},
    "cumprod": {"axis": (None, 0, -1)},
    "concatenate": {"axis": (0, 1, -1, None)},
    "stack": {"axis": (0, 1, -1, 2)},
    "sort": {"axis": (None, 0, -1), "kind": ("stable", "heapsort"), "order": (None,)},
    "argsort": {"axis": (None, 0, -1), "order": (None,)},
    "argpartition": {"kth": (1, -1), "axis": (0, -1, None), "kind": ("introselect",), "order": (None,)},
    "argmax": {"axis": (None, 0, -1)},
    "argmin": {"axis": (None, 0, -1)},
    "compress": {"axis": (None, 0)},
    "searchsorted": {"v": (0.5, [0.1, 0.9]), "side": ("left", "right"), "sorter": (None, np.arange(3)[::-1])},
    "trapezoid": {"x": (np.array([0.0, 0.5, 2.0]), [0, 1, 3]), "dx": (0.5,), "axis": (-1, 0)},
    "tensordot": {"axes": (1, ([1], [0]), (1, 0), ((0, 1), (1, 0)), 0)},
    "matrix_power": {"n": (0, 1, 3, -2)},
    "norm": {"ord": (None, 2, 1, np.inf, -np.inf, "fro", "nuc", 3, 0), "axis": (None, 0, -1, (0, 1))},
    "cholesky": {"upper": (True, False)},
    "cond": {"p": (None, 2, -2, 1, -1, np.inf, -np.inf, "fro", "nuc")},
    "cross": {"axisa": (-1,), "axisb": (-1,), "axisc": (-1, 0), "axis": (None, -1)},
    "eigh": {"UPLO": ("L", "U")},
    "eigvalsh": {"UPLO": ("L", "U")},
    "lstsq": {"rcond": (None, 1e-12, -1)},
    "matrix_rank": {"tol": (None, 1e-5), "hermitian": (True, False), "rtol": (1e-5,)},
    "pinv": {"rcond": (1e-10,), "hermitian": (False,), "rtol": (1e-10,)},
    "qr": {"mode": ("reduced", "r", "complete")},
    "svd": {"full_matrices": (True, False), "compute_uv": (True, False), "hermitian": (False,)},
    "einsum": {"order": ("K", "C"), "dtype": (float,), "casting": ("safe",)},
    "searchsorted_": {},
    "copy": {"order": ("C", "F", "A", "K")},
    "count_nonzero": {"axis": (None, 0, (0, 1))},
    "size": {"axis": (None, 0, 1, (0, 1))},
    "insert": {"obj": (1, [0, 2], slice(0, 2), -1), "values": (0.5, [[1.0, 2.0, 3.0]]), "axis": (None, 0, -1)},
    "delete": {"obj": (1, [0, 0], slice(0, 1), np.array([True, False])), "axis": (None, 0)},
    "append": {"values": ([[1, 2, 3]], X), "axis": (None, 0)},
    "resize": {"new_shape": ((3, 3), 4, (2, 1), (0,))},
    "diagflat": {"k": (0, 1, -2)},
    "extract": {"condition": (ROWS, ROWS.tolist())},
    "put_along_axis": {"indices": (np.array([[0, 2]]),), "values": (0.5, X[:, :2]), "axis": (1, None)},
    "put": {"ind": (1, [0, 4]), "v": (0.5, [1.5, 2.5]), "mode": ("raise", "wrap", "clip")},
    "place": {"mask": (ROWS,), "vals": ([0.5], [1.5, 2.5, 3.5])},
    "fill_diagonal": {"val": (0.5, [1.5, 2.5]), "wrap": (True, False)},
    "copyto": {"src": (0.5, X[0]), "casting": ("same_kind", "unsafe"), "where": (True, ROWS)},
    "putmask": {"mask": (ROWS,), "values": (0.5, [1.5, 2.5], X)},
    "pad": {"pad_width": (1, (1, 2), ((0, 1), (2, 0)), [[1, 0]]), "mode": PAD_MODES},
    "rollaxis": {"axis": (0, 1, -1), "start": (0, 1, 2, -1)},
    "sliding_window_view": {"window_shape": ((1, 2), 2), "axis": (None, 1, (1,)), "writeable": (True,)},
    "meshgrid": {"copy": (True, False), "sparse": (True, False), "indexing": ("xy", "ij")},
    "broadcast_arrays": {},
    "hsplit": {"indices_or_sections": (3, [1])},
    "vsplit": {"indices_or_sections": (2, [1])},
    "dsplit": {"indices_or_sections": (1,)},
    "select": {"condlist": ([X > 0.5, X < 0],), "default": (0, 0.5, X)},
    "choose": {"mode": ("raise", "wrap", "clip"), "out": (Out,)},
    "piecewise": {"funclist": ([np.sin, -1.0], [np.sin, np.cos, 0.5])},
    "unique": {
        "return_index": (True,),
        "return_inverse": (True,),
        "return_counts": (True,),
        "axis": (None, 0, 1),
        "equal_nan": (True, False),
        "sorted": (True,),
    },
    "partition": {"kth": (1, [0, 2]), "axis": (0, -1, None), "kind": ("introselect",), "order": (None,)},
    "trim_zeros": {"trim": ("f", "b", "fb"), "axis": (None, 0)},
    "apply_along_axis": {"func1d": (np.sum, np.cumsum, np.sort), "axis": (0, 1, -1)},
    "apply_over_axes": {"axes": (0, [0, 1])},
    "digitize": {"bins": ([0.0, 0.5],), "right": (True, False)},
    "isin": {"test_elements": ([0.3, 1.0],), "assume_unique": (False,), "invert": (True,), "kind": ("sort", None)},
    "nanargmax": {"axis": (None, 0)},
    "nanargmin": {"axis": (None, 0)},
    "ediff1d": {"to_end": (0.5, [1.0, 2.0]), "to_begin": (0.5,)},
    "gradient": {"axis": (None, 0, (0, 1)), "edge_order": (1, 2)},
    "unwrap": {"discont": (None, 0.5), "axis": (0, -1), "period": (1.7, 2.5)},
    "polyval": {"x": (0.5, X)},
    "interp": {"xp": ([-1.0, 0.5, 2.0],), "fp": ([1.0, 3.0, 2.0],), "left": (0.5,), "right": (0.5,), "period": (1.5,)},
    "bincount": {"weights": (None,), "minlength": (0, 7)},
    "histogram": {
        "bins": (3, [-1.0, 0.0, 2.5]),
        "range": ((-1.0, 1.0),),
        "density": (True, False),
        "weights": (X, [[1, 2, 3], [4, 5, 6]]),
    },
    "cov": {
        "y": (X,),
        "rowvar": (True, False),
        "bias": (True,),
        "ddof": (0, 1),
        "fweights": ([1, 2, 3],),
        "aweights": (np.array([1.0, 0.5, 2.0]),),
        "dtype": (np.float64,),
    },
    "average": {"weights": (X, np.array([1.0, 2.0, 0.5]), [[1, 2, 3], [1, 1, 1]]), "returned": (True,)},
    **dict.fromkeys("quantile percentile nanquantile nanpercentile".split(), QUANTILES),
    "nan_to_num": {"copy": (True, False), "nan": (0.5,), "posinf": (3.0, None), "neginf": (1.0,)},
    "fix": {"out": (Out,)},
    "angle": {"deg": (True, False)},
    "real_if_close": {"tol": (100, 2)},
    "astype": {"dtype": (np.float32, int), "copy": (True, False), "device": ("cpu", None)},
    "tril_indices_from": {"k": (0, 1)},
    "triu_indices_from": {"k": (0, 1)},
    **dict.fromkeys("array_repr array_str array2string result_type can_cast einsum_path".split(), AS_TEXT),
    "multi_dot": {"out": (Out,)},
    "tensorsolve": {"axes": (None, (0,))},
    "tensorinv": {"ind": (1, 2)},
    "matrix_norm": {"ord": (2, 1, np.inf, "fro", "nuc", -2)},
    "vector_norm": {"ord": (2, 1, np.inf, 0, 3), "axis": (None, 0, (0, 1), -1)},
    **dict.fromkeys(("convolve", "correlate"), {"mode": ("full", "same", "valid")}),
    "vander": {"N": (None, 2, 4), "increasing": (True, False)},
    "polyder": {"m": (0, 1, 2)},
    "polyint": {"m": (0, 1, 2), "k": (0.5, None)},
    "polyfit": {
        "deg": (1, 2),
        "rcond": (1e-9,),
        "full": (True,),
        "w": (np.array([1.0, 2.0, 0.5, 1.0, 0.3]),),
        "cov": (True, "unscaled"),
    },
    "intersect1d": {"assume_unique": (True,), "return_indices": (True,)},
    "setdiff1d": {"assume_unique": (True,)},
    "setxor1d": {"assume_unique": (True,)},
    **dict.fromkeys("linspace logspace geomspace".split(), BETWEEN),
    "cumulative_sum": {"include_initial": (True,), "axis": (0, -1, None)},
    "cumulative_prod": {"include_initial": (True,), "axis": (0, -1, None)},
    "histogram_bin_edges": {"bins": (3, [-1.0, 0.0, 2.5]), "range": ((-1.0, 1.0),), "weights": (None,)},
    "histogramdd": {"bins": (3, [2, 4, 3]), "range": (None,), "density": (True, False), "weights": ([1.0, 2.5],)},
    "histogram2d": {
        "bins": (3, [2, 4]),
        "range": ([[-1.0, 1.0], [0.0, 2.0]],),
        "density": (True,),
        "weights": ([1.0, 2.5, 0.5],),
    },
    "vecdot": {"axis": (-1, 0), "keepdims": (True,)},
    "corrcoef": {"y": (X,), "rowvar": (True,), "dtype": (np.float64,)},
}
OPERANDS = {  # function -> its first arguments, with "x" for what is differentiated
    "array_equal": ("x", X),
    "allclose": ("x", X + 0.1),
    "isclose": ("x", X + 0.1),
    "array_split": ("x", 2),
    "split": ("x", 2),
    "broadcast_to": ("x", (2, 2, 3)),
    "compress": ([True, False], "x", 0),
    "concatenate": (["x", np.ones((2, 3))],),
    "hstack": (["x", np.ones((2, 3))],),
    "vstack": (["x", np.ones((2, 3)), [[1, 2, 3]]],),
    "stack": (["x", np.ones((2, 3))],),
    "dot": ("x", X.T),
    "inner": ("x", X),
    "kron": ("x", X),
    "outer": ("x", X),
    "matmul": ("x", X.T),
    "tensordot": ("x", X.T),
    "einsum": ("ij,kj->ik", "x", X),
    "solve": ("x", SQUARE),
    "cross": ("x", X[::-1]),
    "lstsq": ("x", X[0]),
    "searchsorted": (np.sort(X[0]), "x"),
    "take": ("x", [0, 1]),
    "take_along_axis": ("x", np.array([[0, 1, 1]]), 0),
    "repeat": ("x", 2),
    "reshape": ("x", (3, 2)),
    "roll": ("x", 1),
    "tile": ("x", 2),
    "moveaxis": ("x", 0, 1),
    "swapaxes": ("x", 0, 1),
    "expand_dims": ("x", 0),
    "full_like": ("x", 0.5),
    "matrix_power": ("x", 3),
    "argpartition": ("x", 1),
    "clip": ("x", 0.0, 1.0),
    "where": (ROWS, "x", X * 2),
    "ldexp": ("x", 2),
    "insert": ("x", 1, 0.5),
    "delete": ("x", 1),
    "append": ("x", X),
    "resize": ("x", (3, 3)),
    "dstack": (["x", np.ones((2, 3))],),
    "column_stack": (["x", np.ones(2)],),
    "block": ([["x", np.ones((2, 3))], [np.zeros((1, 3)), np.ones((1, 3))]],),
    "extract": (ROWS, "x"),
    "put_along_axis": ("x", np.array([[1], [0]]), 0.5, 1),
    "put": ("x", [0, 4], 0.5),
    "place": ("x", ROWS, [0.5, 1.5]),
    "fill_diagonal": ("x", 0.5),
    "copyto": ("x", X[0]),
    "putmask": ("x", ROWS, [0.5, 1.5]),
    "pad": ("x", 1),
    "rollaxis": ("x", 1),
    "sliding_window_view": ("x", (1, 2)),
    "meshgrid": ("x", np.ones(2)),
    "broadcast_arrays": ("x", np.ones(3)),
    "hsplit": ("x", [1]),
    "vsplit": ("x", [1]),
    "dsplit": ("x", 1),
    "select": ([X > 0.5, X < 0], ["x", X * 2]),
    "choose": (ROWS.astype(int), ["x", X * 2]),
    "piecewise": ("x", [X > 0], [np.sin, np.cos]),
    "partition": ("x", 1),
    "apply_along_axis": (np.sum, 0, "x"),
    "apply_over_axes": (np.sum, "x", [0]),
    "digitize": ("x", [0.0, 0.5]),
    "isin": ("x", [0.3, 1.0]),
    "array_equiv": ("x", X),
    "polyval": ("x", 0.5),
    "interp": ("x", [-1.0, 0.5, 2.0], [1.0, 3.0, 2.0]),
    "bincount": ([0, 2, 2], "x"),
    "histogram": ("x", 3, (-1.3, 2.2)),
    "quantile": ("x", 0.3),
    "percentile": ("x", [30.0, 75.0]),
    "nanquantile": ("x", [0.3, 0.7]),
    "nanpercentile": ("x", 30.0),
    "astype": ("x", np.float64),
    "can_cast": (np.float32, "f8"),
    "result_type": ("x", np.float32),
    "common_type": ("x", X),
    "einsum_path": ("ij,kj->ik", "x", X),
    "vdot": ("x", X),
    "vecdot": ("x", X),
    "matvec": ("x", X[0]),
    "vecmat": ("x", X.T),
    "multi_dot": (["x", X.T, X],),
    "tensorsolve": ("x", X[0]),
    "tensorinv": ("x", 1),
    "convolve": ("x", np.array([0.5, 1.0, -2.0])),
    "correlate": ("x", np.array([0.5, 1.0])),
    "polyadd": ("x", X[0, :2]),
    "polysub": ("x", X[0, :2]),
    "polymul": ("x", X[0, :2]),
    "polydiv": ("x", X[0, :2]),
    "polyfit": (np.array([0.0, 1.0, 2.0, 3.5, 5.0]), "x", 1),
    "union1d": ("x", X[0] + 1.0),
    "intersect1d": ("x", "x"),
    "setdiff1d": ("x", np.array([-3.0, 3.0])),
    "setxor1d": ("x", X[0] + 1.0),
    "linspace": ("x", 2.5, 4),
    "logspace": ("x", X + 1.0, 3),
    "geomspace": ("x", POSITIVE + 1.0, 4),
    "histogram2d": ("x", X[0], 3),
    "ix_": ([0, 1], [1, 2]),
}
VECTOR = (
    "searchsorted meshgrid trim_zeros bincount convolve correlate polyfit roots vander poly polyadd polysub polymul polydiv "
    "polyder polyint "
    "union1d setdiff1d histogram2d cumulative_sum cumulative_prod"
).split()
_SIGNATURES = {  # where NumPy of before 2.4 tells none
    "concatenate": "(arrays, /, axis=0, out=None, *, dtype=None, casting='same_kind')",
    "dot": "(a, b, out=None)",
    "empty_like": "(prototype, /, dtype=None, order='K', subok=True, shape=None, *, device=None)",
    "inner": "(a, b, /)",
    "where": "(condition, x, y, /)",
}


def parameters_of(function):
    """The parameters of one of NumPy's functions, by name."""
    if isinstance(function, np.ufunc):
        names = [f"x{k}" for k in range(function.nin)]
        found = [inspect.Parameter(n, inspect.Parameter.POSITIONAL_ONLY) for n in names]
        more = (
            "out where casting order dtype subok".split()
            if function is not np.matmul
            else "out casting order dtype subok".split()
        )
        return found + [inspect.Parameter(n, inspect.Parameter.KEYWORD_ONLY) for n in more]
    try:
        return list(inspect.signature(function).parameters.values())
    except ValueError:
        return list(
            inspect.Signature.from_callable(eval(f"lambda {_SIGNATURES[function.__name__][1:-1]}: None")).parameters.values()
        )


def operands_of(function):
    """The first arguments of a call, with "x" for what is differentiated."""
    if function.__name__ in OPERANDS:
        return OPERANDS[function.__name__]
    if isinstance(function, np.ufunc) and function.nin == 2:
        return ("x", np.array([1.5, 2.0, 0.5]))
    return ("x",)


def calls_of(function):
    """Pairs of arguments and keywords: without options, with every value of every option, and with each operand by name."""
    operands, name = operands_of(function), function.__name__
    yield operands, {}
    parameters = parameters_of(function)
    if all(p.kind is p.POSITIONAL_OR_KEYWORD for p in parameters[: len(operands)]):
        yield (), {p.name: a for p, a in zip(parameters, operands)}
    for k, parameter in enumerate(parameters):
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        for value in values_for(name, parameter, k < len(operands)):
            if k >= len(operands):
                yield operands, {parameter.name: value}
            elif parameter.kind is parameter.POSITIONAL_ONLY:
                yield (*operands[:k], value, *operands[k + 1 :]), {}
            else:
                yield operands[:k], {parameter.name: value, **{p.name: a for p, a in zip(parameters[k + 1 :], operands[k + 1 :])}}
    yield from _pairs(name, parameters[len(operands) :], operands)


def _pairs(name, options, operands):
    """Options two at a time, those that act together."""
    have = [p.name for p in options]
    together = [
        ("axis", 0, "keepdims", True),
        ("axis", (0, 1), "keepdims", True),
        ("axis", 1, "out", Out),
        ("axis", 0, "where", ROWS),
    ]
    together += [
        ("initial", 0.1, "where", ROWS),
        ("keepdims", True, "where", ROWS),
        ("dtype", np.float32, "axis", 0),
        ("out", Out, "where", ROWS),
    ]
    together += [("axis", 0, "initial", 0.5), ("axis", 1, "dtype", np.float32), ("ddof", 1, "axis", 0), ("axis", -1, "ddof", 1)]
    for first, a, second, b in together:
        if first in have and second in have:
            yield operands, {first: a, second: b}


def values_for(name, parameter, is_operand):
    own = BY_FUNCTION.get(name, {})
    if parameter.name in own:
        return own[parameter.name]
    if is_operand:
        return ()
    return BY_NAME[parameter.name]


def described(function, args, kwargs):
    """A call as text."""
    texts = [_short(a) for a in args] + [f"{k}={_short(v)}" for k, v in kwargs.items()]
    return f"{function.__module__ or 'numpy'}.{function.__name__}({', '.join(texts)})"


def _short(value):
    if isinstance(value, np.ndarray) and value.size > 3:
        return f"<{value.dtype}{list(value.shape)}>"
    return getattr(value, "__name__", None) or repr(value)
