"""Rendered views of a chessboard through a known camera, and a fake V4L2 camera that shows them."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path

import cv2
import fakecamera
import numpy

WIDTH, HEIGHT = 640, 480
K = numpy.array([[520.0, 0, 326.0], [0, 523.0, 237.0], [0, 0, 1]])
D = numpy.array([-0.24, 0.07, 0.0008, -0.0005])
COLUMNS, ROWS, SQUARE = 9, 6, 0.025


@functools.cache
def rays() -> numpy.ndarray:
    """What each pixel sees."""
    v, u = numpy.mgrid[0:HEIGHT, 0:WIDTH].astype(numpy.float64)
    bent = cv2.undistortPoints(numpy.stack([u, v], axis=-1).reshape(-1, 1, 2), K, D).reshape(-1, 2)
    return numpy.concatenate([bent, numpy.ones((len(bent), 1))], axis=1)


def render(tilt_x: float, tilt_y: float, x: float, y: float, distance: float) -> numpy.ndarray:
    """The board turned about the vertical and the horizontal (degrees), its middle at (x, y) of the image's size."""
    rotation = cv2.Rodrigues(numpy.radians([tilt_y, -tilt_x, 0.0]))[0]
    pixel = numpy.array([[[x * WIDTH, y * HEIGHT]]])
    middle = numpy.append(cv2.undistortPoints(pixel, K, D)[0, 0], 1.0) * distance
    normal = rotation[:, 2]
    points = rays() * (normal @ middle / (rays() @ normal))[:, None]
    board = (points - middle) @ rotation[:, :2] / SQUARE
    across, down = board[:, 0] + (COLUMNS + 1) / 2, board[:, 1] + (ROWS + 1) / 2
    inside = (across > 0) & (across < COLUMNS + 1) & (down > 0) & (down < ROWS + 1)
    paper = (across > -0.8) & (across < COLUMNS + 1.8) & (down > -0.8) & (down < ROWS + 1.8)
    pixels = K[0, 0] * SQUARE / distance

    def wave(place: numpy.ndarray) -> numpy.ndarray:
        """1 and -1 in turn from square to square, with edges of about a pixel."""
        whole = numpy.floor(place)
        edge = numpy.minimum(place - whole, 1 - (place - whole)) * pixels
        return (1 - 2 * (whole % 2)) * numpy.clip(edge / 0.8, 0, 1)

    image = numpy.where(inside, 122.5 - 82.5 * wave(across) * wave(down), numpy.where(paper, 205.0, 110.0))
    return cv2.GaussianBlur(image.reshape(HEIGHT, WIDTH), (0, 0), 0.7)


def noisy(image: numpy.ndarray, seed: int) -> numpy.ndarray:
    """A frame: the image with a sensor's noise."""
    noise = numpy.random.default_rng(seed).normal(0, 1.5, image.shape)
    return numpy.clip(image + noise, 0, 255).astype(numpy.uint8)


# tilt x, tilt y, x, y, distance
VIEWS = [
    (0, 0, 0.5, 0.5, 0.42), (32, 0, 0.5, 0.5, 0.38), (-32, 0, 0.5, 0.5, 0.38), (0, 32, 0.5, 0.5, 0.38),
    (0, -32, 0.5, 0.5, 0.38),
    (15, 12, 0.27, 0.27, 0.45), (20, 0, 0.26, 0.5, 0.42), (15, -12, 0.27, 0.73, 0.45), (0, -20, 0.5, 0.73, 0.42),
    (-15, -12, 0.73, 0.73, 0.45), (-20, 0, 0.74, 0.5, 0.42), (-15, 12, 0.73, 0.27, 0.45), (0, 20, 0.5, 0.27, 0.42),
    (5, 5, 0.5, 0.5, 0.235), (20, 20, 0.5, 0.5, 0.7), (-25, 20, 0.35, 0.4, 0.5),
]  # fmt: skip


def fake_camera(folder: Path, frames_per_view: int, rate: int) -> dict[str, str]:
    """The environment of a program that shall see these views at /dev/fake-camera, each for some frames, with a swing
    between them.
    """

    def frames() -> Iterator[numpy.ndarray]:
        for number, view in enumerate(VIEWS):
            image = render(*view)
            for repeat in range(frames_per_view):
                yield noisy(image, 1000 * number + repeat)

    return fakecamera.fake_camera(folder, frames(), rate)
