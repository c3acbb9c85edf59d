"""Layers of transformers: attention and two linear layers, each added to what it reads and normalised."""

from __future__ import annotations

import copy
import math
from typing import TYPE_CHECKING

from . import functional as F
from . import init
from ..ops.creation import full
from ..ops.shape_functions import triu
from .attention_layers import MultiheadAttention
from .containers import ModuleList
from .layers import Dropout, LayerNorm, Linear
from .module import Module

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..tensors.tensor import Tensor
    from ..typing import DTypeLike

ACTIVATIONS = {"relu": F.relu, "gelu": F.gelu}


def _activation(given):
    if callable(given):
        return given
    if given not in ACTIVATIONS:
        raise RuntimeError(f"activation should be relu/gelu, not {given}")
    return ACTIVATIONS[given]


class _TransformerLayer(Module):
    """What layers of encoders and decoders share: normalised parts that are added to what they read."""

    attentions = ()  # names of the attentions, in the order in which they are drawn

    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: str | Callable[[Tensor], Tensor] = F.relu,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        device: str | None = None,
        dtype: DTypeLike | None = None,
    ) -> None:
        super().__init__()
        options = {"device": device, "dtype": dtype}
        for name in self.attentions:
            made = MultiheadAttention(d_model, nhead, dropout=dropout, bias=bias, batch_first=batch_first, **options)
            setattr(self, name, made)
        self.linear1 = Linear(d_model, dim_feedforward, bias=bias, **options)
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(dim_feedforward, d_model, bias=bias, **options)
        self.norm_first, self.activation = norm_first, _activation(activation)
        parts = range(1, len(self.attentions) + 2)
        for k in parts:
            setattr(self, f"norm{k}", LayerNorm(d_model, eps=layer_norm_eps, bias=bias, **options))
        for k in parts:
            setattr(self, f"dropout{k}", Dropout(dropout))

    def _added(self, k, x, part):
        """The sum of x and what a part makes of it, normalised before or after."""
        norm, dropout = getattr(self, f"norm{k}"), getattr(self, f"dropout{k}")
        return x + dropout(part(norm(x))) if self.norm_first else norm(x + dropout(part(x)))

    def _feed_forward(self, x):
        return self.linear2(self.dropout(self.activation(self.linear1(x))))


def _copies(layer, n):
    return ModuleList([copy.deepcopy(layer) for _ in range(n)])


