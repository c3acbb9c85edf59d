"""PyTorch's namespace of transforms: functions of Tensors, with PyTorch's parameters and conventions

The work is done by the transforms of the library, which also take arrays and numbers; here are PyTorch's names of
parameters, order of results and words of refusals.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from . import transforms
from .nn.functional_calls import functional_call, stack_module_state
from .ops.complex_parts import conj
from .ops.random_generators import same_draws, without_draws
from .ops.shape_functions import movedim
from .programs.batches.vmap import VmapFunction
from .tensors.tensor import Tensor
from .transforms.pytrees import flatten, flatten_like, map_leaves, unflatten

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

__all__ = [
    "functional_call",
    "grad",
    "grad_and_value",
    "hessian",
    "jacfwd",
    "jacrev",
    "jvp",
    "linearize",
    "stack_module_state",
    "vjp",
    "vmap",
]


def __dir__():
    return __all__


def _conjugated(tree):
    """Gradients in PyTorch's convention, which is the conjugate of that of the transforms."""
    return map_leaves(lambda g: conj(g) if isinstance(g, Tensor) and g.dtype.kind == "c" else g, tree)


def _checked_scalar(function, name, has_aux):
    """The function, which refuses a value that has no gradient in PyTorch's words."""

    def checked(*args, **kwargs):
        found = function(*args, **kwargs)
        if has_aux and not (isinstance(found, tuple) and len(found) == 2):
            raise RuntimeError(
                f"{name}(f)(*args): output of function f should be a tuple: (output, aux) if has_aux is True, got "
                f"{type(found).__name__}"
            )
        value = found[0] if has_aux else found
        if not isinstance(value, Tensor):
            raise RuntimeError(f"{name}(f)(*args): Expected f(*args) to return a Tensor, got {type(value)}")
        if value.ndim:
            raise RuntimeError(
                f"{name}(f)(*args): Expected f(*args) to return a scalar Tensor, got tensor with {value.ndim} dims. Maybe you "
                f"wanted to use the vjp or jacrev APIs instead? The shape is {list(value.shape)}"
            )
        return found

    return checked


def grad(func: Callable[..., Any], argnums: int | Sequence[int] = 0, has_aux: bool = False) -> Callable[..., Any]:
    """Make the function that computes the gradient of a function with one number as its value.

    Parameters
    ----------
    func : callable
        Takes Tensors; returns a Tensor of one number, or a tuple of it and auxiliary data.
    argnums : int or tuple of int, optional
        Positional arguments to differentiate: Tensors, or trees of them.
    has_aux : bool, optional
        Whether the function returns ``(value, auxiliary data)``; the answer is then ``(gradient, auxiliary data)``.

    Returns
    -------
    callable
        Called like the function; returns the gradient, a tuple of gradients for a tuple of `argnums`.

    Raises
    ------
    RuntimeError
        At a call, if the value is not a Tensor of one number.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.func.grad(jt.func.grad(jt.sin))(jt.tensor(0.5))
    tensor(-0.4794)
    """
    made = transforms.grad(_checked_scalar(func, "grad_and_value", has_aux), argnums, has_aux)

    def gradient(*args, **kwargs):
        found = made(*args, **kwargs)
        return (_conjugated(found[0]), found[1]) if has_aux else _conjugated(found)

    return gradient


def grad_and_value(func: Callable[..., Any], argnums: int | Sequence[int] = 0, has_aux: bool = False) -> Callable[..., Any]:
    """Make the function that computes gradient and value of a function with one number as its value.

    Parameters
    ----------
    func : callable
        Takes Tensors; returns a Tensor of one number, or a tuple of it and auxiliary data.
    argnums : int or tuple of int, optional
        Positional arguments to differentiate.
    has_aux : bool, optional
        Whether the function returns ``(value, auxiliary data)``.

    Returns
    -------
    callable
        Called like the function; returns ``(gradient, value)``, or ``(gradient, (value, auxiliary data))``.

    Raises
    ------
    RuntimeError
        At a call, if the value is not a Tensor of one number.
    """
    made = transforms.value_and_grad(_checked_scalar(func, "grad_and_value", has_aux), argnums, has_aux)

    def both(*args, **kwargs):
        value, gradient = made(*args, **kwargs)
        return _conjugated(gradient), value

    return both


