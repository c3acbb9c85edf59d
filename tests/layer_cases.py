"""Layers and functions of networks, as calls that mean the same with either library."""

import numpy as np


class Folded:
    """Makes a module for symmetric matrices, of either library."""

    def __new__(cls, torch):
        class Symmetric(torch.nn.Module):
            def forward(self, x):
                return x.triu() + x.triu(1).T

        return torch.nn.utils.parametrize.register_parametrization(torch.nn.Linear(3, 3), "weight", Symmetric())


def small_convolutional(torch):
    nn = torch.nn
    first = [nn.Conv2d(1, 3, 3, bias=False), nn.BatchNorm2d(3), nn.ReLU(), nn.MaxPool2d(2)]
    second = [nn.Conv2d(3, 4, 2), nn.Tanh(), nn.AvgPool2d(2), nn.Flatten()]
    return nn.Sequential(*first, *second, nn.Linear(16, 5), nn.LogSoftmax(dim=1))


def masked_attention(torch, module, x):
    upper, padding = torch.triu(torch.ones(5, 5), 1) > 0, torch.tensor(np.arange(10).reshape(2, 5) == 9)
    return module(x, x, x, attn_mask=upper, key_padding_mask=padding)


SEQUENCES, BATCH_FIRST, ONE, STEP = [(5, 2, 3)], [(2, 5, 3)], [(5, 3)], [(2, 3)]
IMAGES = [(2, 3, 7, 6)]
LAYERS = {  # name: (module, shapes of its arguments, and how it is called where that is not by them)
    "convolution": (lambda torch: torch.nn.Conv2d(3, 4, 3, padding=1, stride=2), IMAGES),
    "circular convolution": (lambda torch: torch.nn.Conv2d(3, 4, 3, padding=1, padding_mode="circular"), IMAGES),
    "convolution of sequences": (lambda torch: torch.nn.Conv1d(3, 4, 3, bias=False), [(2, 3, 7)]),
    "transposed convolution": (lambda torch: torch.nn.ConvTranspose2d(3, 4, 4, 2, 1), IMAGES),
    "of a size": (
        lambda torch: torch.nn.ConvTranspose2d(3, 4, 3, 2, 1),
        [(2, 3, 5, 5)],
        lambda torch, module, x: module(x, output_size=(10, 10)),
    ),
    "small network": (small_convolutional, [(4, 1, 12, 12)]),
    "batch of vectors": (lambda torch: torch.nn.BatchNorm1d(3), [(5, 3)]),
    "batch of sequences": (lambda torch: torch.nn.BatchNorm1d(3, momentum=None), [(5, 3, 4)]),
    "running means": (lambda torch: torch.nn.BatchNorm1d(3).eval(), [(5, 3)]),
    "groups": (lambda torch: torch.nn.GroupNorm(2, 4), [(2, 4, 3)]),
    "running means of examples": (lambda torch: torch.nn.InstanceNorm2d(3, affine=True, track_running_stats=True), IMAGES),
    "transformer": (
        lambda torch: torch.nn.Transformer(4, 2, 1, 1, 8, 0.0, norm_first=True),
        [(5, 2, 4), (3, 2, 4)],
        lambda torch, module, x, y: module(x, y, tgt_mask=module.generate_square_subsequent_mask(3)),
    ),
    "encoder": (
        lambda torch: torch.nn.TransformerEncoder(torch.nn.TransformerEncoderLayer(4, 2, 8, 0.0, "gelu"), 1),
        [(5, 2, 4)],
    ),
    "mean squares": (lambda torch: torch.nn.RMSNorm(4), [(2, 4)]),
    **{
        f"{kind} {name}": (lambda torch, kind=kind, options=options: getattr(torch.nn, kind)(3, 4, **options), shapes)
        for kind in ("RNN", "LSTM", "GRU")
        for name, options, shapes in (
            ("", {}, SEQUENCES),
            ("of two", {"num_layers": 2, "bidirectional": True, "batch_first": True}, BATCH_FIRST),
            ("of one sequence", {"bias": False}, ONE),
        )
    },
    **{
        f"{kind} step": (lambda torch, kind=kind: getattr(torch.nn, kind + "Cell")(3, 4), STEP) for kind in ("RNN", "LSTM", "GRU")
    },
    "rectified RNN": (lambda torch: torch.nn.RNN(3, 4, nonlinearity="relu"), SEQUENCES),
    "projected LSTM": (lambda torch: torch.nn.LSTM(3, 4, proj_size=2, num_layers=2), SEQUENCES),
    "LSTM from a state": (
        lambda torch: torch.nn.LSTM(3, 4),
        [(5, 2, 3), (1, 2, 4), (1, 2, 4)],
        lambda torch, module, x, h, c: module(x, (h, c)),
    ),
    "attention": (lambda torch: torch.nn.MultiheadAttention(4, 2), [(5, 2, 4), (6, 2, 4), (6, 2, 4)]),
    "attention to others": (
        lambda torch: torch.nn.MultiheadAttention(4, 2, batch_first=True, kdim=3, vdim=5),
        [(2, 5, 4), (2, 6, 3), (2, 6, 5)],
    ),
    "masked attention": (lambda torch: torch.nn.MultiheadAttention(4, 2, batch_first=True), [(2, 5, 4)], masked_attention),
    "bilinear": (lambda torch: torch.nn.Bilinear(3, 2, 4), [(5, 3), (5, 2)]),
    "enlarged": (lambda torch: torch.nn.Upsample(scale_factor=2, mode="bilinear"), [(1, 2, 3, 4)]),
    "padded": (
        lambda torch: torch.nn.Sequential(
            torch.nn.ZeroPad2d(1),
            torch.nn.ReflectionPad2d((1, 0, 2, 1)),
            torch.nn.ConstantPad2d(1, 2.0),
            torch.nn.PixelUnshuffle(2),
        ),
        [(1, 2, 5, 5)],
    ),
    "lengths and directions": (lambda torch: torch.nn.utils.weight_norm(torch.nn.Linear(3, 4)), ONE),
    "parametrised so": (lambda torch: torch.nn.utils.parametrizations.weight_norm(torch.nn.Linear(3, 4)), ONE),
    "parametrised": (Folded, ONE),
}

