"""What programs refuse."""


class TraceError(RuntimeError):
    """A function that cannot be replayed as it is written."""