class TransformerEncoderLayer(_TransformerLayer):
    """Layer of an encoder: attention of all places to each other, and two linear layers.

    Parameters
    ----------
    d_model : int
        Length of a place's vector.
    nhead : int
        Number of heads, which divides `d_model`.
    dim_feedforward : int, optional
        Length of what is between the two linear layers.
    dropout : float, optional
        Probability with which a number is set to 0, in training.
    activation : {"relu", "gelu"} or callable, optional
        What is between the two linear layers.
    layer_norm_eps : float, optional
        Added to the variances of normalisations.
    batch_first : bool, optional
        Whether the axis of examples comes before that of places.
    norm_first : bool, optional
        Whether parts normalise what they read, and not what they have added to.
    bias : bool, optional
        Whether linear layers and normalisations have biases.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    dtype : dtype, optional
        Of the parameters; the default dtype if not given.

    Raises
    ------
    RuntimeError
        If the activation has another name.

    References
    ----------
    Vaswani et al., "Attention is all you need", NeurIPS 2017.
    """

    attentions = ("self_attn",)

    def forward(
        self, src: Tensor, src_mask: Tensor | None = None, src_key_padding_mask: Tensor | None = None, is_causal: bool = False
    ) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        src : Tensor, shape (places, n, d_model)
            Vectors of places; without the axis of examples for one.
        src_mask : Tensor, shape (targets, sources), optional
            Which sources do not count for which targets; see `MultiheadAttention`.
        src_key_padding_mask : Tensor, shape (n, sources), optional
            Which sources do not count.
        is_causal : bool, optional
            A hint that the mask is causal; the mask has to be given.

        Returns
        -------
        Tensor
            Of the shape of `src`.
        """
        masks = {"attn_mask": src_mask, "key_padding_mask": src_key_padding_mask, "is_causal": is_causal}

        def attended(x):
            return self.self_attn(x, x, x, need_weights=False, **masks)[0]

        return self._added(2, self._added(1, src, attended), self._feed_forward)


class TransformerDecoderLayer(_TransformerLayer):
    """Layer of a decoder: attention of places to each other, attention to those of an encoder, and two linear layers.

    Parameters
    ----------
    d_model : int
        Length of a place's vector.
    nhead : int
        Number of heads, which divides `d_model`.
    dim_feedforward : int, optional
        Length of what is between the two linear layers.
    dropout : float, optional
        Probability with which a number is set to 0, in training.
    activation : {"relu", "gelu"} or callable, optional
        What is between the two linear layers.
    layer_norm_eps : float, optional
        Added to the variances of normalisations.
    batch_first : bool, optional
        Whether the axis of examples comes before that of places.
    norm_first : bool, optional
        Whether parts normalise what they read, and not what they have added to.
    bias : bool, optional
        Whether linear layers and normalisations have biases.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    dtype : dtype, optional
        Of the parameters; the default dtype if not given.

    Raises
    ------
    RuntimeError
        If the activation has another name.
    """

    attentions = "self_attn", "multihead_attn"

    def forward(
        self,
        tgt: Tensor,
        memory: Tensor,
        tgt_mask: Tensor | None = None,
        memory_mask: Tensor | None = None,
        tgt_key_padding_mask: Tensor | None = None,
        memory_key_padding_mask: Tensor | None = None,
        tgt_is_causal: bool = False,
        memory_is_causal: bool = False,
    ) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        tgt : Tensor, shape (targets, n, d_model)
            Vectors of places; without the axis of examples for one.
        memory : Tensor, shape (sources, n, d_model)
            What an encoder has made.
        tgt_mask, memory_mask : Tensor, shape (targets, sources), optional
            Which sources do not count for which targets; see `MultiheadAttention`.
        tgt_key_padding_mask, memory_key_padding_mask : Tensor, shape (n, sources), optional
            Which sources do not count.
        tgt_is_causal, memory_is_causal : bool, optional
            A hint that the mask is causal; the mask has to be given.

        Returns
        -------
        Tensor
            Of the shape of `tgt`.
        """
        own = {"attn_mask": tgt_mask, "key_padding_mask": tgt_key_padding_mask, "is_causal": tgt_is_causal}
        other = {"attn_mask": memory_mask, "key_padding_mask": memory_key_padding_mask, "is_causal": memory_is_causal}

        def attended(x):
            return self.self_attn(x, x, x, need_weights=False, **own)[0]

        def looked_up(x):
            return self.multihead_attn(x, memory, memory, need_weights=False, **other)[0]

        return self._added(3, self._added(2, self._added(1, tgt, attended), looked_up), self._feed_forward)


class TransformerEncoder(Module):
    """Layers of an encoder, one after the other.

    Parameters
    ----------
    encoder_layer : TransformerEncoderLayer
        What is copied.
    num_layers : int
        How often.
    norm : Module, optional
        Applied to the result.
    enable_nested_tensor, mask_check : bool, optional
        Without effect; accepted for compatibility with PyTorch.
    """

    def __init__(
        self,
        encoder_layer: Module,
        num_layers: int,
        norm: Module | None = None,
        enable_nested_tensor: bool = True,
        mask_check: bool = True,
    ) -> None:
        super().__init__()
        self.layers, self.num_layers, self.norm = _copies(encoder_layer, num_layers), num_layers, norm

    def forward(
        self, src: Tensor, mask: Tensor | None = None, src_key_padding_mask: Tensor | None = None, is_causal: bool | None = None
    ) -> Tensor:
        """Apply the layers.

        Parameters
        ----------
        src : Tensor, shape (places, n, d_model)
            Vectors of places.
        mask : Tensor, shape (targets, sources), optional
            Which sources do not count for which targets; see `MultiheadAttention`.
        src_key_padding_mask : Tensor, shape (n, sources), optional
            Which sources do not count.
        is_causal : bool, optional
            A hint that the mask is causal.

        Returns
        -------
        Tensor
            Of the shape of `src`.
        """
        x = src
        for layer in self.layers:
            x = layer(x, src_mask=mask, src_key_padding_mask=src_key_padding_mask, is_causal=bool(is_causal))
        return x if self.norm is None else self.norm(x)


