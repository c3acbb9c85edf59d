"""Forward mode on functions: `jvp` and `linearize`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .backends import foreign
from .function_run import Recording
from .pytrees import flatten, flatten_like, size_of, unflatten
from .inputs_and_outputs import direction, with_derivatives

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any


class Pushforward:
    """What `linearize` returns: maps tangents of the primals to the tangent of the value; may be called repeatedly.

    Attributes
    ----------
    function : callable
        What was run.
    """

    name = "linearize"

    def __init__(self, function, run, numbers, count):
        self.function, self._run, self._numbers, self._count = function, run, numbers, count
        leaves, self._structure = flatten(run.value)
        self._outputs = [run.floating(v) for v in leaves]

    @staticmethod
    def environment_of(value):
        """What a traced function sees of it: nothing that can change, unless an outer program differentiates its recording."""
        run = value._run
        return NotImplemented if run.reaches_out([y for y in value._outputs if y.requires_grad]) else None

    def __repr__(self):
        return f"<pushforward of {getattr(self.function, '__name__', self.function)!s}>"

    def __call__(self, *tangents: Any) -> Any:
        """Sweep tangents over the recording.

        Parameters
        ----------
        *tangents
            For each primal a tree of its form and shapes, or None: it does not move. Data has None.

        Returns
        -------
        tree
            The tangent of the outputs, of their form.

        Raises
        ------
        TypeError
            If the number or form of the tangents is wrong.
        ShapeError
            If a tangent does not have the shape of its primal.
        """
        run = self._run
        if len(tangents) != self._count:
            raise TypeError(f"jt.{run.name}: got {len(tangents)} tangents, expected {self._count}, one a primal")
        for k, tangent in enumerate(tangents):
            if tangent is not None and k not in self._numbers:
                raise TypeError(f"jt.{run.name}: got a tangent for primal {k}, which is data: expected None")
        given = []
        for k, structure in zip(self._numbers, run.structures):
            missing = tangents[k] is None
            what = f"jt.{run.name}: tangent {k}"
            given += [None] * size_of(structure) if missing else flatten_like(structure, tangents[k], what)
        directions = [
            np.zeros(v.shape, v.dtype) if g is None else direction(g, v, f"jt.{run.name}: tangent")
            for g, v in zip(given, run.variables)
        ]
        return unflatten(self._structure, run.push_forward(self._outputs, directions))

    def value(self) -> Any:
        """The outputs as the caller gets them."""
        return unflatten(self._structure, [self._run.output(v) for v in flatten(self._run.value)[0]])


def jvp(
    function: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any], has_aux: bool = False, **data: Any
) -> tuple[Any, ...]:
    """Compute a function and its derivative in a direction.

    Parameters
    ----------
    function : callable
        Returns Tensors, arrays, floats, or a tree of them.
    primals : tuple or list
        Its arguments.
    tangents : tuple or list
        A direction for each argument, of its form and shapes; None for one that is not differentiated, such as an integer.
    has_aux : bool, optional
        Whether the function returns ``(value, auxiliary data)``; the auxiliary data is then returned as third.
    **data
        Arguments by keyword, which are not differentiated.

    Returns
    -------
    value : tree
        What the function returned.
    tangent : tree
        The derivative, of the form of the value.
    aux : object
        The auxiliary data, if `has_aux`.

    Raises
    ------
    ShapeError
        If a tangent does not have the shape of its primal.
    TypeError
        If the trees of primals and tangents do not match.

    Notes
    -----
    One recorded run and one tangent sweep over the same tape.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.jvp(lambda x, y: x * y, (2.0, 3.0), (1.0, 0.0))
    (6.0, 3.0)
    """
    maker = foreign("jvp", function, has_aux=has_aux, args=(primals, tangents, *data.values()))
    if maker is not None:
        return maker(primals, tangents, **data)
    for what, given in (("primals", primals), ("tangents", tangents)):
        if not isinstance(given, (tuple, list)):
            raise TypeError(f"jt.jvp: got {type(given).__name__} for {what}, expected a tuple with one entry an argument: (x,)")
    numbers = [k for k, tangent in enumerate(tangents) if tangent is not None and k < len(primals)]
    numbers = numbers if len(tangents) == len(primals) and numbers else list(range(len(primals)))
    run = Recording("jvp", function, tuple(primals), data, numbers)
    aux = None
    if has_aux:
        run.value, aux = run.split_aux()
    pushforward = Pushforward(function, run, numbers, len(primals))
    tangent = pushforward(*tangents)
    value = pushforward.value()
    return (value, tangent, aux) if has_aux else (value, tangent)


def linearize(function: Callable[..., Any], *primals: Any, **data: Any) -> tuple[Any, Callable[..., Any]]:
    """Compute a function, and its derivative there as a linear function of tangents.

    Parameters
    ----------
    function : callable
        Returns Tensors, arrays, floats, or a tree of them.
    *primals
        Its arguments. All that have floats in them are differentiated; the others (integers, masks, text, functions) are data.
    **data
        Arguments by keyword, which are not differentiated.

    Returns
    -------
    value : tree
        What the function returned.
    pushforward : Pushforward
        ``pushforward(*tangents)`` is a tangent sweep over the recording, without running the function again. There is a tangent
        for each primal, None for data.

    Examples
    --------
    >>> import jittape as jt, numpy as np
    >>> y, pushforward = jt.linearize(np.sin, 0.0)
    >>> pushforward(2.0), pushforward(3.0)
    (2.0, 3.0)
    """
    maker = foreign("linearize", function, args=(primals, *data.values()))
    if maker is not None:
        return maker(*primals, **data)
    numbers = with_derivatives(primals)
    run = Recording("linearize", function, primals, data, numbers)
    pushforward = Pushforward(function, run, numbers, len(primals))
    run.attach([y for y in pushforward._outputs if y.requires_grad])
    return pushforward.value(), pushforward
