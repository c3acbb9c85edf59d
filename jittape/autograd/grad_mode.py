"""Switching recording on and off, with PyTorch's context managers."""

from __future__ import annotations

import contextvars
import functools
import inspect
from typing import TYPE_CHECKING, overload

from ..tape.tape import current
from ..tape.recording_state import Paused, state

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    from typing_extensions import Self

    F = TypeVar("F", bound=Callable[..., Any])


# The level of `forward_ad`, which has no tangents of what is not recorded.
DUAL_LEVEL = contextvars.ContextVar("jittape_dual_level", default=None)


def _note_pause():
    level = DUAL_LEVEL.get()
    if level is not None and current().recorder is None:
        level.has_paused = True


class _Mode:
    """Base of the context managers: sets a recording state, and restores the one before in ``__exit__``.

    It also decorates functions, whose every call then runs in that state.
    """

    def __init__(self, function: Callable[..., Any] | None = None) -> None:
        self._before = []
        self._function = function
        if function is not None:
            functools.update_wrapper(self, function)

    def _state(self):
        raise NotImplementedError

    def __enter__(self) -> Self:
        before = current()
        try:
            self._before.append(before)
            state.set(self._state())
            _note_pause()
        except BaseException:  # an interrupt, after which there is no `__exit__`
            state.set(before)
            raise
        return self

    def __exit__(self, *exc_info: object) -> None:
        state.set(self._before.pop())

    @overload
    def __call__(self, function: F, /) -> F: ...

    @overload
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self._function is not None:
            with self._again():
                return self._function(*args, **kwargs)
        (function,) = args
        return _decorated(function, self._again)

    def __get__(self, instance, owner=None):
        return self if instance is None else functools.partial(self, instance)

    def _again(self):
        return type(self)()


def _decorated(function, mode):
    if inspect.isgeneratorfunction(function):

        @functools.wraps(function)
        def generator(*args, **kwargs):
            inner = function(*args, **kwargs)
            value, step = None, inner.send
            while True:
                with mode():
                    try:
                        item = step(value)
                    except StopIteration as stop:
                        return stop.value
                try:
                    value, step = (yield item), inner.send
                except GeneratorExit:
                    inner.close()
                    raise
                except BaseException as error:
                    value, step = error, inner.throw

        return generator

    @functools.wraps(function)
    def wrapped(*args, **kwargs):
        with mode():
            return function(*args, **kwargs)

    return wrapped


class no_grad(_Mode):
    """Context manager and decorator that stops recording.

    Parameters
    ----------
    function : callable, optional
        A function to decorate: it runs without recording.

    Examples
    --------
    >>> import jittape as jt
    >>> x = jt.tensor(1.0, requires_grad=True)
    >>> with jt.no_grad():
    ...     y = x * 2
    >>> y.requires_grad
    False
    """

    def _state(self):
        return current().tape.paused()


class inference_mode(no_grad):
    """Context manager and decorator that stops recording; what is made in it are ordinary tensors, as under `no_grad`.

    Parameters
    ----------
    mode : bool, optional
        False leaves the state as it is.
    """

    def __init__(self, mode: bool | Callable[..., Any] = True) -> None:
        self._mode = mode if not callable(mode) else True
        super().__init__(mode if callable(mode) else None)

    def _state(self):
        return Paused(current().tape, is_inference=True) if self._mode else current()

    def _again(self):
        return type(self)(self._mode)


class enable_grad(_Mode):
    """Context manager and decorator that records, also inside `no_grad`.

    Parameters
    ----------
    function : callable, optional
        A function to decorate: it runs with recording.

    Examples
    --------
    >>> import jittape as jt
    >>> x = jt.tensor(1.0, requires_grad=True)
    >>> with jt.no_grad():
    ...     with jt.enable_grad():
    ...         y = x * 2
    >>> y.requires_grad
    True
    """

    def _state(self):
        found = current()
        return found if found.enabled else found.tape


class set_grad_enabled(_Mode):
    """Switch recording on or off at once; as a context manager, restore the state at the end of the block.

    Parameters
    ----------
    mode : bool
        Whether operations are recorded.
    """

    def __init__(self, mode: bool) -> None:
        super().__init__()
        self._mode = bool(mode)
        super().__enter__()

    def _state(self):
        found = current()
        if self._mode:
            return found if found.enabled else found.tape
        return found.tape.paused()

    def __enter__(self) -> Self:
        return self

    def __call__(self, function: F) -> F:  # type: ignore[override]
        state.set(self._before.pop())
        return _decorated(function, no_grad if not self._mode else enable_grad)


def is_grad_enabled() -> bool:
    """Whether operations are recorded.

    Returns
    -------
    bool
        True unless `no_grad` or the like is in effect.
    """
    return current().enabled


def is_inference_mode_enabled() -> bool:
    """Whether `inference_mode` is in effect.

    Returns
    -------
    bool
        False under `no_grad`.
    """
    found = current()
    return found.recorder is None and found.is_inference
