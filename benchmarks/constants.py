"""Operations that nothing records, on small arrays, beside PyTorch: ``python benchmarks/constants.py [words] [--seconds 0.1]``.

Their time is that of calls, not of arithmetic. Answers are compared before anything is timed.
"""

import peers  # noqa: F401 - first: it limits the threads
import numpy as np
from timing import Table, arguments, minima, ratio

import jittape as jt

SIZES = 10, 1000
OPERATIONS = {
    "x + y": lambda m, x, y: x + y,
    "x * 2.0": lambda m, x, y: x * 2.0,
    "-x": lambda m, x, y: -x,
    "x ** 2": lambda m, x, y: x**2,
    "x > y": lambda m, x, y: x > y,
    "x[1:]": lambda m, x, y: x[1:],
    "x[3]": lambda m, x, y: x[3],
    "x[[1, 2, 3]]": lambda m, x, y: x[[1, 2, 3]],
    "x.add_(0.0)": lambda m, x, y: x.add_(0.0),
    "x.clone()": lambda m, x, y: x.clone(),
    "x.max()": lambda m, x, y: x.max(),
    "x.mean()": lambda m, x, y: x.mean(),
    "x.reshape(2, -1)": lambda m, x, y: x.reshape(2, -1),
    "x.sum()": lambda m, x, y: x.sum(),
    "argmax": lambda m, x, y: m.argmax(x),
    "cat": lambda m, x, y: m.cat((x, y)),
    "cumsum": lambda m, x, y: m.cumsum(x, 0),
    "dot": lambda m, x, y: m.dot(x, y),
    "exp": lambda m, x, y: m.exp(x),
    "logsumexp": lambda m, x, y: m.logsumexp(x, 0),
    "product of matrices": lambda m, x, y: x.reshape(2, -1) @ y.reshape(-1, 2),
    "softmax": lambda m, x, y: m.softmax(x, 0),
    "stack": lambda m, x, y: m.stack((x, y)),
    "sum(x, 0)": lambda m, x, y: m.sum(x, 0),
    "where": lambda m, x, y: m.where(x > y, x, y),
    "zeros_like": lambda m, x, y: m.zeros_like(x),
}


def modules():
    """Name -> module of the tools."""
    found = {"jittape": jt}
    try:
        import torch
    except ImportError:
        return found
    torch.set_num_threads(1)
    return found | {"torch": torch}


def rows():
    """(name, tool -> call) of every operation and size; answers are checked."""
    rng = np.random.default_rng(0)
    for n in SIZES:
        a, b = rng.random(n), rng.random(n)
        for name, operation in OPERATIONS.items():
            calls = {}
            for tool, m in modules().items():
                x, y = m.tensor(a, dtype=m.float64), m.tensor(b, dtype=m.float64)
                calls[tool] = call_of(operation, m, x, y)
            answers = [np.asarray(call().numpy()) for call in calls.values()]
            for answer in answers[1:]:
                np.testing.assert_allclose(answers[0], answer, rtol=1e-13)
            yield f"{name}, {n}", calls


def call_of(operation, *operands):
    return lambda: operation(*operands)


def main():
    options = arguments(__doc__, "operations", seconds=0.1).parse_args()
    print("microseconds a call, minimum; in brackets the ratio to jittape (above 1: jittape is faster)\n")
    table = Table(["operation", "jittape", "torch"], [28, 10, 18], options.markdown)
    for name, calls in rows():
        if all(word in name for word in options.words):
            best = minima(calls, options.seconds)
            table.row([name, ratio(best, "jittape"), ratio(best, "torch")])


if __name__ == "__main__":
    main()
