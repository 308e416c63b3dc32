"""The checkpoint that may be gone on from for a product is of the photographs that the model names (needs PyTorch)."""

from __future__ import annotations

from pathlib import Path

import pytest
from hfnet.photographs import LIST_NAME, PhotographList

CHECKPOINT = Path(__file__).parents[2] / "free/checkpoint.pt"
MODEL = Path(__file__).parents[4] / "Sources/Inference/Model"


def test_each_cycle_saw_as_many_as_are_listed_and_began_with_none_else() -> None:
    torch = pytest.importorskip("torch")
    cycle = torch.load(CHECKPOINT, map_location="cpu", weights_only=True)["provenance"]
    listed = len(PhotographList.read(MODEL / LIST_NAME).photographs)
    while isinstance(cycle, dict):
        assert cycle["images"] == listed
        cycle = cycle["start"]
    assert cycle == "the ImageNet teacher's layers 1 to 5"
