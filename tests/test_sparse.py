"""Sparse derivatives: patterns hold every entry, colours keep entries apart, values are those of the dense derivatives."""

import itertools
import pickle
import warnings

import numba
import numpy as np
import pytest
from scipy.optimize import least_squares
from scipy.sparse import csr_array, diags_array, eye_array, kron
from scipy.sparse.csgraph import connected_components

import jittape as jt
from jittape.kernels.kernel_table import OPERATIONS
from jittape.ops.declare_structured import Structured
from jittape.sparse.colouring import coloured_columns, coloured_stars, graph_of
from jittape.sparse.plans import SubstitutionPlan
from jittape.sparse.substitution import coloured_acyclically

from numpy_calls import calls_of
from sampling import some
from test_numpy_calls import FUNCTIONS, argument_of, called, is_refused
from test_operations import apply_to, operands_of

STRUCTURED = [o for o in OPERATIONS if isinstance(o, Structured) and o.examples]


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def assert_covers(program, x, note=""):
    """Every entry of a Jacobian is in its pattern."""
    dense = np.reshape(jt.jacobian(program)(x), (-1, x.size))
    with np.errstate(invalid="ignore"):
        missing = ~jt.sparsity(program, x).toarray() & ((dense != 0) | np.isnan(dense))
    assert not missing.any(), (note, np.argwhere(missing))


@pytest.mark.sampled(8)
@pytest.mark.parametrize("operation", STRUCTURED, ids=lambda o: o.name)
def test_patterns_of_operations_have_every_entry(operation, rng):
    for shapes, statics in operation.examples():
        arrays = operands_of(operation, shapes, rng)
        for k, x in enumerate(arrays):
            if x.size:

                def program(x, k=k):
                    return apply_to(operation.apply, operation, [x if j == k else a for j, a in enumerate(arrays)], statics)

                if not np.iscomplexobj(x) and not program(jt.tensor(x)).is_complex():  # patterns are of real functions
                    assert_covers(program, jt.tensor(x).numpy(), f"operand {k} of {shapes} {statics}")


@pytest.mark.sampled(25)
@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_patterns_of_functions_have_every_entry(name):
    function, x = FUNCTIONS[name], argument_of(FUNCTIONS[name])
    for args, kwargs in some(list(calls_of(function)), 3):
        program = called(function, args, kwargs, np.zeros_like)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                values = program(x.copy())
            except (TypeError, ValueError):
                continue
            if not is_refused(function, args, kwargs) and isinstance(values, np.ndarray) and values.dtype.kind == "f":
                if "out" not in kwargs and "where" not in kwargs:
                    assert_covers(program, x, f"{name} {kwargs}")


LAPLACE = np.diag(np.full(6, 2.0)) - np.diag(np.ones(5), 1)
EXACT = {
    "neighbours": (lambda x: np.sin(x[1:]) * x[:-1], eye_array(5, 6) + eye_array(5, 6, k=1)),
    "constant matrix": (lambda x: LAPLACE @ x**2, LAPLACE),
    "matrix on the right": (lambda x: x.reshape(2, 3) @ np.triu(np.ones((3, 3))), kron(np.eye(2), np.tril(np.ones((3, 3))))),
    "rows": (lambda x: (x.reshape(3, 2) ** 2).sum(1), kron(np.eye(3), np.ones((1, 2)))),
    "means": (lambda x: x.reshape(3, 2).mean(1), kron(np.eye(3), np.ones((1, 2)))),
    "column maxima": (lambda x: np.max(x.reshape(3, 2), 0), kron(np.ones((1, 3)), np.eye(2))),
    "both sides of where": (lambda x: np.where(x > 0, x, x[::-1]), np.eye(6) + np.eye(6)[::-1]),
    "batches": (lambda x: np.einsum("ij,ij->i", x.reshape(3, 2), x.reshape(3, 2)), kron(np.eye(3), np.ones((1, 2)))),
    "band": (lambda x: np.convolve(x, [1.0, 0.0, 2.0], "valid"), eye_array(4, 6) + eye_array(4, 6, k=2)),
    "flat": (lambda x: np.floor(x) + np.sign(x) * x[0], np.eye(1, 6) * np.ones((6, 1))),
    "repeated": (lambda x: x[[0, 0, 3]], np.eye(6)[[0, 0, 3]]),
}