class TransformerDecoder(Module):
    """Layers of a decoder, one after the other.

    Parameters
    ----------
    decoder_layer : TransformerDecoderLayer
        What is copied.
    num_layers : int
        How often.
    norm : Module, optional
        Applied to the result.
    """

    def __init__(self, decoder_layer: Module, num_layers: int, norm: Module | None = None) -> None:
        super().__init__()
        self.layers, self.num_layers, self.norm = _copies(decoder_layer, num_layers), num_layers, norm

    def forward(
        self,
        tgt: Tensor,
        memory: Tensor,
        tgt_mask: Tensor | None = None,
        memory_mask: Tensor | None = None,
        tgt_key_padding_mask: Tensor | None = None,
        memory_key_padding_mask: Tensor | None = None,
        tgt_is_causal: bool | None = None,
        memory_is_causal: bool = False,
    ) -> Tensor:
        """Apply the layers.

        Parameters
        ----------
        tgt : Tensor, shape (targets, n, d_model)
            Vectors of places.
        memory : Tensor, shape (sources, n, d_model)
            What an encoder has made.
        tgt_mask, memory_mask : Tensor, shape (targets, sources), optional
            Which sources do not count for which targets; see `MultiheadAttention`.
        tgt_key_padding_mask, memory_key_padding_mask : Tensor, shape (n, sources), optional
            Which sources do not count.
        tgt_is_causal, memory_is_causal : bool, optional
            A hint that the mask is causal; the mask has to be given.

        Returns
        -------
        Tensor
            Of the shape of `tgt`.
        """
        masks = {"tgt_mask": tgt_mask, "memory_mask": memory_mask, "tgt_is_causal": bool(tgt_is_causal)}
        masks |= {"tgt_key_padding_mask": tgt_key_padding_mask, "memory_key_padding_mask": memory_key_padding_mask}
        x = tgt
        for layer in self.layers:
            x = layer(x, memory, memory_is_causal=memory_is_causal, **masks)
        return x if self.norm is None else self.norm(x)


