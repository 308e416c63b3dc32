"""The integer network in PyTorch, many times as fast as the exact simulation: the same integers, but that a
requantization rounds once where the page has two roundings, so that values differ by a step here and there.

For what needs thousands of pictures and no exact bits: fitting heads.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from hfnet.decode import cell_scores, find_keypoints, quantized_descriptors, sample_descriptors
from hfnet.integer import IntegerLayer, IntegerModel
from hfnet.model import pad_same, repeated


def float_weight(layer: IntegerLayer) -> Tensor:
    """The weights as PyTorch has them, [N, K, kh, kw]."""
    assert layer.weight is not None
    w = layer.weight.astype(np.float32)
    if layer.operation == "pointwise":
        w = w[:, :, None, None]
    elif layer.operation == "depthwise":
        w = w.T.reshape(-1, 1, 3, 3)
    else:  # taps row by row, channels innermost
        w = w.reshape(len(w), 3, 3, -1).transpose(0, 3, 1, 2)
    return torch.from_numpy(np.ascontiguousarray(w))


class QuickNetwork:
    """Keypoints' descriptors and any layer of a picture."""

    def __init__(self, model: IntegerModel) -> None:
        self.model = model
        self.zero = {name: zero for name, (_, zero) in model.scales.items()}
        self.weights: dict[str, tuple[Tensor, Tensor, Tensor]] = {}
        for layer in model.layers:
            if layer.operation == "add":
                continue
            assert layer.bias is not None and layer.shift is not None
            factor = layer.multiplier.astype(np.float64) / 2.0 ** (15 + layer.shift.astype(np.int64))
            weight = float_weight(layer)
            # The stored bias counts the input's zero point in; here the input comes without it.
            taps = weight.double().flatten(1).sum(1).numpy()
            bias = layer.bias + self.zero[layer.inputs[0]] * taps
            self.weights[layer.name] = (
                weight,
                torch.from_numpy(bias.astype(np.float32)),
                torch.from_numpy(factor.astype(np.float32))[None, :, None, None],
            )

    def _layer(self, layer: IntegerLayer, out: dict[str, Tensor]) -> Tensor:
        x = out[layer.inputs[0]]
        if layer.operation == "add":
            other = out[layer.inputs[1]]
            if layer.stride == 2:
                other = repeated(other, *x.shape[-2:])
            a, b = (float(m) / 2.0**13 for m in layer.multiplier)
            y = torch.round(x * a + other * b)
        else:
            weight, bias, factor = self.weights[layer.name]
            groups = layer.channels_in if layer.operation == "depthwise" else 1
            x = pad_same(x, layer.stride) if weight.shape[2] == 3 else x
            y = torch.round(F.conv2d(x, weight, bias, layer.stride, groups=groups).mul_(factor))
        if layer.output_type == "int16":
            return y
        return y.clamp_(-128 - layer.zero_point, 127 - layer.zero_point)

    @torch.no_grad()
    def layers(self, image: np.ndarray, wanted: set[str]) -> dict[str, np.ndarray]:
        """Outputs [H, W, C] of the layers named, q - z, as integers, of a grey uint8 image [H, W]."""
        out: dict[str, Tensor] = {"image": torch.from_numpy(image.astype(np.float32) - 128)[None, None]}
        needed = set(wanted)
        for layer in reversed(self.model.layers):
            if layer.name in needed:
                needed.update(layer.inputs)
        for layer in self.model.layers:
            if layer.name in needed:
                out[layer.name] = self._layer(layer, out)
        return {name: out[name][0].permute(1, 2, 0).contiguous().numpy().astype(np.int16) for name in wanted}

    def describe(
        self, image: np.ndarray, count: int, threshold: float, cells: str
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Keypoints [n, 3], their int8 descriptors [n, D], and the values q - z of layer `cells` [h * w, C]."""
        out = self.layers(image, {"detector.logits", "descriptor.map", cells})
        scale = np.float32(self.model.scales["detector.logits"][0])
        points = find_keypoints(cell_scores(out["detector.logits"] * scale), count, threshold)
        descriptors = sample_descriptors(out["descriptor.map"].astype(np.float32), points[:, :2])
        return points, quantized_descriptors(descriptors), out[cells].reshape(-1, out[cells].shape[2])
