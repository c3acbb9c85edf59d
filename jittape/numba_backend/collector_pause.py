"""Python's garbage collector, off while something compiles."""

import contextlib
import gc


@contextlib.contextmanager
def uncollected():
    """Without the garbage collector: it would visit what Numba and LLVM's bindings hold again and again, and free little."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()
