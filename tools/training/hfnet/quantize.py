"""Folding, calibration and quantization, as the article Model states them ("Integer arithmetic")."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from hfnet.integer import INPUT_SCALES, IntegerLayer, IntegerModel, affine, requantization
from hfnet.model import COARSE_AFTER, ConvBN, Head, HFNet, pad_same, repeated

SAMPLES_PER_IMAGE = 4096
INT16_LIMIT = 16383  # so that the int16 between shift and multiply cannot saturate before the result does
INT16_MARGIN = 1.3
SMALLEST_MULTIPLIER = 2.0**-20


@dataclass
class FloatLayer:
    """One layer of the folded network. Weights are [N, K, kh, kw] as PyTorch has them; an addition has none, and at
    stride 2 its second input is at half the size, each cell repeated."""

    name: str
    operation: str
    inputs: list[str]
    stride: int
    channels_in: int
    channels_out: int
    output_type: str = "int8"
    relu6: bool = False
    weight: Tensor | None = None
    bias: Tensor | None = None


def fold_batch_norm(weight: Tensor, bn: torch.nn.BatchNorm2d) -> tuple[Tensor, Tensor]:
    """Weight and bias of the convolution that equals convolution and batch normalization, computed in double."""
    scale = bn.weight.double() / torch.sqrt(bn.running_var.double() + bn.eps)
    bias = bn.bias.double() - bn.running_mean.double() * scale
    return (weight.double() * scale[:, None, None, None]).float(), bias.float()


@torch.no_grad()
def float_layers(net: HFNet) -> list[FloatLayer]:
    """The folded layers in order of execution: trunk, local heads, then the global branch."""
    layers: list[FloatLayer] = []

    def convolution(name: str, source: str, module: ConvBN) -> str:
        weight, bias = fold_batch_norm(module.conv.weight, module.bn)
        channels_out, taps = weight.shape[0], weight.shape[2]
        channels_in = weight.shape[1] * module.conv.groups
        operation = "pointwise" if taps == 1 else "depthwise" if module.conv.groups > 1 else "convolution"
        if channels_in == 1:
            operation = "stem"
        layers.append(
            FloatLayer(
                name,
                operation,
                [source],
                module.stride,
                channels_in,
                channels_out,
                "int8",
                not module.linear,
                weight,
                bias,
            )
        )
        return name

    def linear(name: str, source: str, weight: Tensor, bias: Tensor) -> None:
        layers.append(
            FloatLayer(name, "pointwise", [source], 1, weight.shape[1], weight.shape[0], "int16", False, weight, bias)
        )

    def head(name: str, output: str, source: str, module: Head) -> None:
        hidden = convolution(f"{name}.hidden", source, module.hidden)
        assert module.out.bias is not None
        linear(f"{name}.{output}", hidden, module.out.weight.detach(), module.out.bias.detach())

    def blocks(source: str, modules: torch.nn.ModuleList, prefix: str = "layer") -> str:
        for module in modules:
            block = module.block
            name = f"{prefix}{block.index}"
            x = convolution(f"{name}.expand", source, module.expand) if block.has_expansion else source
            x = convolution(f"{name}.depthwise", x, module.depthwise)
            x = convolution(f"{name}.project", x, module.project)
            if block.is_residual:
                layers.append(FloatLayer(f"{name}.add", "add", [source, x], 1, block.channels_out, block.channels_out))
                x = f"{name}.add"
            source = x
        return source

    sixth = blocks(convolution("layer1", "image", net.stem), net.local_blocks[:-1])
    fine = blocks(sixth, net.context_blocks[:COARSE_AFTER], "context")
    if net.coarse_blocks:
        coarse = blocks(fine, net.coarse_blocks, "coarse")
        name, channels = coarse.replace(".project", ".add"), net.coarse_blocks[-1].block.channels_out
        layers.append(FloatLayer(name, "add", [fine, coarse], 2, channels, channels))
        fine = name
    trunk = blocks(blocks(fine, net.context_blocks[COARSE_AFTER:], "context"), net.local_blocks[-1:])
    head("detector", "logits", trunk, net.detector)
    head("descriptor", "map", trunk, net.descriptor)
    blocks(trunk, net.global_blocks)
    return layers


@torch.no_grad()
def run_float(layers: list[FloatLayer], image: np.ndarray) -> dict[str, Tensor]:
    """Every layer's float output [1, C, H, W] for a grey uint8 image [H, W]."""
    out: dict[str, Tensor] = {"image": (torch.from_numpy(image).float()[None, None] - 128) / 128}
    for layer in layers:
        x = out[layer.inputs[0]]
        if layer.operation == "add":
            other = out[layer.inputs[1]]
            y = x + (repeated(other, *x.shape[-2:]) if layer.stride == 2 else other)
        else:
            assert layer.weight is not None
            groups = layer.channels_in if layer.operation == "depthwise" else 1
            x = pad_same(x, layer.stride) if layer.weight.shape[2] == 3 else x
            y = F.conv2d(x, layer.weight, layer.bias, layer.stride, groups=groups)
        out[layer.name] = F.relu6(y) if layer.relu6 else y
    return out


