"""Folds, calibrates, quantizes and writes a trained network, with the golden tensors that the Swift program is tested
on.
"""

from __future__ import annotations

import argparse
import random
from datetime import date
from pathlib import Path

import numpy as np
import torch

from hfnet.checkpoint import load_network
from hfnet.decode import DETECTION_THRESHOLD, cell_scores
from hfnet.images import find_images, read_grey
from hfnet.integer import GLOBAL_FEATURES
from hfnet.model import HFNet
from hfnet.modelfile import golden_image, write_golden, write_model
from hfnet.photographs import PhotographList
from hfnet.place_head import fit_place_head, look
from hfnet.progress import Progress
from hfnet.quantize import Calibration, FloatLayer, IntegerModel, float_layers, quantize, run_float
from hfnet.quick import QuickNetwork
from hfnet.simulate import dequantized, run


def calibrate(layers: list[FloatLayer], images: list[np.ndarray]) -> Calibration:
    """Ranges of every activation over the images."""
    calibration = Calibration()
    progress = Progress("calibration", len(images))
    for i, image in enumerate(images):
        calibration.add(run_float(layers, image))
        progress.update(i + 1)
    progress.close()
    return calibration


def calibration_images(
    folders: list[Path], count: int, seed: int, long_side: int, photographs: PhotographList | None
) -> list[np.ndarray]:
    """A random choice of photographs, if there is a list of those alone, enlarged to `long_side` if need be, so that
    maps have the size of use."""
    names = find_images(folders, photographs.names if photographs else None)
    random.Random(seed).shuffle(names)
    images: list[np.ndarray] = []
    for _, path in names:
        image = read_grey(path, long_side)
        if image is not None and min(image.shape) >= 160:
            images.append(image)
        if len(images) == count:
            break
    if not images:
        raise SystemExit(f"error: no readable photographs under {', '.join(map(str, folders))} (give --images)")
    return images


def read_photographs(path: Path, provenance: dict[str, object]) -> PhotographList:
    """The list of the photographs that a network was trained on; raises SystemExit where it is too short for that."""
    photographs = PhotographList.read(path)
    cycle: object = provenance
    while isinstance(cycle, dict):
        images = cycle.get("images", 0)
        if images > len(photographs.photographs):
            raise SystemExit(f"error: {path}: {len(photographs.photographs)} photographs; the network saw {images}")
        cycle = cycle.get("start")
    return photographs


def random_network(descriptor_dimension: int, seed: int) -> HFNet:
    """An untrained network with batch statistics of a textured image: enough to test formats and arithmetic."""
    torch.manual_seed(seed)
    net = HFNet(descriptor_dimension)
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = None
            torch.nn.init.uniform_(module.weight, 0.7, 1.3)
            torch.nn.init.normal_(module.bias, 0.2, 0.3)
    batch = torch.from_numpy(np.stack([golden_image(i) for i in range(4)])).float()[:, None]
    with torch.no_grad():
        net.train()(batch)
    return net.eval()


@torch.no_grad()
def compare(net: HFNet, model: IntegerModel, images: list[np.ndarray]) -> None:
    """Prints how far the integer network is from the float one."""
    net.eval()
    cosines, cells, differences = [], [], []
    for image in images:
        out = run(model, image, 500, 0.0)
        logits, raw, deep = net(torch.from_numpy(image).float()[None, None])
        scores = cell_scores(logits[0].permute(1, 2, 0).numpy())
        scale, zero = model.scales["descriptor.map"]
        integer = torch.from_numpy((out.layers["descriptor.map"].astype(np.float32) - zero) * scale)
        cosines.append(torch.cosine_similarity(integer, raw[0].permute(1, 2, 0), dim=2).mean().item())
        integer = torch.from_numpy(dequantized(model, out.layers, GLOBAL_FEATURES))
        cells.append(torch.cosine_similarity(integer, deep[0].permute(1, 2, 0), dim=2).mean().item())
        differences.append(float(np.abs(scores - out.scores).mean() / scores.mean()))
    print(f"int8 against fp32, mean over {len(images)} images:")
    print(f"  descriptor map cosine {np.mean(cosines):.4f}")
    print(f"  layer 14 cosine {np.mean(cells):.4f}")
    print(f"  relative score difference {np.mean(differences):.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="tools/training/export",
        description="Quantizes a trained HF-Net to int8 and writes the model file and the golden tensors.",
    )
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "--checkpoint", type=Path, help="checkpoint of tools/training/train (its averaged weights are used)"
    )
    source.add_argument("--random", type=int, metavar="SEED", help="an untrained network, to test formats")
    parser.add_argument(
        "--images", type=Path, action="append", default=[], help="folder of photographs to calibrate on"
    )
    parser.add_argument(
        "--photographs",
        type=Path,
        metavar="FILE",
        help="list of the photographs that the network was trained on (tools/training/list-photographs): only they are "
        "looked at, the model file names the list by its hash, and the list is written beside it",
    )
    parser.add_argument("--count", type=int, default=32, help="calibration photographs (default 32)")
    parser.add_argument("--long-side", type=int, default=640, help="long side of calibration images (default 640)")
    parser.add_argument("--model", type=Path, default=Path("Sources/Inference/Model/hfnet.safetensors"))
    parser.add_argument("--golden", type=Path, default=Path("Tests/InferenceTests/Golden/golden.safetensors"))
    parser.add_argument("--name", help="name written into the model file (default hfnet-D-G)")
    parser.add_argument(
        "--threshold", type=float, default=DETECTION_THRESHOLD, help="detection threshold written into the model file"
    )
    parser.add_argument("--descriptor-dimension", type=int, default=128, help="with --random only")
    parser.add_argument("--global-dimension", type=int, default=512)
    parser.add_argument(
        "--head-count", type=int, default=1000, help="photographs that the global head is fitted to (default 1000)"
    )
    args = parser.parse_args()

    provenance: dict[str, object] = {"date": date.today().isoformat()}
    if args.checkpoint is not None:
        net, trained = load_network(args.checkpoint)
        provenance |= trained
    else:
        net = random_network(args.descriptor_dimension, args.random)
        provenance["untrained_seed"] = args.random
    photographs = read_photographs(args.photographs, provenance) if args.photographs else None
    if args.images:
        images = calibration_images(args.images, args.count, 3, args.long_side, photographs)
    elif args.random is not None:
        images = [golden_image(i) for i in range(8)]
    else:
        parser.error("--images is needed to calibrate a trained network")
    provenance["calibration_images"] = len(images)

    layers = float_layers(net)
    model = quantize(net, layers, calibrate(layers, images))
    seen_images = images
    if args.images:
        seen_images = calibration_images(args.images, args.head_count, 4, args.long_side, photographs)
    seen = list(look(QuickNetwork(model), seen_images, args.threshold, None))
    fit_place_head(model, seen, args.global_dimension)
    provenance["place_head"] = f"fitted to {len(seen_images)} photographs"
    name = args.name or f"hfnet-{net.descriptor_dimension}-{args.global_dimension}"
    model_id = write_model(args.model, model, name, args.threshold, args.long_side, provenance, photographs)
    golden = write_golden(args.golden, model, model_id, args.threshold)
    print(f"{args.model}: {args.model.stat().st_size / 1e6:.2f} MB, model_id {model_id}")
    print(f"{args.golden}: {args.golden.stat().st_size / 1e6:.2f} MB, {len(golden.keypoints)} keypoints")
    compare(net, model, images[:4])


if __name__ == "__main__":
    main()
