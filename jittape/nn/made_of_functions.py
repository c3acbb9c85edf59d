"""What modules that are made of functions take from them: docstrings and signatures."""

import inspect
import re

_SECTION = re.compile(r"\n\n(?=[A-Z][A-Za-z ]+\n-{3,}\n)")
_ENTRY = re.compile(r"\n(?=\S)")


def part_of_docstring(function, parameters, sections, more=""):
    """The summary of a function, the entries of some of its parameters (and `more`), and some other sections."""
    summary, *rest = _SECTION.split(inspect.getdoc(function))
    parts, entries = [summary], []
    for section in rest:
        title, line, body = section.split("\n", 2)
        if title == "Parameters":
            entries = [e for e in _ENTRY.split(body.rstrip()) if set(e.partition(" :")[0].split(", ")) <= set(parameters)]
        elif title in sections:
            parts.append(section.rstrip())
    if entries or more:
        parts.insert(1, "\n".join(["Parameters", "----------", *entries, *filter(None, [more])]))
    return "\n\n".join(parts) + "\n"


def signature_of(options, positional):
    """The signature of an ``__init__`` that takes options: those in `positional` by position too, others by name only."""
    p = inspect.Parameter
    parameters = [p("self", p.POSITIONAL_OR_KEYWORD)]
    for kind, wanted in ((p.POSITIONAL_OR_KEYWORD, True), (p.KEYWORD_ONLY, False)):
        for name, default in options.items():
            if (name in positional) is wanted:
                parameters.append(p(name, kind, default=default, annotation=_type_of_option(default)))
    return inspect.Signature(parameters, return_annotation=None)


def _type_of_option(default):
    """The type of an option, by its default: weights have None, numbers that have to be given have no default."""
    if default is None:
        return "Tensor | None"
    return float if default is inspect.Parameter.empty else type(default)
