"""`Optimizer`, the base class: parameter groups, their state, and the step of all parameters in one compiled call.

An optimiser keeps a table of addresses with a row for each parameter (see `rules`). A step checks that the addresses are
still right, enters those of the gradients, which are new after every sweep, and makes the call.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ..autograd.grad_mode import enable_grad
from ..autograd.hooks import RemovableHandle
from ..memory.words import address_of, quick_address
from ..numba_backend.entry_points import prepare
from ..tape.commit import assignments, commit, prepared
from ..tensors.tensor import Tensor, clear_gradient, wrap
from .state_checks import checked_options, checked_state, misfit, parameter_numbers
from .update_rules import ARRAYS, CELLS, GRADIENT, HYPER, KERNEL, MOST_HYPER, NUMBERS, SIZE, VALUE, WIDTH, step_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

_numbers = itertools.count()


class Optimizer:
    """Base class of the optimisers.

    A subclass has an update rule (see `rules`) and defines which numbers the rule reads (`hyper`), which arrays of state it
    needs (`state_names`) and what they start from (`first_value`).

    Parameters
    ----------
    params : iterable of Tensors or of dicts
        Leaves to update; dicts are groups, with a key "params" and options of that group.
    defaults : dict
        Options of groups that do not give their own.

    Attributes
    ----------
    param_groups : list of dict
        The parameters and options.
    state : dict of Tensor to dict
        State of each parameter, by name.

    Raises
    ------
    TypeError
        If `params` is a module or a single Tensor, or contains something that is not a Tensor.
    ValueError
        If `params` is empty, contains a result (not a leaf), or one Tensor twice.
    """

    rule = None
    _before_steps, _after_steps = {}, {}  # hooks by number; an optimiser that has some has its own
    step_if_not_given = None  # the count of a loaded state that has arrays and no count; None: refused

    def __init__(self, params: Iterable[Tensor | dict[str, Any]], defaults: dict[str, Any]) -> None:
        if isinstance(params, Tensor):
            raise TypeError(
                "params argument given to the optimizer should be an iterable of Tensors or dicts, but got one Tensor; write "
                "[tensor]"
            )
        if hasattr(params, "parameters"):
            raise TypeError(f"got a module, {type(params).__name__}, expected its parameters; write module.parameters()")
        self.defaults, self.state = dict(defaults), defaultdict(dict)
        self.param_groups: list[dict[str, Any]] = []
        self.steps = 0  # made so far: schedules warn when they are ahead of it
        groups = list(params)
        if not groups:
            raise ValueError(
                "optimizer got an empty parameter list: expected Tensors; a generator such as model.parameters() can be read "
                "once only"
            )
        for group in groups if isinstance(groups[0], dict) else [{"params": groups}]:
            self.add_param_group(group)

    # --- what a subclass says -------------------------------------------------------------------------

    def hyper(self, group: dict[str, Any]) -> Sequence[float]:
        """Return the numbers that the update rule reads; defined by subclasses.

        Parameters
        ----------
        group : dict
            A parameter group.

        Returns
        -------
        tuple of float
            At most 8, in the order in which the rule reads them.
        """
        raise NotImplementedError

    def state_names(self, group: dict[str, Any]) -> Sequence[str]:
        """Return the names of the arrays of state that the options of a group require.

        Parameters
        ----------
        group : dict
            A parameter group.

        Returns
        -------
        tuple of str
            By default all arrays of the update rule.
        """
        return self.rule.arrays

    def first_value(self, name: str, group: dict[str, Any]) -> float:
        """Return what an array or number of state starts from.

        Parameters
        ----------
        name : str
            Name of the state.
        group : dict
            The group of the parameter.

        Returns
        -------
        float
            By default 0.
        """
        return 0.0

    def check_state(self, state: dict[str, Any]) -> None:
        """Raise if the state of a parameter does not fit; for subclasses whose state is more than that of an update rule.

        Parameters
        ----------
        state : dict
            Of one parameter, from a state dict.

        Raises
        ------
        ValueError
            Naming what does not fit.
        """

    # --- groups -----------------------------------------------------------------------------------------

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add a group of parameters.

        Parameters
        ----------
        param_group : dict
            With a key "params" (a Tensor or a sequence of them) and any of the options.

        Raises
        ------
        TypeError
            If `param_group` is not a dict, or "params" contains something that is not a Tensor.
        ValueError
            If an option is unknown or out of range, or a parameter is not a floating-point leaf or is already there.
        """
        if not isinstance(param_group, dict):
            raise TypeError(f"param_group must be a dict, but got {type(param_group).__name__}")
        group = dict(param_group)
        if "params" not in group:
            raise ValueError(f"got a parameter group with the keys {list(group)}, expected one of them to be 'params'")
        params = group["params"]
        if isinstance(params, set):
            raise TypeError("optimizer parameters need to be organized in ordered collections, but got a set; use a list")
        group["params"] = [params] if isinstance(params, Tensor) else list(params)
        unknown = [name for name in group if name not in self.defaults and name not in ("params", "name", "initial_lr")]
        if unknown:
            raise ValueError(f"got an unknown option {unknown[0]!r} of a parameter group, expected {', '.join(self.defaults)}")
        known = {id(p) for g in self.param_groups for p in g["params"]}
        for p in group["params"]:
            _check_parameter(p)
            if id(p) in known:
                raise ValueError(
                    f"some parameters appear more than once: got the Tensor of shape {list(p.shape)} again, in its own or in "
                    "another parameter group; a step would move it twice"
                )
            known.add(id(p))
        for name, default in self.defaults.items():
            group.setdefault(name, default)
        self.check(group)
        self._rows = None
        self.param_groups.append(group)

    def check(self, group: dict[str, Any]) -> None:
        """Raise if options of a group are out of range; defined by subclasses.

        Parameters
        ----------
        group : dict
            A parameter group.

        Raises
        ------
        ValueError
            Naming the option.
        """

    # --- steps --------------------------------------------------------------------------------------------

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Drop the gradients of all parameters, or set them to zero.

        Parameters
        ----------
        set_to_none : bool, optional
            Drop them, which saves time; False writes zeros into them.
        """
        for group in self.param_groups:
            for p in group["params"]:
                clear_gradient(p, set_to_none)

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Update every parameter that has a gradient, in place and without recording.

        Parameters
        ----------
        closure : callable, optional
            Computes the loss anew, with its gradients, and returns it; called once before the update.

        Returns
        -------
        object
            What the closure returned; None without one.
        """
        if self._before_steps:
            self._call(self._before_steps, closure)
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        self._move()
        if self._after_steps:
            self._call(self._after_steps, closure)
        return loss

    def register_step_pre_hook(self, hook: Callable[..., None]) -> RemovableHandle:
        """Call a function before every step.

        Parameters
        ----------
        hook : callable
            ``hook(optimizer, args, kwargs)``.

        Returns
        -------
        RemovableHandle
            Its ``remove()`` removes the hook.
        """
        return self._hooked("_before_steps", hook)

    def register_step_post_hook(self, hook: Callable[..., None]) -> RemovableHandle:
        """Call a function after every step.

        Parameters
        ----------
        hook : callable
            ``hook(optimizer, args, kwargs)``.

        Returns
        -------
        RemovableHandle
            Its ``remove()`` removes the hook.
        """
        return self._hooked("_after_steps", hook)

    def _call(self, hooks, closure):
        for hook in tuple(hooks.values()):
            hook(self, (self,) if closure is None else (self, closure), {})

    def _hooked(self, when, hook):
        number = next(_numbers)
        own = vars(self).setdefault(when, {})
        own[number] = hook
        return RemovableHandle(own, number)

    def _move(self):
        rows, self._rows = self._rows, None  # whatever ends `refresh` early leaves a table that must not be used
        if rows is None:
            rows = Rows(self)
        step, loose = rows.step, rows.refresh(self)
        if loose:
            step = prepared([step, *[partial(array.__setitem__, ..., copy.reshape(array.shape)) for array, copy in loose]])
        self.steps += 1
        self._rows = rows
        step()  # an interrupt comes before or after it; `commit` of all three would take a microsecond more

    # --- state --------------------------------------------------------------------------------------------

    def state_dict(self) -> dict[str, Any]:
        """Return state and options, with numbers in the place of parameters.

        Returns
        -------
        dict
            With keys "state" and "param_groups": what `load_state_dict` and `jt.save` take.
        """
        numbers = {id(p): k for k, p in enumerate(self._parameters())}
        groups = [
            {**{k: v for k, v in group.items() if k != "params"}, "params": [numbers[id(p)] for p in group["params"]]}
            for group in self.param_groups
        ]
        return {"state": {numbers[id(p)]: dict(s) for p, s in self.state.items()}, "param_groups": groups}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Restore state and options.

        Parameters
        ----------
        state_dict : dict
            As `state_dict` returns it, of an optimiser with as many groups and parameters. State is copied.

        Raises
        ------
        ValueError
            If keys, groups, options, shapes or numbers do not fit. Nothing has been changed then.
        """
        if not isinstance(state_dict, dict) or not {"state", "param_groups"} <= set(state_dict):
            raise ValueError("load_state_dict: expected a dict with the keys 'state' and 'param_groups', made by state_dict()")
        groups, states = state_dict["param_groups"], state_dict["state"]
        parameters = dict(zip(parameter_numbers(self.param_groups, groups), self._parameters()))
        if not isinstance(states, dict):
            raise misfit(f"got {type(states).__name__} as the state, expected a dict")
        state = {parameters[n]: checked_state(self, parameters[n], s) for n, s in states.items() if n in parameters}
        options = [checked_options(self, own, given) for own, given in zip(self.param_groups, groups)]
        updates = [partial(own.update, given) for own, given in zip(self.param_groups, options)]
        commit([*updates, *assignments(self, state=defaultdict(dict, state), _rows=None)])

    def _parameters(self):
        return [p for group in self.param_groups for p in group["params"]]

    def __repr__(self) -> str:
        lines = [f"{type(self).__name__} ("]
        for k, group in enumerate(self.param_groups):
            lines.append(f"Parameter Group {k}")
            lines += [f"    {name}: {group[name]}" for name in sorted(group) if name != "params"]
        return "\n".join([*lines, ")"])


def _check_parameter(p):
    if not isinstance(p, Tensor):
        raise TypeError(f"optimizer can only optimize Tensors, but one of the params is {type(p).__name__}")
    if not p.is_leaf:
        raise ValueError(
            f"can't optimize a non-leaf Tensor: got a result of shape {list(p.shape)}, expected leaves; an operation on a leaf, "
            "such as a product or a change of dtype, makes a result"
        )
    if p.dtype.kind != "f":
        instead = "; optimize jt.view_as_real(z), and make z of it with jt.view_as_complex" if p.dtype.kind == "c" else ""
        raise ValueError(f"can't optimize a Tensor of {p.dtype}: expected float64 or float32{instead}")


class Rows:
    """The table of addresses of an optimiser, and the objects whose addresses it holds."""

    def __init__(self, optimizer):
        prepare(step_rows)
        self.n = sum(len(group["params"]) for group in optimizer.param_groups)
        self.table = np.zeros((self.n, WIDTH), np.int64)
        self.step = partial(step_rows, address_of(self.table), self.n)
        self.words = memoryview(self.table.reshape(-1))  # answers and takes Python's integers quicker than an array
        self.numbers = [()] * len(optimizer.param_groups)  # the hyperparameters as they stand in `hyper`
        self.hyper = np.zeros((len(optimizer.param_groups), MOST_HYPER))
        self.spare = np.zeros(1)
        self.values = [None] * self.n  # arrays whose addresses stand in the table; contiguous copies of others
        self.states = [()] * self.n
        self.names = [()] * len(optimizer.param_groups)  # of the arrays of state that the options make necessary
        self.copies = []  # of gradients that do not lie in one piece: alive until the call

    def refresh(self, optimizer):
        """Bring the table up to date.

        Returns pairs (array, contiguous copy) for parameters that are not contiguous: the kernel updates the copy. A table that
        was not brought up to date to its end must not be used again.
        """
        loose, k, words, values, states = [], 0, self.words, self.values, self.states
        self.copies.clear()
        for j, group in enumerate(optimizer.param_groups):
            numbers, names = optimizer.hyper(group), optimizer.state_names(group)
            if numbers != self.numbers[j]:
                self.numbers[j] = numbers
                self.hyper[j, : len(numbers)] = numbers
            if names != self.names[j]:  # a rule must not meet a missing array
                self.names[j] = names
                values[k : k + len(group["params"])] = [None] * len(group["params"])
            for p in group["params"]:
                extras = p._extras
                gradient = None if extras is None else extras.grad
                if gradient is None:
                    words[k * WIDTH + GRADIENT] = 0
                else:
                    array = gradient._array
                    if array is None or not array.flags.c_contiguous:
                        array = np.ascontiguousarray(gradient._value())
                        self.copies.append(array)
                    if p._array is not values[k] or not _same(optimizer.state[p], states[k]):
                        self._place(optimizer, group, j, k, p, loose)
                    words[k * WIDTH + GRADIENT] = quick_address(array)
                k += 1
        return loose

    def _place(self, optimizer, group, j, k, p, loose):
        """Write the row of parameter `k`: on its first step, and when its memory or state was replaced."""
        array, rule, row = p._pinned(), optimizer.rule, self.table[k]
        state = _complete_state(optimizer, group, self.names[j], p)
        self.states[k] = tuple((name, tensor, tensor._pinned()) for name, tensor in state.items())
        self.values[k] = array
        if not array.flags.c_contiguous:
            loose.append((array, array.copy(order="C")))
            self.values[k] = None  # again at the next step
            array = loose[-1][1]
        row[[KERNEL, VALUE, SIZE]] = rule.address(array.dtype), address_of(array), array.size
        row[HYPER] = address_of(self.hyper) + 8 * MOST_HYPER * j
        row[ARRAYS:NUMBERS] = address_of(array)  # what the options make a rule ignore is memory all the same
        row[NUMBERS:HYPER] = address_of(self.spare)
        row[CELLS:WIDTH] = 0
        row[CELLS] = p._storage.memory.cell
        for first, candidates in ((ARRAYS, rule.arrays), (NUMBERS, rule.numbers)):
            for i, name in enumerate(candidates):
                if name in state:
                    row[first + i] = address_of(state[name]._pinned())
                    row[CELLS + 1 + first - ARRAYS + i] = state[name]._storage.memory.cell


def _complete_state(optimizer, group, names, p):
    """The state that the rule reads, by name; missing entries are made, others get the dtype that kernels expect."""
    state, rule = dict(optimizer.state[p]), optimizer.rule
    loaded = any(name in state for name in names) and "step" not in state
    if loaded and optimizer.step_if_not_given is None:
        raise ValueError(f"the state of a parameter has {sorted(state)} and no 'step': how many steps made it?")
    for name in names:
        if name not in state:
            state[name] = wrap(np.full(p.shape, optimizer.first_value(name, group), p.dtype))
        state[name] = _fitting(state[name], name, tuple(p.shape), p.dtype)
    for name in rule.numbers:
        if name not in state:
            first = optimizer.step_if_not_given if loaded and name == "step" else optimizer.first_value(name, group)
            state[name] = wrap(np.array(float(first)))
        state[name] = _fitting(state[name], name, (), np.dtype(np.float64))
    optimizer.state[p].update(state)  # at once: arrays without their count could not be gone on from
    return {name: state[name] for name in (*names, *rule.numbers)}


def _fitting(value, name, shape, dtype):
    """The state Tensor `value` if a kernel can write to it, else a contiguous copy of it."""
    array = value._pinned() if isinstance(value, Tensor) else np.asarray(value)
    if array.shape != shape:
        raise ValueError(f"the state {name!r} of a parameter has shape {list(array.shape)}, expected {list(shape)}")
    if isinstance(value, Tensor) and array.dtype == dtype and array.flags.c_contiguous:
        return value
    return wrap(np.array(array, dtype, order="C"))


def _same(state, known):
    """Whether the table still holds the addresses of a parameter's state."""
    if len(state) != len(known):
        return False
    for name, tensor, array in known:
        found = state.get(name)
        if found is not tensor or found._array is not array:
            return False
    return True
