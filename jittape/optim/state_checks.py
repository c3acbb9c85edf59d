"""Checks of state dicts: an optimiser or a schedule takes what has the form of its own options and state, and nothing else.

All of it is looked at before anything is changed. A state dict may come from a file of somebody else.
"""

import math
import numbers
from copy import deepcopy

import numpy as np

from ..tensors.tensor import Tensor, wrap


def misfit(why):
    """The exception for a state dict that does not fit."""
    return ValueError(f"loaded state dict does not fit: {why}")


def is_real(value):
    """Whether a value is a number and not a flag."""
    return isinstance(value, numbers.Real) and not isinstance(value, (bool, np.bool_))


# --- optimisers -----------------------------------------------------------------------------------------------------


def parameter_numbers(own, groups):
    """The numbers that stand for the parameters of all groups, which have to be as many as those of `own`."""
    if not isinstance(groups, (list, tuple)) or not all(
        isinstance(g, dict) and isinstance(g.get("params"), list) for g in groups
    ):
        raise misfit("expected a list of parameter groups, each a dict with a list 'params'")
    if len(groups) != len(own):
        raise ValueError(f"loaded state dict has a different number of parameter groups: got {len(groups)}, expected {len(own)}")
    for k, (group, given) in enumerate(zip(own, groups)):
        if len(group["params"]) != len(given["params"]):
            raise ValueError(
                "loaded state dict contains a parameter group that doesn't match the size of optimizer's group: "
                f"got {len(given['params'])} parameters in group {k}, expected {len(group['params'])}"
            )
    found = [n for g in groups for n in g["params"]]
    if not all(type(n) is int for n in found) or len(set(found)) != len(found):
        raise misfit("expected another int for each parameter of the groups")
    return found


def checked_options(optimizer, group, given):
    """Copies of the options of a group that a state dict gives; together with those that it does not, they have to be valid."""
    options = {k: deepcopy(v) for k, v in given.items() if k != "params"}
    merged = {**group, **options}
    for name, default in optimizer.defaults.items():
        if not _has_form_of(merged[name], default):
            raise misfit(f"got {name}={merged[name]!r:.100}, expected something like {default!r:.100}")
    try:
        optimizer.check(merged)
        hyper = () if optimizer.rule is None else [float(x) for x in optimizer.hyper(merged)]
    except (TypeError, KeyError, OverflowError) as error:
        raise misfit(str(error)) from error
    if any(map(math.isnan, hyper)) or not is_real(merged.get("initial_lr", 0.0)):
        raise misfit(f"got an option that is no number among {options!r:.300}")
    return options


def _has_form_of(value, default):
    """Whether an option is a flag, a number or some numbers as its default is; one whose default is None has its own check."""
    if isinstance(default, bool):
        return isinstance(value, (bool, np.bool_))
    if isinstance(default, (tuple, list)):
        return isinstance(value, (tuple, list)) and len(value) == len(default) and all(map(is_real, value))
    if isinstance(default, numbers.Real):
        return is_real(value) or isinstance(value, Tensor) and value.numel() == 1 and value.dtype.kind == "f"
    return value is None or isinstance(value, (str, bool, numbers.Real))


def checked_state(optimizer, parameter, state):
    """A copy of the state of one parameter: arrays of its shape, and finite numbers, where the update rule has them."""
    if not isinstance(state, dict):
        raise misfit(f"got {type(state).__name__} as the state of a parameter, expected a dict")
    optimizer.check_state(state)
    rule, copied = optimizer.rule, {}
    for name, value in state.items():
        if rule is not None and name in rule.arrays:
            copied[name] = wrap(np.array(_of_shape(name, value, tuple(parameter.shape)), parameter.dtype, order="C"))
        elif rule is not None and name in rule.numbers:
            number = float(_of_shape(name, value, ()))
            if not math.isfinite(number) or name == "step" and number < 0.0:
                raise misfit(f"{name!r} is {number}, expected a finite number")
            copied[name] = wrap(np.array(number)) if isinstance(value, Tensor) else number
        else:
            copied[name] = wrap(np.array(value._value(), order="C")) if isinstance(value, Tensor) else deepcopy(value)
    return copied


def _of_shape(name, value, shape):
    """The array of real numbers behind a state."""
    if not (isinstance(value, (Tensor, np.ndarray)) or is_real(value)):
        raise misfit(f"{name!r} is a {type(value).__name__}, expected numbers of shape {list(shape)}")
    array = value._value() if isinstance(value, Tensor) else np.asarray(value)
    if array.shape != shape:
        where = "its parameter" if shape else "expected"
        raise misfit(f"{name!r} has shape {list(array.shape)}, {where} {list(shape)}")
    if array.dtype.kind not in "fiub":
        raise misfit(f"{name!r} has dtype {array.dtype}, expected real numbers")
    return array


# --- schedules ------------------------------------------------------------------------------------------------------


def checked_attributes(own, given):
    """Copies of the attributes of a schedule that a state dict gives, each of the form that it has in `own`."""
    if not isinstance(given, dict):
        raise misfit(f"got {type(given).__name__}, expected a dict")
    for name, value in given.items():
        if name not in own:
            raise misfit(f"got {name!r}, expected some of {', '.join(own)}")
        if not _is_like(value, own[name]):
            raise misfit(f"got {name}={value!r:.100}, expected something like {own[name]!r:.100}")
    return deepcopy(given)


def _is_like(value, own):
    if isinstance(own, dict):
        return isinstance(value, dict) and all(is_real(n) for pair in value.items() for n in pair)
    if isinstance(own, list):
        return isinstance(value, list) and len(value) == len(own) and all(_is_like(v, o) for v, o in zip(value, own))
    if isinstance(own, int) and not isinstance(own, bool):
        return isinstance(value, numbers.Integral) and not isinstance(value, bool)
    return is_real(value) and not math.isnan(value) if is_real(own) else type(value) is type(own)
