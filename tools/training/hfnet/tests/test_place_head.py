"""The head of the global descriptor: what is fitted, and the arithmetic of its sums (needs PyTorch)."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from hfnet.export import calibrate, random_network
from hfnet.integer import CELLS, CLUSTERS, KEYPOINTS, IntegerModel
from hfnet.modelfile import golden_image, read_model, write_model
from hfnet.place_head import Clusters, Seen, fit_place_head, look, principal_components
from hfnet.quantize import float_layers, quantize
from hfnet.quick import QuickNetwork
from hfnet.simulate import memberships, run, vlad_sum


@pytest.fixture(scope="module")
def model() -> IntegerModel:
    net = random_network(64, seed=11)
    layers = float_layers(net)
    return quantize(net, layers, calibrate(layers, [golden_image(i) for i in range(4)]))


@pytest.fixture(scope="module")
def seen(model: IntegerModel) -> list[Seen]:
    return list(look(QuickNetwork(model), [golden_image(i) for i in range(6)], 0.0, None))


def test_clusters_are_those_of_the_rows_and_a_row_belongs_to_the_nearest() -> None:
    g = np.random.default_rng(3)
    means = g.normal(size=(CLUSTERS, 8)) * 60
    rows = np.rint(means[np.arange(3200) % CLUSTERS] + g.normal(size=(3200, 8))).astype(np.int16)
    clusters = Clusters.fit([rows], 0.5, seed=1)
    distance = np.linalg.norm(rows[:, None] * 0.5 - clusters.centres[None], axis=2)
    a = memberships(clusters.logits(rows, 0.5))
    assert np.array_equal(a[np.arange(len(a)), distance.argmin(1)], a.max(1))
    assert np.all(np.abs(a.sum(1) - 127) <= CLUSTERS / 2)


def test_a_sum_equals_the_residuals_written_out() -> None:
    g = np.random.default_rng(4)
    a, q = g.integers(0, 127, (50, CLUSTERS)), g.integers(-128, 128, (50, 8))
    centres = g.normal(size=(CLUSTERS, 8)).astype(np.float32)
    expected = np.einsum("nk,nkc->kc", a / 127, q[:, None] * 0.25 - centres[None])
    expected /= np.linalg.norm(expected, axis=0)
    expected *= 0.5**0.5 / np.linalg.norm(expected)
    assert np.allclose(vlad_sum(a, q, 0.25, centres), expected.reshape(-1), atol=1e-5)
    nothing = vlad_sum(np.zeros((0, CLUSTERS), np.int64), np.zeros((0, 8), np.int8), 0.25, centres)
    assert np.array_equal(nothing, np.zeros(CLUSTERS * 8, np.float32))


def test_principal_components_are_weakened_by_the_root_of_their_deviation() -> None:
    g = torch.Generator().manual_seed(5)
    x = torch.randn(4000, 3, generator=g) * torch.tensor([9.0, 4.0, 1.0])
    mean, basis = principal_components(x, 3)
    deviation = ((x - mean) @ basis).std(0)
    assert torch.allclose(deviation / deviation[0], torch.tensor([9.0, 4.0, 1.0]).div(9).sqrt(), atol=0.02)
    assert not principal_components(x[:3], 3)[1][:, 2].any()  # three rows differ along two axes


def test_the_quantized_head_gives_what_the_float_one_does(model: IntegerModel, seen: list[Seen], tmp_path) -> None:
    fit_place_head(model, seen, 16)
    fit_place_head(model, seen, 16)  # in place of the first
    assert [layer.name for layer in model.layers][-2:] == [CELLS, KEYPOINTS]
    write_model(tmp_path / "model.safetensors", model, "test", 0.0, 640, {})
    back, _ = read_model(tmp_path / "model.safetensors")
    places = [run(back, golden_image(i), 1000, 0.0) for i in range(3)]
    for out in places:
        assert abs(np.linalg.norm(out.descriptor) - 1) < 1e-5
        head = back.place_head
        exact = (head.weight * head.scale[:, None]) @ out.vlad + head.bias
        assert out.descriptor @ exact / np.linalg.norm(exact) > 0.999
    assert places[0].descriptor @ places[1].descriptor < 0.9


def test_what_was_seen_is_kept(model: IntegerModel, tmp_path) -> None:
    images = [golden_image(1)]
    first = list(look(QuickNetwork(model), images, 0.0, tmp_path))
    again = list(look(None, images, 0.0, tmp_path))  # type: ignore[arg-type]
    assert all(np.array_equal(a.cells, b.cells) for a, b in zip(first, again))
    assert all(np.array_equal(a.descriptors, b.descriptors) for a, b in zip(first, again))
