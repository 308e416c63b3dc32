"""The checkpoint that may be gone on from for a product: of which photographs it is (the second needs PyTorch)."""

from __future__ import annotations

from pathlib import Path

import pytest
from hfnet.photographs import PhotographList

FREE = Path(__file__).parents[2] / "free"


def test_every_photograph_allows_products() -> None:
    """Reading refuses a licence that does not."""
    assert len(PhotographList.read(FREE / "photographs.tsv").photographs) == 1654


def test_each_cycle_saw_as_many_as_are_listed_and_began_with_none_else() -> None:
    torch = pytest.importorskip("torch")
    cycle = torch.load(FREE / "checkpoint.pt", map_location="cpu", weights_only=True)["provenance"]
    while isinstance(cycle, dict):
        assert cycle["images"] == 1654
        cycle = cycle["start"]
    assert cycle == "the ImageNet teacher's layers 1 to 5"
