"""A tour of the code: what happens between ``x * x`` and ``x.grad``, with the internals on the table."""

# %% Question
# What does the library do when NumPy-like code runs on a Tensor?  It appends rows to a tape: a struct of
# arrays, one NumPy array a column.  Compiled sweeps read the rows backwards.  We record a program of
# five lines, look at the rows, and run the sweep by hand.

import ctypes
import math

import numpy as np

import jittape as jt
from jittape.tape import schema
from jittape.tape.row_kinds import VIEW_ROW, WRITE_ROW, kind_of
from jittape.autograd.reverse_driver import Sweep
from jittape.numba_backend.decorators import JIT
from jittape.numba_backend.disk_cache import cache_directory
from jittape.ops.declare_elementwise import elementwise
from jittape.ops.operation_table import BY_NAME
from jittape.kernels.kernel_table import OPERATIONS

# %% Model: record a program
# ``jt.Tape()`` is a private tape; outside such a block every thread records on a tape of its own.

with jt.Tape() as tape:
    x = jt.tensor([1.0, 2.0, 3.0], requires_grad=True)
    u = jt.zeros(4)
    u[1:] = x * x
    y = (jt.sin(u[1:]) * 2.0).sum()

print(tape, end="\n\n")

# %% The columns
# A row is an index into these arrays.  Operands are row numbers; -2 stands for the scalar in `imm`, so
# ``* 2.0`` is one row and no constant.

for name in ("OP", "ARG0", "ARG1", "LAYOUT", "STORAGE", "OFFSET", "VERSION"):
    column = tape[getattr(schema, name)]
    print(f"{name.lower():8s} {column.dtype}  {column.tolist()}")
print()


def rows_of(kind):
    """Numbers of the rows of a kind; it stands in the upper bits of their flags."""
    return np.flatnonzero(kind_of(tape[schema.FLAGS]) == kind).tolist()


# %% A view row
# Slices, reshapes and transposes are rows without a kernel: a layout and an offset on the same storage.

view = rows_of(VIEW_ROW)[-1]
layout = tape.layout(view)
print(
    f"row %{view} is a view of storage s{tape[schema.STORAGE][view]}, which has"
    f" {tape[schema.S_SIZE][tape[schema.STORAGE][view]]} elements: offset {tape[schema.OFFSET][view]},"
    f" shape {layout.shape}, strides {layout.strides}"
)

# %% A write row
# ``u[1:] = ...`` is a row too.  It keeps what it overwrites, so that the sweep can put it back, and
# stands for the whole storage after the write: the storage now has a new version.

write = rows_of(WRITE_ROW)[0]
storage = tape[schema.STORAGE][write]
print(
    f"row %{write} writes row %{tape[schema.ARG1][write]} into storage s{storage}, which then is at version {u._version}",
    end="\n\n",
)

# %% Gradient: the sweep by hand
# One adjoint buffer a storage.  After a row is done its operands have their share; a view has nothing to
# do, because its adjoint is a view of the adjoint of its storage.  ``y.backward()`` does the same without
# stopping after every row.

sweep = Sweep(tape, [(y._row, np.ones(()))], None)  # the root and its cotangent
sweep.prepare()  # marks the rows that y depends on


def show(sweep, row):
    """Print the adjoint that the operand of a row has got so far."""
    operation = OPERATIONS[tape[schema.OP][row]].name
    operand = int(tape[schema.ARG0][row])
    adjoint = sweep.adjoint(operand) if operand >= 0 else None
    print(f"after row %{row:<2d} {operation:16s}", "" if adjoint is None else f"adjoint of %{operand}: {adjoint}")


sweep.run(watch=show)
((leaf, gradient),) = sweep.found
sweep.close(free=False)
print("gradient by hand  ", gradient, end="\n\n")

# %% Check
# The same by the public word, and by the formula.

(expected,) = jt.autograd.grad(y, x)
formula = 4 * x.detach().numpy() * np.cos(x.detach().numpy() ** 2)
print("jt.autograd.grad  ", expected.numpy())
print("2 cos(x^2) 2x     ", formula, end="\n\n")
assert leaf is x and np.array_equal(gradient, expected.numpy()) and np.allclose(gradient, formula, rtol=1e-12)

# %% Kernels
# The sweep contains no operation: it calls kernels by address.  Each takes seven 64-bit integers, most of
# them addresses of contiguous values: (params, out, seed, y, x0, x1, x2).

sine = BY_NAME["sin"]
float64 = np.dtype(np.float64)
address = sine.compile_forward(float64)
print(f"sin is number {sine.code} in the operation table; machine code is kept in {cache_directory()}")
if JIT:
    kernel = ctypes.CFUNCTYPE(None, *[ctypes.c_int64] * 7)(address)
    n, values, out = np.array([3]), np.array([0.0, 1.0, 2.0]), np.empty(3)
    kernel(n.ctypes.data, out.ctypes.data, 0, 0, values.ctypes.data, 0, 0)
    print("called by hand    ", out, end="\n\n")
    assert np.allclose(out, np.sin(values))

# %% One operation, one declaration
# This is all that it takes to add one: a scalar body, and the partials written with the library's own
# functions.  Kernels, function, method, and gradients of any order come from it.


@elementwise()
def gudermannian(x):
    """The angle of latitude on a Mercator map, by the distance from the equator."""
    return 2.0 * math.atan(math.tanh(0.5 * x))


@gudermannian.partials
def gudermannian_partials(x, result):
    return (1.0 / jt.cosh(x),)


t = jt.tensor([-1.0, 0.5, 2.0], requires_grad=True)
(first,) = jt.autograd.grad(gudermannian(t).sum(), t, create_graph=True)
(second,) = jt.autograd.grad(first.sum(), t)
print("latitude          ", gudermannian(t).detach())
print("first derivative  ", first.detach())
print("second derivative ", second)
assert jt.autograd.gradgradcheck(gudermannian, (t,))
