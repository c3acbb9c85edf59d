"""The functions of ``scipy.signal`` that have derivatives: convolutions, and filters along an axis.

Of plain arrays they are SciPy's own. Convolutions are sums over windows, or products of Fourier transforms where SciPy's are.
"""

import numpy as np
import scipy.signal as _theirs
from scipy.fft import next_fast_len as _next_fast_len

from ..ops.recursive_filters import recursive_filter_values as _recursive_filter_values
from .following import followers_of as _followers_of, must_be_default as _must_be_default, ready as _ready, names_of as _names_of

_followed = _followers_of(_theirs)
_MODES = ("full", "same", "valid")
_BOUNDARIES = {
    "fill": "constant",
    "pad": "constant",
    "wrap": "wrap",
    "circular": "wrap",
    "symm": "symmetric",
    "symmetric": "symmetric",
}


# --- convolutions -----------------------------------------------------------------------------------------------------------


def _laid_upon(padded, kernel, axes):
    """The sums over windows of a kernel, of which other axes are broadcast."""
    if len(axes) == padded.ndim:
        windows = np.lib.stride_tricks.sliding_window_view(padded, tuple(kernel.shape), tuple(axes))
        return np.matmul(windows, kernel) if padded.ndim == 1 else np.tensordot(windows, kernel, padded.ndim)
    lengths = [kernel.shape[k] for k in axes]
    windows = np.lib.stride_tricks.sliding_window_view(padded, tuple(lengths), tuple(axes))
    rest = [k for k in range(padded.ndim) if k not in axes]
    kernel = np.reshape(
        np.transpose(kernel, rest + axes), [kernel.shape[k] if k in rest else 1 for k in range(padded.ndim)] + lengths
    )
    return np.sum(windows * kernel, tuple(range(-len(axes), 0)))


def _with_edges(x, lengths, axes, boundary="constant", value=0):
    """An array with one element less than a kernel has, on either side."""
    pads = [(0, 0)] * x.ndim
    for k in axes:
        pads[k] = (lengths[k] - 1,) * 2
    return np.pad(x, pads, boundary, **({"constant_values": value} if boundary == "constant" else {}))


def _turned_round(h):
    """The kernel with which a convolution is a correlation."""
    return np.flip(np.conjugate(h) if h.dtype.kind == "c" else h)


def _middle(x, lengths, axes, later):
    """The part in the middle that has some lengths; of two that are, the first or the later one."""
    for k in axes:
        first = (x.shape[k] - lengths[k] + later) // 2
        x = x[(slice(None),) * k + (slice(first, first + lengths[k]),)]
    return x


def _by_transforms(x, h, axes):
    """The full convolution along some axes, by Fourier transforms; other axes are broadcast."""
    lengths = [x.shape[k] + h.shape[k] - 1 for k in axes]
    there, back = (np.fft.fftn, np.fft.ifftn) if x.dtype.kind == "c" else (np.fft.rfftn, np.fft.irfftn)
    fast = [_next_fast_len(n, x.dtype.kind != "c") for n in lengths]
    found = back(there(x, fast, axes) * there(h, fast, axes), fast, axes)
    for k, n in zip(axes, lengths):
        found = found[(slice(None),) * k + (slice(0, n),)]
    return found


def _convolved(name, x, h, mode, axes=None, boundary="constant", value=0, by_transforms=False):
    if x.ndim != h.ndim:
        raise ValueError(f"scipy.signal.{name}: got arrays of {x.ndim} and {h.ndim} axes, expected as many")
    if mode not in _MODES:
        raise ValueError(f"acceptable mode flags are 'valid', 'same', or 'full': got {mode!r}")
    axes = list(range(x.ndim)) if axes is None else sorted(k % x.ndim for k in np.atleast_1d(axes).tolist())
    if not x.ndim:
        return x * h
    if not x.size or not h.size:
        return np.zeros(0, x.dtype)
    lengths = tuple(x.shape)
    if mode == "valid" and any(h.shape[k] > x.shape[k] for k in axes):
        if any(h.shape[k] < x.shape[k] for k in axes):
            raise ValueError("For 'valid' mode, one must be at least as large as the other in every dimension")
        x, h = h, x
    if by_transforms:
        full = _by_transforms(x, h, axes)
        if mode == "valid":
            lengths = [x.shape[k] - h.shape[k] + 1 if k in axes else full.shape[k] for k in range(x.ndim)]
        return full if mode == "full" else _middle(full, lengths, axes, False)
    padded = x if mode == "valid" else _with_edges(x, h.shape, axes, boundary, value)
    found = _laid_upon(padded, np.flip(h, tuple(axes)), axes)
    return _middle(found, lengths, axes, name == "correlate2d") if mode == "same" else found


