"""The square of a number."""

import jittape as jt


def square(x):
    return x * x


double = jt.grad(square)

FUNCTIONS = {"square": {"Python": lambda x: lambda: square(x)}, "double": {"recorded": lambda x: lambda: double(float(x))}}
