"""KeyboardInterrupt at each of the moments of a call at which Python handles signals.

Signals are handled when a function is entered and when a call of C returns, which is where Python calls profilers, too.
"""

import pathlib
import sys

import jittape as jt

PACKAGE = str(pathlib.Path(jt.__file__).parent)
COLLECTED = {"__del__", "_release", "address_of", "release_everything"}  # when an object is collected, Python ignores exceptions
ENDS = {
    "__exit__"
}  # a `with` block cannot be told from its end: an interrupt there leaves the mode of the block, as PyTorch's does


class Interrupter:
    """A profile function that raises KeyboardInterrupt at one of the moments, counted from the start."""

    def __init__(self, at):
        self.left = at

    def __call__(self, frame, event, argument):
        code = frame.f_code
        if event in ("call", "c_return") and code.co_filename.startswith(PACKAGE) and code.co_name not in COLLECTED | ENDS:
            self.left -= 1
            if self.left < 0:
                sys.setprofile(None)
                raise KeyboardInterrupt


def interrupted(action, at):
    """Run an action until a moment. Returns whether it came so far."""
    interrupter, unraisablehook = Interrupter(at), sys.unraisablehook
    sys.unraisablehook = ignore  # that of pytest keeps exceptions that Python ignores, and with them frames and their Tensors
    sys.setprofile(interrupter)
    try:
        action()
    except KeyboardInterrupt:
        return True
    finally:
        sys.setprofile(None)
        sys.unraisablehook = unraisablehook
    return False


def ignore(unraisable):
    """What Python does with exceptions that it cannot pass on, without saying so."""


def moments_of(action):
    """How many moments an action has."""
    many = 10**9
    interrupter = Interrupter(many)
    sys.setprofile(interrupter)
    try:
        action()
    finally:
        sys.setprofile(None)
    return many - interrupter.left
