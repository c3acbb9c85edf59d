"""Statics that are records: objects with fields that are statics themselves, which files of programs know by name."""

RECORDS = {}  # name -> (class, what gives the fields of an object, what makes an object of its fields)


def static_record(kind, fields=tuple, make=None):
    """Declare a class as a static of operations, so that programs with it can be saved.

    Parameters
    ----------
    kind : class
        By default a named tuple.
    fields : callable
        The fields of an object, as a tuple.
    make : callable
        Makes the object of the fields; it gets them from files, so it raises where they are none.
    """
    known = RECORDS.setdefault(kind.__name__, (kind, fields, make or kind))
    if known[0] is not kind:
        raise ValueError(f"two records of the name {kind.__name__!r}: files could not tell them apart")
    return kind