def _written(x):
    y = np.zeros_like(x)
    y[1:-1] = x[2:] - x[:-2]
    y[0] += x[5]
    y *= 2.0
    return y


def _written_view(x):
    y = 1.0 * x
    y[::2][1] = x[0]
    return y


EXACT["writes"] = _written, np.vstack([np.eye(1, 6, 5), (np.eye(6, k=1) + np.eye(6, k=-1))[1:5], np.zeros((1, 6))])
EXACT["a write to a view"] = _written_view, np.eye(6)[[0, 1, 0, 3, 4, 5]]


@pytest.mark.parametrize("name", EXACT)
def test_exact_patterns(name):
    function, expected = EXACT[name]
    expected = csr_array(expected).toarray() != 0
    x = np.array([0.3, -1.2, 2.1, 0.7, 0.4, -0.62])
    np.testing.assert_array_equal(jt.sparsity(function, x).toarray(), expected)
    dense = jt.jacobian(function)(x).reshape(-1, 6)
    for mode in (None, "forward", "reverse"):
        jacobian = jt.sparse_jacobian(function, mode=mode)
        np.testing.assert_allclose(jacobian(x).toarray(), dense, rtol=1e-14, atol=1e-14)
    hessian = jt.sparse_hessian(lambda x: np.sum(function(x) ** 3))
    np.testing.assert_allclose(hessian(x).toarray(), jt.hessian(lambda x: np.sum(function(x) ** 3))(x), rtol=1e-13, atol=1e-13)


def test_trees_and_several_arguments():
    def function(a, n, b):
        return {"p": a["u"] * b[:2] * n, "q": b[2] * a["v"]}

    a, b = {"u": np.array([1.0, 2.0]), "v": 3.0}, np.array([4.0, 5.0, 6.0])
    found = jt.sparse_jacobian(function, argnums=(0, 2))(a, 2, b)
    np.testing.assert_array_equal(
        found.toarray(), [[8.0, 0.0, 0.0, 2.0, 0.0, 0.0], [0.0, 10.0, 0.0, 0.0, 4.0, 0.0], [0.0, 0.0, 6.0, 0.0, 0.0, 3.0]]
    )
    assert jt.sparse_jacobian(lambda x: x * x)(np.array([1.0, 2.0], np.float32)).dtype == np.float32


# --- colours ------------------------------------------------------------------------------------------------------------


def grid_laplacian(n):
    line = diags_array([np.ones(n - 1), np.ones(n), np.ones(n - 1)], offsets=[-1, 0, 1])
    return csr_array(kron(line, eye_array(n)) + kron(eye_array(n), line)).astype(bool)


def random_pattern(rng, symmetric):
    n = int(rng.integers(1, 12))
    dense = rng.random((n, n if symmetric else int(rng.integers(1, 12)))) < rng.uniform(0.05, 0.5)
    return csr_array(dense | dense.T if symmetric else dense)


ORDERINGS = ["natural", "largest first", "smallest last", "incidence degree"]


@pytest.mark.parametrize("ordering", ORDERINGS)
def test_columns_of_one_colour_share_no_row(ordering, rng):
    for pattern in [random_pattern(rng, False) for _ in range(60)] + [csr_array((3, 4), dtype=bool), grid_laplacian(5)]:
        colours, n = coloured_columns(pattern, ordering)
        assert n == max(colours, default=-1) + 1
        for row in pattern.toarray():
            met = colours[row]
            assert len(set(met)) == len(met)


@pytest.mark.parametrize("ordering", [*ORDERINGS, "hubs apart"])
def test_stars(ordering, rng, monkeypatch):
    """Neighbours differ, and no path over four vertices has two colours."""
    if ordering == "hubs apart":
        ordering = None
        for name, value in (("MOST_PAIRS", 0), ("FEWEST_OF_HUBS", 3), ("MOST_HUBS", 4)):
            monkeypatch.setattr(f"jittape.sparse.colouring.{name}", value)
    for pattern in [random_pattern(rng, True) for _ in range(40)] + [grid_laplacian(4)]:
        dense = pattern.toarray() & ~np.eye(pattern.shape[0], dtype=bool)
        colours, n = coloured_stars(graph_of(pattern), ordering)
        assert n == max(colours) + 1
        for a, b in np.argwhere(dense):
            assert colours[a] != colours[b]
            for c, d in itertools.product(np.flatnonzero(dense[b]), np.flatnonzero(dense[a])):
                if c != a and d != b and c != d:  # d - a - b - c
                    assert len({colours[v] for v in (a, b, c, d)}) > 2


