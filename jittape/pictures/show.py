"""`show`: the picture of what was recorded."""

from __future__ import annotations

import inspect
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..autograd.recorded_lines import record_lines
from ..ops.operation_table import needs_gradient
from ..programs.calls.compiled import CompiledFunction
from ..tensors.tensor import Tensor
from ..tape.tape import Tape
from ..transforms.backends import is_native
from ..transforms.function_run import Recording
from ..transforms.pytrees import flatten, paths
from .folding import folded
from .graph_nodes import nodes_of_listing, nodes_of_tape, nodes_of_tensors
from .graph_writing import dot_of, svg_of
from .layered_layout import laid_out

if TYPE_CHECKING:
    from os import PathLike
    from typing import Any

MOST_NODES = 120


class Picture:
    """A graph that can be looked at; notebooks show it as it is.

    Attributes
    ----------
    nodes : dict
        The nodes, by keys that their operands name.
    """

    def __init__(self, nodes: dict, rows: int) -> None:
        self.nodes, self._rows = nodes, rows

    @cached_property
    def svg(self) -> str:
        """The picture as SVG."""
        return svg_of(self.nodes, laid_out(self.nodes))

    @cached_property
    def dot(self) -> str:
        """The picture in the language of Graphviz."""
        return dot_of(self.nodes)

    def _repr_svg_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        return (
            f"<jt.Picture of {self._rows} rows in {len(self.nodes)} nodes: look at it in a notebook, or write it by save(path)>"
        )

    def save(self, path: str | PathLike) -> None:
        """Write the picture to a file.

        Parameters
        ----------
        path : str or path
            Ends with ".svg", or with ".dot" or ".gv" for Graphviz.

        Raises
        ------
        ValueError
            For another ending.
        """
        path = Path(path)
        if path.suffix not in (".svg", ".dot", ".gv"):
            raise ValueError(f"jt.Picture.save: got a path that ends with {path.suffix!r}, expected '.svg', '.dot' or '.gv'")
        path.write_text(self.svg if path.suffix == ".svg" else self.dot, encoding="utf-8")


def show(what: Any, *args: Any, names: dict[str, Tensor] | None = None, most: int = MOST_NODES, **kwargs: Any) -> Picture:
    """Make a picture of what was recorded: of what a Tensor depends on, of a function, or of a compiled program.

    Parameters
    ----------
    what : Tensor, callable, Tape, or tree of Tensors
        A Tensor that requires gradients; a tape, all rows of which are shown; a function, which is recorded once; a function of
        `compile`, whose traced program is shown as it is replayed (of a compiled gradient, that of the function); a function
        that Numba compiles, whose statements are run in Python to be shown with their lines.
    *args
        Arguments of the function. It is differentiated by all that are numbers or arrays of floats.
    names : dict of str to Tensor, optional
        Names of leaves, such as ``dict(module.named_parameters())``. Of a function, arguments have its names of them.
    most : int, optional
        Of graphs with more nodes, stretches that are repeated are drawn as one node.
    **kwargs
        Arguments of the function by keyword.

    Returns
    -------
    Picture
        Notebooks show it; ``picture.svg`` and ``picture.dot`` are its texts, ``picture.save(path)`` writes it to a file.

    Raises
    ------
    TypeError
        If it is neither, or nothing in it requires gradients.

    Notes
    -----
    Inputs are round, results are blue, constants grey, folded repetitions yellow. Pointing at a node shows its row, shape, dtype
    and its value and gradient, or the range of these where they have many elements; what was recorded in `record_lines`, also
    the user's line. A function that Numba compiles is one node where its code does not run in Python as it is. The time is
    proportional to the number of rows.

    Examples
    --------
    >>> import jittape as jt, numpy as np
    >>> picture = jt.show(lambda x: np.sum(np.sin(x) * 2.0), np.ones(3))
    >>> print(picture.dot)
    digraph {
      node [fontname="monospace", fontsize=11];
      n0 [label="x", tooltip="row 0\\nfloat64[3]\\n= [1. 1. 1.]", shape=box, style=rounded];
      n1 [label="sin", tooltip="row 1\\nfloat64[3]\\n= [0.8415 0.8415 0.8415]", shape=box];
      n2 [label="mul 2", tooltip="row 2\\nfloat64[3]\\n= [1.6829 1.6829 1.6829]", shape=box];
      n3 [label="sum", tooltip="row 3\\nfloat64\\n= 5.0488", shape=box, penwidth=2];
      n0 -> n1;
      n1 -> n2;
      n2 -> n3;
    }
    """
    if isinstance(what, Tape):
        nodes = nodes_of_tape(what)
    elif isinstance(what, CompiledFunction):
        nodes = _nodes_of_program(what, args, kwargs)
    elif is_native(what):
        nodes = _nodes_of_compiled(what, args, kwargs)
    elif callable(what) and not isinstance(what, Tensor):
        nodes = _nodes_of_function(what, args, kwargs)
    else:
        nodes = _nodes_of_values(what, {(t._tape, t._row): name for name, t in (names or {}).items()})
    return Picture(folded(nodes, most), len(nodes))


def _nodes_of_values(tree, names):
    tensors = [leaf for leaf in flatten(tree)[0] if isinstance(leaf, Tensor) and leaf.requires_grad]
    if not tensors:
        raise TypeError(f"jt.show: got {type(tree).__name__}, expected a function, or a Tensor that requires gradients")
    return nodes_of_tensors(tensors, names)


def _nodes_of_compiled(function, args, kwargs):
    """What the lines of a function of Numba's do, from a run in Python; one node where that does not follow them."""
    from ..native.derivatives.python_forms import python_form

    try:
        with record_lines():
            return _nodes_of_function(python_form(function), args, kwargs)
    except Exception:
        return _nodes_of_function(function, args, kwargs)


def _nodes_of_function(function, args, kwargs):
    numbers = [k for k, arg in enumerate(args) if _is_differentiable(arg)]
    with Tape():  # one of its own, whose rows are counted from 0
        run = Recording("show", function, args, kwargs, numbers)
        names = [n for k in numbers for n in _names_of(_name(function, k), args[k])]
        places = {(v._tape, v._row): name for v, name in zip(run.variables, names)}
        nodes = _nodes_of_values(run.value, places)
        run.retire()
    return nodes


def _nodes_of_program(program, args, kwargs):
    program(*args, **kwargs)
    if program._last is None:
        raise TypeError("jt.show: the function cannot be traced, so there is no program to be shown")
    inputs = program._last.traced.listing.inputs
    names = [n for k, arg in enumerate(args) for n in _names_of(_name(program.traced_function, k), arg)]
    names += [n for key, arg in kwargs.items() for n in _names_of(key, arg)]
    names += [f"input {k}" for k in range(len(names), len(inputs))]
    return nodes_of_listing(program._last.traced.listing, names)


def _is_differentiable(arg):
    leaves = flatten(arg)[0]
    return bool(leaves) and all(needs_gradient(x) or isinstance(x, (float, Tensor, np.ndarray)) and _is_float(x) for x in leaves)


def _is_float(value):
    return isinstance(value, float) or value.dtype.kind in "fc"


def _name(function, k):
    try:
        names = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        names = []
    return names[k] if k < len(names) else f"argument {k}"


def _names_of(name, arg):
    return [name + path for path in paths(flatten(arg)[1])]
