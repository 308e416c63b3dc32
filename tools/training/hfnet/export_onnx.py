"""HF-Net as ONNX, float32 and statically quantized, for comparison with ONNX Runtime only."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from hfnet.checkpoint import load_network
from hfnet.export import calibration_images, random_network
from hfnet.model import HFNet
from hfnet.modelfile import golden_image

INPUT = "image"
#: Of the shipped model.
DIMENSION = 64


class Local(torch.nn.Module):
    """The network without its global branch."""

    def __init__(self, net: HFNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, grey: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return self.net.local(self.net.trunk(grey))


class Reader(CalibrationDataReader):
    """Feeds photographs to the quantizer, one by one."""

    def __init__(self, images: list[np.ndarray]) -> None:
        self.left = iter(images)

    def get_next(self) -> dict[str, np.ndarray] | None:
        image = next(self.left, None)
        return None if image is None else {INPUT: image.astype(np.float32)[None, None]}


# With gradients, strided depthwise convolutions would be written as training computes them, at stride 1.
@torch.no_grad()
def export_float(net: HFNet | Local, size: tuple[int, int], path: Path) -> None:
    """Writes the network with a fixed input [1, 1, height, width], grey 0...255."""
    width, height = size
    example = torch.zeros(1, 1, height, width)
    names = ["logits", "descriptors"] + ([] if isinstance(net, Local) else ["cells"])
    torch.onnx.export(
        net.eval(), (example,), path, input_names=[INPUT], output_names=names, opset_version=17, dynamo=False
    )
    onnx.checker.check_model(str(path))


def float_nodes(path: Path) -> list[str]:
    """Names of the nodes that stay in float: all but convolutions, their activations and sums."""
    graph = onnx.load(path).graph
    kept = {"Conv", "Clip", "Relu", "Resize", "Add"}
    return [n.name for n in graph.node if n.op_type not in kept]


def export_quantized(plain: Path, images: list[np.ndarray], path: Path) -> None:
    """Writes a float export as int8, calibrated on these images of its input's size."""
    with tempfile.TemporaryDirectory() as folder:
        prepared = Path(folder) / "prepared.onnx"
        quant_pre_process(str(plain), str(prepared), skip_symbolic_shape=True)
        quantize_static(
            str(prepared),
            str(path),
            Reader(images),
            quant_format=QuantFormat.QDQ,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            per_channel=True,
            nodes_to_exclude=float_nodes(prepared),
        )


def photographs(folders: list[Path], count: int, size: tuple[int, int]) -> list[np.ndarray]:
    """So many images of this size, of the folders or made up; a smaller one is mirrored at its ends."""
    width, height = size
    if folders:
        images = calibration_images(folders, count, 3, max(width, height))
    else:
        images = [golden_image(i) for i in range(count)]
    images = [np.pad(i, ((0, max(0, height - i.shape[0])), (0, max(0, width - i.shape[1]))), "reflect") for i in images]
    return [i[:height, :width] for i in images]


def write(folder: Path, size: str, images: Path) -> dict[str, Path]:
    """The int8 files of an untrained network, full and local, made unless they are there."""
    files = {"full": folder / "hfnet-int8.onnx", "local": folder / "hfnet-local-int8.onnx"}
    if not all(path.exists() for path in files.values()):
        width, height = (int(v) for v in size.split("x"))
        folder.mkdir(parents=True, exist_ok=True)
        net = random_network(DIMENSION, 1)
        sample = photographs([images], 8, (width, height))
        with tempfile.TemporaryDirectory() as scratch:
            plain = Path(scratch) / "float.onnx"
            for path, part in zip(files.values(), (net, Local(net)), strict=True):
                export_float(part, (width, height), plain)
                export_quantized(plain, sample, path)
    return files


def main() -> None:
    p = argparse.ArgumentParser(prog="tools/training/export-onnx", description=__doc__)
    source = p.add_mutually_exclusive_group(required=True)
    source.add_argument("--checkpoint", type=Path, help="checkpoint of tools/training/train")
    source.add_argument(
        "--random", type=int, metavar="SEED", help="an untrained network (speed does not depend on weights)"
    )
    p.add_argument("--images", type=Path, action="append", default=[], help="folder of photographs to calibrate on")
    p.add_argument("--count", type=int, default=8, help="calibration photographs (default 8)")
    p.add_argument("--size", default="640x480", help="input size (default 640x480)")
    p.add_argument(
        "--output", type=Path, default=Path("output/onnx"), help="folder for hfnet-fp32.onnx and hfnet-int8.onnx"
    )
    args = p.parse_args()
    width, height = (int(v) for v in args.size.split("x"))
    net = load_network(args.checkpoint)[0] if args.checkpoint else random_network(DIMENSION, args.random)
    args.output.mkdir(parents=True, exist_ok=True)
    plain, quantized = args.output / "hfnet-fp32.onnx", args.output / "hfnet-int8.onnx"
    export_float(net, (width, height), plain)
    export_quantized(plain, photographs(args.images, args.count, (width, height)), quantized)
    for path in (plain, quantized):
        print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
