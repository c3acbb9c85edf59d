"""Kernels are declared with the parameters of their kind, by name, and called in seven machine words."""

import numpy as np
import pytest

from jittape.kernels import kernel_signatures
from jittape.kernels.kernel_signatures import (
    FORWARD,
    NARY_WORDS,
    PARTIAL_WORDS,
    REVERSE,
    TANGENT,
    WORDS,
    in_machine_words,
    parameters_of,
)
from jittape.kernels.loops import address_of_kernel
from jittape.memory.words import f64_at, quick_address
from jittape.numba_backend.decorators import compiled

NUMBERS = [2.0, 3.0, 5.0, 7.0, 11.0, 13.0]


def test_what_the_kinds_are_called_with():
    names = {(kind, n): [name for _, name in parameters_of(kind, n)] for kind in WORDS for n in (1, 2, 3)}
    assert names[FORWARD, 1] == ["params", "out", "x0"] and names[FORWARD, 3] == ["params", "out", "x0", "x1", "x2"]
    assert names[REVERSE, 1] == ["params", "x_bar", "y_bar", "y", "x0", "fresh"]
    assert names[REVERSE, 2] == names[REVERSE, 3] == ["params", "x_bar", "y_bar", "y", "x0", "x1", "fresh"]
    assert names[TANGENT, 2] == ["params", "y_dot", "x_dot", "y", "x0", "x1"]
    assert [name for _, name in parameters_of(FORWARD, -1)] == ["params", "out", "x0", "first", "second"]
    assert all(len(words) == len(PARTIAL_WORDS) for words in (*WORDS.values(), *NARY_WORDS.values()))


def kernels():
    """Kernels that leave what each parameter points at, in the order of their parameters."""

    def forward(params, out, x0):
        o = f64_at(out, 2)
        o[0], o[1] = f64_at(params, 1)[0], f64_at(x0, 1)[0]

    def forward_of_two(params, out, x0, x1):
        o = f64_at(out, 3)
        o[0], o[1], o[2] = f64_at(params, 1)[0], f64_at(x0, 1)[0], f64_at(x1, 1)[0]

    def reverse(params, w_bar, y_bar, y, x0, fresh):
        o = f64_at(w_bar, 5)
        o[0], o[1], o[2] = f64_at(params, 1)[0], f64_at(y_bar, 1)[0], f64_at(y, 1)[0]
        o[3], o[4] = f64_at(x0, 1)[0], fresh

    def tangent(params, y_dot, x_dot, y, x0, x1):
        o = f64_at(y_dot, 5)
        o[0], o[1], o[2] = f64_at(params, 1)[0], f64_at(x_dot, 1)[0], f64_at(y, 1)[0]
        o[3], o[4] = f64_at(x0, 1)[0], f64_at(x1, 1)[0]

    return [(FORWARD, 1, forward), (FORWARD, 2, forward_of_two), (REVERSE, 1, reverse), (TANGENT, 2, tangent)]


def _forward(k, p, o, s, y, a, b, c):
    kernel_signatures.call_forward(k, p, o, a, b, c)


def _reverse(k, p, o, s, y, a, b, c):
    kernel_signatures.call_reverse(k, p, o, s, y, a, b, 1)


def _tangent(k, p, o, s, y, a, b, c):
    kernel_signatures.call_tangent(k, p, o, s, y, a, b, c)


CALLS = {FORWARD: (_forward, [0, 3, 4]), REVERSE: (_reverse, [0, 1, 2, 3]), TANGENT: (_tangent, [0, 1, 2, 3, 4])}


@pytest.mark.parametrize("kind, arity, kernel", kernels(), ids=lambda value: getattr(value, "__name__", str(value)))
def test_every_parameter_gets_its_word(kind, arity, kernel):
    name = f"test_{kernel.__name__}"
    call, which = CALLS[kind]
    address = address_of_kernel(in_machine_words(kernel, kind, arity, name), name)
    values, out = [np.array([v]) for v in NUMBERS], np.full(5, -1.0)
    params, seed, y, x0, x1, x2 = map(quick_address, values)
    compiled(call)(address, params, quick_address(out), seed, y, x0, x1, x2)
    expected = [NUMBERS[k] for k in which[: 1 + arity]] if kind == FORWARD else [NUMBERS[k] for k in which]
    expected += [1.0] if kind == REVERSE else []
    assert out.tolist()[: len(expected)] == expected and set(out.tolist()[len(expected) :]) <= {-1.0}


def test_a_kernel_with_other_parameters_is_refused():
    def swapped(params, x_bar, y, y_bar, x0, fresh):
        pass

    def machine(params, out, seed, y, x0, x1, x2):
        pass

    expected = r"a kernel of \(params, x_bar, y, y_bar, x0, fresh\), expected \(params, x_bar, y_bar, y, x0, fresh\)"
    with pytest.raises(TypeError, match=expected):
        in_machine_words(swapped, REVERSE, 1, "swapped")
    with pytest.raises(TypeError, match="write the parameters of a forward kernel"):
        in_machine_words(machine, FORWARD, 3, "machine")
