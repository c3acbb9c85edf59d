"""The order in which the axes of a result lie in memory: that of its operands, as NumPy keeps it."""

import functools


def strides_for(shape, strides, axes):
    """Strides of an operand for the last axes of a shape it is broadcast to: 0 along axes on which it does not move."""
    lead = (0,) * (axes - len(shape))
    return lead + tuple([0 if n == 1 else s for n, s in zip(shape, strides)])


@functools.lru_cache(4096)
def axis_order(operands):
    """The axes of an elementwise result from the outermost to the innermost in memory; None if that is row-major order.

    It is the order in which NumPy visits the elements (``order="K"``): axes are sorted by the strides of all operands, and those
    that these do not tell apart stay as they are.

    Parameters
    ----------
    operands : tuple of (shape, strides)
        Of those that have axes.

    Returns
    -------
    tuple of int or None
    """
    axes = max([len(shape) for shape, _ in operands], default=0)
    if axes < 2:
        return None
    rows = [strides_for(shape, strides, axes) for shape, strides in operands]
    order = list(range(axes - 1, -1, -1))  # from the innermost
    for k in range(1, axes):
        moved, place = order[k], k
        for j in range(k - 1, -1, -1):
            outer = is_outer(order[j], moved, rows)
            if outer is None:
                continue
            if not outer:
                break
            place = j
        order.insert(place, order.pop(k))
    order.reverse()
    return None if order == list(range(axes)) else tuple(order)


def is_outer(a, b, rows):
    """Whether axis a has larger strides than axis b; None if no operand tells them apart."""
    answer = None
    for strides in rows:
        s, t = abs(strides[a]), abs(strides[b])
        if s and t:
            if s <= t:
                answer = False
            elif answer is None:
                answer = True
    return answer
