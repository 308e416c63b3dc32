"""What layers 8 to 14 are trained on: crops of both networks' maps that show the same (needs PyTorch)."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from hfnet.export import random_network
from hfnet.mobilenet import MobileNetV2
from hfnet.modelfile import golden_image
from hfnet.place_maps import CROP, PlaceMap, PlaceMaps, Standard, explained, grouped
from hfnet.targets import Target

SHAPES = [(480, 640), (480, 640), (424, 640), (640, 480), (424, 640)]


@pytest.fixture(scope="module")
def maps() -> PlaceMaps:
    torch.manual_seed(2)
    teacher = MobileNetV2().eval()
    none = np.zeros((0, 2), np.float32)
    targets = []
    for i, (height, width) in enumerate(SHAPES):
        image = np.tile(golden_image(i), (6, 6))[:height, :width]
        features = teacher(torch.from_numpy(image).float()[None] / 255)[0].half().numpy()
        targets.append(Target(image, none, none, none, none, none, features))
    return PlaceMaps(random_network(64, seed=3).eval(), teacher, targets, [640, 160], Standard.of(targets), seed=4)


def test_a_crop_of_layer_14_lies_over_four_times_as_many_cells_of_layer_7() -> None:
    rows, columns = 30, 40
    fine = torch.stack(torch.meshgrid(torch.arange(2 * rows), torch.arange(2 * columns), indexing="ij")).float()
    coarse = torch.stack(torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")).float()
    generator = np.random.default_rng(5)
    for _ in range(20):
        student, teacher = PlaceMap(fine, coarse).crop(generator)
        assert teacher.shape[1:] == CROP
        assert torch.equal(student[:, ::2, ::2], 2 * teacher)


def test_crops_of_a_map_with_an_odd_row_are_all_of_one_size() -> None:
    generator = np.random.default_rng(8)
    one = PlaceMap(torch.zeros(1, 39, 63), torch.zeros(1, 20, 32))
    assert {tuple(part.shape[1:]) for _ in range(60) for part in one.crop(generator)} == {(32, 40), CROP}


def test_a_small_map_is_taken_whole_with_an_odd_row(maps: PlaceMaps) -> None:
    small = maps.sides[160][0]  # 120x160: 15 rows of layer 7, 8 of layer 14
    assert small.student.shape[1:] == (15, 20) and small.teacher.shape[1:] == (8, 10)
    assert small.crop_shape == (8, 10, 15, 20)


def test_a_batch_is_of_maps_of_one_shape_and_the_student_maps_it_onto_the_teachers(maps: PlaceMaps) -> None:
    net = random_network(64, seed=3).eval()
    for side in (640, 160, None):
        student, teacher = maps.batch(side)
        assert len(student) == len(teacher) >= 2
        assert net.global_features(student).shape[2:] == teacher.shape[2:]


def test_a_map_without_another_of_its_shape_has_no_batch(maps: PlaceMaps) -> None:
    assert [len(group) for group in grouped(maps.sides[160])] == [2, 2]  # the upright one is alone


def test_the_teachers_channels_are_standardized() -> None:
    features = np.random.default_rng(7).normal(3, 5, (2, 96, 60, 60)).astype(np.float32)
    image, none = np.zeros((320, 320), np.uint8), np.zeros((0, 2), np.float32)
    targets = [Target(image, none, none, none, none, none, f) for f in features]
    standard = Standard.of(targets)
    cells = torch.cat([standard(torch.from_numpy(f)).flatten(1) for f in features], 1)
    assert cells.mean(1).abs().max() < 0.1 and (cells.std(1) - 1).abs().max() < 0.1


def test_what_is_linear_in_the_students_layer_is_explained_whole_and_noise_is_not(maps: PlaceMaps) -> None:
    net = random_network(64, seed=3).eval()
    generator = torch.Generator().manual_seed(6)
    with torch.no_grad():
        own = [net.global_features(m.student[None].float())[0] for m in maps.sides[640]]
    linear = torch.randn(96, own[0].shape[0], generator=generator)
    exact = [PlaceMap(m.student, torch.einsum("tc,chw->thw", linear, x)) for m, x in zip(maps.sides[640], own)]
    noise = [PlaceMap(m.student, torch.randn(m.teacher.shape, generator=generator)) for m in maps.sides[640]]
    assert explained(net, exact[:3], exact[3:]) > 0.99
    assert explained(net, noise[:3], noise[3:]) < 0.05
