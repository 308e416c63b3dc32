"""What a broken camera, a broken buffer, the weather and passers-by make of a grey picture. All is a function of the
picture and a seed."""

from __future__ import annotations

import cv2
import numpy as np

Image = np.ndarray


def as_bytes(image: np.ndarray) -> Image:
    """Rounded to 8 bits."""
    return np.clip(np.rint(image), 0, 255).astype(np.uint8)


def rolled(image: Image, share: float) -> Image:
    """Moved sideways within its buffer: what leaves on one side comes back on the other."""
    return np.roll(image, round(share * image.shape[1]), axis=1)


def halves_swapped(image: Image) -> Image:
    """The left half on the right."""
    return rolled(image, 0.5)


def rolled_down(image: Image, share: float) -> Image:
    """The same for rows."""
    return np.roll(image, round(share * image.shape[0]), axis=0)


def mirrored(image: Image) -> Image:
    """A camera with hflip."""
    return image[:, ::-1].copy()


def flipped(image: Image) -> Image:
    """A camera with vflip."""
    return image[::-1].copy()


def upside_down(image: Image) -> Image:
    """Both."""
    return image[::-1, ::-1].copy()


def torn(image: Image, other: Image) -> Image:
    """The upper part of one frame above the lower part of another."""
    result = image.copy()
    row = image.shape[0] * 2 // 5
    result[row:] = other[row:]
    return result


def blended(image: Image, other: Image) -> Image:
    """Two frames in one."""
    return cv2.addWeighted(image, 0.5, other, 0.5, 0)


def blurred(image: Image, sigma: float) -> Image:
    """Out of focus."""
    return cv2.GaussianBlur(image, (0, 0), sigma)


def motion_blurred(image: Image, length: int) -> Image:
    """Moved along a row during the exposure."""
    kernel = np.full((1, length), 1 / length, np.float32)
    return cv2.filter2D(image, -1, kernel, borderType=cv2.BORDER_REPLICATE)


def darkened(image: Image, factor: float, random: np.random.Generator) -> Image:
    """Little light: a factor, and the noise of two grey levels that stays."""
    return as_bytes(image * factor + random.normal(0, 2, image.shape))


def noisy(image: Image, sigma: float, random: np.random.Generator) -> Image:
    """Gaussian noise."""
    return as_bytes(image + random.normal(0, sigma, image.shape))


def compressed(image: Image, quality: int) -> Image:
    """Through a JPEG of this quality."""
    return cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_GRAYSCALE)


def brightened(image: Image, gamma: float) -> Image:
    """Another tone curve."""
    return as_bytes(255 * (image / 255.0) ** gamma)


def covered(image: Image, left: float, right: float) -> Image:
    """Columns from one share of the width to another hidden."""
    result = image.copy()
    width = image.shape[1]
    result[:, round(left * width) : round(right * width)] = 90
    return result


def moved(image: Image, random: np.random.Generator) -> Image:
    """A large object that carries what the map knows of it stands somewhere else: half the width and three quarters of
    the height, moved by 8 to 15 % of the width; where it stood, there is nothing."""
    height, width = image.shape
    w, h = width // 2, height * 3 // 4
    shift = round(random.uniform(0.08, 0.15) * width) * (1 if random.random() < 0.5 else -1)
    x, y = (width - w) // 2, (height - h) // 2
    result = image.copy()
    result[y : y + h, x : x + w] = 90
    result[y : y + h, x + shift : x + shift + w] = image[y : y + h, x : x + w]
    return result
