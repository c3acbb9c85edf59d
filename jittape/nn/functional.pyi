# Written by tools/make_stubs.py from the declarations. Change these, then run it again.

"""Activations, layers and losses as functions.

The loss functions are defined in `loss_functions` and exported from here as well.
"""

from collections.abc import Callable, Sequence
from typing import SupportsIndex, overload
from ..tensors.tensor import Tensor
from ..typing import DTypeLike, Lengths, TensorLike

__all__ = [
    "adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d", "adaptive_max_pool1d", "adaptive_max_pool2d",
    "adaptive_max_pool3d", "affine_grid", "alpha_dropout", "avg_pool1d", "avg_pool2d", "avg_pool3d", "batch_norm",
    "bilinear", "binary_cross_entropy", "binary_cross_entropy_with_logits", "celu", "channel_shuffle", "conv1d",
    "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d", "cosine_embedding_loss",
    "cosine_similarity", "cross_entropy", "ctc_loss", "dropout", "dropout1d", "dropout2d", "dropout3d", "elu",
    "embedding", "embedding_bag", "feature_alpha_dropout", "fold", "fractional_max_pool2d", "fractional_max_pool3d",
    "gaussian_nll_loss", "gelu", "glu", "grid_sample", "group_norm", "gumbel_softmax", "hardshrink", "hardsigmoid",
    "hardswish", "hardtanh", "hinge_embedding_loss", "huber_loss", "instance_norm", "interpolate", "kl_div", "l1_loss",
    "layer_norm", "leaky_relu", "linear", "local_response_norm", "log_softmax", "logsigmoid", "lp_pool1d", "lp_pool2d",
    "lp_pool3d", "margin_ranking_loss", "max_pool1d", "max_pool2d", "max_pool3d", "max_unpool1d", "max_unpool2d",
    "max_unpool3d", "mish", "mse_loss", "multi_margin_loss", "multilabel_margin_loss", "multilabel_soft_margin_loss",
    "nll_loss", "normalize", "one_hot", "pad", "pairwise_distance", "pdist", "pixel_shuffle", "pixel_unshuffle",
    "poisson_nll_loss", "prelu", "relu", "relu6", "rms_norm", "rrelu", "scaled_dot_product_attention", "selu",
    "sigmoid", "silu", "smooth_l1_loss", "soft_margin_loss", "softmax", "softmin", "softplus", "softshrink", "softsign",
    "tanh", "tanhshrink", "threshold", "triplet_margin_loss", "triplet_margin_with_distance_loss", "unfold", "upsample",
]

def adaptive_avg_pool1d(input: TensorLike, output_size: Lengths) -> Tensor:
    """Compute means of as many windows of sequences as are asked for.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, length) or (channels, length)
        Sequences.
    output_size : int
        Number of windows.

    Returns
    -------
    Tensor
        The means.
    """

def adaptive_avg_pool2d(input: TensorLike, output_size: Lengths) -> Tensor:
    """Compute means of as many windows of images as are asked for.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, rows, columns) or (channels, rows, columns)
        Images.
    output_size : int or tuple of (int or None)
        Number of windows along each axis; None for that of the places.

    Returns
    -------
    Tensor
        The means.
    """

def adaptive_avg_pool3d(input: TensorLike, output_size: Lengths) -> Tensor:
    """Compute means of as many windows of volumes as are asked for.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, depth, rows, columns) or (channels, depth, rows, columns)
        Volumes.
    output_size : int or tuple of (int or None)
        Number of windows along each axis; None for that of the places.

    Returns
    -------
    Tensor
        The means.
    """

