"""The model file and the golden file, as the article Model states them."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np

from hfnet import container
from hfnet.attribution import write_list
from hfnet.integer import (
    CELLS,
    CLUSTERS,
    DESCRIPTOR_SCALE,
    INPUT_SCALES,
    KEYPOINTS,
    PLACE_KEYPOINTS,
    IntegerLayer,
    IntegerModel,
    PlaceHead,
)
from hfnet.photographs import LIST_NAME, PhotographList
from hfnet.simulate import Output, run

GOLDEN_SIZE = (120, 152)
GOLDEN_KEYPOINTS = 200


def model_tensors(model: IntegerModel) -> dict[str, np.ndarray]:
    tensors: dict[str, np.ndarray] = {}
    for layer in model.layers:
        tensors[f"{layer.name}.multiplier"] = layer.multiplier
        for part in ("weight", "bias", "shift"):
            value = getattr(layer, part)
            if value is not None:
                tensors[f"{layer.name}.{part}"] = value
    head = model.place_head
    tensors |= {f"{name}.centres": centres for name, centres in head.centres.items()}
    return tensors | {"projection.weight": head.weight, "projection.scale": head.scale, "projection.bias": head.bias}


def layer_description(layer: IntegerLayer) -> dict[str, object]:
    return {
        "name": layer.name,
        "operation": layer.operation,
        "inputs": layer.inputs,
        "stride": layer.stride,
        "input_channels": layer.channels_in,
        "output_channels": layer.channels_out,
        "output_type": layer.output_type,
        "scale": layer.scale,
        "zero_point": layer.zero_point,
    }


def write_model(
    path: Path,
    model: IntegerModel,
    name: str,
    threshold: float,
    long_side: int,
    provenance: dict[str, object],
    photographs: PhotographList | None = None,
) -> str:
    """Writes the model file and returns its model_id; beside it, if it is given, the list of the photographs that the
    network and its head were trained on, whose hash the model file then names.
    """
    tensors = model_tensors(model)
    metadata = {
        "kind": "hfloc-model",
        "format_version": "3",
        "name": name,
        "descriptor_dimension": str(model.descriptor_dimension),
        "global_dimension": str(len(model.place_head.bias)),
        "clusters": str(CLUSTERS),
        "place_keypoints": str(PLACE_KEYPOINTS),
        "descriptor_scale": str(DESCRIPTOR_SCALE),
        "vlad_scale": repr(model.place_head.vlad_scale),
        "input_long_side": str(long_side),
        "detection_threshold": repr(threshold),
        "pixel_convention": "centre-integer",
        "tensor_hashes": json.dumps(container.hashes(tensors), separators=(",", ":")),
        "provenance": json.dumps(provenance, sort_keys=True),
        "layers": json.dumps([layer_description(layer) for layer in model.layers], separators=(",", ":")),
    }
    if photographs is not None:
        metadata["photographs_hash"] = photographs.hash
        write_list(photographs, path.with_name(LIST_NAME))
    model_id = container.identity(metadata, tensors)
    container.write(path, tensors, metadata | {"model_id": model_id})
    return model_id


def read_model(path: Path) -> tuple[IntegerModel, dict[str, str]]:
    """Reads a model file back, for the simulation."""
    tensors, metadata = container.read(path)
    if metadata.get("kind") != "hfloc-model":
        raise SystemExit(f"error: {path}: not an hfloc model (metadata kind is {metadata.get('kind')!r})")
    layers = []
    scales = dict(INPUT_SCALES)
    for entry in json.loads(metadata["layers"]):
        name = entry["name"]
        layers.append(
            IntegerLayer(
                name,
                entry["operation"],
                entry["inputs"],
                entry["stride"],
                entry["input_channels"],
                entry["output_channels"],
                entry["output_type"],
                entry["scale"],
                entry["zero_point"],
                tensors[f"{name}.multiplier"],
                tensors.get(f"{name}.weight"),
                tensors.get(f"{name}.bias"),
                tensors.get(f"{name}.shift"),
            )
        )
        scales[name] = (entry["scale"], entry["zero_point"])
    head = PlaceHead(
        {name: tensors[f"{name}.centres"] for name in (CELLS, KEYPOINTS)},
        tensors["projection.weight"],
        tensors["projection.scale"],
        tensors["projection.bias"],
        float(metadata["vlad_scale"]),
    )
    return IntegerModel(layers, int(metadata["descriptor_dimension"]), scales, head), metadata


def golden_image(seed: int = 7) -> np.ndarray:
    """A textured grey image made by code: smooth noise on several scales, and polygons with sharp corners."""
    height, width = GOLDEN_SIZE
    generator = np.random.default_rng(seed)
    image = np.full((height, width), 110.0, np.float32)
    for step, strength in ((32, 40), (12, 25), (4, 14)):
        coarse = generator.normal(0, 1, (height // step + 2, width // step + 2)).astype(np.float32)
        image += strength * cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    for _ in range(24):
        centre = generator.uniform((0, 0), (width, height))
        angle = np.sort(generator.uniform(0, 2 * np.pi, int(generator.integers(3, 6))))
        corner = centre + generator.uniform(5, 22) * np.stack((np.cos(angle), np.sin(angle)), axis=1)
        cv2.fillPoly(image, [np.rint(corner).astype(np.int32)], float(generator.uniform(10, 245)))
    image += generator.normal(0, 2, image.shape)
    image[:24, :24], image[-16:, -16:] = 255, 0
    return np.clip(np.rint(image), 0, 255).astype(np.uint8)


def write_golden(path: Path, model: IntegerModel, model_id: str, threshold: float) -> Output:
    """Runs the integer simulation on the golden image and writes every tensor of it."""
    image = golden_image()
    output = run(model, image, GOLDEN_KEYPOINTS, threshold)
    assert output.vlad is not None and output.descriptor is not None
    tensors = {"image": image} | {name: value for name, value in output.layers.items() if name != "image"}
    tensors |= {
        "vlad": output.vlad,
        "global": output.descriptor,
        "scores": output.scores,
        "keypoints": output.keypoints,
        "descriptors": output.descriptors,
    }
    metadata = {
        "kind": "hfloc-golden",
        "format_version": "1",
        "model_id": model_id,
        "detection_threshold": repr(threshold),
        "keypoint_limit": str(GOLDEN_KEYPOINTS),
        "tensor_hashes": json.dumps(container.hashes(tensors), separators=(",", ":")),
    }
    container.write(path, tensors, metadata)
    return output
