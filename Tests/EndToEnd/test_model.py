"""What `hfloc model` says of a model file, and of the list of photographs beside it."""

from __future__ import annotations

import json
from pathlib import Path

from conftest import ROOT
from hfnet import container

MODEL = ROOT / "Sources/Inference/Model/hfnet.safetensors"
LIST = "# file\tlicence\tauthor\torigin\na.jpg\tCC0-1.0\t\tthere\nb.jpg\tCC-BY-4.0\tAnn\tthere\n"


def test_the_shipped_model(hfloc) -> None:
    _, metadata = container.read(MODEL)
    done = hfloc("model", MODEL)
    assert done.returncode == 0, done.stderr
    assert metadata["model_id"] in done.stdout and metadata["name"] in done.stdout
    for teacher in json.loads(metadata["provenance"])["teachers"]:
        assert teacher in done.stdout
    told = json.loads(hfloc("model", MODEL, "--json").stdout)
    assert told["model_id"] == metadata["model_id"]
    assert told["training_images"] == json.loads(metadata["provenance"])["images"]
    assert told["photographs"] == ("listed" if "photographs_hash" in metadata else "unnamed")


def test_a_list_that_is_not_the_model_s(hfloc, tmp_path: Path) -> None:
    tensors, metadata = container.read(MODEL)
    del metadata["model_id"]
    metadata["photographs_hash"] = container.digest(LIST.encode())
    model = tmp_path / "model.safetensors"
    container.write(model, tensors, metadata | {"model_id": container.identity(metadata, tensors)})
    missing = hfloc("model", model)
    assert missing.returncode == 0 and "cannot be read" in missing.stdout
    (tmp_path / "photographs.tsv").write_text(LIST)
    told = json.loads(hfloc("model", model, "--json").stdout)
    assert (told["photographs"], told["photograph_count"]) == ("listed", 2)
    (tmp_path / "photographs.tsv").write_text(LIST.replace("Ann", "Bob"))
    different = hfloc("model", model)
    assert different.returncode == 65 and "is not the list" in different.stdout, different.stdout
    assert "photographs" in different.stderr
