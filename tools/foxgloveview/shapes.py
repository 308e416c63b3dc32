"""Poses, ellipsoids, frusta and clouds as Foxglove's primitives."""

from __future__ import annotations

import numpy as np
from foxglove import messages as fg

# Chi square of three degrees of freedom that 95 % are below.
CHI_SQUARE_95 = 7.815
# A camera's glyph: half its width and height, and its depth, metres.
GLYPH = (0.16, 0.12, 0.2)


def stamp(ns: int) -> fg.Timestamp:
    return fg.Timestamp(sec=ns // 10**9, nsec=ns % 10**9)


def vector(v) -> fg.Vector3:
    return fg.Vector3(x=float(v[0]), y=float(v[1]), z=float(v[2]))


def turn(w: float, x: float, y: float, z: float) -> fg.Quaternion:
    return fg.Quaternion(x=float(x), y=float(y), z=float(z), w=float(w))


def pose_of(position, orientation) -> fg.Pose:
    """Of hfloc's Vector3 and Quaternion."""
    p, q = position, orientation
    return fg.Pose(position=vector((p.x, p.y, p.z)), orientation=turn(q.w, q.x, q.y, q.z))


def rotation(q) -> np.ndarray:
    """The matrix of w, x, y, z; of many rows of them as many matrices."""
    w, x, y, z = np.moveaxis(np.asarray(q, float), -1, 0)
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    return np.moveaxis(np.array(rows), (0, 1), (-2, -1))


def quaternion(matrix: np.ndarray) -> np.ndarray:
    """w, x, y, z of a rotation: the eigenvector of Bar-Itzhack's symmetric matrix (2000)."""
    r = matrix
    k = np.array([
        [r[0, 0] + r[1, 1] + r[2, 2], r[2, 1] - r[1, 2], r[0, 2] - r[2, 0], r[1, 0] - r[0, 1]],
        [r[2, 1] - r[1, 2], r[0, 0] - r[1, 1] - r[2, 2], r[0, 1] + r[1, 0], r[0, 2] + r[2, 0]],
        [r[0, 2] - r[2, 0], r[0, 1] + r[1, 0], r[1, 1] - r[0, 0] - r[2, 2], r[1, 2] + r[2, 1]],
        [r[1, 0] - r[0, 1], r[0, 2] + r[2, 0], r[1, 2] + r[2, 1], r[2, 2] - r[0, 0] - r[1, 1]],
    ])  # fmt: skip
    return np.linalg.eigh(k)[1][:, 3]


def axes_of(covariance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The diameters of the ellipsoid in which 95 of 100 are, and w, x, y, z of its axes; the covariance is 3x3."""
    values, axes = np.linalg.eigh(covariance)
    if np.linalg.det(axes) < 0:
        axes[:, 0] *= -1
    return 2 * np.sqrt(CHI_SQUARE_95 * np.maximum(values, 0)), quaternion(axes)


def ellipsoid(position, covariance: np.ndarray, color: fg.Color) -> fg.SpherePrimitive:
    """Inside it the position is, 95 times in 100."""
    size, q = axes_of(covariance)
    placed = fg.Pose(position=vector(position), orientation=turn(*q))
    return fg.SpherePrimitive(pose=placed, size=vector(size), color=color)


def glyph(camera_from_map: np.ndarray) -> np.ndarray:
    """The end points of the lines of cameras: K rows of qw qx qy qz tx ty tz give [16 K, 3] in the map."""
    a, b, d = GLYPH
    tip, corners = (0, 0, 0), [(-a, -b, d), (a, -b, d), (a, b, d), (-a, b, d)]
    lines = [end for corner in corners for end in (tip, corner)]
    lines += [end for i in range(4) for end in (corners[i], corners[(i + 1) % 4])]
    r, t = rotation(camera_from_map[:, :4]), camera_from_map[:, 4:]
    points = np.asarray(lines)[None] - t[:, None]
    # Rows times R are R's transpose times columns: the way back.
    return (points @ r).reshape(-1, 3)


def lines(points: np.ndarray, color: fg.Color, thickness: float = 1) -> fg.LinePrimitive:
    """Pairs of points, as lines of so many pixels."""
    return fg.LinePrimitive(
        type=fg.LinePrimitiveLineType.LineList,
        thickness=thickness,
        scale_invariant=True,
        points=[fg.Point3(x=x, y=y, z=z) for x, y, z in points.tolist()],
        color=color,
    )


def cloud(points: np.ndarray, frame: str, ns: int) -> fg.PointCloud:
    """Points, coloured by height from blue to red."""
    record = np.dtype([("x", "<f4"), ("y", "<f4"), ("z", "<f4"), ("red", "u1"), ("green", "u1"), ("blue", "u1"),
                       ("alpha", "u1")])  # fmt: skip
    data = np.zeros(len(points), record)
    for axis, name in enumerate("xyz"):
        data[name] = points[:, axis]
    if len(points):
        low, high = np.percentile(points[:, 2], (2, 98))
        share = np.clip((points[:, 2] - low) / max(high - low, 1e-9), 0, 1)
        data["red"], data["blue"] = 255 * share, 255 * (1 - share)
        data["green"] = 255 * (1 - np.abs(2 * share - 1))
    data["alpha"] = 255
    number = fg.PackedElementFieldNumericType
    fields = [fg.PackedElementField(name=n, offset=o, type=number.Float32) for n, o in (("x", 0), ("y", 4), ("z", 8))]
    names = ("red", "green", "blue", "alpha")
    fields += [fg.PackedElementField(name=n, offset=12 + i, type=number.Uint8) for i, n in enumerate(names)]
    identity = fg.Pose(position=vector((0, 0, 0)), orientation=turn(1, 0, 0, 0))
    return fg.PointCloud(
        timestamp=stamp(ns), frame_id=frame, pose=identity, point_stride=record.itemsize, fields=fields,
        data=data.tobytes(),
    )  # fmt: skip
