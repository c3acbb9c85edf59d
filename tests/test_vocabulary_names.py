"""The names that users find, of PyTorch, NumPy and SciPy: the list in `vocabulary_names.txt` may only grow."""

import importlib
import pathlib

import jittape as jt
import jittape.func
import jittape.numpy
import jittape.utils.data

NAMES = (pathlib.Path(__file__).parent / "vocabulary_names.txt").read_text().splitlines()


def found_in(holder, path):
    for part in path.split("."):
        if not hasattr(holder, part):
            return False
        holder = getattr(holder, part)
    return True


def is_there(line):
    """Whether there is a name, written behind the library whose it is: a function, a method, or an attribute of tensors."""
    library, name = line.split()
    if library == "torch":
        if name.startswith("F."):
            return found_in(jt.nn.functional, name[2:])
        return found_in(jt, name) or hasattr(jt.Tensor, name.lstrip("."))
    return found_in(jittape.numpy if library == "numpy" else importlib.import_module(f"jittape.{library}"), name)


def test_what_is_written_down_is_there():
    assert not [line for line in NAMES if not is_there(line)]
    assert len(NAMES) >= 1080 and NAMES == sorted(set(NAMES))