class Calibration:
    """Ranges of every activation over calibration images: extremes, a sample of values to choose the clipping by."""

    def __init__(self, seed: int = 0) -> None:
        self.generator = torch.Generator().manual_seed(seed)
        self.samples: dict[str, list[Tensor]] = {}
        self.largest: dict[str, float] = {}

    def add(self, outputs: dict[str, Tensor]) -> None:
        for name, value in outputs.items():
            flat = value.flatten()
            pick = torch.randint(len(flat), (SAMPLES_PER_IMAGE,), generator=self.generator)
            self.samples.setdefault(name, []).append(flat[pick])
            self.largest[name] = max(self.largest.get(name, 0.0), flat.abs().max().item())

    def range(self, name: str, relu6: bool) -> tuple[float, float]:
        """The interval [low, high], zero within it, of least squared error when 256 levels cover it."""
        x = torch.cat(self.samples[name])
        low, high = (0.0, min(6.0, x.max().item())) if relu6 else (min(0.0, x.min().item()), max(0.0, x.max().item()))
        high = max(high, low + 1e-3)
        best, chosen = float("inf"), (low, high)
        for a in (1.0,) if relu6 else (1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.6, 0.5):
            for b in (1.0, 0.975, 0.95, 0.925, 0.9, 0.875, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.5, 0.4):
                if not relu6 and abs(a - b) > 0.15:
                    continue
                scale, zero = affine(low * a, high * b)
                q = (torch.round(x / scale) + zero).clamp(-128, 127)
                error = ((q - zero) * scale - x).square().mean().item()
                if error < best:
                    best, chosen = error, (low * a, high * b)
        return chosen


def symmetric_scale(values: Tensor) -> float:
    """Scale of least squared error for 255 symmetric levels."""
    largest = values.abs().max().item()
    best, chosen = float("inf"), largest / 127
    for a in np.linspace(0.2, 1.0, 33):
        scale = largest * float(a) / 127
        error = (torch.round(values / scale).clamp(-127, 127) * scale - values).square().mean().item()
        if error < best:
            best, chosen = error, scale
    return chosen


def quantize_weights(weight: Tensor, least_scale: float) -> tuple[np.ndarray, np.ndarray]:
    """Symmetric int8 weights per output channel and their scales [N]; no scale is below `least_scale`."""
    flat = weight.double().flatten(1).numpy()
    scale = np.maximum(np.abs(flat).max(axis=1) / 127, least_scale)
    q = np.clip(np.rint(flat / scale[:, None]), -127, 127).astype(np.int8)
    return q.reshape(weight.shape), scale


def stored_weight(layer: FloatLayer, q: np.ndarray) -> np.ndarray:
    """Weights in the file's order: taps row by row, the innermost axis contiguous in channels."""
    if layer.operation == "stem":
        return q.reshape(len(q), 9)
    if layer.operation == "pointwise":
        return q.reshape(len(q), -1)
    if layer.operation == "depthwise":
        return np.ascontiguousarray(q.reshape(len(q), 9).T)
    return np.ascontiguousarray(q.transpose(0, 2, 3, 1).reshape(len(q), 9, -1))


def integer_convolution(
    layer: FloatLayer, inputs: tuple[float, int], output: tuple[float, int]
) -> tuple[IntegerLayer, float]:
    """The integer layer for scale and zero point of input and output; the scale may become larger."""
    assert layer.weight is not None and layer.bias is not None
    (in_scale, in_zero), (scale, zero) = inputs, output
    q, w_scale = quantize_weights(layer.weight, SMALLEST_MULTIPLIER * scale / in_scale)
    if layer.output_type == "int16":
        scale = max(scale, float(in_scale * w_scale.max()) * 1.001)
    scale = float(np.float32(scale))
    shift, multiplier = requantization(in_scale * w_scale / scale, layer.output_type)
    taps = q.astype(np.int64).reshape(len(q), -1).sum(axis=1)
    bias = np.rint(layer.bias.double().numpy() / (in_scale * w_scale)) - in_zero * taps
    bias = np.clip(bias, -(2**30), 2**30).astype(np.int32)
    common = (layer.name, layer.operation, layer.inputs, layer.stride, layer.channels_in, layer.channels_out)
    stored = stored_weight(layer, q)
    return IntegerLayer(*common, layer.output_type, scale, zero, multiplier, stored, bias, shift), scale


def logits_scale(largest: float) -> float:
    """The scale of an int16 output whose calibrated values are at most `largest`."""
    return largest * INT16_MARGIN / INT16_LIMIT


def quantize(net: HFNet, layers: list[FloatLayer], calibration: Calibration) -> IntegerModel:
    """The integer network for these folded layers and ranges, without a head for the global descriptor."""
    scales = dict(INPUT_SCALES)
    out: list[IntegerLayer] = []
    for layer in layers:
        if layer.output_type == "int16":
            scale, zero = logits_scale(calibration.largest[layer.name]), 0
        else:
            scale, zero = affine(*calibration.range(layer.name, layer.relu6))
        in_scale = scales[layer.inputs[0]][0]
        if layer.operation == "add":
            other = scales[layer.inputs[1]][0]
            multiplier = np.rint(np.array([in_scale, other]) / scale * 2**13)
            if multiplier.max() >= 2**15:
                raise ValueError(f"{layer.name}: an input's scale is over 4 times the sum's")
            common = (layer.name, layer.operation, layer.inputs, layer.stride, layer.channels_in, layer.channels_out)
            out.append(IntegerLayer(*common, "int8", scale, zero, multiplier.astype(np.int16)))
        else:
            integer, scale = integer_convolution(layer, scales[layer.inputs[0]], (scale, zero))
            out.append(integer)
        scales[layer.name] = (scale, zero)
    return IntegerModel(out, net.descriptor_dimension, scales)