@pytest.mark.parametrize("ordering", ORDERINGS)
def test_two_acyclic_colours_make_trees(ordering, rng):
    """Neighbours differ, and vertices of two colours have fewer edges than vertices in every part that hangs together."""
    fewer = 0
    for pattern in [random_pattern(rng, True) for _ in range(40)] + [grid_laplacian(4)]:
        graph = graph_of(pattern)
        colours, n = coloured_acyclically(graph, ordering)
        dense = pattern.toarray() & ~np.eye(pattern.shape[0], dtype=bool)
        assert not np.any(dense & (colours[:, None] == colours)) and n == max(colours) + 1
        for pair in itertools.combinations(range(n), 2):
            between = dense[np.ix_(np.isin(colours, pair), np.isin(colours, pair))]
            assert between.sum() // 2 == len(between) - connected_components(between)[0]
        fewer += n < coloured_stars(graph)[1]
    assert fewer > 4


def test_numbers_of_colours():
    """Bands take as many as they are wide, an arrow two by stars, a grid about as many as a cross has places."""
    for width in (1, 2, 3):
        band = csr_array(sum(eye_array(200, k=k) for k in range(-width, width + 1)))
        assert coloured_columns(band)[1] == 2 * width + 1
        assert coloured_acyclically(graph_of(band))[1] == width + 1
    arrow = csr_array(np.eye(50) + np.eye(50)[:1].T @ np.ones((1, 50)) + np.ones((50, 1)) @ np.eye(50)[:1])
    assert coloured_stars(graph_of(arrow))[1] == coloured_acyclically(graph_of(arrow))[1] == 2
    assert coloured_columns(grid_laplacian(30))[1] == 5
    assert coloured_stars(graph_of(grid_laplacian(30)))[1] == 5
    assert coloured_acyclically(graph_of(grid_laplacian(30)))[1] <= 4


def test_long_rows_and_columns_are_taken_apart(rng):
    """An arrow takes three directions of both kinds; random matrices with a full row or column never more than of one kind."""

    def arrow(x):
        return np.concatenate([np.sum(x**2, keepdims=True), x[1:] * x[1:] * x[0]])

    large = jt.sparse_jacobian(arrow)
    assert large(np.ones(100_000)).nnz == 299_998 and large.directions == 3  # pairs of a row's entries would take minutes
    jacobian, x = jt.sparse_jacobian(arrow), np.linspace(0.5, 1.5, 40)
    np.testing.assert_allclose(jacobian(x).toarray(), jt.jacobian(arrow)(x), rtol=1e-14)
    assert jacobian.directions == 3
    apart = 0
    for _ in range(40):
        m, n = rng.integers(1, 14, 2)
        a = (rng.random((m, n)) < rng.uniform(0.05, 0.4)) * rng.normal(size=(m, n))
        a[rng.integers(m)], a[:, rng.integers(n)] = rng.choice([0.0, 1.3], 2)
        either, forward, reverse = (
            jt.sparse_jacobian(lambda x: a @ np.sin(x), mode=mode) for mode in (None, "forward", "reverse")
        )
        x = rng.normal(size=n)
        for found in (either, forward, reverse):
            np.testing.assert_allclose(found(x).toarray(), a * np.cos(x), rtol=1e-13, atol=1e-13)
        fewest = min(forward.directions, reverse.directions)
        assert either.directions <= fewest
        apart += either.directions < fewest
    assert apart > 2


# --- use ----------------------------------------------------------------------------------------------------------------


def residual(x):
    return np.concatenate([10.0 * (x[1:] - x[:-1] ** 2), 1.0 - x[:-1]])


def test_least_squares_of_scipy():
    jacobian = jt.sparse_jacobian(residual)
    found = least_squares(residual, np.full(60, -0.5), jac=jacobian, tr_solver="lsmr")
    np.testing.assert_allclose(found.x, 1.0, atol=1e-6)
    rows, columns = jacobian.structure()
    np.testing.assert_array_equal(csr_array((jacobian.values(found.x), (rows, columns))).toarray(), jacobian(found.x).toarray())


