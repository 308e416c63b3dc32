"""A checkpoint that is reduced: a new cycle and an export begin with it (needs PyTorch)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from hfnet import checkpoint
from hfnet.export import random_network
from hfnet.modelfile import golden_image
from hfnet.slim import slim
from hfnet.trainer import Settings, Trainer


def test_a_new_cycle_begins_with_it_and_sees_the_same(tmp_path: Path) -> None:
    settings = Settings(64, 10, 0.0, 2, (320, 240), 350, 250, 4, 8, (400, 600), 1e-3, 1, False)
    trainer = Trainer(settings, "cpu")
    trainer.average.net.load_state_dict(random_network(64, seed=5).state_dict())
    whole, small = tmp_path / "whole.pt", tmp_path / "small.pt"
    checkpoint.save(whole, trainer.state({"images": 3}))
    checkpoint.save(small, slim(checkpoint.load(whole)))
    assert small.stat().st_size < whole.stat().st_size / 3
    other = Trainer(settings, "cpu")
    other.start(checkpoint.load(small))
    net, provenance = checkpoint.load_network(small)
    assert provenance["images"] == 3
    image = torch.from_numpy(golden_image(1)).float()[None, None]
    with torch.no_grad():
        expected, found = (n(image)[1].numpy() for n in (trainer.average.net, net))
    cosine = (expected * found).sum(1) / (np.linalg.norm(expected, axis=1) * np.linalg.norm(found, axis=1))
    assert cosine.min() > 0.999