def vjp(func: Callable[..., Any], *primals: Any, has_aux: bool = False) -> tuple[Any, ...]:
    """Compute a function, and the function of cotangents that multiplies them by its Jacobian.

    Parameters
    ----------
    func : callable
        Takes the primals; returns Tensors, or a tree of them.
    *primals : Tensor or tree of Tensors
        Where the function is computed.
    has_aux : bool, optional
        Whether the function returns ``(value, auxiliary data)``.

    Returns
    -------
    value : tree
        What the function returned.
    vjp_fn : callable
        ``vjp_fn(cotangents)`` returns a tuple of the products, one a primal.
    aux : object
        The auxiliary data, if `has_aux`.

    Examples
    --------
    >>> import jittape as jt
    >>> value, pull_back = jt.func.vjp(jt.sin, jt.tensor(0.0))
    >>> pull_back(jt.tensor(2.0))
    (tensor(2.),)
    """
    value, pull_back, *aux = transforms.vjp(func, *primals, has_aux=has_aux)

    def vjp_fn(cotangents, retain_graph=True, create_graph=None):
        return _conjugated(pull_back(_conjugated(cotangents)))

    return (value, vjp_fn, *aux)


def jvp(
    func: Callable[..., Any], primals: tuple[Any, ...], tangents: tuple[Any, ...], *, strict: bool = False, has_aux: bool = False
) -> tuple[Any, ...]:
    """Compute a function and its derivative in a direction.

    Parameters
    ----------
    func : callable
        Takes the primals; returns Tensors, or a tree of them.
    primals, tangents : tuple
        Arguments, and a direction for each.
    strict : bool, optional
        Without effect here: what does not depend on the primals has a derivative of zeros.
    has_aux : bool, optional
        Whether the function returns ``(value, auxiliary data)``.

    Returns
    -------
    value : tree
        What the function returned.
    tangent : tree
        The derivative, of that form.
    aux : object
        The auxiliary data, if `has_aux`.

    Raises
    ------
    RuntimeError
        If primals and tangents are not tuples of one length and of equal shapes.
    """
    for name, given in (("primals", primals), ("tangents", tangents)):
        if not isinstance(given, tuple):
            raise RuntimeError(
                f"jvp(f, primals, tangents): Expected {name} to be a tuple. E.g. it should be valid to call f(*primals)."
            )
    if len(primals) != len(tangents):
        raise RuntimeError(
            "jvp(f, primals, tangents): Expected primals and tangents to have the same python structure: got "
            f"{len(primals)} primals and {len(tangents)} tangents"
        )
    return transforms.jvp(func, primals, tangents, has_aux)


def linearize(func: Callable[..., Any], *primals: Any) -> tuple[Any, Callable[..., Any]]:
    """Compute a function, and its derivative there as a linear function of tangents.

    Parameters
    ----------
    func : callable
        Takes the primals; returns Tensors, or a tree of them.
    *primals : Tensor or tree of Tensors
        Where the function is computed.

    Returns
    -------
    value : tree
        What the function returned.
    jvp_fn : callable
        ``jvp_fn(*tangents)`` is the derivative in that direction; the function is not run again.
    """
    return transforms.linearize(func, *primals)


