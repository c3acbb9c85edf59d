"""`backward` and `grad`: gradients of Tensors, with PyTorch's signatures."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

from ..dtypes import is_complex
from ..errors import DTypeError, ShapeError
from ..ops.split_and_stack import stack
from ..tape.tape import current
from ..tensors.tensor import Tensor, wrap
from .conversions import warn_of_conversions
from .scalar_backward import sweep_scalar
from .conjugate_gradients import conjugated
from .grad_fn import GradientEdge
from .gradient_requests import gradients_of, totals_of
from .accumulation import accumulate, fill_retained
from .batched_sweeps import gradients_of_batch

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from ..typing import TensorLike

NO_GRAPH = "element {} of tensors does not require grad and does not have a grad_fn"


def backward(
    tensors: Tensor | Sequence[Tensor],
    grad_tensors: TensorLike | Sequence[TensorLike | None] | None = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    grad_variables: TensorLike | Sequence[TensorLike | None] | None = None,
    inputs: Tensor | Sequence[Tensor] | None = None,
) -> None:
    """Add the gradients of tensors to the ``.grad`` of the leaves that they depend on.

    Parameters
    ----------
    tensors : Tensor or sequence of Tensors
        What is differentiated: the sum of all elements, weighted by `grad_tensors`.
    grad_tensors : array_like or sequence, optional
        Cotangents, of the shapes of `tensors`; may be left out for tensors of one element.
    retain_graph : bool, optional
        Keep the rows of the tape for another sweep; by default the value of `create_graph`.
    create_graph : bool, optional
        Record the sweep, so that the gradients can be differentiated.
    grad_variables : array_like or sequence, optional
        The old name of `grad_tensors`.
    inputs : Tensor or sequence of Tensors, optional
        Only these get a ``.grad``.

    Raises
    ------
    RuntimeError
        If a tensor does not require grad, both names of the cotangents are given, or `inputs` is empty or contains one that
        does not.
    ShapeError
        If a cotangent does not have the shape of its tensor.
    GraphFreedError
        If an earlier sweep has freed a row.
    VersionError
        If a value that the sweep needs was changed in a way that the tape could not record.

    Notes
    -----
    One reverse sweep: a few times the cost of the recorded operations, whatever the number of leaves.

    Examples
    --------
    >>> import jittape as jt
    >>> x = jt.tensor(3.0, requires_grad=True)
    >>> jt.autograd.backward(x * x)
    >>> x.grad
    tensor(6.)
    """
    if grad_variables is not None:
        warnings.warn("`grad_variables` is deprecated. Use `grad_tensors` instead.", FutureWarning, stacklevel=2)
        if grad_tensors is not None:
            raise RuntimeError(
                "`grad_tensors` and `grad_variables` (deprecated) arguments both passed to `backward()`. Please only use "
                "`grad_tensors`."
            )
        grad_tensors = grad_variables
    if type(tensors) is Tensor and grad_tensors is None and inputs is None and not create_graph:
        found = sweep_scalar(tensors, not retain_graph)
        if found is not None:
            accumulate(totals_of(found))
            return
    roots = _as_tuple(tensors, "tensors")
    wanted = None
    if inputs is not None:
        inputs = _as_tuple(inputs, "inputs")
        if not inputs:
            raise RuntimeError("`inputs` argument to `backward()` cannot be empty.")
        for t in inputs:
            if not t.requires_grad:
                raise RuntimeError(
                    "can't retain_grad on Tensor that has requires_grad=False: got such a Tensor in `inputs`, expected leaves or "
                    "results that require grad"
                )
        wanted = {id(t): t for t in inputs}
    cotangents = _cotangents(roots, grad_tensors, create_graph)
    for t in inputs or ():
        if not t.is_leaf:
            t.retain_grad()
    if create_graph:
        warnings.warn(
            "Using backward() with create_graph=True will create a reference cycle between the parameter and its "
            "gradient which can cause a memory leak. We recommend using autograd.grad when creating the graph to avoid "
            "this. If you have to use this function, make sure to reset the .grad fields of your parameters to None "
            "after use to break the cycle and avoid the leak.",
            UserWarning,
            stacklevel=3,
        )
    free = not (create_graph if retain_graph is None else retain_graph)
    accumulate(gradients_of(roots, cotangents, wanted, free, create_graph), create_graph)


def grad(
    outputs: Tensor | Sequence[Tensor],
    inputs: Tensor | Sequence[Tensor],
    grad_outputs: TensorLike | Sequence[TensorLike | None] | None = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    allow_unused: bool | None = None,
    is_grads_batched: bool = False,
    materialize_grads: bool = False,
) -> tuple[Any, ...]:
    """Compute gradients of outputs with respect to inputs, without touching the ``.grad`` of leaves.

    Results that retain their gradients, and that the sweep passes, get them.

    Parameters
    ----------
    outputs : Tensor or sequence of Tensors
        What is differentiated: the sum of all elements, weighted by `grad_outputs`.
    inputs : Tensor or sequence of Tensors
        With respect to what; leaves or results.
    grad_outputs : array_like or sequence, optional
        Cotangents of the outputs; with `is_grads_batched`, several of them along a first axis.
    retain_graph : bool, optional
        Keep the rows of the tape for another sweep; by default the value of `create_graph`.
    create_graph : bool, optional
        Record the sweep, so that the gradients can be differentiated.
    allow_unused : bool, optional
        Return None for an input that the outputs do not depend on, in place of raising.
    is_grads_batched : bool, optional
        Compute a gradient for each of several cotangents, by sweeps that carry many of them.
    materialize_grads : bool, optional
        Return zeros for an input that the outputs do not depend on.

    Returns
    -------
    tuple of Tensors
        A gradient for each input, of its shape (after the batch axis, with `is_grads_batched`).

    Raises
    ------
    RuntimeError
        If an input or output does not require grad, or the outputs do not depend on an input.
    GraphFreedError
        If an earlier sweep has freed a row.
    VersionError
        If a value that the sweep needs was changed in a way that the tape could not record.

    Examples
    --------
    >>> import jittape as jt
    >>> x = jt.tensor(2.0, requires_grad=True)
    >>> (g,) = jt.autograd.grad(x**3, x, create_graph=True)
    >>> jt.autograd.grad(g, x)
    (tensor(12.),)
    """
    roots, leaves = _as_tuple(outputs, "outputs"), _as_tuple(inputs, "inputs")
    if not leaves:
        raise RuntimeError("'inputs' argument to 'grad()' cannot be empty.")
    warn_of_conversions(leaves)
    if is_grads_batched:
        return _batched(roots, leaves, grad_outputs, retain_graph, create_graph, allow_unused, materialize_grads)
    for t in leaves:
        if not t.requires_grad:
            raise RuntimeError(
                "One of the differentiated Tensors does not require grad: expected inputs made with requires_grad=True, "
                "or results of such"
            )
    cotangents = _cotangents(roots, grad_outputs, create_graph)
    free = not (create_graph if retain_graph is None else retain_graph)
    totals = gradients_of(roots, cotangents, {id(t): t for t in leaves}, free, create_graph)
    answers = []
    for k, t in enumerate(leaves):
        found = totals.get(id(t))
        if found is not None:
            gradient = conjugated(found[1])
            answers.append(gradient if isinstance(gradient, Tensor) else wrap(gradient))
        elif materialize_grads:
            answers.append(wrap(np.zeros(t.shape, t.dtype)))
        else:
            answers.append(_checked_unused(None, k, allow_unused))
    fill_retained(totals, create_graph)
    return tuple(answers)


def _batched(roots, leaves, grad_outputs, retain_graph, create_graph, allow_unused, materialize_grads):
    batches = _as_tuple(grad_outputs, "grad_outputs", Tensor, np.ndarray, list)
    sizes = {len(b) for b in batches}
    if len(sizes) != 1:
        raise ShapeError(f"got batches of cotangents of lengths {sorted(sizes)}, expected one length")
    create_graph = create_graph or current().tape.derivatives_are_rows
    n, shares = sizes.pop(), not create_graph and all(t.requires_grad for t in (*roots, *leaves))
    if shares and n > 1:
        found = _shared(roots, leaves, batches, not retain_graph)
    else:
        found = _one_by_one(roots, leaves, batches, n, retain_graph, create_graph)
    answers = []
    for k, (t, g) in enumerate(zip(leaves, found)):
        if g is None and materialize_grads:
            g = wrap(np.zeros((n, *t.shape), t.dtype))
        answers.append(_checked_unused(g, k, allow_unused))
    return tuple(answers)


def _shared(roots, leaves, batches, free):
    """Gradients for a batch of cotangents, by sweeps that carry several of them."""
    first = _cotangents(roots, [b[0] for b in batches], False)  # refuses what does not fit
    arrays = [np.asarray(b._value() if isinstance(b, Tensor) else b, g.dtype) for b, g in zip(batches, first)]
    cotangents = [conjugated(b) for b in arrays]
    found = gradients_of_batch(roots, cotangents, {id(t): t for t in leaves}, free)
    return [wrap(conjugated(found[id(t)])) if id(t) in found else None for t in leaves]


def _one_by_one(roots, leaves, batches, n, retain_graph, create_graph):
    rows = []
    for k in range(n):
        last = k == n - 1 and not create_graph and not retain_graph
        rows.append(grad(roots, leaves, [b[k] for b in batches], not last, create_graph, True))
    return [None if parts[0] is None else stack(parts) for parts in zip(*rows)]


def _checked_unused(gradient, k, allow_unused):
    if gradient is None and not allow_unused:
        raise RuntimeError(
            f"The differentiated Tensor at index {k} appears to not have been used in the graph. Set "
            "allow_unused=True if this is the desired behavior."
        )
    return gradient


def _as_tuple(value, name, *others):
    if isinstance(value, GradientEdge):
        return (value.node._tensor,)
    if isinstance(value, Tensor) or (others and isinstance(value, np.ndarray)):
        return (value,)
    try:
        values = tuple(value)
    except TypeError:
        raise TypeError(f"{name}: got {type(value).__name__}, expected a Tensor or a sequence of Tensors") from None
    values = tuple([v.node._tensor if isinstance(v, GradientEdge) else v for v in values])
    for v in values:
        if not isinstance(v, (Tensor, *others)):
            raise TypeError(f"{name}: got {type(v).__name__} in the sequence, expected Tensors")
    return values


def _cotangents(roots, given, create_graph):
    """Cotangents of the roots as arrays, or as Tensors for a recorded sweep."""
    if given is None or isinstance(given, (Tensor, np.ndarray, int, float, complex)):
        given = [given] * len(roots) if given is None else [given]
    elif len(roots) == 1 and not any(isinstance(g, (Tensor, np.ndarray)) or g is None for g in given):
        given = [given]  # nested numbers: one array-like
    if len(given) != len(roots):
        raise RuntimeError(f"got {len(roots)} tensors and {len(given)} gradients, expected one gradient for each tensor")
    cotangents = []
    for k, (root, g) in enumerate(zip(roots, given)):
        if not root.requires_grad:
            raise RuntimeError(
                NO_GRAPH.format(k) + ": it was made of constants or under no_grad; make its inputs with requires_grad=True"
            )
        if g is None:
            if root.numel() != 1:
                raise RuntimeError(
                    f"grad can be implicitly created only for scalar outputs: got shape {list(root.shape)}; pass a "
                    "gradient of that shape, or sum first"
                )
            if is_complex(root.dtype):
                raise RuntimeError(
                    f"grad can be implicitly created only for real scalar outputs but got {root.dtype}: differentiate y.real, "
                    "y.imag or jt.abs(y), or pass a gradient"
                )
            g = np.ones(root.shape, root.dtype)
        elif not isinstance(g, Tensor):
            g = np.asarray(g)
            if g.dtype.kind not in "fiubc":
                raise TypeError(f"gradients can be Tensors, arrays or numbers, but got {type(given[k]).__name__}")
        if tuple(g.shape) != tuple(root.shape):
            raise ShapeError(
                f"Mismatch in shape: grad_output[{k}] has a shape of {list(g.shape)} and output[{k}] has a shape of "
                f"{list(root.shape)}."
            )
        if is_complex(g.dtype) and not is_complex(root.dtype):
            raise DTypeError(
                f"grad_output[{k}] is complex: got {g.dtype}, expected {root.dtype} as output[{k}]; take its real part"
            )
        if create_graph:
            g = g if isinstance(g, Tensor) else wrap(np.array(g, root.dtype))
        else:
            g = g._value() if isinstance(g, Tensor) else g
        cotangents.append(conjugated(g))
    return cotangents
