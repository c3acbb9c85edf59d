"""Docstrings of functions that declarations make: the declaration's summary, and numpydoc's sections from the signature."""

import inspect
import re


def docstring(summary, parameters=(), returns=None, raises=()):
    """A docstring with sections.

    Parameters
    ----------
    summary : str or None
        What the declaration says, if it says anything.
    parameters : sequence of (str, str, str)
        Names, type and description; a type may be "".
    returns : tuple of (str, str), optional
        Type and description of the result.
    raises : sequence of (str, str)
        Exceptions, and when they are raised.
    """
    lines = [(summary or "").strip()]
    if parameters:
        lines += ["", "Parameters", "----------"]
        for names, kind, text in parameters:
            lines += [f"{names} : {kind}" if kind else names, f"    {text}"]
    if returns is not None:
        lines += ["", "Returns", "-------", returns[0], f"    {returns[1]}"]
    if raises:
        lines += ["", "Raises", "------"]
        for error, text in raises:
            lines += [error, f"    {text}"]
    return "\n".join(lines).lstrip("\n") + "\n"


def of_operands(summary, names, result="Tensor", out=True, inplace=False):
    """The docstring of an elementwise function of operands with these names."""
    if len(names) == 1:
        operands, shape = "Values of any shape.", f"Of the shape of `{names[0]}`."
    else:
        operands, shape = "Values, of shapes that broadcast.", "Of the broadcast shape."
    parameters = [(", ".join(names), "Tensor, ndarray or float", operands)]
    if inplace:
        parameters.append(("inplace", "bool, optional", "Write the result into the memory of `input`."))
    if out:
        parameters.append(("out", "Tensor, optional", "Where the result is written, of its shape; it is returned."))
    return docstring(summary, parameters, (result, shape))


def with_parameters_of(function, summary, returns, without=()):
    """A docstring with the Parameters section of another function, but for some of them."""
    _, found, rest = (inspect.getdoc(function) or "").partition("\n\nParameters\n")
    entries = [e for e in re.split(r"\n(?=\S)", rest.partition(chr(10) * 2)[0].rstrip()) if e.partition(" :")[0] not in without]
    section = "\n\nParameters\n" + "\n".join(entries) if found else ""
    first, after = docstring(summary, (), returns).split("\n", 1)
    return f"{first}{section}\n{after}"


def with_parameter(doc, parameter):
    """A docstring with one more parameter, the last one."""
    name, kind, text = parameter
    head, rule, rest = inspect.cleandoc(doc or "").partition("\nParameters\n----------\n")
    if not rule:
        head, _, rest = inspect.cleandoc(doc or "").partition("\n\nReturns\n")
        return f"{head}\n\nParameters\n----------\n{name} : {kind}\n    {text}\n\nReturns\n{rest}\n"
    section, gap, after = rest.partition("\n\n")
    return f"{head}{rule}{section}\n{name} : {kind}\n    {text}{gap}{after}\n"


SIZE = ("*size", "int or sequence of int", "Lengths of the axes.")
CREATION = (
    ("dtype", "dtype, optional", "The default dtype if not given."),
    ("device", "str, optional", 'Only "cpu"; accepted for compatibility with PyTorch.'),
    ("requires_grad", "bool, optional", "Make a leaf whose gradient is wanted."),
)
