"""Layers that are not trained (needs PyTorch and OpenCV)."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("cv2")

from hfnet.data import GlobalSampler, LocalSampler
from hfnet.export import random_network
from hfnet.frozen import FrozenLayers, frozen_modules
from hfnet.mobilenet import CHANNELS
from hfnet.model import standardized
from hfnet.modelfile import golden_image
from hfnet.targets import Target
from hfnet.trainer import Settings, Trainer

LAST = 3
SIZE = (96, 64)


def settings(frozen_layers: int) -> Settings:
    return Settings(
        descriptor_dimension=16, steps=10, minutes=0, pairs=2, crop=SIZE, keypoints=20, grid=20,
        global_every=1000, global_batch=2, global_sides=(64, 96), learning_rate=1e-3, seed=3, low_precision=False,
        frozen_layers=frozen_layers,
    )  # fmt: skip


def samplers() -> tuple[LocalSampler, GlobalSampler]:
    g = np.random.default_rng(4)
    targets = []
    for _ in range(8):
        points = g.uniform(0, (160, 120), (200, 2)).astype(np.float32)
        vectors = g.standard_normal((200, 16)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        image = g.integers(0, 256, (120, 160)).astype(np.uint8)
        scored = np.concatenate((points, np.full((200, 1), 0.3, np.float32)), axis=1)
        targets.append(Target(image, scored, points, vectors, points, vectors, np.zeros((CHANNELS, 4, 5), np.float16)))
    whole = GlobalSampler([t.image for t in targets], [t.global_features for t in targets], 6)
    return LocalSampler(targets, SIZE, 20, 20, 5), whole


def test_frozen_layers_equal_the_network() -> None:
    net = random_network(16, seed=12)
    image = torch.from_numpy(golden_image(1)).float()[None, None]
    for last in (2, 3, 5):
        with torch.no_grad():
            expected = net.stem(standardized(image))
            for block in net.local_blocks[: last - 1]:
                expected = block(expected)
            got = FrozenLayers(net, last)(image)
            assert torch.allclose(got, expected, atol=1e-4 * float(expected.abs().max()))
            assert torch.allclose(net.trunk_after(last, expected), net.trunk(image), atol=1e-5)


def test_training_leaves_frozen_layers_as_they_are() -> None:
    torch.set_num_threads(1)
    trainer = Trainer(settings(LAST), "cpu")
    trainer.start(trainer.state({}) | {"average": random_network(16, seed=13).state_dict()})
    before = {name: value.clone() for name, value in trainer.net.state_dict().items()}
    local, places = samplers()
    for _ in range(2):
        trainer.train_step(local, places)
    trainer.settle_statistics(local, places)
    parts = {id(p) for module in frozen_modules(trainer.net, LAST) for p in module.parameters()}
    frozen = {name.rsplit(".", 2)[0] for name, p in trainer.net.named_parameters() if id(p) in parts}
    assert len(frozen) == 1 + 2 + 3  # layer 1, and the convolutions of 2 and 3
    for name, value in trainer.average.net.state_dict().items():
        if name.endswith("num_batches_tracked"):
            continue
        same = torch.equal(value, before[name])
        if name.rsplit(".", 2)[0] in frozen:
            assert same, name
        elif name.startswith(("local_blocks", "context_blocks", "detector.hidden", "descriptor.hidden")):
            assert not same, name


def test_without_frozen_layers_all_are_trained() -> None:
    torch.set_num_threads(1)
    trainer = Trainer(settings(0), "cpu")
    stem = trainer.net.stem.conv.weight.clone()
    trainer.train_step(*samplers())
    assert not torch.equal(trainer.net.stem.conv.weight, stem)


def test_a_resumed_run_freezes_the_averages() -> None:
    torch.set_num_threads(1)
    local, places = samplers()
    trained = Trainer(settings(0), "cpu")
    for _ in range(3):
        trained.train_step(local, places)
    resumed = Trainer(settings(LAST), "cpu")
    resumed.resume(trained.state({}))
    resumed.train_step(local, places)
    assert resumed.step == 4
    for net in (resumed.net, resumed.average.net):
        for module, averaged in zip(frozen_modules(net, LAST), frozen_modules(trained.average.net, LAST)):
            for name, value in module.state_dict().items():
                assert torch.equal(value, averaged.state_dict()[name]), name
