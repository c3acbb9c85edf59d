"""Derivatives of ``@njit`` functions, unchanged: a copy is compiled on number types that record.

``jt.grad``, ``value_and_grad``, ``vjp``, ``jvp``, ``linearize``, ``jacobian``, ``jacfwd``, ``jacrev``, ``hessian``, ``hvp`` and
``hessian_diag`` take functions decorated with ``@njit``. What they answer is called from Python or from other compiled
functions; ``jt.compile`` returns it as it is, ``jt.vmap`` calls it for every example. A Python function that is differentiated,
compiled by ``jt.compile`` or applied to batches may call compiled functions, with numbers, arrays and tuples of them: such a
call is one row of the array tape, in every mode and to any order. Its rules run the function once more, so it keeps nothing but
its arguments (``jt.checkpoint`` of a compiled function is the function), and must not write to them.

Derivatives of functions that are made of loops over ranges, branches, numbers and arrays of floats come from an *adjoint*, code
made of the function's own statements, which costs a fraction of a tape's time and memory; `explain` says which way is taken.

What a function may contain
---------------------------
Arguments: floats, complex numbers and arrays of them (any layout, single or double precision), tuples and named tuples of
these; integers, booleans, strings, integer arrays, lists, dicts, records, objects of jitclasses and compiled functions as they
are. What is not differentiated of these must not be assigned differentiated numbers; arrays of floats may (the function is then
compiled once more, with arrays of data and what is computed of them recorded, which takes more memory).

Not supported: keyword-only parameters, and results that may be None.

``jt.grad(f)`` takes functions behind ``@vectorize``, too. C functions that are called by address (ctypes, cffi) take plain
numbers, unless they are functions of C or SciPy that the operation table has.

Results that a function writes into arguments, ``f(dst, src)``: ``with_outputs`` makes a function of it that returns them.

Code: loops, branches, recursion, generators, other ``@njit`` functions, arithmetic, comparisons, ``min``, ``max``, ``abs``,
``pow``, ``round``;
``math.*`` and NumPy's elementwise functions; indexing, slices and views, assignment to elements and slices, whole-array
arithmetic; ``np.zeros``, ``ones``, ``empty``, ``full``, their ``_like``, ``copy``, ``array``; ``np.sum``, ``mean``,
``var``, ``std``, ``prod``, ``max``, ``min``, ``argmax``, ``argmin``, ``cumsum``, ``cumprod``, ``dot``, ``@``, ``vdot``,
``outer``, ``where``, ``trace``, ``median``, ``sort``, ``diff``, ``cross``, ``concatenate``, ``stack`` and the like, ``diag``,
``repeat``;
``np.linalg.norm``, ``solve``, ``inv``, ``det``; every other function of NumPy that Numba has and that Tensors follow, with any
arguments, such as ``np.linalg.cholesky``, ``slogdet``, ``np.kron``: derivatives of every order, at the cost of a call of Python,
some 0.1 ms for a value and 0.4 ms for its part of a reverse sweep; lists in brackets that start empty or with a
differentiated number, ``typed.List``, dicts and sets, named tuples, objects of jitclasses made inside, functions behind
``@vectorize`` and ``@guvectorize``; functions that Numba knows by overloads, its own (``np.percentile``, ``np.nanmean``,
``np.cov``, ``np.convolve``) and others' (``register_jitable``, ``overload``); ``np.interp``, ``searchsorted``, ``digitize``;
``np.float64(x)``, ``np.float32(x)``, ``type(x)(1.0)``; complex numbers and arrays of them, ``complex(a, b)``, ``z.real``,
``z.imag``, ``cmath.*``; ``jt.stop_gradient(x)``, a constant.

``prange`` runs as ``range`` inside a differentiated function. Where Python calls ``jt.grad`` or ``jt.value_and_grad``, threads
(`jt.set_num_threads`) share an outermost ``prange`` that has half a millisecond of work, if an iteration sets a variable before
it reads it, or only adds to it, and of an array from outside that it writes to uses those elements alone that have its own number
as an index. `explain` says so. The result does not depend on the number of threads: sums are made of up to 32 parts, in
their order.

Meaning: ``int(x)``, ``round(x)``, ``math.floor(x)`` and comparisons drop derivatives; ``float(x)`` keeps them. A function that
answers by comparisons alone, as bisection does, has a gradient of zeros; `jt.errors.NoDerivativeWarning` says so at its first
call. Division by zero does what it does in the function: it raises ``ZeroDivisionError``, or gives inf where the function is
compiled with ``error_model="numpy"``. Arguments are copied, so what a differentiated function writes to them is not seen outside.
Lists of numbers that it returns come back as arrays. Where a function is declared with signatures, arguments and results are
converted as these say.
Where an infinite partial meets a zero, another partial or a tangent, nothing flows, in forward and in reverse mode. A Jacobian by
columns runs the function several times, so random numbers drawn inside differ from column to column.
"""

from .array_functions import (
    array_constructors,
    array_interpolation,
    array_joining,
    array_linalg,
    array_method_calls,
    array_properties,
    array_reductions,
    boxed_numbers,
    complex_arrays,
    numbas_views,
    number_classes,
    passive_results,
    several_results,
    table_calls,
    users_ufuncs,
)
from .containers import mixed_tuples, recorded_types
from .numbers import predicates
from .derivatives.checkpointed_loops import Checkpointed, checkpointed
from .derivatives import products_with_vectors
from .derivatives.transform_backend import NativeTransform, is_compiled, make
from .derivatives.error_messages import NativeError
from .derivatives.output_arguments import with_outputs
from .derivatives.tensor_calls import call
from .derivatives.way_taken import explain
from .tape_memory.tape_usage import free_memory, set_tape_limit, tape_limit, tape_stats

__all__ = [
    "Checkpointed",
    "NativeError",
    "NativeTransform",
    "call",
    "checkpointed",
    "explain",
    "free_memory",
    "is_compiled",
    "set_tape_limit",
    "tape_limit",
    "tape_stats",
    "with_outputs",
]


def __dir__():
    return __all__
