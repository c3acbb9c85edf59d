"""What NumPy refuses to write to is refused under transforms, and what it takes is taken."""

import numpy as np
import pytest

import jittape as jt

windows = np.lib.stride_tricks.sliding_window_view


def marked(x):
    x.flags.writeable = False
    return x


def marked_by_method(x):
    x.setflags(write=False)
    return x


def marked_by_name(x):
    x.flags["WRITEABLE"] = False
    return x


def allowed_again(x):
    marked(x).flags.writeable = True
    return x


# Arrays made of a matrix; those of the first table cannot be written to.
REFUSED = {
    "marked": marked,
    "marked by a method": marked_by_method,
    "marked by name": marked_by_name,
    "diagonal": np.diagonal,
    "method diagonal": lambda a: a.diagonal(1),
    "diag": np.diag,
    "broadcast": lambda a: np.broadcast_to(a, (2, 3, 3)),
    "windows": lambda a: windows(a, 2, axis=0),
    "slice of a diagonal": lambda a: np.diagonal(a)[1:],
    "steps": lambda a: marked(a)[::2, ::-1],
    "row": lambda a: marked(a)[1],
    "transposed": lambda a: marked(a).T,
    "reshaped": lambda a: marked(a).reshape(-1),
    "view": lambda a: marked(a).view(),
    "new axis": lambda a: marked(a)[None],
    "of zeros": lambda a: a.imag,
}
TAKEN = {
    "copy": lambda a: np.diagonal(a).copy(),
    "result": lambda a: np.diagonal(a) * 1.0,
    "by positions": lambda a: marked(a)[[0, 1]],
    "masked": lambda a: marked(a)[np.eye(3) > 0],
    "flattened": lambda a: marked(a).flatten(),
    "viewed before": lambda a: (a[1:], marked(a))[0],
    "windows that are asked for": lambda a: windows(a, 2, axis=0, writeable=True)[:1],
    "allowed again": allowed_again,
    "row of a matrix": lambda a: a[0],
}


def put(y):
    y[...] = 0.5


def double(y):
    y *= 2.0


def add_into(y):
    np.add(y, 1.0, out=y)


WRITES = {
    "put": put,
    "double": double,
    "out": add_into,
    "fill": lambda y: y.fill(0.5),
    "copyto": lambda y: np.copyto(y, 0.5),
    "flat": lambda y: y.flat.__setitem__(0, 0.5),
}


def outcome(made, write, x):
    a = x * 2.0
    y = made(a)
    before = y.flags.writeable
    try:
        write(y)
    except ValueError as error:
        assert "read-only" in str(error)
        return np.sum(a) + np.sum(y), False, before
    return np.sum(a * a) + np.sum(y), True, before


@pytest.mark.parametrize("made", [*REFUSED, *TAKEN])
def test_writes(made):
    x, make = np.arange(9.0).reshape(3, 3) + 1.0, (REFUSED | TAKEN)[made]
    for name, write in WRITES.items():
        seen = []

        def function(x, write=write, seen=seen):
            value, *found = outcome(make, write, x)
            seen[:] = found
            return value

        expected, taken, before = outcome(make, write, x)
        assert (taken, before) == (made in TAKEN,) * 2
        assert jt.value_and_grad(function)(x)[0] == expected and seen == [taken, before], name


def test_under_compile_and_vmap():
    def function(x):
        a = x * 2.0
        try:
            np.diagonal(a)[0] = 5.0
        except ValueError:
            return np.sum(a)
        return 0.0 * a[0, 0]

    x = np.arange(9.0).reshape(3, 3)
    assert jt.compile(function)(x) == 72.0
    assert jt.vmap(function)(np.stack([x, x])).tolist() == [72.0, 72.0]


def test_numbers_and_flags_of_memory():
    def function(x):
        assert (
            not x[0].flags.writeable
            and x.flags.writeable
            and x.flags["W"]
            and x.flags.carray
            and "WRITEABLE : True" in repr(x.flags)
        )
        marked(x)
        assert not x.flags.behaved and not x.flags["CA"] and x.flags.c_contiguous and x.flags["F"]
        with pytest.raises(AttributeError, match="aligned"):
            x.flags.aligned = False
        return x.sum()

    assert jt.grad(function)(np.ones(2)).tolist() == [1.0, 1.0]


def test_tensors_have_no_such_flag():
    x = jt.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    y = x * 1.0
    jt.diagonal(y)[0] = 5.0
    assert y.tolist() == [[5.0, 2.0], [3.0, 4.0]]
