"""SciPy's namespaces, for numbers that are being differentiated: one module for each of SciPy's"""

from importlib import import_module

__all__ = ["fft", "integrate", "interpolate", "linalg", "ndimage", "signal", "sparse", "special", "stats"]


def __getattr__(name):
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}: expected one of {__all__}")
    return import_module(f".{name}", __name__)


def __dir__():
    return __all__
