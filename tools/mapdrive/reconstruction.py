"""Poses by pycolmap's mappers, and which of them is right."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pycolmap

from .diagnosis import LEAST, gaps, is_sure, residual_of_turn
from .frames import Drive
from .matches import Features, mutual, pairs, split

#: A match may be so far from its epipolar line, pixels of 640 across.
TOLERANCE = 3.0


@dataclass
class Model:
    """Poses, camera from world, of the images that a mapper placed: by their numbers in the drive."""

    mapper: str
    rotations: dict[int, np.ndarray]
    translations: dict[int, np.ndarray]
    held: float = 0.0
    #: Distance from odometry after the best similarity, a share of the way; None without odometry.
    off: float | None = None

    def centre(self, image: int) -> np.ndarray:
        return -self.rotations[image].T @ self.translations[image]


class Reconstruction:
    """A drive's matches in a database, the mappers over them, and the matches that were kept from them."""

    def __init__(self, drive: Drive, features: Features, work: Path) -> None:
        self.drive, self.features, self.work = drive, features, work
        c = drive.camera
        self.camera = pycolmap.Camera(model=c.model, width=c.width, height=c.height, params=c.colmap(), camera_id=1)
        self.camera.has_prior_focal_length = True
        self.tolerance = TOLERANCE * c.scale()
        self.focal = float(np.mean(self.camera.params[: c.focal_lengths()]))
        #: Per image its keypoints as rays (x, y, 1).
        self.rays = [self.camera.cam_from_img(k.astype(np.float64) + 0.5) for k in features.keypoints]
        self.held: dict[tuple[int, int], np.ndarray] = {}
        #: Per pair that is surely of one place, matches that fit a relative pose.
        self.links: dict[tuple[int, int], int] = {}
        #: Of pairs with enough of these, pixels at 640 across that a mere turn of the camera leaves of them.
        self.turns: dict[tuple[int, int], float] = {}
        self.write()

    def write(self) -> None:
        database = pycolmap.Database.open(self.work / "database.db")
        database.write_camera(self.camera, use_camera_id=True)
        rig = pycolmap.Rig(rig_id=1)
        rig.add_ref_sensor(self.camera.sensor_id)
        database.write_rig(rig, use_rig_id=True)
        for number, name in enumerate(self.drive.names):
            image = pycolmap.Image(name=name, camera_id=1, image_id=number + 1)
            database.write_image(image, use_image_id=True)
            frame = pycolmap.Frame(frame_id=number + 1, rig_id=1)
            frame.add_data_id(image.data_id)
            database.write_frame(frame, use_frame_id=True)
            database.write_keypoints(number + 1, self.features.keypoints[number].astype(np.float32) + 0.5)
        options = pycolmap.TwoViewGeometryOptions()
        options.ransac.max_error = self.tolerance
        options.ransac.random_seed = 1
        verified = self.verified(options)
        # What joins parts that have nothing sure in common is a pattern that repeats.
        cuts = [cut for cut, _ in gaps(self.drive, self.links)]
        for (a, b), (used, geometry) in verified.items():
            if not any(a <= cut < b for cut in cuts):
                database.write_matches(a + 1, b + 1, used)
                database.write_two_view_geometry(a + 1, b + 1, geometry)
        database.close()

    def verified(self, options: pycolmap.TwoViewGeometryOptions) -> dict[tuple[int, int], tuple[np.ndarray, object]]:
        """Of each pair with enough of them, the matches that are used, and the geometry that they fit."""
        found: dict[tuple[int, int], tuple[np.ndarray, object]] = {}
        for number, (a, b) in enumerate(pairs(self.features)):
            matches = mutual(self.features.descriptors[a], self.features.descriptors[b])
            used, self.held[a, b] = split(matches, number)
            if len(used) < 15:
                continue
            used = used.astype(np.uint32)
            points = [self.features.keypoints[i].astype(np.float64) + 0.5 for i in (a, b)]
            geometry = pycolmap.estimate_calibrated_two_view_geometry(
                self.camera, points[0], self.camera, points[1], used, options
            )
            found[a, b] = used, geometry
            inliers = geometry.inlier_matches
            if is_sure(len(inliers), len(used)):
                self.links[a, b] = len(inliers)
            if len(inliers) >= LEAST:
                self.turns[a, b] = self.left_of_turn(a, b, inliers)
        return found

    def left_of_turn(self, a: int, b: int, matches: np.ndarray) -> float:
        """Pixels at 640 across that a mere turn of the camera leaves of these matches."""
        x, y = (np.pad(self.rays[i][matches[:, k]], ((0, 0), (0, 1)), constant_values=1) for k, i in enumerate((a, b)))
        return residual_of_turn(x, y) * self.focal / self.drive.camera.scale()

    def incremental(self) -> list[Model]:
        options = pycolmap.IncrementalPipelineOptions()
        options.ba_refine_focal_length = options.ba_refine_extra_params = False
        options.mapper.abs_pose_refine_focal_length = options.mapper.abs_pose_refine_extra_params = False
        options.multiple_models, options.min_model_size = False, 3
        options.extract_colors = False
        options.random_seed = 1
        # A camera that looks ahead sees little parallax, and all of it in the motion that is forbidden otherwise.
        options.mapper.init_max_forward_motion = 1.0
        options.mapper.ba_local_min_tri_angle = options.mapper.filter_min_tri_angle = 1.0
        options.triangulation.min_angle = 1.0
        for angle in (8.0, 2.0):
            options.mapper.init_min_tri_angle = angle
            found = pycolmap.incremental_mapping(
                self.work / "database.db", self.drive.folder, self.folder(f"incremental-{angle:g}"), options
            )
            if found:
                return [self.model("incremental", r) for r in found.values()]
        return []

    def globally(self) -> list[Model]:
        options = pycolmap.GlobalPipelineOptions()
        options.random_seed = options.mapper.random_seed = 1
        options.mapper.bundle_adjustment.refine_focal_length = False
        options.mapper.bundle_adjustment.refine_extra_params = False
        found = pycolmap.global_mapping(self.work / "database.db", self.drive.folder, self.folder("global"), options)
        return [self.model("global", r) for r in found.values()]

    def folder(self, name: str) -> Path:
        path = self.work / name
        path.mkdir()
        return path

    @staticmethod
    def model(mapper: str, reconstruction: pycolmap.Reconstruction) -> Model:
        model = Model(mapper, {}, {})
        for image in reconstruction.images.values():
            if image.has_pose:
                pose = image.cam_from_world()
                model.rotations[image.image_id - 1] = pose.rotation.matrix()
                model.translations[image.image_id - 1] = np.array(pose.translation)
        return model

    def judge(self, model: Model) -> Model:
        """The share of the matches kept back that the model's poses explain, and how far odometry is from it."""
        fits = total = 0
        for (a, b), held in self.held.items():
            total += len(held)
            if a in model.rotations and b in model.rotations and len(held):
                fits += int((self.distance(model, a, b, held) * self.focal < self.tolerance).sum())
        model.held = fits / max(total, 1)
        model.off = off_odometry(model, self.drive.odometry)
        return model

    def distance(self, model: Model, a: int, b: int, matches: np.ndarray) -> np.ndarray:
        """Of matches from their epipolar lines, in units of the focal length."""
        r = model.rotations[b] @ model.rotations[a].T
        t = model.translations[b] - r @ model.translations[a]
        x = np.pad(self.rays[a][matches[:, 0]], ((0, 0), (0, 1)), constant_values=1)
        y = np.pad(self.rays[b][matches[:, 1]], ((0, 0), (0, 1)), constant_values=1)
        essential = np.array([[0, -t[2], t[1]], [t[2], 0, -t[0]], [-t[1], t[0], 0]]) @ r
        lines_b, lines_a = x @ essential.T, y @ essential
        error = np.abs((y * lines_b).sum(1))
        with np.errstate(divide="ignore", invalid="ignore"):
            worst = error / np.minimum(np.linalg.norm(lines_b[:, :2], axis=1), np.linalg.norm(lines_a[:, :2], axis=1))
        return np.nan_to_num(worst, nan=np.inf)