VOLUMES = (1, 2, 4, 3, 5)


def of_volumes(torch):
    nn = torch.nn
    first = [nn.Conv3d(2, 3, 2, bias=False), nn.BatchNorm3d(3), nn.ReLU(), nn.MaxPool3d(2, 1), nn.ConvTranspose3d(3, 2, 2, 2)]
    return nn.Sequential(*first, nn.InstanceNorm3d(2, affine=True), nn.AvgPool3d(2), nn.AdaptiveAvgPool3d((2, 1, None)))


class Unpooled:
    """Makes a module that pools and puts back, of either library."""

    def __new__(cls, torch):
        class PooledAndBack(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.first = torch.nn.Linear(6, 6)
                self.pool, self.back = torch.nn.MaxPool2d(2, return_indices=True), torch.nn.MaxUnpool2d(2)

            def forward(self, x):
                return self.back(*self.pool(self.first(x)), output_size=(7, 6))

        return PooledAndBack()


LAYERS["unpooled"] = (Unpooled, IMAGES)
LAYERS["volumes"] = (of_volumes, [(2, 2, 5, 4, 4)])


def lazy(torch):
    """A network that has got one input, which said how many features there are."""
    nn = torch.nn
    first = [nn.LazyConv2d(4, 3), nn.LazyBatchNorm2d(), nn.LPPool2d(2, 2), nn.AdaptiveMaxPool2d((1, 2)), nn.Flatten()]
    found = nn.Sequential(*first, nn.LazyLinear(3))
    found(torch.ones(2, 3, 7, 6))
    return found


LAYERS["lazy"] = (lazy, IMAGES)
LAYERS["divided by norms"] = (lambda torch: torch.nn.utils.spectral_norm(torch.nn.Linear(3, 4), "weight", 200), ONE)
LAYERS["parametrised by norms"] = (
    lambda torch: torch.nn.utils.parametrizations.spectral_norm(torch.nn.ConvTranspose2d(3, 4, 2), n_power_iterations=2),
    IMAGES,
)
LAYERS["bags"] = (
    lambda torch: torch.nn.EmbeddingBag(5, 3, mode="sum", padding_idx=1),
    [(6,)],
    lambda torch, module, x: module(torch.tensor([0, 4, 1, 1, 4, 2]), torch.tensor([0, 1, 4]), x),
)
LAYERS["cosines"] = (lambda torch: torch.nn.CosineSimilarity(), [(5, 3), (5, 3)])
LAYERS["distances"] = (lambda torch: torch.nn.PairwiseDistance(3.0, keepdim=True), [(5, 3), (5, 3)])
LAYERS["padded volumes"] = (
    lambda torch: torch.nn.Sequential(
        torch.nn.ZeroPad3d(1),
        torch.nn.ReplicationPad3d((1, 0, 2, 1, 0, 1)),
        torch.nn.LocalResponseNorm(3),
        torch.nn.RReLU().eval(),
    ),
    [(1, 2, 3, 4, 4)],
)
X, S, CHANNELS = (2, 4, 9, 8), (2, 4, 11), (4,)
FUNCTIONS = [  # name of a function, shapes of its arguments, options
    *[("conv2d", [X, (6, 4, 3, 2), (6,)], o) for o in ({}, {"stride": 2, "padding": 1}, {"dilation": (2, 1), "padding": (1, 2)})],
    ("conv2d", [X, (6, 2, 3, 2), (6,)], {"groups": 2}),
    ("conv2d", [X, (6, 4, 3, 2)], {"padding": "same"}),
    *[("conv_transpose2d", [X, (4, 6, 3, 2), (6,)], o) for o in ({"stride": 2, "padding": 1}, {"dilation": (2, 1)})],
    ("conv_transpose2d", [X, (4, 3, 3, 2), (6,)], {"groups": 2}),
    ("conv1d", [S, (3, 4, 3), (3,)], {"stride": 2, "padding": 1}),
    ("conv1d", [S[1:], (3, 4, 3)], {}),
    ("conv_transpose1d", [S, (4, 3, 3), (3,)], {"stride": 3, "padding": 1, "output_padding": 2}),
    ("max_pool2d", [X], {"kernel_size": (3, 2), "stride": (2, 1), "padding": 1}),
    ("max_pool2d", [X], {"kernel_size": 3, "stride": 2, "ceil_mode": True}),
    ("max_pool2d", [X[1:]], {"kernel_size": 2, "dilation": 2, "stride": 1}),
    ("max_pool2d", [X], {"kernel_size": 2, "return_indices": True}),
    ("max_pool1d", [S], {"kernel_size": 3, "stride": 2}),
    ("avg_pool2d", [X], {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True}),
    ("avg_pool2d", [X], {"kernel_size": 3, "stride": 2, "padding": 1, "count_include_pad": False, "ceil_mode": True}),
    ("avg_pool2d", [X], {"kernel_size": 3, "divisor_override": 2}),
    ("avg_pool1d", [S], {"kernel_size": 3, "stride": 2, "padding": 1}),
    *[("adaptive_avg_pool2d", [X], {"output_size": size}) for size in (1, 3, (2, None), (5, 7))],
    ("adaptive_avg_pool1d", [S], {"output_size": 4}),
    ("interpolate", [X], {"size": (5, 13)}),
    ("interpolate", [X], {"size": (5, 13), "mode": "nearest-exact"}),
    ("interpolate", [X], {"scale_factor": 1.7, "mode": "bilinear"}),
    ("interpolate", [X], {"scale_factor": (0.6, 2.3), "mode": "bilinear", "align_corners": True}),
    ("interpolate", [X], {"size": 13, "mode": "bicubic"}),
    ("interpolate", [X], {"size": (4, 13), "mode": "bicubic", "align_corners": True}),
    ("interpolate", [X], {"size": (4, 3), "mode": "area"}),
    ("interpolate", [S], {"scale_factor": 1.5, "mode": "linear"}),
    *[("pad", [X], {"pad": (1, 2, 3, 1), "mode": mode}) for mode in ("reflect", "replicate", "circular", "constant")],
    ("pad", [X], {"pad": (-1, 2, 3, -2), "value": 2.0}),
    ("batch_norm", [X, None, None, CHANNELS, CHANNELS], {"training": True}),
    ("group_norm", [X, 2, CHANNELS, CHANNELS], {}),
    ("instance_norm", [X], {}),
    ("rms_norm", [X, [8], (8,)], {}),
    ("bilinear", [(5, 3), (5, 2), (4, 3, 2), CHANNELS], {}),
    ("conv3d", [VOLUMES, (4, 2, 2, 1, 2), (4,)], {"stride": (1, 2, 1), "padding": 1, "dilation": (2, 1, 1)}),
    ("conv3d", [VOLUMES, (4, 1, 2, 2, 2)], {"groups": 2, "padding": "same"}),
    ("conv_transpose3d", [VOLUMES, (2, 3, 3, 2, 2), (3,)], {"stride": 2, "padding": 1, "output_padding": (1, 0, 1)}),
    ("max_pool3d", [VOLUMES], {"kernel_size": (2, 3, 2), "stride": 2, "padding": 1, "return_indices": True}),
    ("max_pool3d", [VOLUMES], {"kernel_size": 2, "ceil_mode": True}),
    ("avg_pool3d", [VOLUMES], {"kernel_size": 2, "padding": 1, "count_include_pad": False}),
    ("adaptive_avg_pool3d", [VOLUMES], {"output_size": (2, None, 3)}),
    ("unfold", [X], {"kernel_size": (3, 2), "dilation": (2, 1), "padding": (1, 0), "stride": (2, 3)}),
    ("fold", [(2, 12, 21)], {"output_size": (7, 6), "kernel_size": (3, 2), "padding": (0, 1), "stride": (2, 1)}),
    ("pixel_shuffle", [X], {"upscale_factor": 2}),
    ("pixel_unshuffle", [(2, 1, 4, 6)], {"downscale_factor": 2}),
    ("hardshrink", [X], {}),
    ("pairwise_distance", [X, X], {}),
    ("scaled_dot_product_attention", [(2, 5, 4), (2, 6, 4), (2, 6, 3)], {}),
    ("scaled_dot_product_attention", [(2, 5, 4), (2, 6, 4), (2, 6, 3)], {"is_causal": True}),
    *[
        ("grid_sample", [images, places], {"mode": mode, "padding_mode": padding, "align_corners": corners})
        for images, places in ((X, (2, 3, 2, 2)), (VOLUMES, (1, 2, 3, 2, 3)))
        for mode in ("bilinear", "nearest", *(["bicubic"] if images is X else []))
        for padding, corners in (("zeros", False), ("border", True), ("reflection", False), ("reflection", True))
    ],
    *[("affine_grid", [(2, 2, 3), [2, 3, 4, 5]], {"align_corners": corners}) for corners in (False, True)],
    ("affine_grid", [(2, 3, 4), [2, 3, 4, 5, 2]], {"align_corners": False}),
    ("embedding_bag", [np.array([[0, 2, 1], [4, 1, 1]]), (5, 3)], {"mode": "mean"}),
    ("embedding_bag", [np.array([0, 2, 1, 4, 1]), (5, 3), np.array([0, 2, 2])], {"mode": "max"}),
    ("embedding_bag", [np.array([0, 2, 1, 4, 1]), (5, 3), np.array([0, 2, 5])], {"mode": "sum", "include_last_offset": True}),
    ("embedding_bag", [np.array([0, 2, 1, 4, 1]), (5, 3), np.array([0, 2])], {"padding_idx": 2}),
    *[("adaptive_max_pool2d", [X], {"output_size": size}) for size in (1, (2, None), (5, 7))],
    ("adaptive_max_pool2d", [X[1:]], {"output_size": 3, "return_indices": True}),
    ("adaptive_max_pool1d", [S], {"output_size": 4}),
    ("adaptive_max_pool3d", [VOLUMES], {"output_size": (2, None, 3), "return_indices": True}),
    ("lp_pool2d", [X], {"norm_type": 2, "kernel_size": (3, 2), "stride": 2, "ceil_mode": True}),
    ("lp_pool1d", [S], {"norm_type": 4.0, "kernel_size": 3}),
    ("lp_pool3d", [VOLUMES], {"norm_type": 2.0, "kernel_size": (2, 1, 2)}),
    *[("local_response_norm", [shape], {"size": size, "alpha": 0.5}) for shape, size in ((X, 2), (S, 3), (VOLUMES, 1))],
    ("alpha_dropout", [X], {"p": 0.3}),
    ("rrelu", [X], {}),
    ("channel_shuffle", [X], {"groups": 2}),
    ("pdist", [(5, 3)], {}),
    ("pdist", [(5, 3)], {"p": 3.0}),
    ("triplet_margin_with_distance_loss", [(5, 3), (5, 3), (5, 3)], {"swap": True}),
    ("multilabel_margin_loss", [(3, 4), np.array([[2, 1, -1, 1], [0, -1, -1, -1], [-1, 0, 0, 0]])], {}),
    *[
        ("ctc_loss", [(7, 3, 4), np.array([[1, 1, 2], [3, 2, 0], [2, 0, 0]]), [7, 5, 6], [3, 2, 0]], {"reduction": how})
        for how in ("mean", "sum", "none")
    ],
    ("ctc_loss", [(7, 2, 4), np.array([1, 1, 3, 2, 1, 2, 3, 1]), [7, 2], [3, 5]], {"zero_infinity": True}),
    ("ctc_loss", [(7, 4), np.array([0, 2, 2]), [6], [3]], {"blank": 3}),
]
SAMPLES = [np.random.default_rng(5).random((2, n, axes)) for n, axes in ((4, 2), (2, 3))]
FUNCTIONS += [
    ("fractional_max_pool2d", [X], {"kernel_size": (3, 2), "output_size": (4, 3), "samples": SAMPLES[0]}),
    ("fractional_max_pool2d", [X], {"kernel_size": 2, "output_ratio": (0.6, 0.5), "return_indices": True, "samples": SAMPLES[0]}),
    ("fractional_max_pool3d", [(2, 2, 5, 4, 6)], {"kernel_size": (2, 1, 3), "output_size": (2, 3, 2), "samples": SAMPLES[1]}),
    ("fractional_max_pool3d", [(2, 2, 5, 4, 6)], {"kernel_size": 2, "output_size": 1, "samples": SAMPLES[1]}),
]


def orthogonal(torch, rows, columns, which):
    """A layer of orthonormal rows or columns."""
    layer = torch.nn.Linear(columns, rows)
    return torch.nn.utils.parametrizations.orthogonal(layer, "weight", which, use_trivialization=rows == columns)


for which in ("matrix_exp", "cayley", "householder"):
    for rows, columns in ((3, 3), (4, 3), (2, 3)):
        if which == "householder" or rows == columns:  # the others complete the columns by random ones
            LAYERS[f"orthogonal, {which} {rows}"] = (lambda torch, a=(rows, columns, which): orthogonal(torch, *a), ONE)
