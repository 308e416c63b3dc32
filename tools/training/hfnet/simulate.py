"""The integer network in numpy: the truth that the Swift program is tested against, bit for bit.

Matrix products run in float32, which is exact here: |sum q * w| <= 864 * 128 * 127 < 2^24.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hfnet.decode import cell_scores, find_keypoints, normalized, quantized_descriptors, sample_descriptors
from hfnet.integer import CELLS, KEYPOINTS, PLACE_KEYPOINTS, WHOLE, IntegerLayer, IntegerModel, same_padding


@dataclass
class Output:
    """What the network says about one image: every layer's integers, and the float results."""

    layers: dict[str, np.ndarray]
    vlad: np.ndarray | None
    descriptor: np.ndarray | None
    scores: np.ndarray
    keypoints: np.ndarray
    descriptors: np.ndarray


def rounding_shift(acc: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """saturate16((acc + half) >> shift), half of the step added where the shift is not zero."""
    s = shift.astype(np.int32)
    half = np.where(s > 0, np.left_shift(np.int32(1), np.maximum(s - 1, 0)), 0).astype(np.int32)
    return np.clip((acc + half) >> s, -32768, 32767)


def rounding_multiply(t: np.ndarray, multiplier: np.ndarray) -> np.ndarray:
    """(t * multiplier + 2^14) >> 15."""
    return (t * multiplier.astype(np.int32) + 0x4000) >> 15


def requantize(acc: np.ndarray, layer: IntegerLayer) -> np.ndarray:
    assert layer.shift is not None
    r = rounding_multiply(rounding_shift(acc, layer.shift), layer.multiplier)
    if layer.output_type == "int16":
        return r.astype(np.int16)
    q = np.clip(np.clip(r + layer.zero_point, -32768, 32767), -128, 127)
    return q.astype(np.int8)


def windows(x: np.ndarray, stride: int, zero_point: int) -> np.ndarray:
    """The nine taps of each 3x3 window of x [H, W, C]: [9, H', W', C], padded with the zero point."""
    pads = (same_padding(x.shape[0], stride), same_padding(x.shape[1], stride), (0, 0))
    padded = np.pad(x, pads, constant_values=zero_point)
    height, width = -(-x.shape[0] // stride), -(-x.shape[1] // stride)
    taps = [
        padded[dy : dy + (height - 1) * stride + 1 : stride, dx : dx + (width - 1) * stride + 1 : stride]
        for dy in range(3)
        for dx in range(3)
    ]
    return np.stack(taps)


def accumulate(x: np.ndarray, layer: IntegerLayer, zero_point: int) -> np.ndarray:
    """bias + sum over taps and channels of q * w, [H', W', N] int32."""
    assert layer.weight is not None and layer.bias is not None
    if layer.operation == "pointwise":
        acc = x.astype(np.float32) @ layer.weight.T.astype(np.float32)
    else:
        taps = windows(x, layer.stride, zero_point)
        if layer.operation == "depthwise":
            acc = np.zeros(taps.shape[1:], np.float32)
            for tap, weight in zip(taps, layer.weight.astype(np.float32)):
                acc += tap.astype(np.float32) * weight
        else:
            taps = taps.astype(np.float32)
            weight = layer.weight.reshape(layer.channels_out, 9, layer.channels_in)
            columns = np.moveaxis(taps, 0, 2).reshape(*taps.shape[1:3], -1)
            acc = columns @ weight.reshape(layer.channels_out, -1).T.astype(np.float32)
    return acc.astype(np.int32) + layer.bias


def add(a: np.ndarray, b: np.ndarray, zero_a: int, zero_b: int, layer: IntegerLayer) -> np.ndarray:
    """The residual sum of int8 tensors."""
    r_a = rounding_multiply((a.astype(np.int32) - zero_a) << 7, layer.multiplier[:1])
    r_b = rounding_multiply((b.astype(np.int32) - zero_b) << 7, layer.multiplier[1:])
    total = np.clip(r_a + r_b, -32768, 32767)
    return np.clip(((total + 16) >> 5) + layer.zero_point, -128, 127).astype(np.int8)


def run_layers(model: IntegerModel, image: np.ndarray, with_global: bool = True) -> dict[str, np.ndarray]:
    """Every layer's output [H, W, C] for a grey uint8 image [H, W] with sides that are multiples of 8."""
    out: dict[str, np.ndarray] = {"image": (image.astype(np.int16) - 128).astype(np.int8)[:, :, None]}
    for layer in model.layers:
        if layer.name != KEYPOINTS and (with_global or not is_global(layer.name)):
            run_layer(model, layer, out)
    return out


def run_layer(model: IntegerModel, layer: IntegerLayer, out: dict[str, np.ndarray]) -> None:
    """Adds a layer's output to those before it."""
    x, zero = out[layer.inputs[0]], {name: zero for name, (_, zero) in model.scales.items()}
    if layer.operation == "add":
        other = out[layer.inputs[1]]
        if layer.stride == 2:
            other = other.repeat(2, axis=0).repeat(2, axis=1)[: x.shape[0], : x.shape[1]]
        out[layer.name] = add(x, other, zero[layer.inputs[0]], zero[layer.inputs[1]], layer)
    else:
        out[layer.name] = requantize(accumulate(x, layer, zero[layer.inputs[0]]), layer)


def is_global(name: str) -> bool:
    """Whether a layer belongs to the global branch alone."""
    stem = name.split(".")[0]
    return stem == "vlad" or (stem.startswith("layer") and int(stem[5:]) > 7)


def dequantized(model: IntegerModel, outputs: dict[str, np.ndarray], name: str) -> np.ndarray:
    scale, zero = model.scales[name]
    return ((outputs[name].astype(np.float32) - zero) * np.float32(scale)).astype(np.float32)


def memberships(logits: np.ndarray) -> np.ndarray:
    """The softmax of logits [n, 32], rounded to integers of which 127 is 1."""
    a = np.exp((logits - logits.max(axis=1, keepdims=True, initial=-np.inf)).astype(np.float32))
    return np.rint(a * (np.float32(WHOLE) / a.sum(axis=1, keepdims=True))).astype(np.int64)


def vlad_sum(a: np.ndarray, q: np.ndarray, scale: float, centres: np.ndarray) -> np.ndarray:
    """One half of the VLAD vector, [32 * C] float32: of memberships [n, 32] and integers q - z [n, C]."""
    sums, totals = a.T @ q.astype(np.int64), a.sum(axis=0)
    residuals = sums.astype(np.float32) * np.float32(scale) - totals.astype(np.float32)[:, None] * centres
    return normalized(normalized(residuals, axis=0).reshape(-1)) * np.float32(0.5**0.5)


def vlad_vector(model: IntegerModel, outputs: dict[str, np.ndarray]) -> np.ndarray:
    """The VLAD vector, float32: the cells' half, then the keypoints'."""
    halves = []
    for name in (CELLS, KEYPOINTS):
        layer = model.layer(name)
        scale, zero = model.scales[layer.inputs[0]]
        q = outputs[layer.inputs[0]].reshape(-1, layer.channels_in).astype(np.int64) - zero
        a = memberships(dequantized(model, outputs, name).reshape(len(q), -1))
        halves.append(vlad_sum(a, q, scale, model.place_head.centres[name]))
    return np.concatenate(halves)


def project(model: IntegerModel, vlad: np.ndarray) -> np.ndarray:
    """The unit global descriptor [G] of a VLAD vector."""
    head = model.place_head
    q = np.clip(np.rint(vlad / np.float32(head.vlad_scale)), -127, 127).astype(np.int64)
    acc = head.weight.astype(np.int64) @ q
    return normalized(acc.astype(np.float32) * (np.float32(head.vlad_scale) * head.scale) + head.bias)


def run(model: IntegerModel, image: np.ndarray, count: int, threshold: float, with_global: bool = True) -> Output:
    """The whole network with its float parts: at most `count` keypoints of at least `threshold`."""
    outputs = run_layers(model, image, with_global)
    scores = cell_scores(dequantized(model, outputs, "detector.logits"))
    points = find_keypoints(scores, count, threshold)
    descriptors = sample_descriptors(dequantized(model, outputs, "descriptor.map"), points[:, :2])
    if not with_global:
        return Output(outputs, None, None, scores, points, descriptors)
    inputs = outputs | {"keypoints": quantized_descriptors(descriptors)[None, :PLACE_KEYPOINTS]}
    run_layer(model, model.layer(KEYPOINTS), inputs)
    outputs[KEYPOINTS] = inputs[KEYPOINTS]
    vlad = vlad_vector(model, inputs)
    return Output(outputs, vlad, project(model, vlad), scores, points, descriptors)
