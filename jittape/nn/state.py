"""Loading state dicts: all names and shapes are checked before any value is copied."""

from typing import NamedTuple

from ..autograd.grad_mode import no_grad
from ..ops.assignment import write_together
from ..tensors.tensor import Tensor


class IncompatibleKeys(NamedTuple):
    """Result of `Module.load_state_dict`: names that the state lacked, and names that the module does not have."""

    missing_keys: list[str]
    unexpected_keys: list[str]

    def __repr__(self) -> str:
        if not self.missing_keys and not self.unexpected_keys:
            return "<All keys matched successfully>"
        return f"IncompatibleKeys(missing_keys={self.missing_keys}, unexpected_keys={self.unexpected_keys})"


def load_state(module, own, state, reports, strict):
    """Copy a state dict into the tensors `own` of a module (see `Module.load_state_dict`).

    Hooks may have reported missing and unexpected names, and errors.
    """
    if not hasattr(state, "keys"):
        raise TypeError(f"Expected state_dict to be dict-like, got {type(state).__name__}.")
    missing, unexpected, errors = reports
    found = IncompatibleKeys([k for k in own if k not in state] + missing, [k for k in state if k not in own] + unexpected)
    problems = _misfits(own, state) + errors
    if strict:
        problems = _listed("Unexpected", found.unexpected_keys) + problems
        problems = _listed("Missing", found.missing_keys) + problems
    if problems:
        name = type(module).__name__
        raise RuntimeError(f"Error(s) in loading state_dict for {name}:\n\t" + "\n\t".join(problems))
    with no_grad():
        write_together([(tensor, state[key]) for key, tensor in own.items() if key in state])
    return found


def _listed(what, keys):
    return [f"{what} key(s) in state_dict: " + ", ".join(f'"{k}"' for k in keys) + ". "] if keys else []


def _misfits(own, state):
    problems = []
    for key, tensor in own.items():
        if key not in state:
            continue
        value = state[key]
        if not isinstance(value, Tensor):
            problems.append(f'While copying the parameter named "{key}", expected a Tensor but got {type(value).__name__}.')
        elif value.shape != tensor.shape:
            problems.append(
                f"size mismatch for {key}: copying a param with shape {value.shape!r} from checkpoint, the shape in current "
                f"model is {tensor.shape!r}."
            )
    return problems