def jacrev(
    func: Callable[..., Any],
    argnums: int | Sequence[int] = 0,
    *,
    has_aux: bool = False,
    chunk_size: int | None = None,
    _preallocate_and_copy: bool = False,
) -> Callable[..., Any]:
    """Make the function that computes a Jacobian by reverse sweeps.

    Parameters
    ----------
    func : callable
        Takes Tensors; returns Tensors, or a tree of them.
    argnums : int or tuple of int, optional
        Positional arguments to differentiate.
    has_aux : bool, optional
        Whether the function returns ``(value, auxiliary data)``.
    chunk_size : int, optional
        Without effect here: the lanes of a sweep are as many as fit the cache.
    _preallocate_and_copy : bool, optional
        Without effect here.

    Returns
    -------
    callable
        Called like the function; returns the Jacobian, of the shape of the value and that of the argument.
    """
    return transforms.jacrev(func, argnums, has_aux)


def jacfwd(
    func: Callable[..., Any], argnums: int | Sequence[int] = 0, has_aux: bool = False, *, randomness: str = "error"
) -> Callable[..., Any]:
    """Make the function that computes a Jacobian by tangent sweeps.

    Parameters
    ----------
    func : callable
        Takes Tensors; returns Tensors, or a tree of them.
    argnums : int or tuple of int, optional
        Positional arguments to differentiate.
    has_aux : bool, optional
        Whether the function returns ``(value, auxiliary data)``.
    randomness : {"error", "different", "same"}, optional
        Without effect here: the function runs once, so there is one draw for all columns.

    Returns
    -------
    callable
        Called like the function; returns the Jacobian, of the shape of the value and that of the argument.
    """
    _checked_randomness(randomness)
    return transforms.jacfwd(func, argnums, has_aux)


def hessian(func: Callable[..., Any], argnums: int | Sequence[int] = 0) -> Callable[..., Any]:
    """Make the function that computes second derivatives: the Jacobian of the Jacobian, whatever shape the value has.

    Parameters
    ----------
    func : callable
        Takes Tensors; returns a Tensor.
    argnums : int or tuple of int, optional
        Positional arguments to differentiate.

    Returns
    -------
    callable
        Called like the function; returns second derivatives, of the shape of the value and those of two arguments.
    """
    return transforms.jacfwd(transforms.jacrev(func, argnums), argnums)


# --- vmap ---------------------------------------------------------------------------------------------------------


def vmap(
    func: Callable[..., Any], in_dims: Any = 0, out_dims: Any = 0, randomness: str = "error", *, chunk_size: int | None = None
) -> Callable[..., Any]:
    """Make a function of one example a function of a batch.

    Parameters
    ----------
    func : callable
        Takes Tensors, or trees of them; returns Tensors, or a tree of them.
    in_dims : int or tree of (int or None), optional
        The batch axis of every argument, or of parts of it; None for what is the same for all examples.
    out_dims : int or tree of (int or None), optional
        Where the batch axis is in the results.
    randomness : {"error", "different", "same"}, optional
        Whether random numbers are refused, drawn for every example, or drawn once for all.
    chunk_size : int, optional
        Number of examples that are done side by side.

    Returns
    -------
    callable
        Called like the function, with batches.

    Raises
    ------
    RuntimeError
        If `randomness` is something else; at a call, if random numbers are drawn and it is "error".
    ValueError
        At a call, if axes do not fit the arguments.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.func.vmap(jt.dot)(jt.ones(3, 2), jt.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))
    tensor([ 3.,  7., 11.])
    """
    _checked_randomness(randomness)
    if chunk_size is not None and chunk_size < 1:
        raise ValueError(f"vmap: chunk_size should be None or greater than 0. (got {chunk_size})")
    return _Batched(func, in_dims, out_dims, randomness, chunk_size)