def adaptive_max_pool1d(
    input: TensorLike,
    output_size: Lengths,
    return_indices: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """Find the largest numbers of as many windows of sequences as are asked for.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, length) or (channels, length)
        Sequences.
    output_size : int
        Number of windows.
    return_indices : bool, optional
        Return the places of the numbers too.

    Returns
    -------
    Tensor or tuple of Tensor
        The numbers, and their places if asked for.
    """

def adaptive_max_pool2d(
    input: TensorLike,
    output_size: Lengths,
    return_indices: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """Find the largest numbers of as many windows of images as are asked for.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, rows, columns) or (channels, rows, columns)
        Images.
    output_size : int or tuple of (int or None)
        Number of windows along each axis; None for that of the places.
    return_indices : bool, optional
        Return the flat places of the numbers too.

    Returns
    -------
    Tensor or tuple of Tensor
        The numbers, and their places if asked for.
    """

def adaptive_max_pool3d(
    input: TensorLike,
    output_size: Lengths,
    return_indices: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """Find the largest numbers of as many windows of volumes as are asked for.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, depth, rows, columns) or (channels, depth, rows, columns)
        Volumes.
    output_size : int or tuple of (int or None)
        Number of windows along each axis; None for that of the places.
    return_indices : bool, optional
        Return the flat places of the numbers too.

    Returns
    -------
    Tensor or tuple of Tensor
        The numbers, and their places if asked for.
    """

def affine_grid(theta: TensorLike, size: Sequence[int], align_corners: bool | None = None) -> Tensor:
    """Places, from -1 to 1 along each axis of an image, to which affine maps send the places of another.

    Parameters
    ----------
    theta : Tensor or ndarray, shape (n, 2, 3) or (n, 3, 4)
        Matrices of the maps; the last column is the shift.
    size : sequence of int
        The shape of the images that are to be made: (n, channels, rows, columns), with a depth in the middle for volumes.
    align_corners : bool, optional
        Whether -1 and 1 are the middles of the outermost elements, or their outer edges.

    Returns
    -------
    Tensor, shape (n, rows, columns, 2) or (n, depth, rows, columns, 3)
        The places, as `grid_sample` takes them: along the columns first.

    Raises
    ------
    ValueError
        If the shapes do not fit each other.
    """

def alpha_dropout(input: TensorLike, p: float = 0.5, training: bool = False, *, inplace: bool = False) -> Tensor:
    """Set each element to the limit of `selu` with probability `p`, and scale all so that mean and variance stay.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    p : float, optional
        Probability between 0 and 1.
    training : bool, optional
        If False, `input` is returned unchanged.
    inplace : bool, optional
        Write the result into the memory of `input`.

    Returns
    -------
    Tensor
        Of the shape of `input`.

    References
    ----------
    Klambauer et al., "Self-normalizing neural networks", NeurIPS 2017.
    """

def avg_pool1d(
    input: TensorLike,
    kernel_size: Lengths,
    stride: Lengths | None = None,
    padding: Lengths = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Tensor:
    """Compute means of windows of sequences.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, length) or (channels, length)
        Sequences.
    kernel_size : int or tuple of int
        Length of a window.
    stride : int or tuple of int, optional
        Step from window to window; that of a window by default.
    padding : int or tuple of int, optional
        Zeros at both ends.
    ceil_mode : bool, optional
        Let a last window reach beyond the end.
    count_include_pad : bool, optional
        Whether the zeros count.

    Returns
    -------
    Tensor
        The means.
    """

def avg_pool2d(
    input: TensorLike,
    kernel_size: Lengths,
    stride: Lengths | None = None,
    padding: Lengths = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """Compute means of windows of images.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, rows, columns) or (channels, rows, columns)
        Images.
    kernel_size : int or tuple of int
        Lengths of a window.
    stride : int or tuple of int, optional
        Steps from window to window; those of a window by default.
    padding : int or tuple of int, optional
        Zeros around the images.
    ceil_mode : bool, optional
        Let last windows reach beyond the end.
    count_include_pad : bool, optional
        Whether the zeros count.
    divisor_override : int, optional
        What sums are divided by, in the place of the number of places.

    Returns
    -------
    Tensor
        The means.
    """

def avg_pool3d(
    input: TensorLike,
    kernel_size: Lengths,
    stride: Lengths | None = None,
    padding: Lengths = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """Compute means of windows of volumes.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, depth, rows, columns) or (channels, depth, rows, columns)
        Volumes.
    kernel_size : int or tuple of int
        Lengths of a window.
    stride : int or tuple of int, optional
        Steps from window to window; those of a window by default.
    padding : int or tuple of int, optional
        Zeros around the volumes.
    ceil_mode : bool, optional
        Let last windows reach beyond the end.
    count_include_pad : bool, optional
        Whether the zeros count.
    divisor_override : int, optional
        What sums are divided by, in the place of the number of places.

    Returns
    -------
    Tensor
        The means.
    """

def batch_norm(
    input: TensorLike,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: TensorLike | None = None,
    bias: TensorLike | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-05,
) -> Tensor:
    """Normalise channels, over all examples and places, to mean 0 and variance 1, then scale and shift them.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, ...)
        Values.
    running_mean, running_var : Tensor, shape (channels,), or None
        What is normalised with outside of training; in training they are moved towards mean and variance of `input`, in place.
    weight, bias : Tensor or ndarray, shape (channels,), optional
        Scale and shift.
    training : bool, optional
        Whether mean and variance are those of `input`.
    momentum : float, optional
        How far the running ones are moved.
    eps : float, optional
        Added to the variance.

    Returns
    -------
    Tensor
        Of the shape of `input`.

    Raises
    ------
    ValueError
        In training, if there is one value a channel.
    RuntimeError
        If the shapes do not fit.

    References
    ----------
    Ioffe and Szegedy, "Batch normalization: accelerating deep network training by reducing internal covariate shift",
    ICML 2015.
    """

def bilinear(input1: TensorLike, input2: TensorLike, weight: TensorLike, bias: TensorLike | None = None) -> Tensor:
    """Bilinear map of two vectors: ``x1 @ weight[k] @ x2 + bias[k]`` for every k.

    Parameters
    ----------
    input1 : Tensor or ndarray, shape (..., n)
        First vectors.
    input2 : Tensor or ndarray, shape (..., m)
        Second vectors.
    weight : Tensor or ndarray, shape (features, n, m)
        The maps.
    bias : Tensor or ndarray, shape (features,), optional
        Added to every result.

    Returns
    -------
    Tensor, shape (..., features)
        The products.

    Raises
    ------
    ShapeError
        If the shapes do not fit.
    """

def binary_cross_entropy(
    input: TensorLike,
    target: TensorLike,
    weight: TensorLike | None = None,
    reduction: str = 'mean',
    *,
    size_average: bool | None = None,
    reduce: bool | None = None,
) -> Tensor:
    """Negative log-likelihood of outcomes that are 0 or 1, from probabilities.

    Logarithms are bounded from below by -100, as in PyTorch, so that a probability of 0 gives a finite loss.

    Parameters
    ----------
    input : Tensor or ndarray
        Probabilities of the outcome 1, of any shape.
    target : Tensor or ndarray
        Outcomes, or probabilities of the outcome 1, of the shape of `input`.
    weight : Tensor, optional
        Multiplies the values before the reduction; broadcast.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values of all elements are averaged, summed, or returned as they are.
    size_average, reduce : bool, optional
        Older words of PyTorch's for `reduction`: mean or sum, and whether at all.

    Returns
    -------
    Tensor
        A number; of the shape of `input` for ``reduction="none"``.

    Raises
    ------
    ValueError
        If the shapes of `input` and `target` differ.
    RuntimeError
        If an element of `input` is not between 0 and 1.
    """

def binary_cross_entropy_with_logits(
    input: TensorLike,
    target: TensorLike,
    weight: TensorLike | None = None,
    reduction: str = 'mean',
    pos_weight: TensorLike | None = None,
    *,
    size_average: bool | None = None,
    reduce: bool | None = None,
) -> Tensor:
    """Negative log-likelihood of outcomes that are 0 or 1, from logits.

    A logit is the logarithm of the odds of the outcome 1. The formula is evaluated in a form that does not overflow.

    Parameters
    ----------
    input : Tensor or ndarray
        Logits, of any shape.
    target : Tensor or ndarray
        Outcomes, or probabilities of the outcome 1, of the shape of `input`.
    weight : Tensor, optional
        Multiplies the values before the reduction; broadcast.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values of all elements are averaged, summed, or returned as they are.
    pos_weight : Tensor, optional
        Multiplies the share of the outcome 1; broadcast.
    size_average, reduce : bool, optional
        Older words of PyTorch's for `reduction`: mean or sum, and whether at all.

    Returns
    -------
    Tensor
        A number; of the shape of `input` for ``reduction="none"``.

    Raises
    ------
    ValueError
        If the shapes of `input` and `target` differ.
    """

def celu(input: TensorLike, alpha: float = 1.0, *, inplace: bool = False) -> Tensor:
    """Continuously differentiable exponential linear unit.

    The value is ``x`` where it is positive and ``alpha * (exp(x / alpha) - 1)`` elsewhere; unlike that of `elu`, its
    derivative is continuous at 0 for every `alpha`.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    alpha : float, optional
        Minus the limit for large negative values; not 0.
    inplace : bool, optional
        Write the result into the memory of `input`.

    Returns
    -------
    Tensor
        Of the shape of `input`.

    Raises
    ------
    RuntimeError
        If `alpha` is 0.

    References
    ----------
    Barron, "Continuously differentiable exponential linear units", arXiv:1704.07483 (2017).
    """

def channel_shuffle(input: TensorLike, groups: int) -> Tensor:
    """Take channels from groups in turn.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, ...)
        Values.
    groups : int
        Number of groups of channels.

    Returns
    -------
    Tensor
        Of the shape of `input`.

    Raises
    ------
    RuntimeError
        If the number of channels is not a multiple of `groups`.
    """

def conv1d(
    input: TensorLike,
    weight: TensorLike,
    bias: TensorLike | None = None,
    stride: Lengths = 1,
    padding: Lengths | str = 0,
    dilation: Lengths = 1,
    groups: int = 1,
) -> Tensor:
    """Correlate sequences with windows.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, length) or (channels, length)
        Sequences.
    weight : Tensor or ndarray, shape (features, channels / groups, width)
        Windows.
    bias : Tensor or ndarray, shape (features,), optional
        Added to every place.
    stride : int or tuple of int, optional
        Step from window to window.
    padding : int, tuple of int, "valid" or "same", optional
        Zeros at both ends; "same" keeps the length.
    dilation : int or tuple of int, optional
        Step from number to number of a window.
    groups : int, optional
        Groups of channels and features that are apart.

    Returns
    -------
    Tensor, shape (n, features, places)
        The features.
    """

def conv2d(
    input: TensorLike,
    weight: TensorLike,
    bias: TensorLike | None = None,
    stride: Lengths = 1,
    padding: Lengths | str = 0,
    dilation: Lengths = 1,
    groups: int = 1,
) -> Tensor:
    """Correlate images with windows.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, rows, columns) or (channels, rows, columns)
        Images.
    weight : Tensor or ndarray, shape (features, channels / groups, rows, columns)
        Windows.
    bias : Tensor or ndarray, shape (features,), optional
        Added to every place.
    stride : int or tuple of int, optional
        Steps from window to window.
    padding : int, tuple of int, "valid" or "same", optional
        Zeros around the images; "same" keeps the lengths.
    dilation : int or tuple of int, optional
        Steps from number to number of a window.
    groups : int, optional
        Groups of channels and features that are apart.

    Returns
    -------
    Tensor, shape (n, features, rows, columns)
        The features.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.nn.functional.conv2d(jt.ones(1, 1, 3, 3), jt.ones(1, 1, 2, 2))
    tensor([[[[4., 4.],
              [4., 4.]]]])
    """

def conv3d(
    input: TensorLike,
    weight: TensorLike,
    bias: TensorLike | None = None,
    stride: Lengths = 1,
    padding: Lengths | str = 0,
    dilation: Lengths = 1,
    groups: int = 1,
) -> Tensor:
    """Correlate volumes with windows.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, depth, rows, columns) or (channels, depth, rows, columns)
        Volumes.
    weight : Tensor or ndarray, shape (features, channels / groups, depth, rows, columns)
        Windows.
    bias : Tensor or ndarray, shape (features,), optional
        Added to every place.
    stride : int or tuple of int, optional
        Steps from window to window.
    padding : int, tuple of int, "valid" or "same", optional
        Zeros around the volumes; "same" keeps the lengths.
    dilation : int or tuple of int, optional
        Steps from number to number of a window.
    groups : int, optional
        Groups of channels and features that are apart.

    Returns
    -------
    Tensor, shape (n, features, depth, rows, columns)
        The features.
    """

def conv_transpose1d(
    input: TensorLike,
    weight: TensorLike,
    bias: TensorLike | None = None,
    stride: Lengths = 1,
    padding: Lengths = 0,
    output_padding: Lengths = 0,
    groups: int = 1,
    dilation: Lengths = 1,
) -> Tensor:
    """Apply the transpose of `conv1d`: every number of the input adds its window to the output.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, features, places) or (features, places)
        Features.
    weight : Tensor or ndarray, shape (features, channels / groups, width)
        Windows.
    bias : Tensor or ndarray, shape (channels,), optional
        Added to every place.
    stride, padding, output_padding : int or tuple of int, optional
        Those of `conv1d`, and how much longer the output is than the shortest that `conv1d` takes to this input.
    groups : int, optional
        Groups of channels and features that are apart.
    dilation : int or tuple of int, optional
        Step from number to number of a window.

    Returns
    -------
    Tensor, shape (n, channels, length)
        The sequences.
    """

def conv_transpose2d(
    input: TensorLike,
    weight: TensorLike,
    bias: TensorLike | None = None,
    stride: Lengths = 1,
    padding: Lengths = 0,
    output_padding: Lengths = 0,
    groups: int = 1,
    dilation: Lengths = 1,
) -> Tensor:
    """Apply the transpose of `conv2d`: every number of the input adds its window to the output.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, features, rows, columns) or (features, rows, columns)
        Features.
    weight : Tensor or ndarray, shape (features, channels / groups, rows, columns)
        Windows.
    bias : Tensor or ndarray, shape (channels,), optional
        Added to every place.
    stride, padding, output_padding : int or tuple of int, optional
        Those of `conv2d`, and how much longer the output is than the shortest that `conv2d` takes to this input.
    groups : int, optional
        Groups of channels and features that are apart.
    dilation : int or tuple of int, optional
        Steps from number to number of a window.

    Returns
    -------
    Tensor, shape (n, channels, rows, columns)
        The images.
    """

def conv_transpose3d(
    input: TensorLike,
    weight: TensorLike,
    bias: TensorLike | None = None,
    stride: Lengths = 1,
    padding: Lengths = 0,
    output_padding: Lengths = 0,
    groups: int = 1,
    dilation: Lengths = 1,
) -> Tensor:
    """Apply the transpose of `conv3d`: every number of the input adds its window to the output.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, features, depth, rows, columns) or (features, depth, rows, columns)
        Features.
    weight : Tensor or ndarray, shape (features, channels / groups, depth, rows, columns)
        Windows.
    bias : Tensor or ndarray, shape (channels,), optional
        Added to every place.
    stride, padding, output_padding : int or tuple of int, optional
        Those of `conv3d`, and how much longer the output is than the shortest that `conv3d` takes to this input.
    groups : int, optional
        Groups of channels and features that are apart.
    dilation : int or tuple of int, optional
        Steps from number to number of a window.

    Returns
    -------
    Tensor, shape (n, channels, depth, rows, columns)
        The volumes.
    """

def cosine_embedding_loss(
    input1: TensorLike,
    input2: TensorLike,
    target: TensorLike,
    margin: float = 0.0,
    reduction: str = 'mean',
    *,
    size_average: bool | None = None,
    reduce: bool | None = None,
) -> Tensor:
    """How far the cosines of angles between vectors are from 1, or above a margin.

    Parameters
    ----------
    input1, input2 : Tensor or ndarray, shape (..., n)
        The vectors.
    target : Tensor or ndarray
        1 where vectors should be alike, -1 where they should not.
    margin : float, optional
        The largest cosine that is allowed.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values are averaged, summed, or returned as they are.
    size_average, reduce : bool, optional
        Older words of PyTorch's for `reduction`: mean or sum, and whether at all.

    Returns
    -------
    Tensor
        A number, or the values of all examples for ``reduction="none"``.
    """

def cosine_similarity(x1: TensorLike, x2: TensorLike, dim: SupportsIndex = 1, eps: float = 1e-08) -> Tensor:
    """Cosine of the angle between vectors along an axis.

    Parameters
    ----------
    x1, x2 : Tensor or ndarray
        Vectors, of shapes that broadcast.
    dim : int, optional
        Axis of the vectors.
    eps : float, optional
        Smallest norm that is divided by.

    Returns
    -------
    Tensor
        Of the broadcast shape without axis `dim`.
    """

def cross_entropy(
    input: TensorLike,
    target: TensorLike,
    weight: TensorLike | None = None,
    ignore_index: int = -100,
    reduction: str = 'mean',
    label_smoothing: float = 0.0,
    *,
    size_average: bool | None = None,
    reduce: bool | None = None,
) -> Tensor:
    """Negative log-likelihood of classes, from logits.

    Equal to `nll_loss` of `log_softmax`, as one row of the tape wherever labels are integers.

    Parameters
    ----------
    input : Tensor or ndarray, shape (classes,), (n, classes) or (n, classes, ...)
        Logits.
    target : Tensor or ndarray, shape (), (n,) or (n, ...)
        Class numbers; or a floating-point Tensor of probabilities of the shape of `input`.
    weight : Tensor, shape (classes,), optional
        Weights of the classes; the mean is weighted, too.
    ignore_index : int, optional
        A class number that does not count.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values of all examples are averaged, summed, or returned as they are.
    label_smoothing : float, optional
        Share of the probability, between 0 and 1, that is spread evenly over all classes.
    size_average, reduce : bool, optional
        Older words of PyTorch's for `reduction`: mean or sum, and whether at all.

    Returns
    -------
    Tensor
        A number; of the shape of the labels for ``reduction="none"``.

    Raises
    ------
    ShapeError
        If `input` has no axis of classes, or shapes do not fit.
    ValueError
        If the number of labels is not the number of examples.
    IndexError
        If a label is not a class.
    RuntimeError
        If `label_smoothing` is not between 0 and 1.
    """

def ctc_loss(
    log_probs: TensorLike,
    targets: TensorLike,
    input_lengths: TensorLike,
    target_lengths: TensorLike,
    blank: int = 0,
    reduction: str = 'mean',
    zero_infinity: bool = False,
) -> Tensor:
    """Negative log-likelihood of labels, over all ways to align them with a longer sequence.

    Parameters
    ----------
    log_probs : Tensor or ndarray, shape (times, n, classes) or (times, classes)
        Logarithms of probabilities of classes, at each time.
    targets : Tensor or ndarray of int, shape (n, labels) or (sum of target_lengths,)
        Labels, which are not `blank`.
    input_lengths, target_lengths : Tensor, ndarray or sequence of int
        Lengths of the sequences, and of their labels.
    blank : int, optional
        The class that stands for no label.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values, divided by the numbers of labels, are averaged; or the values summed, or returned as they are.
    zero_infinity : bool, optional
        0 in the place of infinite values, of labels that cannot be aligned.

    Returns
    -------
    Tensor
        A number, or the values of all examples for ``reduction="none"``.

    Raises
    ------
    RuntimeError
        If shapes or lengths do not fit each other.

    References
    ----------
    Graves et al., "Connectionist temporal classification", ICML 2006.
    """

def dropout(input: TensorLike, p: float = 0.5, training: bool = True, *, inplace: bool = False) -> Tensor:
    """Set each element to 0 with probability `p` and divide the others by ``1 - p``.

    Random numbers come from the generator that `jt.manual_seed` seeds.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    p : float, optional
        Probability between 0 and 1.
    training : bool, optional
        If False, `input` is returned unchanged.
    inplace : bool, optional
        Write the result into the memory of `input`.

    Returns
    -------
    Tensor
        Of the shape of `input`.

    Raises
    ------
    ValueError
        If `p` is not between 0 and 1.

    References
    ----------
    Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", JMLR 15, 2014.
    """

def dropout1d(input: TensorLike, p: float = 0.5, training: bool = True, *, inplace: bool = False) -> Tensor:
    """Set whole channels of sequences to 0 with probability `p`, and divide the others by ``1 - p``.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, length) or (channels, length)
        Sequences.
    p : float, optional
        Probability between 0 and 1.
    training : bool, optional
        If False, `input` is returned unchanged.
    inplace : bool, optional
        Write the result into the memory of `input`.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def dropout2d(input: TensorLike, p: float = 0.5, training: bool = True, *, inplace: bool = False) -> Tensor:
    """Set whole channels of images to 0 with probability `p`, and divide the others by ``1 - p``.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, rows, columns) or (channels, rows, columns)
        Images.
    p : float, optional
        Probability between 0 and 1.
    training : bool, optional
        If False, `input` is returned unchanged.
    inplace : bool, optional
        Write the result into the memory of `input`.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def dropout3d(input: TensorLike, p: float = 0.5, training: bool = True, *, inplace: bool = False) -> Tensor:
    """Set whole channels of volumes to 0 with probability `p`, and divide the others by ``1 - p``.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, depth, rows, columns) or (channels, depth, rows, columns)
        Volumes.
    p : float, optional
        Probability between 0 and 1.
    training : bool, optional
        If False, `input` is returned unchanged.
    inplace : bool, optional
        Write the result into the memory of `input`.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def elu(input: TensorLike, alpha: float = 1.0, *, inplace: bool = False) -> Tensor:
    """Exponential linear unit: ``x`` where it is positive, ``alpha * (exp(x) - 1)`` elsewhere.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    alpha : float, optional
        Minus the limit for large negative values.
    inplace : bool, optional
        Write the result into the memory of `input`.

    Returns
    -------
    Tensor
        Of the shape of `input`.

    References
    ----------
    Clevert, Unterthiner and Hochreiter, "Fast and accurate deep network learning by exponential linear units",
    ICLR 2016.
    """

def embedding(
    input: TensorLike,
    weight: TensorLike,
    padding_idx: int | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Tensor:
    """Look up rows of a matrix by their numbers.

    Parameters
    ----------
    input : Tensor or ndarray of int
        Row numbers, of any shape.
    weight : Tensor
        Matrix of shape (rows, columns).
    padding_idx : int, optional
        A row that no gradient flows to.
    max_norm, norm_type : float, optional
        Only None and 2: rows are not scaled.
    scale_grad_by_freq, sparse : bool, optional
        Only False: gradients are sums, in dense arrays.

    Returns
    -------
    Tensor
        Of the shape of `input` and a last axis of length columns. The derivative with respect to `weight` adds up where a
        row is looked up more than once.

    Raises
    ------
    NotImplementedError
        If an option has another value than those that are listed.
    IndexError
        If there is no such row.
    """

def embedding_bag(
    input: TensorLike,
    weight: TensorLike,
    offsets: TensorLike | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    mode: str = 'mean',
    sparse: bool = False,
    per_sample_weights: TensorLike | None = None,
    include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> Tensor:
    """Sums, means or maxima of the vectors of bags of numbers.

    Parameters
    ----------
    input : Tensor or ndarray of int
        The numbers: a bag in each row, or all bags one after the other.
    weight : Tensor or ndarray, shape (numbers, n)
        The vectors.
    offsets : Tensor or ndarray of int, optional
        Where bags begin, for bags one after the other.
    max_norm : float, optional
        Only None: vectors are not changed.
    norm_type : float, optional
        Without effect where `max_norm` is None.
    scale_grad_by_freq : bool, optional
        Only False.
    mode : {"mean", "sum", "max"}, optional
        What is made of the vectors of a bag; zeros of an empty one.
    sparse : bool, optional
        Without effect: gradients are dense.
    per_sample_weights : Tensor or ndarray, optional
        Factors of the vectors, for sums.
    include_last_offset : bool, optional
        Whether the last offset is the end of the last bag.
    padding_idx : int, optional
        A number that is left out of all bags.

    Returns
    -------
    Tensor, shape (bags, n)
        A vector for each bag.

    Raises
    ------
    ValueError
        If `mode` is not known, or numbers and offsets do not fit each other.
    IndexError
        If there is no vector of a number.
    NotImplementedError
        For weights of anything but sums, `max_norm` and `scale_grad_by_freq`.
    """

def feature_alpha_dropout(
    input: TensorLike,
    p: float = 0.5,
    training: bool = False,
    *,
    inplace: bool = False,
) -> Tensor:
    """Set whole channels to the limit of `selu` with probability `p`, and scale all so that mean and variance stay.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, ...)
        Values.
    p : float, optional
        Probability between 0 and 1.
    training : bool, optional
        If False, `input` is returned unchanged.
    inplace : bool, optional
        Write the result into the memory of `input`.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def fold(
    input: TensorLike,
    output_size: Lengths,
    kernel_size: Lengths,
    dilation: Lengths = 1,
    padding: Lengths = 0,
    stride: Lengths = 1,
) -> Tensor:
    """Add windows that are columns to images: the transpose of `unfold`.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels * numbers in a window, windows), or without n
        The windows.
    output_size : int or tuple of int
        Lengths of the images.
    kernel_size : int or tuple of int
        Lengths of a window.
    dilation : int or tuple of int, optional
        Steps from number to number of a window.
    padding : int or tuple of int, optional
        Zeros that were around the images.
    stride : int or tuple of int, optional
        Steps from window to window.

    Returns
    -------
    Tensor, shape (n, channels, rows, columns)
        The images.

    Raises
    ------
    RuntimeError
        If the input has not as many windows, or numbers in them.
    """

def fractional_max_pool2d(
    input: TensorLike,
    kernel_size: Lengths,
    output_size: Lengths | None = None,
    output_ratio: float | Sequence[float] | None = None,
    return_indices: bool = False,
    _random_samples: TensorLike | None = None,
) -> Tensor | tuple[Tensor, Tensor]:
    """Take the largest number of each of some windows of images, whose places are drawn for every channel.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, rows, columns) or (channels, rows, columns)
        Images.
    kernel_size : int or tuple of int
        Lengths of the windows.
    output_size : int or tuple of int, optional
        Lengths of the result.
    output_ratio : float or tuple of float, optional
        Lengths of the result by those of the input, between 0 and 1, in the place of `output_size`.
    return_indices : bool, optional
        Return the flat places of the numbers as well.
    _random_samples : Tensor or ndarray, optional
        A number from 0 to 1 for each axis of each channel, where windows begin; drawn by default.

    Returns
    -------
    Tensor or tuple of Tensors
        The numbers, and their places.

    Raises
    ------
    ValueError
        If not just one of `output_size` and `output_ratio` is given, or the ratio is not between 0 and 1.
    RuntimeError
        If the input has another number of axes, or windows do not fit.

    References
    ----------
    Graham, "Fractional max-pooling", 2014.
    """

def fractional_max_pool3d(
    input: TensorLike,
    kernel_size: Lengths,
    output_size: Lengths | None = None,
    output_ratio: float | Sequence[float] | None = None,
    return_indices: bool = False,
    _random_samples: TensorLike | None = None,
) -> Tensor | tuple[Tensor, Tensor]:
    """Take the largest number of each of some windows of volumes, whose places are drawn for every channel.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, depth, rows, columns) or (channels, depth, rows, columns)
        Volumes.
    kernel_size : int or tuple of int
        Lengths of the windows.
    output_size : int or tuple of int, optional
        Lengths of the result.
    output_ratio : float or tuple of float, optional
        Lengths of the result by those of the input, between 0 and 1, in the place of `output_size`.
    return_indices : bool, optional
        Return the flat places of the numbers as well.
    _random_samples : Tensor or ndarray, optional
        A number from 0 to 1 for each axis of each channel, where windows begin; drawn by default.

    Returns
    -------
    Tensor or tuple of Tensors
        The numbers, and their places.

    Raises
    ------
    ValueError
        If not just one of `output_size` and `output_ratio` is given, or the ratio is not between 0 and 1.
    RuntimeError
        If the input has another number of axes, or windows do not fit.

    References
    ----------
    Graham, "Fractional max-pooling", 2014.
    """

def gaussian_nll_loss(
    input: TensorLike,
    target: TensorLike,
    var: TensorLike,
    full: bool = False,
    eps: float = 1e-06,
    reduction: str = 'mean',
) -> Tensor:
    """Negative log-likelihood of values under normal distributions.

    Parameters
    ----------
    input : Tensor or ndarray
        Means.
    target : Tensor or ndarray
        Observed values.
    var : Tensor or ndarray
        Variances, not negative.
    full : bool, optional
        Add the constant ``log(2 * pi) / 2``.
    eps : float, optional
        Smallest variance: smaller ones are replaced; the derivative with respect to `var` is taken at `eps` then.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values of all elements are averaged, summed, or returned as they are.

    Returns
    -------
    Tensor
        A number; of the broadcast shape for ``reduction="none"``.

    Raises
    ------
    ValueError
        If a variance is negative.
    """

def gelu(input: TensorLike, approximate: str = 'none') -> Tensor:
    """Gaussian error linear unit: ``x`` times the standard normal distribution function of ``x``.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    approximate : {"none", "tanh"}, optional
        "tanh" replaces the distribution function with ``(1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x**3))) / 2``.

    Returns
    -------
    Tensor
        Of the shape of `input`.

    Raises
    ------
    RuntimeError
        If `approximate` is something else.

    References
    ----------
    Hendrycks and Gimpel, "Gaussian error linear units (GELUs)", arXiv:1606.08415 (2016).
    """

def glu(input: TensorLike, dim: SupportsIndex = -1) -> Tensor:
    """Gated linear unit: the first half of an axis times the sigmoid of the second half.

    Parameters
    ----------
    input : Tensor or ndarray
        Values; the length of axis `dim` is even.
    dim : int, optional
        Axis that is halved.

    Returns
    -------
    Tensor
        Of half the length along axis `dim`.

    Raises
    ------
    RuntimeError
        If the length of the axis is odd.

    References
    ----------
    Dauphin et al., "Language modeling with gated convolutional networks", ICML 2017.
    """

def grid_sample(
    input: TensorLike,
    grid: TensorLike,
    mode: str = 'bilinear',
    padding_mode: str = 'zeros',
    align_corners: bool | None = None,
) -> Tensor:
    """Values of images at given places, between elements interpolated.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, rows, columns) or (n, channels, depth, rows, columns)
        Images.
    grid : Tensor or ndarray, shape (n, ..., 2) or (n, ..., 3)
        Places, from -1 to 1: along the columns, then the rows, then the depth.
    mode : {"bilinear", "nearest", "bicubic"}, optional
        How values between elements are found.
    padding_mode : {"zeros", "border", "reflection"}, optional
        What lies outside of an image.
    align_corners : bool, optional
        Whether -1 and 1 are the middles of the outermost elements, or their outer edges.

    Returns
    -------
    Tensor, shape (n, channels, ...)
        The values.

    Raises
    ------
    ValueError
        If a mode is not known.
    RuntimeError
        If the shapes do not fit each other.
    """

def group_norm(
    input: TensorLike,
    num_groups: int,
    weight: TensorLike | None = None,
    bias: TensorLike | None = None,
    eps: float = 1e-05,
) -> Tensor:
    """Normalise groups of channels of each example to mean 0 and variance 1, then scale and shift the channels.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, ...)
        Values.
    num_groups : int
        Number of groups.
    weight, bias : Tensor or ndarray, shape (channels,), optional
        Scale and shift.
    eps : float, optional
        Added to the variance.

    Returns
    -------
    Tensor
        Of the shape of `input`.

    Raises
    ------
    RuntimeError
        If the channels cannot be divided so.

    References
    ----------
    Wu and He, "Group normalization", ECCV 2018.
    """

def gumbel_softmax(
    logits: TensorLike,
    tau: float = 1.0,
    hard: bool = False,
    eps: float = 1e-10,
    dim: SupportsIndex = -1,
) -> Tensor:
    """Draw from categories in a way that has derivatives by their logits.

    Parameters
    ----------
    logits : Tensor or ndarray
        Logarithms of probabilities, up to a constant.
    tau : float, optional
        Temperature: the smaller, the closer to one category.
    hard : bool, optional
        Return one category as zeros and a one, with the derivatives of the soft ones.
    eps : float, optional
        Without effect; accepted for compatibility with PyTorch.
    dim : int, optional
        Axis of the categories.

    Returns
    -------
    Tensor
        Of the shape of `logits`.

    References
    ----------
    Jang, Gu and Poole, "Categorical reparameterization with Gumbel-softmax", ICLR 2017.
    """

def hardshrink(input: TensorLike, lambd: float = 0.5) -> Tensor:
    """Set values between ``-lambd`` and ``lambd`` to 0.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    lambd : float, optional
        Half the length of the interval.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def hardsigmoid(input: TensorLike, *, inplace: bool = False) -> Tensor:
    """Piecewise linear approximation of the sigmoid: ``x / 6 + 1 / 2``, clipped to the interval from 0 to 1.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    inplace : bool, optional
        Write the result into the memory of `input`.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def hardswish(input: TensorLike, *, inplace: bool = False) -> Tensor:
    """Piecewise approximation of `silu`: ``x * hardsigmoid(x)``.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    inplace : bool, optional
        Write the result into the memory of `input`.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def hardtanh(input: TensorLike, min_val: float = -1.0, max_val: float = 1.0, *, inplace: bool = False) -> Tensor:
    """Clip values to an interval; the derivative at its ends is 0.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    min_val, max_val : float, optional
        Ends of the interval.
    inplace : bool, optional
        Write the result into the memory of `input`.

    Returns
    -------
    Tensor
        Of the shape of `input`.

    Raises
    ------
    ValueError
        If `min_val` is larger than `max_val`.
    """

def hinge_embedding_loss(
    input: TensorLike,
    target: TensorLike,
    margin: float = 1.0,
    reduction: str = 'mean',
    *,
    size_average: bool | None = None,
    reduce: bool | None = None,
) -> Tensor:
    """Distances that should be small, and how far others are from a margin.

    Parameters
    ----------
    input : Tensor or ndarray
        The distances.
    target : Tensor or ndarray
        1 where a distance should be small, -1 where it should be large.
    margin : float, optional
        How large.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values are averaged, summed, or returned as they are.
    size_average, reduce : bool, optional
        Older words of PyTorch's for `reduction`: mean or sum, and whether at all.

    Returns
    -------
    Tensor
        A number, or the values of all examples for ``reduction="none"``.
    """

def huber_loss(
    input: TensorLike,
    target: TensorLike,
    reduction: str = 'mean',
    delta: float = 1.0,
    weight: TensorLike | None = None,
) -> Tensor:
    """Half the squared difference where it is at most `delta`, and linear beyond.

    With the difference d the value is ``d**2 / 2`` for ``|d| <= delta`` and ``delta * (|d| - delta / 2)`` elsewhere
    (Huber, "Robust estimation of a location parameter", 1964).

    Parameters
    ----------
    input, target : Tensor or ndarray
        Predictions and what they should be, of one shape. Shapes that only broadcast are warned of.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values of all elements are averaged, summed, or returned as they are.
    delta : float, optional
        Difference from which on the loss is linear; positive.
    weight : Tensor, optional
        Multiplies the values before the reduction; broadcast.

    Returns
    -------
    Tensor
        A number; of the shape of `input` for ``reduction="none"``.

    Raises
    ------
    RuntimeError
        If `delta` is not positive.
    """

def instance_norm(
    input: TensorLike,
    running_mean: Tensor | None = None,
    running_var: Tensor | None = None,
    weight: TensorLike | None = None,
    bias: TensorLike | None = None,
    use_input_stats: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-05,
) -> Tensor:
    """Normalise each channel of each example, over its places, to mean 0 and variance 1, then scale and shift it.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, ...)
        Values.
    running_mean, running_var : Tensor, shape (channels,), or None
        What is normalised with where `use_input_stats` is False; otherwise they are moved towards the means over the examples, in
        place.
    weight, bias : Tensor or ndarray, shape (channels,), optional
        Scale and shift.
    use_input_stats : bool, optional
        Whether mean and variance are those of `input`.
    momentum : float, optional
        How far the running ones are moved.
    eps : float, optional
        Added to the variance.

    Returns
    -------
    Tensor
        Of the shape of `input`.

    Raises
    ------
    ValueError
        If there is one value a channel of an example.
    RuntimeError
        If there are no running means where they are needed.
    """

def interpolate(
    input: TensorLike,
    size: Lengths | None = None,
    scale_factor: float | Sequence[float] | None = None,
    mode: str = 'nearest',
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
    antialias: bool = False,
) -> Tensor:
    """Make sequences or images longer or shorter.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, ...)
        Values with one or more axes of places.
    size : int or tuple of int, optional
        Lengths of the result.
    scale_factor : float or tuple of float, optional
        Factors of the lengths, in the place of `size`.
    mode : {"nearest", "nearest-exact", "linear", "bilinear", "bicubic", "area"}, optional
        How values between places are found.
    align_corners : bool, optional
        Whether the outermost places stay where they are.
    recompute_scale_factor : bool, optional
        Compute steps from the lengths, where factors are given.
    antialias : bool, optional
        Only False.

    Returns
    -------
    Tensor
        The values at the new places.

    Raises
    ------
    ValueError
        If sizes, factors and mode do not fit.
    NotImplementedError
        If the mode is another one, or `antialias` is set.
    """

def kl_div(
    input: TensorLike,
    target: TensorLike,
    reduction: str = 'mean',
    log_target: bool = False,
    *,
    size_average: bool | None = None,
    reduce: bool | None = None,
) -> Tensor:
    """Kullback-Leibler divergence from log-probabilities: ``target * (log(target) - input)``.

    Parameters
    ----------
    input : Tensor or ndarray
        Log-probabilities of the model.
    target : Tensor or ndarray
        Probabilities of the data, of the shape of `input`.
    reduction : {"mean", "sum", "none", "batchmean"}, optional
        Whether the values of all elements are averaged, summed, or returned as they are; "batchmean" divides the sum
        by the length of the first axis, which is the divergence per example.
    log_target : bool, optional
        Whether `target` holds logarithms, too.
    size_average, reduce : bool, optional
        Older words of PyTorch's for `reduction`: mean or sum, and whether at all.

    Returns
    -------
    Tensor
        A number; of the shape of `input` for ``reduction="none"``.
    """

def l1_loss(
    input: TensorLike,
    target: TensorLike,
    reduction: str = 'mean',
    weight: TensorLike | None = None,
    *,
    size_average: bool | None = None,
    reduce: bool | None = None,
) -> Tensor:
    """Absolute difference; its derivative where the difference is 0 is 0.

    Parameters
    ----------
    input, target : Tensor or ndarray
        Predictions and what they should be, of one shape. Shapes that only broadcast are warned of.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values of all elements are averaged, summed, or returned as they are.
    weight : Tensor, optional
        Multiplies the values before the reduction; broadcast.
    size_average, reduce : bool, optional
        Older words of PyTorch's for `reduction`: mean or sum, and whether at all.

    Returns
    -------
    Tensor
        A number; of the shape of `input` for ``reduction="none"``.
    """

def layer_norm(
    input: TensorLike,
    normalized_shape: Sequence[int],
    weight: TensorLike | None = None,
    bias: TensorLike | None = None,
    eps: float = 1e-05,
) -> Tensor:
    """Normalise values over the last axes to mean 0 and variance 1, then scale and shift them.

    The result is ``(x - mean) / sqrt(var + eps) * weight + bias``, with the variance of the population (no correction).

    Parameters
    ----------
    input : Tensor or ndarray
        Values of shape (..., *normalized_shape).
    normalized_shape : sequence of int
        Lengths of the axes over which is normalised.
    weight : Tensor, optional
        Scale of shape `normalized_shape`.
    bias : Tensor, optional
        Shift of shape `normalized_shape`.
    eps : float, optional
        Added to the variance.

    Returns
    -------
    Tensor
        Of the shape of `input`.

    Raises
    ------
    ShapeError
        If the last axes of `input` do not have the shape `normalized_shape`.

    References
    ----------
    Ba, Kiros and Hinton, "Layer normalization", arXiv:1607.06450 (2016).
    """

def leaky_relu(input: TensorLike, negative_slope: float = 0.01, *, inplace: bool = False) -> Tensor:
    """Leaky rectifier: ``x`` where it is positive, ``negative_slope * x`` elsewhere.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    negative_slope : float, optional
        Slope for negative values.
    inplace : bool, optional
        Write the result into the memory of `input`.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def linear(input: TensorLike, weight: TensorLike, bias: TensorLike | None = None) -> Tensor:
    """Affine map of the last axis: ``input @ weight.T + bias``, as one row of the tape.

    Parameters
    ----------
    input : Tensor or ndarray, shape (..., n)
        Values.
    weight : Tensor or ndarray, shape (m, n)
        The matrix.
    bias : Tensor or ndarray, shape (m,), optional
        Added to every row.

    Returns
    -------
    Tensor, shape (..., m)
        The result.

    Raises
    ------
    ShapeError
        If the shapes do not fit.
    """

def local_response_norm(
    input: TensorLike,
    size: int,
    alpha: float = 0.0001,
    beta: float = 0.75,
    k: float = 1.0,
) -> Tensor:
    """Divide numbers by a power of the mean square of neighbouring channels.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, ...)
        Values.
    size : int
        How many channels count as neighbours.
    alpha : float, optional
        Factor of the mean.
    beta : float, optional
        The exponent.
    k : float, optional
        Added to the mean.

    Returns
    -------
    Tensor
        Of the shape of `input`.

    Raises
    ------
    ValueError
        If `input` has fewer than three axes.
    """

@overload
def log_softmax(input: TensorLike, dim: SupportsIndex = -1, *, dtype: DTypeLike | None = None) -> Tensor:
    """Logarithm of `softmax`: ``x - logsumexp(x)`` along an axis, without overflow.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int, optional
        The axis.
    dtype : dtype, optional
        Of the result.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
@overload
def log_softmax(a: TensorLike, axis: SupportsIndex = -1, *, dtype: DTypeLike | None = None) -> Tensor:
    ...

def logsigmoid(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """``log(1 / (1 + exp(-x)))``, without overflow.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def lp_pool1d(
    input: TensorLike,
    norm_type: float,
    kernel_size: Lengths,
    stride: Lengths | None = None,
    ceil_mode: bool = False,
) -> Tensor:
    """Compute norms of windows of sequences, of powers of their numbers with signs.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, length) or (channels, length)
        Sequences.
    norm_type : float
        Order of the norm.
    kernel_size : int
        Length of a window.
    stride : int, optional
        Step from window to window; that of a window by default.
    ceil_mode : bool, optional
        Whether a last window may end behind the sequence.

    Returns
    -------
    Tensor
        The norms.
    """

def lp_pool2d(
    input: TensorLike,
    norm_type: float,
    kernel_size: Lengths,
    stride: Lengths | None = None,
    ceil_mode: bool = False,
) -> Tensor:
    """Compute norms of windows of images, of powers of their numbers with signs.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, rows, columns) or (channels, rows, columns)
        Images.
    norm_type : float
        Order of the norm.
    kernel_size : int or tuple of int
        Lengths of a window.
    stride : int or tuple of int, optional
        Steps from window to window; those of a window by default.
    ceil_mode : bool, optional
        Whether last windows may end behind the image.

    Returns
    -------
    Tensor
        The norms.
    """

def lp_pool3d(
    input: TensorLike,
    norm_type: float,
    kernel_size: Lengths,
    stride: Lengths | None = None,
    ceil_mode: bool = False,
) -> Tensor:
    """Compute norms of windows of volumes, of powers of their numbers with signs.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, depth, rows, columns) or (channels, depth, rows, columns)
        Volumes.
    norm_type : float
        Order of the norm.
    kernel_size : int or tuple of int
        Lengths of a window.
    stride : int or tuple of int, optional
        Steps from window to window; those of a window by default.
    ceil_mode : bool, optional
        Whether last windows may end behind the volume.

    Returns
    -------
    Tensor
        The norms.
    """

def margin_ranking_loss(
    input1: TensorLike,
    input2: TensorLike,
    target: TensorLike,
    margin: float = 0.0,
    reduction: str = 'mean',
    *,
    size_average: bool | None = None,
    reduce: bool | None = None,
) -> Tensor:
    """How far pairs of numbers are from being in the right order.

    Parameters
    ----------
    input1, input2 : Tensor or ndarray
        The numbers.
    target : Tensor or ndarray
        1 where the first should be larger, -1 where the second should.
    margin : float, optional
        How much larger it should be.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values are averaged, summed, or returned as they are.
    size_average, reduce : bool, optional
        Older words of PyTorch's for `reduction`: mean or sum, and whether at all.

    Returns
    -------
    Tensor
        A number, or the values of all examples for ``reduction="none"``.
    """

def max_pool1d(
    input: TensorLike,
    kernel_size: Lengths,
    stride: Lengths | None = None,
    padding: Lengths = 0,
    dilation: Lengths = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """Find the largest numbers of windows of sequences.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, length) or (channels, length)
        Sequences.
    kernel_size : int or tuple of int
        Length of a window.
    stride : int or tuple of int, optional
        Step from window to window; that of a window by default.
    padding : int or tuple of int, optional
        Places without a number at both ends.
    dilation : int or tuple of int, optional
        Step from number to number of a window.
    ceil_mode : bool, optional
        Let a last window reach beyond the end.
    return_indices : bool, optional
        Also return where the largest are.

    Returns
    -------
    Tensor or tuple of two Tensors
        The largest numbers, of equal ones the first; and their places.
    """

def max_pool2d(
    input: TensorLike,
    kernel_size: Lengths,
    stride: Lengths | None = None,
    padding: Lengths = 0,
    dilation: Lengths = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """Find the largest numbers of windows of images.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, rows, columns) or (channels, rows, columns)
        Images.
    kernel_size : int or tuple of int
        Lengths of a window.
    stride : int or tuple of int, optional
        Steps from window to window; those of a window by default.
    padding : int or tuple of int, optional
        Places without a number around the images.
    dilation : int or tuple of int, optional
        Steps from number to number of a window.
    ceil_mode : bool, optional
        Let last windows reach beyond the end.
    return_indices : bool, optional
        Also return where the largest are, as flat places in the image.

    Returns
    -------
    Tensor or tuple of two Tensors
        The largest numbers, of equal ones the first; and their places.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.nn.functional.max_pool2d(jt.arange(16.0).reshape(1, 1, 4, 4), 2)
    tensor([[[[ 5.,  7.],
              [13., 15.]]]])
    """

def max_pool3d(
    input: TensorLike,
    kernel_size: Lengths,
    stride: Lengths | None = None,
    padding: Lengths = 0,
    dilation: Lengths = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """Find the largest numbers of windows of volumes.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, depth, rows, columns) or (channels, depth, rows, columns)
        Volumes.
    kernel_size : int or tuple of int
        Lengths of a window.
    stride : int or tuple of int, optional
        Steps from window to window; those of a window by default.
    padding : int or tuple of int, optional
        Places without a number around the volumes.
    dilation : int or tuple of int, optional
        Steps from number to number of a window.
    ceil_mode : bool, optional
        Let last windows reach beyond the end.
    return_indices : bool, optional
        Also return where the largest are, as flat places in the volume.

    Returns
    -------
    Tensor or tuple of two Tensors
        The largest numbers, of equal ones the first; and their places.
    """

def max_unpool1d(
    input: TensorLike,
    indices: TensorLike,
    kernel_size: Lengths,
    stride: Lengths | None = None,
    padding: Lengths = 0,
    output_size: Sequence[int] | None = None,
) -> Tensor:
    """Put the largest numbers of windows back to where they were found.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, places) or (channels, places)
        Largest numbers of windows.
    indices : Tensor or ndarray of int
        Their flat places, as `max_pool1d` returns them.
    kernel_size : int or tuple of int
        Lengths of a window.
    stride : int or tuple of int, optional
        Steps from window to window; those of a window by default.
    padding : int or tuple of int, optional
        What has been padded.
    output_size : sequence of int, optional
        Lengths of the result; the shortest by default.

    Returns
    -------
    Tensor
        Zeros, and the numbers at their places.

    Raises
    ------
    RuntimeError
        If a place is not in the result.
    """

def max_unpool2d(
    input: TensorLike,
    indices: TensorLike,
    kernel_size: Lengths,
    stride: Lengths | None = None,
    padding: Lengths = 0,
    output_size: Sequence[int] | None = None,
) -> Tensor:
    """Put the largest numbers of windows back to where they were found.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, rows, columns) or (channels, rows, columns)
        Largest numbers of windows.
    indices : Tensor or ndarray of int
        Their flat places, as `max_pool2d` returns them.
    kernel_size : int or tuple of int
        Lengths of a window.
    stride : int or tuple of int, optional
        Steps from window to window; those of a window by default.
    padding : int or tuple of int, optional
        What has been padded.
    output_size : sequence of int, optional
        Lengths of the result; the shortest by default.

    Returns
    -------
    Tensor
        Zeros, and the numbers at their places.

    Raises
    ------
    RuntimeError
        If a place is not in the result.
    """

def max_unpool3d(
    input: TensorLike,
    indices: TensorLike,
    kernel_size: Lengths,
    stride: Lengths | None = None,
    padding: Lengths = 0,
    output_size: Sequence[int] | None = None,
) -> Tensor:
    """Put the largest numbers of windows back to where they were found.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, depth, rows, columns) or (channels, depth, rows, columns)
        Largest numbers of windows.
    indices : Tensor or ndarray of int
        Their flat places, as `max_pool3d` returns them.
    kernel_size : int or tuple of int
        Lengths of a window.
    stride : int or tuple of int, optional
        Steps from window to window; those of a window by default.
    padding : int or tuple of int, optional
        What has been padded.
    output_size : sequence of int, optional
        Lengths of the result; the shortest by default.

    Returns
    -------
    Tensor
        Zeros, and the numbers at their places.

    Raises
    ------
    RuntimeError
        If a place is not in the result.
    """

def mish(input: TensorLike, inplace: bool = False, *, out: Tensor | None = None) -> Tensor:
    """``x * tanh(softplus(x))`` (Misra 2019).

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    inplace : bool, optional
        Write the result into the memory of `input`.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def mse_loss(
    input: TensorLike,
    target: TensorLike,
    reduction: str = 'mean',
    weight: TensorLike | None = None,
    *,
    size_average: bool | None = None,
    reduce: bool | None = None,
) -> Tensor:
    """Squared difference.

    Parameters
    ----------
    input, target : Tensor or ndarray
        Predictions and what they should be, of one shape. Shapes that only broadcast are warned of.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values of all elements are averaged, summed, or returned as they are.
    weight : Tensor, optional
        Multiplies the values before the reduction; broadcast.
    size_average, reduce : bool, optional
        Older words of PyTorch's for `reduction`: mean or sum, and whether at all.

    Returns
    -------
    Tensor
        A number; of the shape of `input` for ``reduction="none"``.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.nn.functional.mse_loss(jt.tensor([1.0, 3.0]), jt.tensor([0.0, 0.0]))
    tensor(5.)
    """

def multi_margin_loss(
    input: TensorLike,
    target: TensorLike,
    p: int = 1,
    margin: float = 1.0,
    weight: TensorLike | None = None,
    reduction: str = 'mean',
    *,
    size_average: bool | None = None,
    reduce: bool | None = None,
) -> Tensor:
    """How far the numbers of other classes are above that of the right one less a margin.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, classes)
        A number for each class.
    target : Tensor or ndarray, shape (n,), of int
        The classes.
    p : int, optional
        The power, 1 or 2.
    margin : float, optional
        The margin.
    weight : Tensor or ndarray, shape (classes,), optional
        Weights of the classes.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values are averaged, summed, or returned as they are.
    size_average, reduce : bool, optional
        Older words of PyTorch's for `reduction`: mean or sum, and whether at all.

    Returns
    -------
    Tensor
        A number, or the values of all examples for ``reduction="none"``.

    Raises
    ------
    ValueError
        If the power is another one.
    """

def multilabel_margin_loss(
    input: TensorLike,
    target: TensorLike,
    reduction: str = 'mean',
    *,
    size_average: bool | None = None,
    reduce: bool | None = None,
) -> Tensor:
    """How far the scores of classes that an example has are from being larger than those of others by one.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, classes) or (classes,)
        Scores.
    target : Tensor or ndarray of int, of the shape of `input`
        Numbers of classes, up to the first that is negative.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values are averaged, summed, or returned as they are.
    size_average, reduce : bool, optional
        Older words of PyTorch's for `reduction`: mean or sum, and whether at all.

    Returns
    -------
    Tensor
        A number, or the values of all examples for ``reduction="none"``.

    Raises
    ------
    RuntimeError
        If the shapes differ.
    """

def multilabel_soft_margin_loss(
    input: TensorLike,
    target: TensorLike,
    weight: TensorLike | None = None,
    reduction: str = 'mean',
    *,
    size_average: bool | None = None,
    reduce: bool | None = None,
) -> Tensor:
    """The binary cross entropy of logits, averaged over classes.

    Parameters
    ----------
    input : Tensor or ndarray, shape (..., classes)
        Logits.
    target : Tensor or ndarray, shape (..., classes)
        0 or 1.
    weight : Tensor or ndarray, shape (classes,), optional
        Weights of the classes.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values are averaged, summed, or returned as they are.
    size_average, reduce : bool, optional
        Older words of PyTorch's for `reduction`: mean or sum, and whether at all.

    Returns
    -------
    Tensor
        A number, or the values of all examples for ``reduction="none"``.
    """

def nll_loss(
    input: TensorLike,
    target: TensorLike,
    weight: TensorLike | None = None,
    ignore_index: int = -100,
    reduction: str = 'mean',
    *,
    size_average: bool | None = None,
    reduce: bool | None = None,
) -> Tensor:
    """Negative log-likelihood of classes, from log-probabilities; `cross_entropy` takes logits.

    Parameters
    ----------
    input : Tensor or ndarray, shape (classes,), (n, classes) or (n, classes, ...)
        Log-probabilities.
    target : Tensor or ndarray of int, shape (), (n,) or (n, ...)
        Class numbers.
    weight : Tensor, shape (classes,), optional
        Weights of the classes; the mean is weighted, too.
    ignore_index : int, optional
        A class number that does not count.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values of all examples are averaged, summed, or returned as they are.
    size_average, reduce : bool, optional
        Older words of PyTorch's for `reduction`: mean or sum, and whether at all.

    Returns
    -------
    Tensor
        A number; of the shape of the labels for ``reduction="none"``.

    Raises
    ------
    ShapeError
        If `input` has no axis of classes, or shapes do not fit.
    """

def normalize(
    input: TensorLike,
    p: float = 2.0,
    dim: SupportsIndex = 1,
    eps: float = 1e-12,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Divide vectors along an axis by their norm.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    p : float, optional
        Order of the norm.
    dim : int, optional
        Axis of the vectors.
    eps : float, optional
        Smallest divisor.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def one_hot(tensor: TensorLike, num_classes: int = -1) -> Tensor:
    """Turn class numbers into vectors that are 1 at the class and 0 elsewhere.

    Parameters
    ----------
    tensor : Tensor or ndarray of int
        Class numbers, of any shape.
    num_classes : int, optional
        Length of the vectors; -1 takes one more than the largest number.

    Returns
    -------
    Tensor of int64
        Of the shape of `tensor` and a last axis of length `num_classes`.

    Raises
    ------
    RuntimeError
        If a number is negative or not smaller than `num_classes`, or the dtype is not an integer type.
    """

def pad(input: TensorLike, pad: Sequence[int], mode: str = 'constant', value: float = 0.0) -> Tensor:
    """Surround values with a constant, or with elements of their own.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    pad : sequence of int
        Numbers of elements to add, in pairs (before, after): the first pair belongs to the last axis, the second to the one
        before it, and so on. Axes without a pair are left alone. Negative numbers cut elements off.
    mode : {"constant", "reflect", "replicate", "circular"}, optional
        How elements are filled in: mirrored at the outermost one, that one repeated, or from the other end.
    value : float, optional
        Value of the new elements.

    Returns
    -------
    Tensor
        The padded values.

    Raises
    ------
    NotImplementedError
        If `mode` is something else.
    RuntimeError
        If `pad` has an odd length, has more pairs than there are axes, or does not fit the lengths.
    """

def pairwise_distance(
    x1: TensorLike,
    x2: TensorLike,
    p: float = 2.0,
    eps: float = 1e-06,
    keepdim: bool = False,
) -> Tensor:
    """Norm of the differences of vectors.

    Parameters
    ----------
    x1, x2 : Tensor or ndarray, shape (..., n)
        Vectors.
    p : float, optional
        Order of the norm.
    eps : float, optional
        Added to the differences.
    keepdim : bool, optional
        Keep the last axis, with length 1.

    Returns
    -------
    Tensor, shape (...)
        The distances.
    """

def pdist(input: TensorLike, p: float = 2.0) -> Tensor:
    """Distances of all pairs of the rows of a matrix.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, m)
        Vectors.
    p : float, optional
        Order of the norm.

    Returns
    -------
    Tensor, shape (n * (n - 1) / 2,)
        The distances, pairs in order of their first and second.
    """

def pixel_shuffle(input: TensorLike, upscale_factor: int) -> Tensor:
    """Turn channels into finer images: (n, channels * r**2, rows, columns) to (n, channels, rows * r, columns * r).

    Parameters
    ----------
    input : Tensor or ndarray, shape (..., channels, rows, columns)
        Images.
    upscale_factor : int
        The factor r.

    Returns
    -------
    Tensor
        The images.

    Raises
    ------
    RuntimeError
        If the number of channels is no multiple of r**2.
    """

def pixel_unshuffle(input: TensorLike, downscale_factor: int) -> Tensor:
    """Turn images into coarser ones with more channels: the inverse of `pixel_shuffle`.

    Parameters
    ----------
    input : Tensor or ndarray, shape (..., channels, rows * r, columns * r)
        Images.
    downscale_factor : int
        The factor r.

    Returns
    -------
    Tensor
        The images.

    Raises
    ------
    RuntimeError
        If rows and columns are no multiples of r.
    """

def poisson_nll_loss(
    input: TensorLike,
    target: TensorLike,
    log_input: bool = True,
    full: bool = False,
    eps: float = 1e-08,
    reduction: str = 'mean',
    *,
    size_average: bool | None = None,
    reduce: bool | None = None,
) -> Tensor:
    """Negative log-likelihood of counts under Poisson distributions, without its constant term.

    Parameters
    ----------
    input : Tensor or ndarray
        Logarithms of the rates, or the rates themselves.
    target : Tensor or ndarray
        Counts.
    log_input : bool, optional
        Whether `input` holds logarithms.
    full : bool, optional
        Add Stirling's approximation of the logarithm of the factorial, for counts above 1.
    eps : float, optional
        Added to rates before their logarithm is taken.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values of all elements are averaged, summed, or returned as they are.
    size_average, reduce : bool, optional
        Older words of PyTorch's for `reduction`: mean or sum, and whether at all.

    Returns
    -------
    Tensor
        A number; of the broadcast shape for ``reduction="none"``.
    """

def prelu(input: TensorLike, weight: TensorLike) -> Tensor:
    """Leaky rectifier with trainable slopes: ``x`` where it is positive, ``weight * x`` elsewhere.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape; channels are axis 1.
    weight : Tensor or ndarray
        Slopes: one for all values, or one for each channel, with shape (channels,).

    Returns
    -------
    Tensor
        Of the shape of `input`.

    Raises
    ------
    ShapeError
        If the number of slopes is neither one nor the number of channels.
    """

def relu(input: TensorLike, inplace: bool = False, *, out: Tensor | None = None) -> Tensor:
    """The positive part; its derivative at 0 is 0.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    inplace : bool, optional
        Write the result into the memory of `input`.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def relu6(input: TensorLike, *, inplace: bool = False) -> Tensor:
    """Clip values to the interval from 0 to 6; the derivative at its ends is 0.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    inplace : bool, optional
        Write the result into the memory of `input`.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def rms_norm(
    input: TensorLike,
    normalized_shape: Sequence[int],
    weight: TensorLike | None = None,
    eps: float | None = None,
) -> Tensor:
    """Divide values by the root of their mean square over the last axes, then scale them.

    Parameters
    ----------
    input : Tensor or ndarray, shape (..., *normalized_shape)
        Values.
    normalized_shape : sequence of int
        Lengths of the axes over which is normalised.
    weight : Tensor or ndarray, optional
        Scale of shape `normalized_shape`.
    eps : float, optional
        Added to the mean square; the machine's precision by default.

    Returns
    -------
    Tensor
        Of the shape of `input`.

    Raises
    ------
    ShapeError
        If the last axes have other lengths.
    """

def rrelu(
    input: TensorLike,
    lower: float = 0.125,
    upper: float = 0.3333333333333333,
    training: bool = False,
    *,
    inplace: bool = False,
) -> Tensor:
    """Leaky rectifier whose slope for negative values is drawn; in evaluation it is the mean.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    lower, upper : float, optional
        Between which slopes are drawn.
    training : bool, optional
        Whether they are drawn.
    inplace : bool, optional
        Write the result into the memory of `input`.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def scaled_dot_product_attention(
    query: TensorLike,
    key: TensorLike,
    value: TensorLike,
    attn_mask: TensorLike | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Tensor:
    """Means of values, weighted by the softmax of products of queries and keys.

    Parameters
    ----------
    query : Tensor or ndarray, shape (..., targets, n)
        Queries.
    key : Tensor or ndarray, shape (..., sources, n)
        Keys.
    value : Tensor or ndarray, shape (..., sources, m)
        Values.
    attn_mask : Tensor or ndarray, shape (..., targets, sources), optional
        Bools that say which sources take part, or numbers that are added to the products.
    dropout_p : float, optional
        Probability with which a weight is set to 0.
    is_causal : bool, optional
        Let each target see the sources up to its own place only.
    scale : float, optional
        Factor of the products, ``1 / sqrt(n)`` by default.
    enable_gqa : bool, optional
        Only False: groups of queries with keys in common are not implemented.

    Returns
    -------
    Tensor, shape (..., targets, m)
        The means.

    Raises
    ------
    RuntimeError
        If there are a mask and `is_causal`.
    NotImplementedError
        If `enable_gqa` is set.

    References
    ----------
    Vaswani et al., "Attention is all you need", NeurIPS 2017.
    """

def selu(input: TensorLike, inplace: bool = False, *, out: Tensor | None = None) -> Tensor:
    """Scaled `elu` that keeps mean 0 and variance 1 through layers (Klambauer et al. 2017).

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    inplace : bool, optional
        Write the result into the memory of `input`.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def sigmoid(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """``1 / (1 + exp(-x))``, the logistic function.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def silu(input: TensorLike, inplace: bool = False, *, out: Tensor | None = None) -> Tensor:
    """``x * sigmoid(x)``.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    inplace : bool, optional
        Write the result into the memory of `input`.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def smooth_l1_loss(
    input: TensorLike,
    target: TensorLike,
    reduction: str = 'mean',
    beta: float = 1.0,
    *,
    size_average: bool | None = None,
    reduce: bool | None = None,
) -> Tensor:
    """Absolute difference, rounded to a parabola near 0: `huber_loss` divided by its parameter.

    Parameters
    ----------
    input, target : Tensor or ndarray
        Predictions and what they should be, of one shape. Shapes that only broadcast are warned of.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values of all elements are averaged, summed, or returned as they are.
    beta : float, optional
        Difference from which on the loss is linear; 0 gives `l1_loss`.
    size_average, reduce : bool, optional
        Older words of PyTorch's for `reduction`: mean or sum, and whether at all.

    Returns
    -------
    Tensor
        A number; of the shape of `input` for ``reduction="none"``.

    Raises
    ------
    RuntimeError
        If `beta` is negative.
    """

def soft_margin_loss(
    input: TensorLike,
    target: TensorLike,
    reduction: str = 'mean',
    *,
    size_average: bool | None = None,
    reduce: bool | None = None,
) -> Tensor:
    """The logistic loss ``log(1 + exp(-target * input))``.

    Parameters
    ----------
    input : Tensor or ndarray
        Predictions.
    target : Tensor or ndarray
        1 or -1.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values are averaged, summed, or returned as they are.
    size_average, reduce : bool, optional
        Older words of PyTorch's for `reduction`: mean or sum, and whether at all.

    Returns
    -------
    Tensor
        A number, or the values of all examples for ``reduction="none"``.
    """

@overload
def softmax(input: TensorLike, dim: SupportsIndex = -1, *, dtype: DTypeLike | None = None) -> Tensor:
    """Exponentials divided by their sum along an axis.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int, optional
        The axis.
    dtype : dtype, optional
        Of the result.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
@overload
def softmax(a: TensorLike, axis: SupportsIndex = -1, *, dtype: DTypeLike | None = None) -> Tensor:
    ...

def softmin(input: TensorLike, dim: SupportsIndex = -1, *, dtype: DTypeLike | None = None) -> Tensor:
    """Softmax of the negated values: the smallest value gets the largest weight.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int, optional
        Axis along which the results sum to 1.
    dtype : dtype, optional
        To which `input` is converted first.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def softplus(input: TensorLike, beta: float = 1.0, threshold: float = 20.0) -> Tensor:
    """Smooth approximation of the rectifier: ``log(1 + exp(beta * x)) / beta``.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    beta : float, optional
        Sharpness; the larger, the closer to `relu`.
    threshold : float, optional
        Where ``beta * x`` is larger, the result is ``x`` itself, as in PyTorch. With the default `beta` and
        `threshold` the exact formula is used everywhere, in a form that does not overflow.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def softshrink(input: TensorLike, lambd: float = 0.5) -> Tensor:
    """Move values towards 0 by `lambd`; those whose absolute value is at most `lambd` become 0.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    lambd : float, optional
        Distance; not negative.

    Returns
    -------
    Tensor
        Of the shape of `input`.

    Raises
    ------
    RuntimeError
        If `lambd` is negative.
    """

def softsign(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """``x / (1 + |x|)``.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def tanh(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The hyperbolic tangent.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def tanhshrink(input: TensorLike) -> Tensor:
    """Difference of a value and its hyperbolic tangent: ``x - tanh(x)``.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def threshold(input: TensorLike, threshold: float, value: float, *, inplace: bool = False) -> Tensor:
    """Replace every value that is not above a threshold.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    threshold : float
        Values above it are kept.
    value : float
        Replaces the others.
    inplace : bool, optional
        Write the result into the memory of `input`.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def triplet_margin_loss(
    anchor: TensorLike,
    positive: TensorLike,
    negative: TensorLike,
    margin: float = 1.0,
    p: float = 2.0,
    eps: float = 1e-06,
    swap: bool = False,
    reduction: str = 'mean',
    *,
    size_average: bool | None = None,
    reduce: bool | None = None,
) -> Tensor:
    """How much closer vectors are to those of the same kind than to others, less than a margin.

    Parameters
    ----------
    anchor, positive, negative : Tensor or ndarray, shape (..., n)
        Vectors, others of the same kind, and others of another.
    margin : float, optional
        How much closer they should be.
    p : float, optional
        Order of the norm.
    eps : float, optional
        Added to the differences.
    swap : bool, optional
        Whether the distance of the others to each other counts, where it is the smaller one.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values are averaged, summed, or returned as they are.
    size_average, reduce : bool, optional
        Older words of PyTorch's for `reduction`: mean or sum, and whether at all.

    Returns
    -------
    Tensor
        A number, or the values of all examples for ``reduction="none"``.
    """

def triplet_margin_with_distance_loss(
    anchor: TensorLike,
    positive: TensorLike,
    negative: TensorLike,
    *,
    distance_function: Callable[[Tensor, Tensor], Tensor] | None = None,
    margin: float = 1.0,
    swap: bool = False,
    reduction: str = 'mean',
) -> Tensor:
    """Distances to what is alike and what is not, by a function of the user's, which should differ by a margin.

    Parameters
    ----------
    anchor, positive, negative : Tensor or ndarray
        Examples, others of the same kind, and others of another kind.
    distance_function : callable, optional
        The distances of two batches; those of `pairwise_distance` by default.
    margin : float, optional
        How much the distances should differ.
    swap : bool, optional
        Take the distance of `positive` and `negative` where that is smaller.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values are averaged, summed, or returned as they are.

    Returns
    -------
    Tensor
        A number, or the values of all examples for ``reduction="none"``.

    Raises
    ------
    ValueError
        If the margin is not positive.
    """

def unfold(
    input: TensorLike,
    kernel_size: Lengths,
    dilation: Lengths = 1,
    padding: Lengths = 0,
    stride: Lengths = 1,
) -> Tensor:
    """Put the windows of images side by side, as columns.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, rows, columns) or (channels, rows, columns)
        Images.
    kernel_size : int or tuple of int
        Lengths of a window.
    dilation : int or tuple of int, optional
        Steps from number to number of a window.
    padding : int or tuple of int, optional
        Zeros around the images.
    stride : int or tuple of int, optional
        Steps from window to window.

    Returns
    -------
    Tensor, shape (n, channels * numbers in a window, windows)
        The windows.

    Raises
    ------
    RuntimeError
        If the input has another number of axes.
    """

def upsample(
    input: TensorLike,
    size: Lengths | None = None,
    scale_factor: float | Sequence[float] | None = None,
    mode: str = 'nearest',
    align_corners: bool | None = None,
) -> Tensor:
    """Make sequences or images longer; the old name of `interpolate`.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, ...)
        Values with one or more axes of places.
    size : int or tuple of int, optional
        Lengths of the result.
    scale_factor : float or tuple of float, optional
        Factors of the lengths, in the place of `size`.
    mode : str, optional
        How values between places are found.
    align_corners : bool, optional
        Whether the outermost places stay where they are.

    Returns
    -------
    Tensor
        The values at the new places.
    """
