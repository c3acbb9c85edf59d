"""Lists, dicts and sets that compiled functions make or are given: numbers in them keep their derivatives."""

import math

import numpy as np
import pytest
from numba import njit, typed, types

import jittape as jt

from .differences import check, noting

pytestmark = pytest.mark.sampled(0.5, of="module")

X = np.array([1.5, 2.0, 3.0])

PROGRAMS = []
program = noting(PROGRAMS, X)


def typed_dict_of_numbers():
    """A dictionary that the test makes, because Numba compiles seconds for it."""
    made = typed.Dict.empty(types.unicode_type, types.float64)
    made["a"], made["b"] = 2.0, 3.0
    return made


@program()
@njit
def typed_list_numbers(x):
    kept = typed.List()
    for v in x:
        kept.append(v * v)
    s = 0.0
    for v in kept:
        s += v * kept[0]
    return s


@program()
@njit
def typed_list_setitem(x):
    kept = typed.List()
    kept.append(x[0])
    kept.append(x[1])
    kept[0] = kept[1] * kept[0]
    kept.extend(kept)
    kept.insert(0, x[2] * x[0])
    return kept[0] * kept.pop() + len(kept) * kept[-2]


@program()
@njit
def typed_list_arrays(x):
    kept = typed.List()
    kept.append(x * 2.0)
    kept.append(x * x)
    s = 0.0
    for a in kept:
        s += a[0] * np.sum(a)
    return s


@program()
@njit
def typed_list_nested(x):
    kept = typed.List()
    for i in range(2):
        row = typed.List()
        row.append(x[i] * 2.0)
        row.append(x[i + 1])
        kept.append(row)
    return kept[0][0] * kept[1][1] + kept[1][0]


@program()
@njit
def typed_list_from_iter(x):
    kept = typed.List([x[0] * x[1], x[2]])
    return kept[0] * kept[1]


@program()
@njit
def typed_list_empty_list_type(x):
    kept = typed.List.empty_list(types.float64)
    kept.append(x[0] * x[1])
    return kept[0] * x[2]


@program()
@njit
def dict_literal(x):
    kept = {}
    kept[1] = x[0] * x[1]
    kept[2] = x[1]
    return kept[1] * kept[2]


@program()
@njit
def dict_braces(x):
    kept = {"a": x[0] * x[1], "b": x[2]}
    s = 0.0
    for k, v in kept.items():
        s += v * v
    return s * kept["a"]


@program()
@njit
def typed_dict(x):
    kept = typed.Dict()
    kept[0] = x[0] * x[1]
    kept[0] += x[2]
    kept[1] = x[2] * 2.0
    return kept[0] * kept.get(1, 0.0) + kept.pop(1)


@program()
@njit
def typed_dict_empty(x):
    kept = typed.Dict.empty(key_type=types.int64, value_type=types.float64)
    for i in range(3):
        kept[i] = x[i] * x[i]
    s = 0.0
    for v in kept.values():
        s += v
    return s


@program()
@njit
def typed_dict_of_arrays(x):
    """The types of arrays are written where they are declared."""
    kept = typed.Dict.empty(types.int64, types.float64[:])
    kept[0] = x * x[1]
    kept[1] = x[::-1] + x[0]
    rows = typed.List.empty_list(types.float64[:, ::1])
    rows.append(np.ones((2, 2)) * x[2])
    return np.sum(kept[0] * kept[1]) * rows[0][1, 0]


@program()
@njit
def typed_containers_of_complex_numbers(x):
    kept = typed.List.empty_list(types.complex128)
    kept.append(x[0] + 1j * x[1])
    kept.append(2.0 + 0j)
    arrays = typed.Dict.empty(types.int64, types.complex128[:])
    arrays[0] = x * np.exp(1j * x[2])
    return abs(kept[0] * kept[1]) + np.sum(np.abs(arrays[0] + kept[0]))


@program()
@njit
def dicts_of_plain_keys(x):
    """Keys that are floats have no derivatives, and are found by equal ones."""
    kept = {1.5: x[0], 2.0: x[1]}
    kept[3.0] = x[2]
    total = kept[1.5] * kept[2.0] + kept.get(7.0, 1.0) * kept.pop(3.0) + kept.setdefault(9.0, 4.0) * kept[2.0]
    declared = typed.Dict.empty(types.float64, types.float64)
    declared[0.5] = x[0]
    declared[1.5] = 2.0
    for k, v in declared.items():
        total += k * v * x[1]
    return total * (2.0 in kept) + len(kept)


@program()
@njit
def dict_of_arrays(x):
    kept = {}
    kept["w"] = x * 2.0
    kept["b"] = x * x
    return np.sum(kept["w"] * kept["b"])


@program()
@njit
def dict_comp(x):
    kept = {i: x[i] * x[i] for i in range(3)}
    return kept[0] * kept[1] + kept[2]


@program()
@njit
def dict_mixed_passive(x):
    kept = {0: 1.0}
    kept[1] = x[0] * x[1]
    return kept[1] + kept[0]


@program()
@njit
def memo_dict(x):
    memo = dict()
    s = 0.0
    for i in range(6):
        k = i % 3
        if k in memo:
            s += memo[k] * x[0]
        else:
            v = math.sin(x[k]) * x[1]
            memo[k] = v
            s += v
    return s


@program()
@njit
def set_passive(x):
    seen = set()
    s = 0.0
    for i in range(6):
        if i % 3 not in seen:
            seen.add(i % 3)
            s += x[i % 3] ** 2
    return s * len(seen)


@program()
@njit
def set_of_active(x):
    seen = {x[0], x[1]}
    s = 0.0
    for v in seen:
        s += v * v
    return s


