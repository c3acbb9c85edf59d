"""PyTorch's words for devices, of which there is one, and for dtypes that there are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any


class Device:
    """A device: there is the CPU only.

    Parameters
    ----------
    type : str or Device
        "cpu", with or without a number behind a colon.
    index : int, optional
        The number.

    Attributes
    ----------
    type : str
        Always "cpu".
    index : int or None
        The number.

    Raises
    ------
    RuntimeError
        If it is another device.
    """

    __slots__ = ("type", "index")

    def __init__(self, type: Any, index: int | None = None) -> None:
        name, _, number = str(type).partition(":")
        if name != "cpu":
            raise RuntimeError(f"got device {type!r}, expected 'cpu': jittape computes on the CPU")
        self.type, self.index = name, int(number) if number else index

    def __str__(self) -> str:
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __repr__(self) -> str:
        return f"device(type={self.type!r})" if self.index is None else f"device(type={self.type!r}, index={self.index})"

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other) if isinstance(other, (Device, str)) else NotImplemented

    def __hash__(self) -> int:
        return hash(str(self))


class NoAccelerator:
    """PyTorch's namespace of a kind of accelerator, of which there is none here.

    Parameters
    ----------
    name : str
        The kind.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def is_available(self) -> bool:
        """Whether there is one.

        Returns
        -------
        bool
            False.
        """
        return False

    is_built = is_available

    def device_count(self) -> int:
        """Number of these devices.

        Returns
        -------
        int
            0.
        """
        return 0

    def current_accelerator(self) -> None:
        """The accelerator in use, which is None."""

    def manual_seed(self, seed: int) -> None:
        """Do nothing: there is no such generator.

        Parameters
        ----------
        seed : int
            The seed.
        """

    manual_seed_all = manual_seed

    def empty_cache(self) -> None:
        """Do nothing: there is no such memory."""

    def __repr__(self) -> str:
        return f"<{self._name}: not available>"


class Backends:
    """PyTorch's namespace of backends, none of which is available."""

    def __init__(self) -> None:
        self.cuda, self.mps, self.cudnn = NoAccelerator("cuda"), NoAccelerator("mps"), NoAccelerator("cudnn")


class UnsupportedDType:
    """A dtype of PyTorch's in which nothing is computed here; whatever takes it raises.

    Parameters
    ----------
    name : str
        The dtype.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def dtype(self) -> Any:
        raise TypeError(
            f"{self.name} is not supported: got it as a dtype, expected float32 or float64: there are no numbers of 16 bits here"
        )

    def __repr__(self) -> str:
        return f"jittape.{self.name}"
