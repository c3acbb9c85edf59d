"""Signatures of kernels: what their parameters are called, and which of seven machine words each of them is.

All kernels have one C interface, seven 64-bit integers, so that tables hold addresses and nothing else.  A declaration
writes its kernels with the parameters that its kind has, by name; `in_machine_words` makes the C interface of them.

===============  ====================================================
forward          ``kernel(params, out, x0, ...)`` writes ``out``
reverse          ``kernel(params, x_bar, y_bar, y, x0, ..., fresh)`` adds to ``x_bar``, which holds nothing yet if ``fresh``
tangent          ``kernel(params, y_dot, x_dot, y, x0, ...)`` adds to ``y_dot``
forward, n-ary   ``kernel(params, out, x0, first, second)``: one operand, and its two integers
reverse, n-ary   ``kernel(params, x_bar, y_bar, y, first, second, fresh)``
===============  ====================================================

``params`` points at the integers of the row; the others are addresses of *contiguous* values.  A reverse kernel sees two
operands at most.  An operation has a reverse and a tangent kernel for each operand, whose names may say which: ``w_bar``.
"""

from numba import types

from ..numba_backend.decorators import JIT, helper
from ..numba_backend.word_intrinsics import call_by_address

SIGNATURE = types.void(*[types.int64] * 7)
FORWARD, REVERSE, TANGENT = "forward", "reverse", "tangent"

# The machine words of a kind, by the parameter that stands in them; None: a word without meaning.
PARTIAL_WORDS = ("params", "out", "seed", "y", "x0", "x1", "x2")
WORDS = {
    FORWARD: ("params", "out", None, None, "x0", "x1", "x2"),
    REVERSE: ("params", "x_bar", "y_bar", "y", "x0", "x1", "fresh"),
    TANGENT: ("params", "y_dot", "x_dot", "y", "x0", "x1", "x2"),
}
NARY_WORDS = {
    FORWARD: ("params", "out", None, None, "x0", "first", "second"),
    REVERSE: ("params", "x_bar", "y_bar", "y", "first", "second", "fresh"),
}

# --- calls ---------------------------------------------------------------------------------------------------

bodies = {}  # address -> kernel, where nothing is compiled


def _calling(words):
    """The function ``(address, *parameters)`` that calls a kernel of some kind."""
    given = [word for word in words if word is not None]
    places = [None if word is None else given.index(word) for word in words]
    if JIT:
        return call_by_address(SIGNATURE, places)

    def call(address, *args):
        bodies[address](*[0 if k is None else args[k] for k in places])

    return call


call_kernel = call_partial = _calling(PARTIAL_WORDS)  # of all seven words, whatever they are
call_forward, call_reverse, call_tangent = _calling(WORDS[FORWARD]), _calling(WORDS[REVERSE]), _calling(WORDS[TANGENT])
call_nary, call_nary_reverse = _calling(NARY_WORDS[FORWARD]), _calling(NARY_WORDS[REVERSE])
call_all_partials = _calling((None, "partials", None, "y", "x0", "x1", "x2"))  # of one element (`loops.scalar_partials`)
call_statement = _calling(("params", "partials", None, "y", "x0", "x1", "x2"))  # with its value (`loops.scalar_statement`)

# --- declared kernels ----------------------------------------------------------------------------------------


def _forward_of_one(kernel):
    def machine(params, out, seed, y, x0, x1, x2):
        kernel(params, out, x0)

    return machine


def _forward_of_two(kernel):
    def machine(params, out, seed, y, x0, x1, x2):
        kernel(params, out, x0, x1)

    return machine


def _forward_of_three(kernel):
    def machine(params, out, seed, y, x0, x1, x2):
        kernel(params, out, x0, x1, x2)

    return machine


def _reverse_of_one(kernel):
    def machine(params, out, seed, y, x0, x1, x2):
        kernel(params, out, seed, y, x0, x2)

    return machine


def _tangent_of_one(kernel):
    def machine(params, out, seed, y, x0, x1, x2):
        kernel(params, out, seed, y, x0)

    return machine


def _tangent_of_two(kernel):
    def machine(params, out, seed, y, x0, x1, x2):
        kernel(params, out, seed, y, x0, x1)

    return machine


# By the machine words that a kernel takes; one that takes all seven is called as it is.
_ADAPTERS = {
    (0, 1, 4): _forward_of_one,
    (0, 1, 4, 5): _forward_of_two,
    (0, 1, 4, 5, 6): _forward_of_three,
    (0, 1, 2, 3, 4, 6): _reverse_of_one,
    (0, 1, 2, 3, 4): _tangent_of_one,
    (0, 1, 2, 3, 4, 5): _tangent_of_two,
}


def parameters_of(kind, arity):
    """The parameters of a kernel, pairs (machine word, name); `arity` is -1 for operations of many operands."""
    words = NARY_WORDS[kind] if arity < 0 else WORDS[kind]
    missing = {f"x{k}" for k in range(arity, 3)} if arity >= 0 else ()
    return [(k, word) for k, word in enumerate(words) if word is not None and word not in missing]


def _is_named(name, expected):
    """Whether a parameter has its name; which operand an adjoint or tangent belongs to may be said in its name."""
    return name == expected or expected in ("x_bar", "x_dot") and name.endswith(expected[1:])


def in_machine_words(kernel, kind, arity, name):
    """The C interface of a declared kernel: a function of seven words.

    Raises
    ------
    TypeError
        Its parameters are not those of its kind.
    """
    found = kernel.__code__.co_varnames[: kernel.__code__.co_argcount]
    expected = parameters_of(kind, arity)
    if len(found) != len(expected) or not all(_is_named(a, b) for a, (_, b) in zip(found, expected)):
        raise TypeError(
            f"{name}: got a kernel of ({', '.join(found)}), expected ({', '.join(b for _, b in expected)}): write the "
            f"parameters of a {kind} kernel, in this order"
        )
    words = tuple(k for k, _ in expected)
    if len(words) == len(PARTIAL_WORDS):
        return kernel
    kernel.__name__ = kernel.__qualname__ = f"jittape_{name}_loops"  # unique: functions of one name share a symbol
    return _ADAPTERS[words](helper(kernel))
