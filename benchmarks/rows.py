"""Forward rows of a million elements beside NumPy, with the same memory traffic: both keep their last results.

    python benchmarks/rows.py [--seconds 0.5]

A tape frees what nobody uses from time to time, not at once, so its results lie in other memory every time; NumPy, asked for
one result after another that nobody keeps, would write into the cache.
"""

import collections

import peers  # noqa: F401 - first: it limits the threads
import numpy as np
from timing import Table, arguments, minima, ratio

import jittape as jt

KEPT = 8


def keeping(call):
    """The call, with its last results alive."""
    kept = collections.deque(maxlen=KEPT)
    return lambda: kept.append(call())


def operations(a, x):
    """Name -> (NumPy's, ours)."""
    return {
        "x + 1": (lambda: a + 1.0, lambda: x + 1.0),
        "x + x": (lambda: a + a, lambda: x + x),
        "x * x": (lambda: a * a, lambda: x * x),
        "-x": (lambda: -a, lambda: -x),
        "exp(x)": (lambda: np.exp(a), lambda: jt.exp(x)),
        "sqrt(x)": (lambda: np.sqrt(a), lambda: jt.sqrt(x)),
        "sum(x)": (lambda: a.sum(), lambda: x.sum()),
    }


def main():
    options = arguments(__doc__, "operations", seconds=0.5).parse_args()
    a = np.random.default_rng(0).random(1_000_000)
    x = jt.tensor(a, requires_grad=True)
    print("microseconds a row, minimum; in brackets the ratio to jittape (above 1: jittape is faster)\n")
    table = Table(["operation", "jittape", "NumPy"], [12, 10, 18], options.markdown)
    for name, (numpy_way, own_way) in operations(a, x).items():
        if all(word in name for word in options.words):
            np.testing.assert_allclose(own_way().detach().numpy(), numpy_way(), rtol=1e-12)
            best = minima({"jittape": keeping(own_way), "NumPy": keeping(numpy_way)}, options.seconds)
            table.row([name, ratio(best, "jittape"), ratio(best, "NumPy")])


if __name__ == "__main__":
    main()