def _is_by_transforms(x, h, mode, method):
    """Whether SciPy convolves arrays of these shapes by Fourier transforms."""
    if method == "auto" and x.ndim == h.ndim and x.size and h.size:
        method = _theirs.choose_conv_method(np.zeros(tuple(x.shape)), np.zeros(tuple(h.shape)), mode)
    return method == "fft"


@_followed
def convolve(in1, in2, mode="full", method="auto"):
    x, h = _ready(in1, in2)
    return _convolved("convolve", x, h, mode, by_transforms=_is_by_transforms(x, h, mode, method))


@_followed
def fftconvolve(in1, in2, mode="full", axes=None):
    return _convolved("fftconvolve", *_ready(in1, in2), mode, axes, by_transforms=True)


@_followed
def oaconvolve(in1, in2, mode="full", axes=None):
    return _convolved("oaconvolve", *_ready(in1, in2), mode, axes, by_transforms=True)


@_followed
def correlate(in1, in2, mode="full", method="auto"):
    x, h = _ready(in1, in2)
    return _convolved("correlate", x, _turned_round(h), mode, by_transforms=_is_by_transforms(x, h, mode, method))


@_followed
def convolve2d(in1, in2, mode="full", boundary="fill", fillvalue=0):
    return _in_two_dimensions("convolve2d", in1, in2, mode, boundary, fillvalue)


@_followed
def correlate2d(in1, in2, mode="full", boundary="fill", fillvalue=0):
    return _in_two_dimensions("correlate2d", in1, in2, mode, boundary, fillvalue)


def _in_two_dimensions(name, x, h, mode, boundary, value):
    x, h = _ready(x, h)
    if x.ndim != 2 or h.ndim != 2:
        raise ValueError(f"{name} inputs must both be 2-D arrays")
    if boundary not in _BOUNDARIES:
        raise ValueError(f"Acceptable boundary flags are 'fill', 'circular' (or 'wrap'), and 'symmetric': got {boundary!r}")
    h = _turned_round(h) if name == "correlate2d" else h
    return _convolved(name, x, h, mode, None, _BOUNDARIES[boundary], value)


# --- filters ----------------------------------------------------------------------------------------------------------------


def _normalised(b, a):
    """Coefficients of as many delays on both sides, the first of the outputs' being 1."""
    b, a = np.atleast_1d(b), np.atleast_1d(a)
    b, a = b / a[0], a / a[0]
    n = max(b.shape[0], a.shape[0])
    b, a = (np.concatenate([c, np.zeros(n - c.shape[0], c.dtype)]) for c in (b, a))
    return b, a


def _filtered(b, a, x, state):
    """The outputs along the last axis, and the state after them: what inputs and outputs add to those that come."""
    b, a = _normalised(b, a)
    delays, n = b.shape[0] - 1, x.shape[-1]
    ends = tuple(x.shape[:-1]) + (delays,)
    longer = np.concatenate([np.zeros(ends, x.dtype), x], -1)
    moved = np.matmul(np.lib.stride_tricks.sliding_window_view(longer, delays + 1, -1), np.flip(b))
    rest = np.zeros(ends, x.dtype)
    if state is not None and delays:
        added = np.concatenate([np.broadcast_to(state, ends), np.zeros(tuple(x.shape[:-1]) + (n,), x.dtype)], -1)
        moved, rest = moved + added[..., :n], added[..., n:]
    y = _recursive_filter_values.apply(a[1:], moved) if delays else moved
    if not delays:
        return y, rest
    earlier = np.concatenate([np.zeros(ends, x.dtype), y], -1)
    after = []
    for k in range(delays):  # what comes k places after the end
        last = n + k  # in arrays with zeros before them
        terms = [b[i] * longer[..., last + delays - i] - a[i] * earlier[..., last + delays - i] for i in range(k + 1, delays + 1)]
        after.append(sum(terms))
    return y, np.stack(after, -1) + rest


def _along(axis, x, *others):
    return [np.moveaxis(v, axis, -1) for v in (x, *others)]


@_followed
def lfilter(b, a, x, axis=-1, zi=None):
    if zi is None:
        b, a, x = _ready(b, a, x)
        return np.moveaxis(_filtered(b, a, np.moveaxis(x, axis, -1), None)[0], -1, axis)
    b, a, x, zi = _ready(b, a, x, zi)
    y, after = _filtered(b, a, *_along(axis, x, zi))
    return np.moveaxis(y, -1, axis), np.moveaxis(after, -1, axis)


@_followed
def lfilter_zi(b, a):
    b, a = _normalised(*_ready(b, a))
    n = b.shape[0]
    shifted = np.eye(n - 1, k=1)[: n - 1] if n > 1 else np.zeros((0, 0))
    system = np.eye(n - 1) - shifted + np.concatenate([a[1:, None], np.zeros((n - 1, n - 2))], 1) if n > 1 else shifted
    return np.linalg.solve(system, b[1:] - a[1:] * b[0])