@program()
@njit
def list_brackets_nested(x):
    kept = [[v, v * v] for v in x]
    kept[0][1] = x[2]
    return kept[0][1] * kept[1][0] + kept[2][1]


@program()
@njit
def list_of_tuples(x):
    kept = [(x[0], 1), (x[1] * x[0], 2)]
    s = 0.0
    for v, n in kept:
        s += v * n
    return s


@program()
@njit
def list_mixed_start(x):
    kept = [0.0]
    kept.append(x[0] * x[1])
    return kept[1] + kept[0]


@program()
@njit
def list_times(x):
    kept = [0.0] * 3
    kept[1] = x[0] * x[1]
    return kept[1]


@program()
@njit
def list_sort(x):
    kept = [v * v for v in x]
    kept.sort()
    return kept[0] * kept[-1]


@njit
def minmax(d):
    d[2] = d[0] * d[1]
    return d


@program()
@njit
def dict_through_fn(x):
    d = {0: x[0], 1: x[1]}
    e = minmax(d)
    return e[2] * d[0] + d[2]


@njit
def fill(kept, x):
    for i in range(len(kept)):
        kept[i] = x[i] * x[0]


@program()
@njit
def typed_list_through_fn(x):
    kept = typed.List()
    for i in range(3):
        kept.append(0.0)
    fill(kept, x)
    return kept[0] * kept[1] + kept[2]


@program()
@njit
def list_comp_then_set(x):
    kept = [0.0 for _ in range(3)]
    for i in range(3):
        kept[i] = x[i] * x[0]
    return kept[0] * kept[1] + kept[2]


@program()
@njit
def list_nested_set(x):
    kept = [[0.0] * 2 for _ in range(3)]
    for i in range(3):
        kept[i][1] = x[i] * x[0]
    return kept[0][1] * kept[1][1] + kept[2][1]


@program()
@njit
def list_append_zero(x):
    kept = []
    for i in range(3):
        kept.append(0.0)
    for i in range(3):
        kept[i] += x[i] * x[0]
    return kept[0] * kept[1] + kept[2]


@program()
@njit
def list_passed_plain(x):
    kept = [0.0, 0.0, 0.0]
    fill(kept, x)
    return kept[0] * kept[1] + kept[2]


@program(X, lambda: typed.List([1.0, 2.0]))
@njit
def typed_list_arg(x, kept):
    s = 0.0
    for v in kept:
        s += v * x[0] * x[1]
    return s


@program(X, lambda: typed.List([np.ones(3), np.arange(3.0)]))
@njit
def typed_list_arrays_arg(x, kept):
    s = 0.0
    for v in kept:
        s += np.sum(v * x)
    return s * x[0]


@program(X, [1.0, 2.0])
@njit
def list_arg(x, kept):
    s = 0.0
    for v in kept:
        s += v * x[0] * x[1]
    return s


@program(X, typed_dict_of_numbers)
@njit
def typed_dict_arg(x, d):
    return x[0] * d["a"] + x[1] * x[1] * d["b"]


@program()
@njit
def set_ops(x):
    a = {x[0], x[1]}
    a.add(x[0] * x[1])
    a.discard(x[1])
    s = 0.0
    for v in a:
        s += v * v
    return s * len(a) if x[0] in a else s


@program()
@njit
def dict_float_keys(x):
    d = {}
    for v in x:
        d[jt.stop_gradient(v)] = v * v
    s = 0.0
    for k in d:
        s += len(d) * d[k]
    return s


@program()
@njit
def dict_hetero(x):
    d = {"a": x[0], "b": x}
    return d["a"] * d["b"][1]


@program()
@njit
def dict_tuple_vals(x):
    d = {}
    for i in range(3):
        d[i] = (x[i] * x[0], i)
    s = 0.0
    for k, (v, n) in d.items():
        s += v * n
    return s


@program()
@njit
def dict_tuple_keys(x):
    d = {}
    for i in range(3):
        for j in range(3):
            d[(i, j)] = x[i] * x[j]
    s = 0.0
    for i in range(3):
        s += d[(i, (i + 1) % 3)] * (i + 1)
    return s


@program()
@njit
def dict_list_vals(x):
    d = {}
    for i in range(2):
        kept = typed.List()
        kept.append(x[i])
        kept.append(x[i] * x[2])
        d[i] = kept
    return d[0][1] * d[1][0]


@program()
@njit
def typed_list_of_tuples(x):
    kept = typed.List()
    kept.append((x[0] * x[1], 1.0))
    kept.append((x[1], 2.0))
    s = 0.0
    for a, b in kept:
        s += a * b
    return s


@program()
@njit
def typed_list_sort(x):
    kept = typed.List()
    for v in x:
        kept.append(v * (3.5 - v))
    kept.sort()
    return kept[0] * 2.0 + kept[2] * kept[1]


@pytest.mark.parametrize("function, args", PROGRAMS)
def test_program(function, args):
    check(function, *(a() if callable(a) else a for a in args), forward=True)


@njit
def lists_in_a_tuple(x):
    places, found = typed.List(), typed.List()
    for i in range(len(x)):
        places.append(i)
        found.append(x[i] * x[0])
    return places, found, [[x[0] * x[1], 0.0], [1.0, x[2]]]


def test_lists_in_results_are_arrays():
    x = np.array([1.5, 0.7, 2.3])
    places, found, table = jt.jacrev(lists_in_a_tuple)(x)
    assert not places.any() and table.shape == (2, 2, 3)
    np.testing.assert_allclose(found, [[3.0, 0.0, 0.0], [0.7, 1.5, 0.0], [2.3, 0.0, 1.5]])
    np.testing.assert_allclose(table[0, 0], [0.7, 1.5, 0.0])