def test_given_patterns():
    x = np.array([1.0, 2.0, 3.0])
    jacobian = jt.sparse_jacobian(lambda x: x[1:] * x[:-1], pattern=[[1, 1, 0], [0, 1, 1]])
    np.testing.assert_array_equal(jacobian(x).toarray(), [[2.0, 1.0, 0.0], [0.0, 3.0, 2.0]])
    with pytest.raises(jt.errors.ShapeError, match=r"got a pattern of shape \[2, 2\], expected \[2, 3\]"):
        jt.sparse_jacobian(lambda x: x[1:], pattern=np.eye(2))(x)
    with pytest.raises(ValueError, match="entries outside of the given pattern"):
        jt.sparse_jacobian(lambda x: x * x[0], pattern=np.eye(3))(x)
    with pytest.raises(ValueError, match="got mode='sideways'"):
        jt.sparse_jacobian(residual, mode="sideways")
    with pytest.raises(ValueError, match="expected 'jacobian' or 'hessian'"):
        jt.sparsity(residual, x, of="gradient")


def test_a_branch_adds_entries():
    jacobian = jt.sparse_jacobian(lambda x: x[::-1] * 2.0 if x[0] > 0 else x * x)
    at, beyond = np.array([-1.0, 2.0, 3.0]), np.array([1.0, 2.0, 3.0])
    np.testing.assert_array_equal(jacobian(at).toarray(), np.diag(2.0 * at))
    np.testing.assert_array_equal(jacobian(beyond).toarray(), 2.0 * np.eye(3)[::-1])
    np.testing.assert_array_equal(jacobian(at).toarray(), np.diag(2.0 * at))
    hessian = jt.sparse_hessian(lambda x: x[0] * x[1] * x[2] if x[0] > 0 else np.sum(x**2))
    np.testing.assert_array_equal(hessian(at).toarray(), 2.0 * np.eye(3))
    np.testing.assert_array_equal(hessian(beyond).toarray(), [[0.0, 3.0, 2.0], [3.0, 0.0, 1.0], [2.0, 1.0, 0.0]])


def band_energy(x):
    return np.sum(np.sin(x[2:] * x[1:-1]) * x[:-2]) + np.sum(x**4)


def test_acyclic_hessians(rng):
    """Half as many directions for a band, the same entries; of a random pattern, a compiled function, and trees of arguments."""
    x = rng.normal(size=30)
    star, acyclic = jt.sparse_hessian(band_energy), jt.sparse_hessian(band_energy, coloring="acyclic")
    for _ in range(2):
        np.testing.assert_allclose(acyclic(x).toarray(), jt.hessian(band_energy)(x), rtol=1e-13, atol=1e-13)
        np.testing.assert_allclose(star(x).toarray(), jt.hessian(band_energy)(x), rtol=1e-13, atol=1e-13)
    assert (star.directions, acyclic.directions) == (5, 3)
    found = jt.sparse_hessian(energy, coloring="acyclic")
    for _ in range(2):
        np.testing.assert_allclose(found(x).toarray(), jt.hessian(energy.py_func)(x), rtol=1e-13, atol=1e-13)
    assert pickle.loads(pickle.dumps(acyclic)).coloring == "acyclic"
    for _ in range(20):
        pattern = random_pattern(rng, True).toarray()
        weights = np.triu(pattern * rng.normal(size=pattern.shape))
        x = rng.normal(size=len(weights))
        found = jt.sparse_hessian(lambda x: np.sin(x) @ weights @ np.sin(x), coloring="acyclic")
        expected = jt.hessian(lambda x: np.sin(x) @ weights @ np.sin(x))(x)
        np.testing.assert_allclose(found(x).toarray(), expected, rtol=1e-12, atol=1e-12)