def _sections(sos):
    if sos.ndim != 2 or sos.shape[1] != 6:
        raise ValueError(f"sos array must be shape (n_sections, 6): got {tuple(sos.shape)}")
    return sos


@_followed
def sosfilt(sos, x, axis=-1, zi=None):
    sos, x, *states = _ready(sos, x) if zi is None else _ready(sos, x, zi)
    y, after = np.moveaxis(x, axis, -1), []
    for k, section in enumerate(_sections(sos)):
        state = np.moveaxis(states[0][k], axis, -1) if states else np.zeros(tuple(y.shape[:-1]) + (2,), y.dtype)
        y, rest = _filtered(section[:3], section[3:], y, state)
        after.append(np.moveaxis(rest, -1, axis))
    y = np.moveaxis(y, -1, axis)
    return (y, np.stack(after)) if states else y


@_followed
def sosfilt_zi(sos):
    (sos,) = _ready(sos)
    scale, found = 1.0, []
    for section in _sections(sos):
        found.append(scale * lfilter_zi(section[:3], section[3:]))
        scale = scale * np.sum(section[:3]) / np.sum(section[3:])
    return np.stack(found)


def _lengthened(x, padtype, n):
    """Signals that go on beyond both ends, as `filtfilt` takes them."""
    if padtype is None or not n:
        return x
    if x.shape[-1] <= n:
        raise ValueError(f"The length of the input vector x must be greater than padlen, which is {n}.")
    first, last = x[..., 1 : n + 1][..., ::-1], x[..., -n - 1 : -1][..., ::-1]
    if padtype == "odd":
        first, last = 2.0 * x[..., :1] - first, 2.0 * x[..., -1:] - last
    elif padtype == "constant":
        first, last = first * 0.0 + x[..., :1], last * 0.0 + x[..., -1:]
    elif padtype != "even":
        raise ValueError(f"Unknown value '{padtype}' given to padtype. padtype must be 'even', 'odd', 'constant', or None.")
    return np.concatenate([first, x, last], -1)


def _there_and_back(run, x, n):
    """A filter run forwards, then backwards; without the n elements that were added at the ends."""
    y = run(x)[..., ::-1]
    y = run(y)[..., ::-1]
    return y[..., n : y.shape[-1] - n] if n else y


@_followed
def filtfilt(b, a, x, axis=-1, padtype="odd", padlen=None, method="pad", irlen=None):
    _must_be_default("scipy.signal.filtfilt", method=(method, "pad"), irlen=(irlen, None))
    b, a, x = _ready(b, a, x)
    n = 3 * max(np.size(a), np.size(b)) if padlen is None else padlen
    n = 0 if padtype is None else n
    state = lfilter_zi(b, a)
    found = _there_and_back(
        lambda signals: _filtered(b, a, signals, state * signals[..., :1])[0],
        _lengthened(np.moveaxis(x, axis, -1), padtype, n),
        n,
    )
    return np.moveaxis(found, -1, axis)


@_followed
def detrend(data, axis=-1, type="linear", bp=0, overwrite_data=False):
    _must_be_default("scipy.signal.detrend", bp=(bp, 0))
    (x,) = _ready(data)
    x = np.moveaxis(x, axis, -1)
    if type not in ("linear", "l", "constant", "c"):
        raise ValueError(f"Trend type must be 'linear' or 'constant': got {type!r}")
    found = x - np.mean(x, -1, keepdims=True)
    if type in ("linear", "l"):
        t = np.arange(x.shape[-1]) - (x.shape[-1] - 1) / 2
        found = found - np.matmul(found, t)[..., None] * (t / np.sum(t * t))
    return np.moveaxis(found, -1, axis)


@_followed
def savgol_filter(x, window_length, polyorder, deriv=0, delta=1.0, axis=-1, mode="interp", cval=0.0):
    """A linear filter whose matrix is what SciPy's makes of the unit vectors."""
    (x,) = _ready(x)
    if x.dtype.kind == "c":
        raise TypeError(f"scipy.signal.savgol_filter: got {x.dtype}, expected real numbers: filter z.real and z.imag")
    x = np.moveaxis(x, axis, -1)
    zero = _theirs.savgol_filter(np.zeros(x.shape[-1]), window_length, polyorder, deriv, delta, -1, mode, cval)
    rows = _theirs.savgol_filter(np.eye(x.shape[-1]), window_length, polyorder, deriv, delta, -1, mode, cval) - zero
    return np.moveaxis(np.matmul(x, rows.astype(x.dtype)) + zero.astype(x.dtype), -1, axis)


__all__ = []  # follows from the functions above
__all__.extend(_names_of(globals()))


def __dir__():
    return __all__


def __getattr__(name):
    """What is not listed is SciPy's own, windows and designs of filters for example."""
    return getattr(_theirs, name)
