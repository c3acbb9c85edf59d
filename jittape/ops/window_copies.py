"""Windows of images, copied side by side and added back: loops for the kernels of ``correlations``.

The windows of a group of an image, side by side, are a matrix with a row for each of its numbers and a column for each place.
``p`` are the integers of a `WindowShape`.
"""

from ..kernels.loops import clear_if
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
# vectors may run, which takes longer than the loop; eight numbers that are read before one is written need no test.


@helper
def _copy_run(out, x, k, j, n):
    """Copy n numbers of x from place j on to `out`, from place k on."""
    eights = n // 8 * 8
    for b in range(0, eights, 8):
        v, o = x[j + b : j + b + 8], out[k + b : k + b + 8]
        v0, v1, v2, v3, v4, v5, v6, v7 = v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]
        o[0], o[1], o[2], o[3], o[4], o[5], o[6], o[7] = v0, v1, v2, v3, v4, v5, v6, v7
    for b in range(eights, n):
        out[k + b] = x[j + b]


@helper
def _add_run(out, x, k, j, n):
    """Add n numbers of x from place j on to `out`, from place k on."""
    eights = n // 8 * 8
    for b in range(0, eights, 8):
        v, o = x[j + b : j + b + 8], out[k + b : k + b + 8]
        v0, v1, v2, v3 = v[0] + o[0], v[1] + o[1], v[2] + o[2], v[3] + o[3]
        v4, v5, v6, v7 = v[4] + o[4], v[5] + o[5], v[6] + o[6], v[7] + o[7]
        o[0], o[1], o[2], o[3], o[4], o[5], o[6], o[7] = v0, v1, v2, v3, v4, v5, v6, v7
    for b in range(eights, n):
        out[k + b] += x[j + b]


@helper
def gather_windows(p, x, cols):
    """Copy the windows of a group of an image side by side."""
    n, row = p[YH] * p[YW], 0
    for c in range(p[C] // p[G]):
        for i in range(p[KH]):
            for j in range(p[KW]):
                top, bottom = _first_and_last(p[SH], p[PH], i * p[DH], p[H], p[YH])
                left, right = _first_and_last(p[SW], p[PW], j * p[DW], p[W], p[YW])
                out = cols[row * n : (row + 1) * n]
                row += 1
                if top > 0 or bottom < p[YH] or left > 0 or right < p[YW]:
                    clear_if(1, out, 0, n)
                for a in range(top, bottom):
                    start = (c * p[H] + a * p[SH] + i * p[DH] - p[PH]) * p[W] + j * p[DW] - p[PW]
                    if p[SW] == 1:
                        _copy_run(out, x, a * p[YW] + left, start + left, right - left)
                    else:
                        for b in range(left, right):
                            out[a * p[YW] + b] = x[start + b * p[SW]]


@helper
def scatter_windows(p, cols, x):
    """Add windows that lie side by side to a group of an image."""
    n, row = p[YH] * p[YW], 0
    for c in range(p[C] // p[G]):
        for i in range(p[KH]):
            for j in range(p[KW]):
                top, bottom = _first_and_last(p[SH], p[PH], i * p[DH], p[H], p[YH])
                left, right = _first_and_last(p[SW], p[PW], j * p[DW], p[W], p[YW])
                part = cols[row * n : (row + 1) * n]
                row += 1
                for a in range(top, bottom):
                    start = (c * p[H] + a * p[SH] + i * p[DH] - p[PH]) * p[W] + j * p[DW] - p[PW]
                    if p[SW] == 1:
                        _add_run(x, part, start + left, a * p[YW] + left, right - left)
                    else:
                        for b in range(left, right):
                            x[start + b * p[SW]] += part[a * p[YW] + b]
