"""Adjoints of random programs of loops (`loop_programs`) against numbers with tangents, for tests and for long runs by hand.

python tests/loop_checks.py 5000 25000      # the programs of these seeds: two a second; prints those that are wrong
"""

import math
import re
import sys
from unittest import mock

import numba
import numpy as np

from jittape.native.compilation.compile_cached import internal
from jittape.native.derivatives.gradients_in_threads import GradientInThreads
from jittape.native.derivatives.reverse_mode import on_an_arena
from jittape.native.loops import shared_loops
from jittape.native.loops.loop_gradients import DEFECT, adjoint_by, options_of, products_by, pullback_by, rows_by, structured
from jittape.native.loops.typed_code import Unstructured

from loop_programs import ON_FLOATS, SIZE, Writer, arguments, by_tangents

ARGNUMS = 0, 1, 2


def adjoint_alone(function, argnums):
    """``args -> (value, gradients, whether they are usual)`` without the tape."""
    run = adjoint_by(argnums)

    def forward_and_back(header, args):
        return run(function, header, args)

    own = internal(forward_and_back, **options_of(function))
    return numba.njit(lambda *args: on_an_arena(own, args))


def in_parts(text, args, choice):
    """The value and the gradients of a program with `prange` in the place of `range`, one of whose loops threads share.

    Returns None if no loop can be shared, or the gradients are unusual.
    """
    function = compiled(re.sub(r"\brange\(", "prange(", text))
    with mock.patch.object(shared_loops, "_work", lambda parts: 1 << 20):  # so that every part has one iteration
        if refusal(function, args):
            return None
        program = structured(function, tuple(map(numba.typeof, args)), ARGNUMS)
        loops = shared_loops.shareable_loops(program)
        if not loops:
            return None
        program.shared = loops[choice % len(loops)]
        return GradientInThreads(function, ARGNUMS, False, None, False)._computed(args, [])


def pullback_alone(function, argnums):
    """``(*args, cotangent) -> (cotangents of the arguments, whether they are finite)`` without the tape."""
    run = pullback_by(argnums)

    def forward_and_back(header, args):
        return run(function, header, args[:-1], args[-1])

    own = internal(forward_and_back, **options_of(function))
    return numba.njit(lambda *args: on_an_arena(own, args))


def rows_alone(function, argnums):
    """``args -> (value, (Jacobian,), whether that is finite)`` without the tape."""
    run = rows_by(argnums)

    def forward_and_back(header, args):
        return run(function, header, args)

    own = internal(forward_and_back, **options_of(function))
    return numba.njit(lambda *args: on_an_arena(own, args))


def products_alone(function, argnums):
    """``(*args, *directions) -> (gradients and products with Hessians, whether these are finite)`` without dual numbers."""
    run, last = products_by(argnums), -len(argnums)

    def forward_and_back(header, args):
        return run(function, header, args[:last], args[last:])

    own = internal(forward_and_back, **options_of(function))
    return numba.njit(lambda *args: on_an_arena(own, args))


def by_rows(function, args, cotangent):
    """Gradients from the rows of a Jacobian, and whether these are finite."""
    (total, y, (column, t)), (x, Z) = cotangent, args[:2]
    _, (jacobian,), is_finite = rows_alone(function, ARGNUMS)(*args)
    gradient = np.array([total, *y, *column, t]) @ jacobian if jacobian.size else np.zeros(x.size + Z.size + 1)
    return (gradient[: x.size], gradient[x.size : -1].reshape(Z.shape), gradient[-1]), is_finite


def compiled(text):
    """The function of a program, compiled by Numba."""
    space = {**ON_FLOATS, "np": np, "prange": numba.prange}
    exec(compile(text, "<program>", "exec"), space)
    for name in [name for name, value in space.items() if hasattr(value, "__code__")]:
        space[name] = numba.njit(space[name])
    return space["f"]


def refusal(function, args, argnums=ARGNUMS):
    """Why a function has no adjoint; "" if it has."""
    try:
        structured(function, tuple(map(numba.typeof, args)), argnums)
    except Unstructured as problem:
        return str(problem)
    return ""


def cotangents(seed):
    """Of the outputs of a program that has several."""
    rng = np.random.default_rng(seed)
    return float(rng.normal()), rng.normal(size=SIZE), (rng.normal(size=SIZE), float(rng.normal()))


