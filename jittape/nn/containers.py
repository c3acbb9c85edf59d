"""Containers: modules that hold modules or parameters."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Generic, TypeVar

from ..tensors.tensor import Tensor
from .module import Module, indented
from .parameter import Parameter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from typing_extensions import Self

Item = TypeVar("Item")


class _Numbered(Module):
    """Base of the containers that keep their items in attributes "0", "1", ..."""

    def _items(self):
        return [v for name, v in vars(self).items() if name.isdigit()]

    def _put(self, items):
        for name in [n for n in vars(self) if n.isdigit()]:
            object.__delattr__(self, name)
        for k, item in enumerate(items):
            object.__setattr__(self, str(k), self._checked(item))

    def _checked(self, item):
        if not isinstance(item, Module):
            hint = "; write Sequential(*modules)" if isinstance(item, (list, tuple)) else ""
            raise TypeError(f"{type(item).__name__} is not a Module subclass: {type(self).__name__} holds modules{hint}")
        return item

    def __len__(self) -> int:
        return len(self._items())

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items())

    def __contains__(self, item: object) -> bool:
        return any(v is item for v in self._items())

    def __getitem__(self, index: Any) -> Any:
        items = self._items()
        if isinstance(index, slice):
            return self._of(items[index])
        try:
            return items[index]
        except IndexError:
            raise IndexError(f"index {index} is out of range: {type(self).__name__} has {len(items)} items") from None

    def __setitem__(self, index: Any, item: Any) -> None:
        items = self._items()
        items[index] = item
        self._put(items)

    def __delitem__(self, index: int | slice) -> None:
        items = self._items()
        del items[index]
        self._put(items)

    def append(self, item: Any) -> Self:
        """Add an item at the end.

        Parameters
        ----------
        item : Module or Parameter
            What the container holds.

        Returns
        -------
        Module
            This container.
        """
        object.__setattr__(self, str(len(self)), self._checked(item))
        return self

    def extend(self, items: Iterable[Any]) -> Self:
        """Add several items at the end.

        Parameters
        ----------
        items : iterable
            Of what the container holds.

        Returns
        -------
        Module
            This container.
        """
        for item in items:
            self.append(item)
        return self

    def insert(self, index: int, item: Any) -> None:
        """Insert an item before another.

        Parameters
        ----------
        index : int
            Position of the new item.
        item : Module or Parameter
            What the container holds.
        """
        items = self._items()
        items.insert(index, item)
        self._put(items)

    def _of(self, items):
        return type(self)(items)


class Sequential(_Numbered):
    """Chain of modules: each gets what the one before returned.

    Parameters
    ----------
    *modules : Module
        In their order; or one dict of names to modules.

    Examples
    --------
    >>> from jittape import nn
    >>> nn.Sequential(nn.Linear(2, 3), nn.Tanh())
    Sequential(
      (0): Linear(in_features=2, out_features=3, bias=True)
      (1): Tanh()
    )
    """

    def __init__(self, *modules: Module | dict[str, Module]) -> None:
        super().__init__()
        if len(modules) == 1 and isinstance(modules[0], dict):
            for name, module in modules[0].items():
                self.add_module(name, module)
        else:
            self.extend(modules)

    def _items(self):
        return [v for v in vars(self).values() if isinstance(v, Module)]

    def _of(self, items):
        return type(self)(*items)

    def forward(self, input: Any) -> Any:
        """Apply the modules one after the other.

        Parameters
        ----------
        input : Tensor
            Argument of the first module.

        Returns
        -------
        Tensor
            Result of the last module.
        """
        for module in vars(self).values():
            if isinstance(module, Module):
                input = module(input)
        return input


class ModuleList(_Numbered):
    """List of modules whose parameters are found.

    Parameters
    ----------
    modules : iterable of Module, optional
        First items.
    """

    def __init__(self, modules: Iterable[Module] = ()) -> None:
        super().__init__()
        self.extend(modules)

    def __repr__(self) -> str:
        lines, texts = [], [(name, repr(m)) for name, m in vars(self).items() if isinstance(m, Module)]
        for text, run in groupby(texts, key=lambda pair: pair[1]):  # equal neighbours are counted
            names = [name for name, _ in run]
            place = names[0] if len(names) == 1 else f"{names[0]}-{names[-1]}"
            lines.append(f"({place}): " + ("" if len(names) == 1 else f"{len(names)} x ") + indented(text))
        return f"{type(self).__name__}(" + "".join(f"\n  {line}" for line in lines) + ("\n)" if lines else ")")


class ParameterList(_Numbered):
    """List of parameters.

    Parameters
    ----------
    values : iterable of Parameter or Tensor, optional
        First items; tensors become parameters that share their memory.
    """

    def __init__(self, values: Iterable[Tensor] = ()) -> None:
        super().__init__()
        self.extend(values)

    def _checked(self, item):
        if isinstance(item, Parameter):
            return item
        if not isinstance(item, Tensor):
            raise TypeError(f"ParameterList holds parameters and tensors: got {type(item).__name__}")
        return Parameter(item)

    def __repr__(self) -> str:
        lines = [
            f"\n  ({k}): Parameter containing: [jittape.{p.dtype} of size {'x'.join(map(str, p.shape))}]"
            for k, p in enumerate(self)
        ]
        return "ParameterList(" + "".join(lines) + ("\n)" if lines else ")")


class _Named(Module, Generic[Item]):
    """Base of the containers that are dictionaries of items of one kind, which are attributes of their names."""

    _kind: type

    def update(self, items: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> None:
        """Add or replace items.

        Parameters
        ----------
        items : mapping or iterable of pairs
            Names and items.
        """
        for name, item in items.items() if hasattr(items, "items") else items:
            self[name] = item

    def __getitem__(self, name: str) -> Item:
        found = vars(self).get(name)
        if not isinstance(found, self._kind):
            raise KeyError(name)
        return found

    def __setitem__(self, name: str, item: Any) -> None:
        raise NotImplementedError

    def __delitem__(self, name: str) -> None:
        delattr(self, name)

    def __len__(self) -> int:
        return len(self.keys())

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __contains__(self, name: object) -> bool:
        return name in self.keys()

    def keys(self) -> list[str]:
        """Names of the items.

        Returns
        -------
        list of str
            In the order in which they were set.
        """
        return [name for name, v in vars(self).items() if isinstance(v, self._kind)]

    def values(self) -> list[Item]:
        """The items.

        Returns
        -------
        list of Module or Parameter
            In the order in which they were set.
        """
        return [self[name] for name in self.keys()]

    def items(self) -> list[tuple[str, Item]]:
        """Names and items.

        Returns
        -------
        list of tuple
            In the order in which they were set.
        """
        return [(name, self[name]) for name in self.keys()]


class ModuleDict(_Named[Module]):
    """Dictionary of modules whose parameters are found.

    Parameters
    ----------
    modules : mapping or iterable of pairs, optional
        First items.
    """

    _kind = Module

    def __init__(self, modules: Mapping[str, Module] | Iterable[tuple[str, Module]] = ()) -> None:
        super().__init__()
        self.update(modules)

    def __setitem__(self, name: str, item: Module) -> None:
        self.add_module(name, item)


class ParameterDict(_Named[Parameter]):
    """Dictionary of parameters.

    Parameters
    ----------
    parameters : mapping or iterable of pairs, optional
        First items; tensors become parameters that share their memory.
    """

    _kind = Parameter

    def __init__(self, parameters: Mapping[str, Tensor] | Iterable[tuple[str, Tensor]] | None = None) -> None:
        super().__init__()
        self.update(() if parameters is None else parameters)

    def __setitem__(self, name: str, item: Tensor) -> None:
        self.register_parameter(name, Parameter(item) if isinstance(item, Tensor) and type(item) is not Parameter else item)

    def extra_repr(self) -> str:
        return ", ".join([f"({name}): Parameter of size {list(p.shape)}" for name, p in self.items()])
