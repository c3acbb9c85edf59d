"""Nanoseconds an element of the elementary functions: ours and the C library's in a compiled loop, NumPy, PyTorch.

Usage: ``python benchmarks/mathfun.py [--dtype float32] [--functions exp,log] [--sizes 1000,100000]``
"""

import argparse
import math

import numba
import numpy as np
from numba.extending import register_jitable
from timing import minima

from jittape import mathfun
from jittape.numba_backend.decorators import OPTIONS

try:
    import torch

    torch.set_num_threads(1)
except ImportError:
    torch = None

SECONDS = 0.01  # a call and size
RANGES = {
    "exp": (-5, 5),
    "exp2": (-5, 5),
    "expm1": (-5, 5),
    "log": (1e-3, 10),
    "log1p": (-0.9, 10),
    "log2": (1e-3, 10),
    "log10": (1e-3, 10),
    "sin": (-10, 10),
    "cos": (-10, 10),
    "tan": (-10, 10),
    "sinh": (-5, 5),
    "cosh": (-5, 5),
    "tanh": (-5, 5),
    "sigmoid": (-5, 5),
    "softplus": (-5, 5),
}


def libm_exp2(x):
    return math.pow(2.0, x)


def libm_sigmoid(x):
    return 1.0 / (1.0 + math.exp(-x))


def libm_softplus(x):
    return math.log1p(math.exp(-math.fabs(x))) + max(x, 0.0)


def libm(name):
    own = {"exp2": libm_exp2, "sigmoid": libm_sigmoid, "softplus": libm_softplus}
    return register_jitable(own[name]) if name in own else getattr(math, name)


def loop_over(function):
    def loop(x, out):
        for k in range(x.size):
            out[k] = function(x[k])

    return numba.njit(loop, **OPTIONS)


def ours(name):
    """The function as kernels run it: without the branch for huge arguments."""
    return getattr(mathfun, f"{name}_near", None) or getattr(mathfun, name)


def torch_call(name, x):
    function = torch.nn.functional.softplus if name == "softplus" else getattr(torch, name)
    tensor = torch.from_numpy(x)
    if name == "softplus":
        return lambda: function(tensor)
    out = torch.empty_like(tensor)
    return lambda: function(tensor, out=out)


def contestants(name, x):
    """The timed calls, by column."""
    out = np.empty_like(x)
    mine, theirs = loop_over(ours(name)), loop_over(libm(name))
    calls = {"ours": lambda: mine(x, out), "libm": lambda: theirs(x, out)}
    if hasattr(np, name):
        calls["numpy"] = lambda: getattr(np, name)(x, out=out)
    if torch is not None:
        calls["torch"] = torch_call(name, x)
    return calls


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--dtype", default="float64")
    parser.add_argument("--functions", default=",".join(RANGES))
    parser.add_argument("--sizes", default="1000,10000,100000,1000000")
    options = parser.parse_args()
    columns = ("ours", "libm", "numpy", "torch")
    print(f"{options.dtype}, ns an element\n{'':9}{'elements':>9}" + "".join(f"{c:>8}" for c in columns) + f"{'libm/ours':>11}")
    for name in options.functions.split(","):
        for size in map(int, options.sizes.split(",")):
            x = np.random.default_rng(0).uniform(*RANGES[name], size).astype(options.dtype)
            best = minima(contestants(name, x), SECONDS)
            times = {c: seconds / size * 1e9 for c, seconds in best.items()}
            cells = "".join(f"{times[c]:8.2f}" if c in times else f"{'-':>8}" for c in columns)
            print(f"{name:9}{size:9}{cells}{times['libm'] / times['ours']:11.1f}", flush=True)


if __name__ == "__main__":
    main()
