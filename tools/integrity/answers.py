"""What hfloc said of one frame, beside the truth."""

from __future__ import annotations

import math

import cv2
import numpy as np

from .programs import Shot
from .sets import rotation_matrix

WRONG_METRES, WRONG_DEGREES = 0.5, 5.0


def of_localize(row: dict) -> dict:
    """A line of `hfloc localize --format json` in the terms of this module."""
    return {
        "state": row["state"],
        "position": row.get("position"),
        "orientation": row.get("orientation_wxyz"),
        "covariance": row.get("covariance"),
        "gate": row["failed_gate"],
        "source": row["source"],
        "inliers": row["inliers"],
        "in_view": row["landmarks_in_view"],
        **levels(row.get("protection_level_m"), row.get("protection_level_rad")),
    }


def of_message(message: dict) -> dict:
    """The same of a message of the daemon (protobuf's JSON leaves zeros out)."""
    evidence, pose = message.get("evidence", {}), message.get("pose")
    q = pose["orientation"] if pose else {}
    return {
        "state": message["state"].removeprefix("STATE_").lower(),
        "position": [pose["position"].get(k, 0.0) for k in "xyz"] if pose else None,
        "orientation": [q.get(k, 0.0) for k in "wxyz"] if pose else None,
        "covariance": pose["covariance"] if pose else None,
        "gate": evidence.get("failed_gate", "GATE_NONE").removeprefix("GATE_").lower(),
        "source": evidence.get("source", "SOURCE_UNSPECIFIED").removeprefix("SOURCE_").lower(),
        "inliers": evidence.get("inliers", 0),
        "in_view": evidence.get("landmarks_in_view", 0),
        **levels(message.get("protection_level_position"), message.get("protection_level_rotation")),
    }


def levels(metres: float | None, radians: float | None) -> dict:
    """Protection levels, if there are any; zero is none."""
    if not metres or not radians:
        return {"level_m": None, "level_deg": None}
    return {"level_m": metres, "level_deg": math.degrees(radians)}


def judged(answer: dict, shot: Shot) -> dict:
    """The row that is kept of a frame: errors, their normalized squares, deviations; no pose."""
    row = {k: answer[k] for k in ("state", "gate", "source", "inliers", "in_view", "level_m", "level_deg")}
    row["name"], row["has_truth"] = shot.name, shot.truth is not None
    if answer["position"] is None:
        return row
    covariance = np.array(answer["covariance"]).reshape(6, 6)
    row["sigma_m"] = float(np.sqrt(max(np.linalg.eigvalsh(covariance[:3, :3]).max(), 0)))
    row["sigma_deg"] = float(np.degrees(np.sqrt(max(np.linalg.eigvalsh(covariance[3:, 3:]).max(), 0))))
    if shot.truth is None:
        return row
    shift = shot.truth.centre - np.array(answer["position"])
    turn = cv2.Rodrigues(shot.truth.rotation.T @ rotation_matrix(np.array(answer["orientation"])).T)[0].ravel()
    row["error_m"], row["error_deg"] = float(np.linalg.norm(shift)), float(np.degrees(np.linalg.norm(turn)))
    row["nees_m"], row["nees_deg"] = normalized(shift, covariance[:3, :3]), normalized(turn, covariance[3:, 3:])
    return row


def normalized(error: np.ndarray, covariance: np.ndarray) -> float:
    """The squared Mahalanobis length; infinite for a covariance that is none."""
    try:
        value = float(error @ np.linalg.solve(covariance, error))
    except np.linalg.LinAlgError:
        return math.inf
    return value if value >= 0 else math.inf


def is_published(row: dict) -> bool:
    """There is a pose."""
    return "sigma_m" in row


def is_off(row: dict) -> bool:
    """A pose that is more than half a metre or five degrees off, or one of a frame that shows no place of the map."""
    if not is_published(row):
        return False
    return not row["has_truth"] or row["error_m"] > WRONG_METRES or row["error_deg"] > WRONG_DEGREES


def is_covered(row: dict) -> bool:
    """Its own protection level covers its error."""
    if not row["has_truth"] or row["level_m"] is None or row["level_deg"] is None:
        return False
    return row["error_m"] <= row["level_m"] and row["error_deg"] <= row["level_deg"]


def is_wrong(row: dict) -> bool:
    """Published and off; a degraded one that says how far it may be off is counted apart."""
    return is_off(row) and not (row["state"] == "degraded" and is_covered(row))
