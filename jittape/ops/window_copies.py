"""Windows of images, copied side by side and added back: loops for the kernels of ``correlations``.

The windows of a group of an image, side by side, are a matrix with a row for each of its numbers and a column for each place.
``p`` are the integers of a `WindowShape`.
"""

from ..numba_backend.decorators import helper

N, C, H, W, F, KH, KW, SH, SW, PH, PW, DH, DW, G, YH, YW = range(16)


@helper
def _first_and_last(step, padding, shift, length, places):
    """The places from where to where a number of a window lies in the image and not in its padding."""
    if step == 1:  # two divisions of integers took as long as copying a row
        first, last = max(padding - shift, 0), min(length + padding - shift, places)
    else:
        first = max((padding - shift + step - 1) // step, 0)
        last = min((length - 1 + padding - shift) // step + 1, places)
    return min(first, places), max(last, min(first, places))


# Runs are as long as a row of features, often 8 or 24 numbers. The compiler tests at the start of a loop over them whether its
# vectors may run, which takes longer than the loop; eight numbers that are read before one is written need no test. And they are
# windows of addresses: slices, whose bounds are tested, took two to three times as long.


@helper
def _copy_run(at, item, out, x, n, step):
    """Copy n numbers, of which x has one every few places."""
    done = 0
    if step == 1:
        done = n // 8 * 8
        for b in range(0, done, 8):
            v, o = at(x + item * b, 8), at(out + item * b, 8)
            v0, v1, v2, v3, v4, v5, v6, v7 = v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]
            o[0], o[1], o[2], o[3], o[4], o[5], o[6], o[7] = v0, v1, v2, v3, v4, v5, v6, v7
    if done < n:
        v, o = at(x, (n - 1) * step + 1), at(out, n)
        for b in range(done, n):
            o[b] = v[b * step]


@helper
def _add_run(at, item, out, x, n, step):
    """Add n numbers to `out`, to one every few places."""
    done = 0
    if step == 1:
        done = n // 8 * 8
        for b in range(0, done, 8):
            v, o = at(x + item * b, 8), at(out + item * b, 8)
            v0, v1, v2, v3 = v[0] + o[0], v[1] + o[1], v[2] + o[2], v[3] + o[3]
            v4, v5, v6, v7 = v[4] + o[4], v[5] + o[5], v[6] + o[6], v[7] + o[7]
            o[0], o[1], o[2], o[3], o[4], o[5], o[6], o[7] = v0, v1, v2, v3, v4, v5, v6, v7
    if done < n:
        v, o = at(x, n), at(out, (n - 1) * step + 1)
        for b in range(done, n):
            o[b * step] += v[b]


@helper
def gather_windows(p, at, item, x, cols):
    """Copy the windows of a group of an image side by side; both are addresses."""
    n = p[YH] * p[YW]
    for c in range(p[C] // p[G]):
        for i in range(p[KH]):
            top, bottom = _first_and_last(p[SH], p[PH], i * p[DH], p[H], p[YH])
            line = x + item * (c * p[H] + top * p[SH] + i * p[DH] - p[PH]) * p[W]
            for j in range(p[KW]):
                left, right = _first_and_last(p[SW], p[PW], j * p[DW], p[W], p[YW])
                if top > 0 or bottom < p[YH] or left > 0 or right < p[YW]:
                    values = at(cols, n)
                    for k in range(n):
                        values[k] = 0
                source, out = line + item * (left * p[SW] + j * p[DW] - p[PW]), cols + item * (top * p[YW] + left)
                for _ in range(top, bottom):
                    _copy_run(at, item, out, source, right - left, p[SW])
                    source += item * p[SH] * p[W]
                    out += item * p[YW]
                cols += item * n


@helper
def scatter_windows(p, at, item, cols, x):
    """Add windows that lie side by side to a group of an image; both are addresses."""
    n = p[YH] * p[YW]
    for c in range(p[C] // p[G]):
        for i in range(p[KH]):
            top, bottom = _first_and_last(p[SH], p[PH], i * p[DH], p[H], p[YH])
            line = x + item * (c * p[H] + top * p[SH] + i * p[DH] - p[PH]) * p[W]
            for j in range(p[KW]):
                left, right = _first_and_last(p[SW], p[PW], j * p[DW], p[W], p[YW])
                out, source = line + item * (left * p[SW] + j * p[DW] - p[PW]), cols + item * (top * p[YW] + left)
                for _ in range(top, bottom):
                    _add_run(at, item, out, source, right - left, p[SW])
                    out += item * p[SH] * p[W]
                    source += item * p[YW]
                cols += item * n