class _Batched:
    """What `vmap` returns."""

    def __init__(self, function, in_dims, out_dims, randomness, chunk_size):
        self.function, self.in_dims, self.out_dims = function, in_dims, out_dims
        self.randomness, self.chunk_size = randomness, chunk_size
        self.__name__ = getattr(function, "__name__", type(function).__name__)

    def __call__(self, *args, **kwargs):
        if isinstance(self.in_dims, (tuple, list)) and len(self.in_dims) != len(args):
            raise ValueError(
                f"vmap({self.__name__}, in_dims={self.in_dims}, ...)(<inputs>): in_dims is not compatible with the structure of "
                f"`inputs`. in_dims has {len(self.in_dims)} entries but there are {len(args)} inputs."
            )
        leaves, structure = flatten((args, kwargs))
        axes = self._axes(args) + [0 if isinstance(v, Tensor) else None for v in flatten(kwargs)[0]]
        self._check(leaves, axes)
        given = [leaf for leaf, axis in zip(leaves, axes) if axis is not None]
        with _DRAWS[self.randomness]() as before:
            one = self._one_example(structure, axes, leaves, before)
            batch = VmapFunction(one, tuple([axis for axis in axes if axis is not None]), self.chunk_size, warns=False)
            answer = batch(*given) if self.randomness == "error" else batch.one_by_one(given)
        return self._placed(answer)

    def _axes(self, args):
        """The batch axis of every leaf of the arguments."""
        dims, found = self.in_dims, []
        dims = [dims] * len(args) if not isinstance(dims, (tuple, list)) else dims
        for arg, dim in zip(args, dims):
            leaves, structure = flatten(arg)
            if dim is None or isinstance(dim, int):
                found += [dim] * len(leaves)
            else:
                found += flatten_like(structure, dim, f"vmap({self.__name__}, in_dims={self.in_dims}, ...)(<inputs>): in_dims")
        return found

    def _check(self, leaves, axes):
        """Raise unless the leaves have their batch axes, and these one length."""
        lengths, where = set(), f"vmap({self.__name__}, in_dims={self.in_dims}, ...)(<inputs>)"
        for leaf, axis in zip(leaves, axes):
            if axis is None:
                continue
            if not isinstance(leaf, Tensor):
                raise ValueError(
                    f"{where}: Got in_dim={axis} for an input but the input is of type {type(leaf)}. We cannot vmap over "
                    "non-Tensor arguments, please use None as the respective in_dim"
                )
            if not -leaf.ndim <= axis < leaf.ndim:
                raise ValueError(
                    f"{where}: Got in_dim={axis} for some input, but that input is a Tensor of dimensionality {leaf.ndim} so "
                    f"expected in_dim to satisfy -{leaf.ndim} <= in_dim < {leaf.ndim}."
                )
            lengths.add(leaf.shape[axis])
        if not lengths:
            raise ValueError(f"{where}: expected `in_dims` to name a batch axis of at least one input")
        if len(lengths) > 1:
            raise ValueError(
                f"vmap: Expected all tensors to have the same size in the mapped dimension, got sizes {sorted(lengths)} for "
                "the mapped dimension"
            )

    def _one_example(self, structure, axes, leaves, before):
        """The function of the parts of one example that have a batch axis."""

        def one(*parts):
            before()
            rest = iter(parts)
            args, kwargs = unflatten(structure, [leaf if a is None else next(rest) for a, leaf in zip(axes, leaves)])
            return self.function(*args, **kwargs)

        return one

    def _placed(self, answer):
        """The results with their batch axes where they are asked for."""
        results, structure = flatten(answer)
        dims = self.out_dims
        if dims is None or isinstance(dims, int):
            dims = [dims] * len(results)
        else:
            dims = flatten_like(structure, dims, f"vmap({self.__name__}, ..., out_dims={dims})")
        return unflatten(structure, [_moved(y, dim) for y, dim in zip(results, dims)])


def _moved(y, dim):
    """A result with its batch axis, the first, somewhere else; without one, it is what the first example has."""
    return y[0] if dim is None else y if dim == 0 else movedim(y, 0, dim)


def _checked_randomness(randomness):
    if randomness not in _DRAWS:
        raise RuntimeError(f"Only allowed values for randomness are 'error', 'different', or 'same'. Got {randomness}")


@contextlib.contextmanager
def _different():
    yield lambda: None


_DRAWS = {"error": without_draws, "different": _different, "same": same_draws}