def weighed(outputs, cotangent):
    """What a cotangent makes of the outputs of a program: one number."""
    total, y, (column, t) = outputs
    return total * cotangent[0] + np.sum(y * cotangent[1]) + np.sum(column * cotangent[2][0]) + t * cotangent[2][1]


def check(seed, has_several=False):
    """Compare one program. Returns "checked", "undefined", or why it has no adjoint.

    With `has_several` its outputs are a number, arrays and a tuple.

    Raises
    ------
    AssertionError
        If the adjoint is wrong, or its passes failed.
    """
    writer, args, cotangent = Writer(seed), arguments(seed), cotangents(seed) if has_several else ()
    text = writer.text(", y, (M[:, 1], u)" if has_several else "")
    try:
        value, gradients = by_tangents(text, args, (lambda outputs: weighed(outputs, cotangent)) if has_several else None)
    except (ZeroDivisionError, OverflowError, IndexError):
        return "undefined"
    except ValueError as problem:  # a slice that is empty
        assert "broadcast" in str(problem) or "zero-size" in str(problem) or "empty" in str(problem), text
        return "undefined"
    except TypeError as problem:  # an array of numbers without tangents, made of integers, is changed by one with them
        assert "Cannot cast ufunc" in str(problem), text
        return "undefined"
    if not (math.isfinite(value) and all(np.isfinite(g).all() for g in gradients)):
        return "undefined"
    function = compiled(text)
    reason = refusal(function, args)
    assert DEFECT not in reason, f"{reason}\n{text}"
    if reason:
        return reason
    if has_several:
        if seed % 4 == 3:
            computed, is_usual = by_rows(function, args, cotangent)
        else:
            computed, is_usual = pullback_alone(function, ARGNUMS)(*args, cotangent)
        found = weighed(function(*map(np.copy, args[:2]), *args[2:]), cotangent)
    else:
        found, computed, is_usual = adjoint_alone(function, ARGNUMS)(*args)
    if not is_usual and not any(np.any(g) for g in computed):
        return "left to the tape while it runs"
    np.testing.assert_allclose(found, value, rtol=1e-10, atol=1e-10, err_msg=text)
    for a, b in zip(computed, gradients):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-9 * (1 + np.max(np.abs(b))), err_msg=text)
    return "checked"


def check_products(seed):
    """Compare products of Hessians with vectors with differences of gradients by tangents; see `check`.

    Raises
    ------
    AssertionError
        If a product is wrong.
    """
    text, args, rng = Writer(seed).text(), arguments(seed), np.random.default_rng(seed)
    directions = [rng.normal(size=np.shape(args[k]))[()] for k in ARGNUMS]

    def gradients(h):
        moved = tuple(a + h * v for a, v in zip(args, directions))
        return np.concatenate([np.ravel(g) for g in by_tangents(text, (*moved, *args[3:]))[1]])

    try:
        expected, other = [(gradients(h) - gradients(-h)) / (2 * h) for h in (2e-5, 1e-5)]
    except (ZeroDivisionError, OverflowError, IndexError, ValueError, TypeError):  # `check` looks at these
        return "undefined"
    scale = 1 + np.max(np.abs(expected), initial=0.0)
    if not np.max(np.abs(expected - other), initial=0.0) < 1e-6 * scale or not scale < 1e6:
        return "undefined"  # a branch is taken here and not there
    function = compiled(text)
    reason = refusal(function, args)
    if reason:
        return reason
    computed, is_usual = products_alone(function, ARGNUMS)(*args, *directions)
    if not is_usual:
        return "left to the tape while it runs"
    found = np.concatenate([np.ravel(p) for p in computed[len(ARGNUMS) :]])
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5 * scale, err_msg=text)
    return "checked"


def main(first, last):
    outcomes = {}
    for seed in range(first, last):
        try:
            outcome = check(seed, seed % 2 == 1)
        except Exception as problem:
            print(f"--- seed {seed}: {type(problem).__name__} {problem}", flush=True)
            outcome = "wrong"
        outcomes[outcome.split(": ")[-1]] = outcomes.get(outcome.split(": ")[-1], 0) + 1
        if seed % 100 == 99:
            print(seed + 1, outcomes, flush=True)
    print(outcomes)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
