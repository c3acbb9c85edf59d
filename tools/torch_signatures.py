"""Write down the keywords that PyTorch documents, for the functions and methods that the library has too.

The first line of a docstring of PyTorch is the signature, a line for each way to call; where it has none, the signature of the
function that PyTorch's own tests put in its place counts. Tests read the file, so they need no PyTorch.

    python tools/torch_signatures.py      write tests/torch_signatures.json; needs PyTorch
"""

import inspect
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import torch  # noqa: E402
from torch.overrides import get_testing_overrides  # noqa: E402

import jittape as jt  # noqa: E402

WRONG = {  # what PyTorch's docstrings and tests say and PyTorch does not take
    ("torch", "true_divide"): ["input", "other", "out"],
    ("torch", "logsumexp"): ["input", "dim", "keepdim", "out"],
    ("torch.linalg", "lstsq"): ["A", "B", "rcond", "driver"],
    ("torch", "full_like"): ["input", "fill_value", "dtype", "layout", "device", "requires_grad", "memory_format"],
    ("torch", "randint"): ["low", "high", "size", "generator", "out", "dtype", "layout", "device", "requires_grad"],
}
OF_PYTHON = frozenset(("input", "out", "layout", "device", "requires_grad", "pin_memory", "dtype", "generator", "memory_format"))
POSITIONAL = {("torch", "set_default_dtype"), ("torch", "set_num_threads")}  # by position alone, whatever the docstring says
_NAME = re.compile(r"\\?\*{0,2}\s*([A-Za-z_]\w*)")


def documented(function, name):
    """The parameters in the signatures at the head of a docstring, without those that take any number of values."""
    found = []
    for line in re.findall(rf"(?m)^(?:\.\. \w+:: )?\s*{name}\((.*?)\)\s*(?:->.*)?$", function.__doc__ or ""):
        parts = re.split(r",(?![^\[\(]*[\]\)])", line)
        found += [m[1] for part in parts if "*" not in part and (m := _NAME.match(part.strip()))]
    return list(dict.fromkeys(found))


def replaced(function, overrides):
    """The parameters of the function that PyTorch's tests put in the place of another."""
    if function not in overrides:
        return []
    kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return [p.name for p in inspect.signature(overrides[function]).parameters.values() if p.kind in kinds]


def of_python(function):
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return []
    return [p.name for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]


def takes(name, keyword):
    """Whether the operator of PyTorch has a parameter: docstrings name some that it does not take."""
    schemas = torch._C._jit_get_schemas_for_operator(f"aten::{name}")
    known = {"input" if a.name == "self" else a.name for s in schemas for a in s.arguments}
    if name.startswith("linalg_"):
        return not schemas or keyword in known
    return not schemas or keyword in OF_PYTHON or keyword in known


def signatures(theirs, ours, label, overrides):
    """The parameters of everything that two namespaces both have."""
    found = {}
    for name in sorted(n for n in dir(ours) if not n.startswith("_") and hasattr(theirs, n)):
        function = getattr(theirs, name)
        if not callable(function) or not callable(getattr(ours, name)) or inspect.isclass(function):
            continue
        known = WRONG.get((label, name)) or of_python(function) or documented(function, name) or replaced(function, overrides)
        known = [n for n in known if n not in ("self", "args", "kwargs") and not n.startswith("_")]
        if label == "torch.Tensor":
            known = [n for n in known if n not in ("input", "out")]
        if not inspect.isfunction(function):
            known = [n for n in known if takes(f"linalg_{name}" if label == "torch.linalg" else name, n)]
        if known and (label, name) not in POSITIONAL:
            found[name] = known
    return found


def main():
    overrides = get_testing_overrides()
    pairs = {
        "torch": (torch, jt),
        "torch.Tensor": (torch.Tensor, jt.Tensor),
        "torch.linalg": (torch.linalg, jt.linalg),
        "torch.special": (torch.special, jt.special),
        "torch.nn.functional": (torch.nn.functional, jt.nn.functional),
    }
    table = {label: signatures(theirs, ours, label, overrides) for label, (theirs, ours) in pairs.items()}
    path = ROOT / "tests" / "torch_signatures.json"
    rooms = (
        f'"{label}": {{\n' + ",\n".join(f'"{n}": {json.dumps(p)}' for n, p in of.items()) + "\n}" for label, of in table.items()
    )
    path.write_text("{\n" + ",\n".join(rooms) + "\n}\n")
    print(f"wrote {path.relative_to(ROOT)}: {sum(map(len, table.values()))} signatures of PyTorch {torch.__version__}")


if __name__ == "__main__":
    main()
