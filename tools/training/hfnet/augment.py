"""What the student sees: random views of a photograph, the paper's photometric augmentation, and other light and
weather.
"""

from __future__ import annotations

import cv2
import numpy as np


def photometric(image: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Light, shade, rain, motion blur, contrast, brightness, gamma and noise on a grey image [H, W]; returns uint8."""
    x = image.astype(np.float32)
    if generator.random() < 0.35:
        x = relight(x, generator)
    if generator.random() < 0.08:
        x = rain(x, generator)
    if generator.random() < 0.4:
        x = shade(x, generator)
    if generator.random() < 0.3:
        x = motion_blur(x, generator)
    if generator.random() < 0.3:
        x = 255 * np.power(np.clip(x, 0, 255) / 255, np.exp(generator.uniform(-0.5, 0.6)))
    contrast, brightness = generator.uniform(0.4, 1.3), generator.uniform(-30, 40)
    x = (x - 128) * contrast + 128 + brightness if generator.random() < 0.5 else x * contrast + brightness
    if generator.random() < 0.7:
        x = x + generator.standard_normal(x.shape, np.float32) * generator.uniform(0, 8)
    return np.clip(np.rint(x), 0, 255).astype(np.uint8)


def shade(x: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Adds soft dark or bright ellipses, drawn at an eighth of the size."""
    height, width = x.shape[0] // 8, x.shape[1] // 8
    mask = np.zeros((height, width), np.float32)
    for _ in range(int(generator.integers(1, 8))):
        centre = (int(generator.integers(0, width)), int(generator.integers(0, height)))
        longest = max(2, min(width, height) // 3)
        axes = (int(generator.integers(1, longest)), int(generator.integers(1, longest)))
        cv2.ellipse(mask, centre, axes, float(generator.uniform(0, 180)), 0, 360, 1.0, -1)
    mask = cv2.GaussianBlur(mask, (0, 0), float(generator.uniform(1.5, 5)))
    strength = generator.uniform(-110, 90)
    return x + strength * cv2.resize(mask, (x.shape[1], x.shape[0]), interpolation=cv2.INTER_LINEAR)


def relight(x: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Another time of day: what is bright over large areas changes, down to its reverse (a black sky over lit walls),
    a smooth field of light lies over all of it, lamps glare, and a dark image is noisier."""
    height, width = x.shape
    small = cv2.resize(x, (max(2, width // 8), max(2, height // 8)), interpolation=cv2.INTER_AREA)
    broad = cv2.GaussianBlur(small, (0, 0), float(generator.uniform(2, 8)))
    low = cv2.resize(broad, (width, height), interpolation=cv2.INTER_LINEAR)
    x = (x - low) * np.exp(generator.uniform(-0.6, 0.5)) + 128 + (low - 128) * generator.uniform(-0.7, 1.1)
    field = cv2.GaussianBlur(generator.standard_normal(small.shape, np.float32), (0, 0), float(generator.uniform(3, 8)))
    field *= generator.uniform(0.15, 0.6) / max(float(field.std()), 1e-6)
    night = np.exp(generator.uniform(-1.6, 0.0)) if generator.random() < 0.5 else 1.0
    light = cv2.resize(np.exp(field), (width, height), interpolation=cv2.INTER_LINEAR) * night
    x = np.clip(x, 0, 255) * light
    x = x + generator.standard_normal(x.shape, np.float32) * np.sqrt(np.maximum(x, 0)) * generator.uniform(0, 0.8)
    return x + lamps(small.shape, (width, height), generator) if generator.random() < 0.3 else x


def lamps(shape: tuple[int, int], size: tuple[int, int], generator: np.random.Generator) -> np.ndarray:
    """A few glaring lights with their halos, drawn at an eighth of the size."""
    glare = np.zeros(shape, np.float32)
    for _ in range(int(generator.integers(1, 6))):
        spot = np.zeros(shape, np.float32)
        spot[int(generator.integers(0, shape[0])), int(generator.integers(0, shape[1]))] = 1
        spot = cv2.GaussianBlur(spot, (0, 0), float(generator.uniform(0.5, 3)))
        glare += spot * (generator.uniform(60, 250) / float(spot.max()))
    return cv2.resize(glare, size, interpolation=cv2.INTER_LINEAR)


def rain(x: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Bright streaks, all nearly in one direction, and the grey veil behind them."""
    height, width = x.shape
    streaks = np.zeros((height, width), np.float32)
    lean, length = generator.uniform(-0.35, 0.35), generator.uniform(6, 24)
    for px, py in generator.uniform((0, 0), (width, height), (int(generator.integers(60, 300)), 2)):
        end = (px + length * (lean + generator.normal(0, 0.03)), py + length)
        cv2.line(streaks, (int(px), int(py)), (int(end[0]), int(end[1])), 1.0)
    streaks = cv2.GaussianBlur(streaks, (0, 0), 0.7)
    veil = generator.uniform(0, 0.35)
    return x * (1 - veil) + 150 * veil + streaks * generator.uniform(30, 110)


def motion_blur(x: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Blurs along a random direction over 3 to 9 pixels."""
    size = int(generator.choice((3, 5, 7, 9)))
    kernel = np.zeros((size, size), np.float32)
    angle = generator.uniform(0, np.pi)
    reach = (size // 2) * np.array((np.cos(angle), np.sin(angle)))
    middle = size // 2
    start, end = np.rint(middle - reach).astype(int), np.rint(middle + reach).astype(int)
    cv2.line(kernel, start.tolist(), end.tolist(), 1.0)
    return cv2.filter2D(x, -1, kernel / kernel.sum())


def rotation(angle: float) -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    return np.array(((c, -s), (s, c)))


def random_view(
    image_size: tuple[int, int], view_size: tuple[int, int], centre: np.ndarray, generator: np.random.Generator
) -> np.ndarray:
    """A homography [3, 3] from view pixels to image pixels: scale, rotation, foreshortening, perspective, around
    `centre`.

    Every other view is seen as obliquely as walls are along a street: one direction is up to 2.5 times as long as that
    across it.
    """
    width, height = view_size
    largest = min(image_size[0] / width, image_size[1] / height)
    scale = min(float(np.exp(generator.uniform(np.log(0.7), np.log(1.5)))), largest)
    angle = np.deg2rad(generator.normal(0, 20 if generator.random() < 0.2 else 6))
    oblique = generator.random() < 0.5
    stretch = np.exp(generator.uniform(-0.45, 0.45) if oblique else generator.uniform(-0.12, 0.12))
    along = rotation(generator.uniform(0, np.pi))
    affine = np.eye(3)
    affine[:2, :2] = scale * rotation(angle) @ along @ np.diag((stretch, 1 / stretch)) @ along.T
    tilt = np.eye(3)
    tilt[2, :2] = generator.uniform(-1, 1, 2) * (1.2e-3 if oblique else 5e-4)
    to_middle = np.array(((1, 0, -(width - 1) / 2), (0, 1, -(height - 1) / 2), (0, 0, 1)))
    reach = np.array((width, height)) * scale / 2
    low, high = reach, np.maximum(np.array(image_size) - reach, reach)
    middle = np.clip(centre, low, high)
    from_middle = np.array(((1, 0, middle[0]), (0, 1, middle[1]), (0, 0, 1)))
    return from_middle @ affine @ tilt @ to_middle


def transform(homography: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Applies a homography to points [N, 2]."""
    p = points @ homography[:, :2].T + homography[:, 2]
    return (p[:, :2] / p[:, 2:]).astype(np.float32)


def warp(image: np.ndarray, homography: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """The view of `size` (width, height): view pixel p shows image pixel homography * p."""
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpPerspective(image, homography, size, flags=flags, borderMode=cv2.BORDER_REFLECT_101)