def similarity(to: np.ndarray, points: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Scale, rotation and shift that bring points onto others best (Umeyama 1991)."""
    a, b = to.mean(0), points.mean(0)
    u, _, vt = np.linalg.svd((to - a).T @ (points - b))
    q = u @ np.diag([1, 1, np.linalg.det(u @ vt)]) @ vt
    s = float(((to - a) * ((points - b) @ q.T)).sum() / ((points - b) ** 2).sum())
    return s, q, a - s * q @ b


def off_odometry(model: Model, odometry: np.ndarray | None) -> float | None:
    if odometry is None:
        return None
    known = [i for i in sorted(model.rotations) if np.isfinite(odometry[i]).all()]
    if len(known) < 3:
        return None
    to, points = odometry[known], np.array([model.centre(i) for i in known])
    s, q, t = similarity(to, points)
    way = np.linalg.norm(np.diff(to, axis=0), axis=1).sum()
    return float(np.sqrt(((s * points @ q.T + t - to) ** 2).sum(1).mean()) / max(way, 1e-9))


def best(models: list[Model]) -> Model | None:
    """That which explains most of the matches kept back; one that odometry contradicts only for want of another."""
    if not models:
        return None
    agreeing = [m for m in models if m.off is None or m.off < 0.05] or models
    return max(agreeing, key=lambda m: (round(m.held, 3), len(m.rotations)))
