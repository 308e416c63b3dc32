"""What is fitted in closed form and folded into a layer (needs PyTorch)."""

from __future__ import annotations

import copy

import pytest

torch = pytest.importorskip("torch")

from hfnet.descriptor_head import whitening, with_projection
from hfnet.export import random_network
from hfnet.model import HFNet
from hfnet.modelfile import golden_image
from hfnet.place_align import take_global_branch


@pytest.fixture(scope="module")
def net() -> HFNet:
    return random_network(128, seed=5)


def test_projection_in_the_head_equals_projection_of_the_map(net: HFNet) -> None:
    projection = torch.randn(128, 48, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    image = torch.from_numpy(golden_image(2)).float()[None, None]
    with torch.no_grad():
        logits, raw, place = net(image)
        got = with_projection(net, projection)(image)
    expected = torch.einsum("bdhw,de->behw", raw.double(), projection).float()
    assert torch.allclose(got[1], expected, atol=1e-4 * float(expected.abs().max()))
    assert torch.equal(got[0], logits) and torch.equal(got[2], place)


def test_whitening_prefers_what_matches_agree_on() -> None:
    """Points differ along all axes alike; matches agree only along the first 8 of 32."""
    g = torch.Generator().manual_seed(7)
    points = torch.randn(4000, 32, generator=g, dtype=torch.float64)
    deviation = torch.full((32,), 3.0, dtype=torch.float64)
    deviation[:8] = 0.1
    first, second = (points + deviation * torch.randn(points.shape, generator=g, dtype=torch.float64) for _ in range(2))

    def share_found(projection: torch.Tensor) -> float:
        a, b = (torch.nn.functional.normalize(x[:500] @ projection, dim=1) for x in (first, second))
        return float(((a @ b.T).argmax(1) == torch.arange(500)).double().mean())

    plain, whitened = whitening(first, second, 8, 0.0), whitening(first, second, 8, 1.0)
    assert share_found(whitened) > 0.9
    assert share_found(plain) < 0.2


def test_global_branch_follows_a_linear_change_of_layer_7(net: HFNet) -> None:
    """Layer 7's last batch normalization scaled, shifted and permuted: the aligned branch must see what it saw before.
    """
    changed = copy.deepcopy(net)
    norm, conv = changed.local_blocks[-1].project.bn, changed.local_blocks[-1].project.conv
    g = torch.Generator().manual_seed(4)
    order = torch.randperm(96, generator=g)
    with torch.no_grad():
        conv.weight.copy_(conv.weight[order])
        for name in ("weight", "bias", "running_mean", "running_var"):
            value = getattr(norm, name)
            value.copy_(value[order])
        norm.weight.mul_(torch.rand(96, generator=g) + 0.5)
        norm.bias.add_(torch.randn(96, generator=g))
        image = torch.from_numpy(golden_image(6)).float()[None, None]
        before = torch.cosine_similarity(changed(image)[2], net(image)[2]).mean()
        explained = take_global_branch(changed, net, [golden_image(i) for i in range(3)])
        after = torch.cosine_similarity(changed(image)[2], net(image)[2]).mean()
    assert explained > 0.9999
    assert float(before) < 0.9 and float(after) > 0.999