class Transformer(Module):
    """An encoder, and a decoder that reads what it has made.

    Parameters
    ----------
    d_model : int, optional
        Length of a place's vector.
    nhead : int, optional
        Number of heads, which divides `d_model`.
    num_encoder_layers, num_decoder_layers : int, optional
        Numbers of layers.
    dim_feedforward : int, optional
        Length of what is between the two linear layers.
    dropout : float, optional
        Probability with which a number is set to 0, in training.
    activation : {"relu", "gelu"} or callable, optional
        What is between the two linear layers.
    custom_encoder, custom_decoder : Module, optional
        Used in the place of those that would be made.
    layer_norm_eps : float, optional
        Added to the variances of normalisations.
    batch_first : bool, optional
        Whether the axis of examples comes before that of places.
    norm_first : bool, optional
        Whether parts normalise what they read, and not what they have added to.
    bias : bool, optional
        Whether linear layers and normalisations have biases.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    dtype : dtype, optional
        Of the parameters; the default dtype if not given.

    Raises
    ------
    RuntimeError
        If the activation has another name.

    Examples
    --------
    >>> import jittape as jt
    >>> model = jt.nn.Transformer(d_model=8, nhead=2, num_encoder_layers=1, num_decoder_layers=1, dim_feedforward=16)
    >>> model(jt.zeros(5, 3, 8), jt.zeros(4, 3, 8)).shape
    Size([4, 3, 8])
    """

    def __init__(
        self,
        d_model: int = 512,
        nhead: int = 8,
        num_encoder_layers: int = 6,
        num_decoder_layers: int = 6,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: str | Callable[[Tensor], Tensor] = F.relu,
        custom_encoder: Module | None = None,
        custom_decoder: Module | None = None,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        device: str | None = None,
        dtype: DTypeLike | None = None,
    ) -> None:
        super().__init__()
        sizes = d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps, batch_first, norm_first, bias, device, dtype
        options = {"eps": layer_norm_eps, "bias": bias, "device": device, "dtype": dtype}
        self.encoder, self.decoder = custom_encoder, custom_decoder
        if custom_encoder is None:
            layer = TransformerEncoderLayer(*sizes)
            self.encoder = TransformerEncoder(layer, num_encoder_layers, LayerNorm(d_model, **options))
        if custom_decoder is None:
            self.decoder = TransformerDecoder(TransformerDecoderLayer(*sizes), num_decoder_layers, LayerNorm(d_model, **options))
        for parameter in self.parameters():
            if parameter.ndim > 1:
                init.xavier_uniform_(parameter)
        self.d_model, self.nhead, self.batch_first = d_model, nhead, batch_first

    def forward(
        self,
        src: Tensor,
        tgt: Tensor,
        src_mask: Tensor | None = None,
        tgt_mask: Tensor | None = None,
        memory_mask: Tensor | None = None,
        src_key_padding_mask: Tensor | None = None,
        tgt_key_padding_mask: Tensor | None = None,
        memory_key_padding_mask: Tensor | None = None,
        src_is_causal: bool | None = None,
        tgt_is_causal: bool | None = None,
        memory_is_causal: bool = False,
    ) -> Tensor:
        """Apply encoder and decoder.

        Parameters
        ----------
        src : Tensor, shape (sources, n, d_model)
            What the encoder reads.
        tgt : Tensor, shape (targets, n, d_model)
            What the decoder reads.
        src_mask, tgt_mask, memory_mask : Tensor, shape (targets, sources), optional
            Which sources do not count for which targets; see `MultiheadAttention`.
        src_key_padding_mask, tgt_key_padding_mask, memory_key_padding_mask : Tensor, shape (n, sources), optional
            Which sources do not count.
        src_is_causal, tgt_is_causal, memory_is_causal : bool, optional
            A hint that the mask is causal; the mask has to be given.

        Returns
        -------
        Tensor
            Of the shape of `tgt`.

        Raises
        ------
        RuntimeError
            If the shapes do not fit.
        """
        examples = 0 if self.batch_first else 1
        if src.ndim == 3 and src.shape[examples] != tgt.shape[examples]:
            raise RuntimeError("the batch number of src and tgt must be equal")
        if src.shape[-1] != self.d_model or tgt.shape[-1] != self.d_model:
            raise RuntimeError("the feature number of src and tgt must be equal to d_model")
        memory = self.encoder(src, mask=src_mask, src_key_padding_mask=src_key_padding_mask, is_causal=src_is_causal)
        masks = {"tgt_mask": tgt_mask, "memory_mask": memory_mask, "tgt_key_padding_mask": tgt_key_padding_mask}
        masks |= {"memory_key_padding_mask": memory_key_padding_mask, "tgt_is_causal": tgt_is_causal}
        return self.decoder(tgt, memory, memory_is_causal=memory_is_causal, **masks)

    @staticmethod
    def generate_square_subsequent_mask(sz: int, device: str | None = None, dtype: DTypeLike | None = None) -> Tensor:
        """Return the mask with which places see only those before them and themselves.

        Parameters
        ----------
        sz : int
            Number of places.
        device : str, optional
            Only "cpu"; accepted for compatibility with PyTorch.
        dtype : dtype, optional
            Of the result; the default dtype if not given.

        Returns
        -------
        Tensor, shape (sz, sz)
            0 where a place is seen, -inf elsewhere.
        """
        return triu(full((sz, sz), -math.inf, device=device, dtype=dtype), 1)
