"""Hooks of modules: functions that are called before and after a module, and with the gradients that pass through it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from ..autograd.function import Function
from ..autograd.hooks import RemovableHandle
from ..tensors.tensor import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_numbers = itertools.count()
BEFORE, AFTER, GRADIENTS, GRADIENTS_BEFORE = "before", "after", "gradients", "gradients before"
SAVING, SAVED, LOADING, LOADED = "saving", "saved", "loading", "loaded"


class HookedModule:
    """The part of `Module` that keeps hooks and calls them."""

    _hooks = None  # kind -> number -> (hook, options), in an instance that has hooks

    def _register(self, kind, hook, prepend=False, **options):
        if not callable(hook):
            raise TypeError(f"{type(self).__name__}: got {type(hook).__name__} as a hook, expected a function")
        hooks = {} if self._hooks is None else self._hooks
        object.__setattr__(self, "_hooks", hooks)
        own, number = hooks.setdefault(kind, {}), next(_numbers)
        if prepend:
            before = dict(own)
            own.clear()
            own[number] = (hook, options)
            own.update(before)
        else:
            own[number] = (hook, options)
        return RemovableHandle(own, number)

    def register_forward_pre_hook(
        self, hook: Callable[..., Any], *, prepend: bool = False, with_kwargs: bool = False
    ) -> RemovableHandle:
        """Call a function before every call of this module.

        Parameters
        ----------
        hook : callable
            ``hook(module, args)`` may return other arguments.
        prepend : bool, optional
            Call it before the hooks that are there.
        with_kwargs : bool, optional
            Call ``hook(module, args, kwargs)``, which may return both.

        Returns
        -------
        RemovableHandle
            Its ``remove()`` removes the hook.
        """
        return self._register(BEFORE, hook, prepend, with_kwargs=with_kwargs)

    def register_forward_hook(
        self, hook: Callable[..., Any], *, prepend: bool = False, with_kwargs: bool = False, always_call: bool = False
    ) -> RemovableHandle:
        """Call a function after every call of this module.

        Parameters
        ----------
        hook : callable
            ``hook(module, args, output)`` may return another output.
        prepend : bool, optional
            Call it before the hooks that are there.
        with_kwargs : bool, optional
            Call ``hook(module, args, kwargs, output)``.
        always_call : bool, optional
            Call it also where the module raises, with None as the output.

        Returns
        -------
        RemovableHandle
            Its ``remove()`` removes the hook.
        """
        return self._register(AFTER, hook, prepend, with_kwargs=with_kwargs, always_call=always_call)

    def register_full_backward_hook(self, hook: Callable[..., Any], prepend: bool = False) -> RemovableHandle:
        """Call a function when gradients have passed through this module.

        Parameters
        ----------
        hook : callable
            ``hook(module, grad_input, grad_output)`` gets gradients of the positional Tensors that the module was called
            with, None for others, and of what it returned; it may return other gradients of the arguments.
        prepend : bool, optional
            Call it before the hooks that are there.

        Returns
        -------
        RemovableHandle
            Its ``remove()`` removes the hook.
        """
        return self._register(GRADIENTS, hook, prepend)

    def register_backward_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call a function when gradients have passed through this module; as `register_full_backward_hook`.

        Parameters
        ----------
        hook : callable
            ``hook(module, grad_input, grad_output)``.

        Returns
        -------
        RemovableHandle
            Its ``remove()`` removes the hook.
        """
        return self._register(GRADIENTS, hook)

    def register_full_backward_pre_hook(self, hook: Callable[..., Any], prepend: bool = False) -> RemovableHandle:
        """Call a function when gradients arrive at the output of this module.

        Parameters
        ----------
        hook : callable
            ``hook(module, grad_output)`` may return other gradients.
        prepend : bool, optional
            Call it before the hooks that are there.

        Returns
        -------
        RemovableHandle
            Its ``remove()`` removes the hook.
        """
        return self._register(GRADIENTS_BEFORE, hook, prepend)

    def register_load_state_dict_post_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call a function after a state was loaded into this module.

        Parameters
        ----------
        hook : callable
            ``hook(module, incompatible_keys)``.

        Returns
        -------
        RemovableHandle
            Its ``remove()`` removes the hook.
        """
        return self._register(LOADED, hook)

    def register_state_dict_pre_hook(self, hook: Callable[..., None]) -> RemovableHandle:
        """Call a function before `state_dict` reads this module, on its own or below another.

        Parameters
        ----------
        hook : callable
            ``hook(module, prefix, keep_vars)``.

        Returns
        -------
        RemovableHandle
            Its ``remove()`` removes the hook.
        """
        return self._register(SAVING, hook)

    def register_state_dict_post_hook(self, hook: Callable[..., None]) -> RemovableHandle:
        """Call a function when `state_dict` has read this module and what is below it.

        Parameters
        ----------
        hook : callable
            ``hook(module, state_dict, prefix, local_metadata)`` may change the dict; the last is an empty dict.

        Returns
        -------
        RemovableHandle
            Its ``remove()`` removes the hook.
        """
        return self._register(SAVED, hook)

    def register_load_state_dict_pre_hook(self, hook: Callable[..., None]) -> RemovableHandle:
        """Call a function before `load_state_dict` compares names and shapes.

        Parameters
        ----------
        hook : callable
            ``hook(module, state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs)`` may change the
            dict, which is a copy of what begins with the prefix, and add to the lists.

        Returns
        -------
        RemovableHandle
            Its ``remove()`` removes the hook.
        """
        return self._register(LOADING, hook)

    def _hooks_of(self, kind):
        return list(self._hooks.get(kind, {}).values()) if self._hooks else []


def called_with_hooks(module, args, kwargs):
    """What a module returns, with its hooks called before and after."""
    for hook, options in module._hooks_of(BEFORE):
        found = hook(module, args, kwargs) if options["with_kwargs"] else hook(module, args)
        if found is not None and options["with_kwargs"]:
            if not (isinstance(found, tuple) and len(found) == 2):
                raise RuntimeError(f"forward pre-hook must return None or a tuple of (new_args, new_kwargs), but got {found}.")
            args, kwargs = found
        elif found is not None:
            args = found if isinstance(found, tuple) else (found,)
    watch = None
    if module._hooks_of(GRADIENTS) or module._hooks_of(GRADIENTS_BEFORE):
        watch = _Watch(module, args)
        args = watch.args
    after, output, done = module._hooks_of(AFTER), None, False
    try:
        output, done = module.forward(*args, **kwargs), True
    finally:
        if not done:
            for hook, options in after:
                if options["always_call"]:
                    hook(module, args, kwargs, None) if options["with_kwargs"] else hook(module, args, None)
    for hook, options in after:
        found = hook(module, args, kwargs, output) if options["with_kwargs"] else hook(module, args, output)
        output = output if found is None else found
    return output if watch is None else watch.watched(output)


class _Watch:
    """The gradients that pass through one call of a module."""

    def __init__(self, module, args):
        self.module, self.n, self.outputs = module, len(args), None
        self.places = [k for k, a in enumerate(args) if isinstance(a, Tensor) and a.requires_grad]
        if self.places:
            found = _ShownArguments.apply(self, *[args[k] for k in self.places])
            by_place = dict(zip(self.places, found))
            args = tuple([by_place.get(k, a) for k, a in enumerate(args)])
        self.args = args

    def watched(self, output):
        """What the module returns, as results whose gradients are watched."""
        single = isinstance(output, Tensor)
        values = [output] if single else list(output) if isinstance(output, (tuple, list)) else []
        self.results = [k for k, y in enumerate(values) if isinstance(y, Tensor) and y.requires_grad]
        self.n_results = len(values)
        if not self.results:
            return output
        for k, y in zip(self.results, _ShownResults.apply(self, *[values[k] for k in self.results])):
            values[k] = y
        return values[0] if single else type(output)(values)

    def arrived(self, gradients):
        """The gradients of the results, after the hooks that come first; the others are called now if no argument has one."""
        self.outputs = self._filled(gradients, self.results, self.n_results)
        for hook, _ in self.module._hooks_of(GRADIENTS_BEFORE):
            found = hook(self.module, self.outputs)
            if found is not None:
                self.outputs = found if isinstance(found, tuple) else (found,)
        if not self.places:
            self.passed(())
        return tuple([self.outputs[k] for k in self.results])

    def passed(self, gradients):
        """The gradients of the arguments, after the hooks."""
        inputs = self._filled(gradients, self.places, self.n)
        for hook, _ in self.module._hooks_of(GRADIENTS):
            found = hook(self.module, inputs, self.outputs)
            if found is not None:
                found = found if isinstance(found, tuple) else (found,)
                if len(found) != len(inputs):
                    raise RuntimeError(
                        f"Backward hook returned an invalid number of grad_input, got {len(found)}, but expected {len(inputs)}"
                    )
                inputs = found
        return tuple([inputs[k] for k in self.places])

    def _filled(self, gradients, places, n):
        by_place = dict(zip(places, gradients))
        return tuple([by_place.get(k) for k in range(n)])


class _ShownArguments(Function):
    """Arguments as they are; their gradients are shown."""

    @staticmethod
    def forward(ctx, watch, *tensors):
        ctx.watch = watch
        return tuple([t.clone() for t in tensors])

    @staticmethod
    def backward(ctx, *gradients):
        return (None, *ctx.watch.passed(gradients))


class _ShownResults(Function):
    """Results as they are; their gradients are shown."""

    @staticmethod
    def forward(ctx, watch, *tensors):
        ctx.watch = watch
        return tuple([t.clone() for t in tensors])

    @staticmethod
    def backward(ctx, *gradients):
        return (None, *ctx.watch.arrived(gradients))
