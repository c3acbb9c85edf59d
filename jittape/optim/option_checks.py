"""Checks of the options of optimisers."""

import numbers


def sign_of(group):
    """-1 to go up the gradient, 1 to go down."""
    return -1.0 if group["maximize"] else 1.0


def check_at_least(group, what, least=0.0):
    """Raise if the option `what` of a group is not a number, is smaller than `least`, or is nan."""
    if isinstance(group[what], str) or not hasattr(group[what], "__float__"):
        raise TypeError(f"got {what}={group[what]!r}, expected a number")
    if not group[what] >= least:
        names = {"lr": "learning rate", "eps": "epsilon value"}
        raise ValueError(f"Invalid {names.get(what, what + ' value')}: {group[what]}")


def check_count(group, what):
    """Raise if the option `what` of a group is not an int."""
    if not isinstance(group[what], numbers.Integral):
        raise TypeError(f"got {what}={group[what]!r}, expected an int")


def pair_of(name, value):
    """Two numbers of an option."""
    try:
        first, second = value
    except TypeError:
        raise TypeError(f"got {name}={value!r}, expected a pair of numbers") from None
    return first, second


def check_betas(group):
    """Raise unless both decay factors are in [0, 1)."""
    for k, beta in enumerate(group["betas"]):
        if not 0.0 <= beta < 1.0:
            raise ValueError(f"Invalid beta parameter at index {k}: {beta}")


def refuse_differentiable(differentiable):
    """Raise if steps are to be recorded."""
    if differentiable:
        raise NotImplementedError(
            "got differentiable=True, expected False: steps are made in place and not recorded; write the update with Tensors, "
            "and call the model with jt.func.functional_call"
        )