def test_where_substitution_would_lose_entries(monkeypatch):
    """One nan stays one; entries that would be lost beside large ones are read by stars."""

    def chain(x, weights):
        return np.sum(weights * x[1:] * x[:-1]) + np.sum(x**2)

    weights = 10.0 ** np.array([0, 16, 0, -3, 9, 0, 0])
    for given in (weights, np.where(weights == 1e9, np.nan, weights)):
        found = jt.sparse_hessian(chain, coloring="acyclic")
        expected = np.diag(given, 1) + np.diag(given, -1) + 2.0 * np.eye(8)
        np.testing.assert_allclose(found(np.ones(8), given).toarray(), expected, rtol=1e-14)
        assert found.directions == 2
    monkeypatch.setattr(SubstitutionPlan, "agrees", lambda *about: True)
    found = jt.sparse_hessian(chain, coloring="acyclic")(np.ones(8), weights)
    assert not np.allclose(found.toarray(), np.diag(weights, 1) + np.diag(weights, -1) + 2.0 * np.eye(8), rtol=1e-3)


@pytest.mark.parametrize("coloring", ["star", "acyclic"])
def test_half_of_a_pattern_is_enough(coloring, rng):
    x, pattern = rng.normal(size=12), np.tri(12, 12, 0) - np.tri(12, 12, -3)
    for given in (pattern, pattern.T):
        found = jt.sparse_hessian(band_energy, pattern=given, coloring=coloring)(x)
        np.testing.assert_allclose(found.toarray(), jt.hessian(band_energy)(x), rtol=1e-13, atol=1e-13)
    with pytest.raises(ValueError, match="got coloring='red', expected 'star' or 'acyclic'"):
        jt.sparse_hessian(band_energy, coloring="red")


def test_functions_that_draw_numbers_are_refused():
    draws = np.random.default_rng(0)
    jacobian = jt.sparse_jacobian(lambda x: x[::-1] * x if draws.random() < 2.0 else x)
    jacobian(np.ones(3))
    with pytest.raises(TypeError, match="cannot be differentiated"):
        jt.grad(lambda x: jt.sparse_jacobian(residual)(x).sum())(np.ones(3))
    with pytest.raises(jt.TraceError, match="outside jt.compile"):
        jt.compile(lambda x: jt.sparse_jacobian(residual)(x))(np.ones(3))


def test_nan_is_no_disagreement():
    jacobian = jt.sparse_jacobian(lambda x: np.sqrt(x) * np.roll(x, 1))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = jacobian(np.array([-1.0, 2.0, 3.0])).toarray()
    assert np.isnan(found[0, 0]) and found[2, 1] == np.sqrt(3.0)


def test_plans_are_made_again_from_a_pickle():
    jacobian = jt.sparse_jacobian(residual)
    x = np.linspace(0.1, 1.0, 7)
    again = pickle.loads(pickle.dumps(jacobian))
    np.testing.assert_array_equal(again(x).toarray(), jacobian(x).toarray())


@numba.njit
def smoothed(x, c):
    y = np.zeros_like(x)
    for i in range(1, len(x)):
        y[i] = x[i - 1] * x[i] + c * np.sin(x[i])
    return y


@numba.njit
def energy(x):
    total = 0.0
    for i in range(len(x) - 1):
        total += (x[i + 1] - x[i] ** 2) ** 2
    return total


def test_compiled_functions():
    """The pattern comes of the Python function, values of the compiled one."""
    x = np.linspace(0.2, 1.1, 9)
    jacobian, hessian = jt.sparse_jacobian(smoothed), jt.sparse_hessian(energy)
    for _ in range(2):
        np.testing.assert_allclose(jacobian(x, 0.3).toarray(), jt.jacobian(smoothed.py_func)(x, 0.3), rtol=1e-14)
        np.testing.assert_allclose(hessian(x).toarray(), jt.hessian(energy.py_func)(x), rtol=1e-13, atol=1e-13)
    assert (jacobian.directions, hessian.directions) == (2, 3)


def test_programs_have_the_patterns_of_their_functions():
    x = np.arange(1.0, 6.0)
    for function in (lambda x: x[1:] * x[:-1], lambda x: np.sin(x) * x[0]):
        program = jt.compile(function)
        program(x)
        np.testing.assert_array_equal(jt.sparsity(program, x).toarray(), jt.sparsity(function, x).toarray())
        found = jt.sparse_jacobian(program)
        np.testing.assert_allclose(found(x).toarray(), jt.jacobian(function)(x), rtol=1e-14)
        assert found.pattern.nnz < 20
