"""hfloc's messages to Foxglove's channels: transforms, map, vehicle with its ellipsoid, pictures, plots, log."""

from __future__ import annotations

from pathlib import Path

import foxglove
import numpy as np
from foxglove import channels
from foxglove import messages as fg
from sampledrive.recordingfile import schema_of

from . import shapes

GREEN = fg.Color(r=0.1, g=0.8, b=0.2, a=0.4)
YELLOW = fg.Color(r=0.95, g=0.75, b=0.1, a=0.4)
RED = fg.Color(r=0.9, g=0.1, b=0.1, a=0.4)
WHITE = fg.Color(r=1, g=1, b=1, a=1)
GREY = fg.Color(r=0.5, g=0.5, b=0.55, a=0.8)
# Of keypoints: those that the pose explains, those that it does not, those without a match.
FATES = {
    "inliers": fg.Color(r=0.18, g=0.83, b=0.56, a=1),
    "misses": fg.Color(r=1, g=0.35, b=0.3, a=1),
    "unmatched": fg.Color(r=0.6, g=0.63, b=0.67, a=0.7),
}
# What Foxglove calls the distortion of a model of COLMAP's, and where its coefficients go.
DISTORTION = {
    "SIMPLE_PINHOLE": ("plumb_bob", 1, 5), "PINHOLE": ("plumb_bob", 2, 5), "SIMPLE_RADIAL": ("plumb_bob", 1, 5),
    "RADIAL": ("plumb_bob", 1, 5), "OPENCV": ("plumb_bob", 2, 5), "FULL_OPENCV": ("rational_polynomial", 2, 8),
    "OPENCV_FISHEYE": ("kannala_brandt", 2, 4), "SIMPLE_RADIAL_FISHEYE": ("kannala_brandt", 1, 4),
    "RADIAL_FISHEYE": ("kannala_brandt", 1, 4), "SIMPLE_FISHEYE": ("kannala_brandt", 1, 4),
    "FISHEYE": ("kannala_brandt", 2, 4),
}  # fmt: skip


class View:
    """The channels, which a server and a file both get. Give each message that comes to `take`."""

    def __init__(self, protocol, map_file: Path | None = None) -> None:
        self.protocol, self.map_file, self.map_shown = protocol, map_file, None
        self.tf = channels.FrameTransformChannel("/tf")
        self.pose = channels.PoseInFrameChannel("/pose")
        self.cloud = channels.PointCloudChannel("/map")
        self.map_scene = channels.SceneUpdateChannel("/map/keyframes")
        self.scene = channels.SceneUpdateChannel("/vehicle")
        self.camera = channels.CameraCalibrationChannel("/camera/calibration")
        self.picture = channels.CompressedImageChannel("/camera/preview")
        self.keypoints = channels.ImageAnnotationsChannel("/camera/keypoints")
        self.log = channels.LogChannel("/log")
        self.raw: dict[str, foxglove.Channel] = {}
        self.state: int | None = None
        self.intrinsics = None
        self.last_position = (0.0, 0.0, 0.0)
        self.map_frame = "map"
        self.taken = {
            "hfloc.v1.Localization": (protocol.localization.Localization, self.localization),
            "hfloc.v1.VehicleState": (protocol.vehicle.VehicleState, self.vehicle),
            "hfloc.v1.Status": (protocol.status.Status, self.status),
            "hfloc.v1.CameraInfo": (protocol.record.CameraInfo, self.camera_info),
            "hfloc.v1.Event": (protocol.record.Event, self.event),
            "hfloc.v1.RecordingStart": (protocol.recording.RecordingStart, self.start),
        }

    def wants_pictures(self) -> bool:
        """Whether somebody looks at the camera."""
        return self.picture.has_sinks() or self.keypoints.has_sinks()

    def take(self, topic: str, schema: str, payload: bytes, ns: int, definition: bytes | None = None) -> None:
        """A message as it came, at a time since 1970: itself on a channel, for plots, and what is drawn of it.

        `definition` is the schema as a recording has it; without one it must be one of hfloc's.
        """
        if schema == "hfloc.v1.Preview":
            self.preview(self.protocol.preview.Preview.FromString(payload), ns)
            return
        kind, draw = self.taken.get(schema, (None, None))
        if definition is None and kind is None:
            return
        if schema.startswith("hfloc."):
            topic = f"/hfloc{topic}"
        if topic not in self.raw:
            data = definition or schema_of(kind.DESCRIPTOR)
            described = foxglove.Schema(name=schema, encoding="protobuf", data=data)
            self.raw[topic] = foxglove.Channel(topic, message_encoding="protobuf", schema=described)
        self.raw[topic].log(payload, log_time=ns)
        if draw:
            draw(kind.FromString(payload), ns)

    # What each message draws.

    def localization(self, message, ns: int) -> None:
        """Where the camera and the vehicle are; nothing of it while there is no pose."""
        names = self.protocol.localization
        self.map_frame = message.map_frame or "map"
        if message.state != self.state:
            self.state = message.state
            name = names.State.Name(message.state) if message.state in names.State.values() else str(message.state)
            level = fg.LogLevel.Info if message.state == names.STATE_LOCALIZED else fg.LogLevel.Warning
            self.say(level, f"{name.removeprefix('STATE_')}: {message.reason}".rstrip(": "), ns)
        if not message.HasField("pose"):
            self.vehicle_scene(None, None, RED, message.reason or "no pose", ns)
            return
        when = message.capture_wall_ns or ns
        self.transform(message.map_frame, message.camera_frame, message.pose.position, message.pose.orientation, when)
        shown, frame = message.pose, message.camera_frame
        if message.HasField("base_pose"):
            shown, frame = message.base_pose, message.base_frame
            self.child_of_base(message, when)
        placed = shapes.pose_of(shown.position, shown.orientation)
        stamped = fg.PoseInFrame(timestamp=shapes.stamp(when), frame_id=self.map_frame, pose=placed)
        self.pose.log(stamped, log_time=ns)
        color = GREEN if message.state == names.STATE_LOCALIZED else YELLOW
        self.vehicle_scene(shown, placed, color, frame, ns)

    def child_of_base(self, message, when: int) -> None:
        """The vehicle beside the camera: odom in between, where there is odometry (REP-105)."""
        if message.HasField("map_from_odom"):
            odom = message.map_from_odom
            self.transform(message.map_frame, message.odom_frame, odom.translation, odom.rotation, when)
        base = message.base_pose
        self.transform(message.map_frame, message.base_frame, base.position, base.orientation, when)

    def vehicle(self, message, ns: int) -> None:
        """Between fixes."""
        if message.HasField("pose"):
            color = GREEN if message.condition == self.protocol.vehicle.VEHICLE_CONDITION_FIXED else YELLOW
            placed = shapes.pose_of(message.pose.position, message.pose.orientation)
            self.vehicle_scene(message.pose, placed, color, message.base_frame, ns, name="state")

    def vehicle_scene(self, pose, placed, color: fg.Color, text: str, ns: int, name: str = "fix") -> None:
        """The vehicle's arrow, its ellipsoid of 95 %, and a text: its name, or why there is none."""
        arrows, spheres = [], []
        if pose is not None:
            p = pose.position
            self.last_position = (p.x, p.y, p.z)
            arrows.append(fg.ArrowPrimitive(
                pose=placed, shaft_length=0.6, shaft_diameter=0.06, head_length=0.2, head_diameter=0.14, color=color
            ))  # fmt: skip
            if len(pose.covariance) == 36:
                covariance = np.reshape(pose.covariance, (6, 6))[:3, :3]
                spheres.append(shapes.ellipsoid(self.last_position, covariance, color))
        x, y, z = self.last_position
        label = fg.TextPrimitive(
            pose=fg.Pose(position=shapes.vector((x, y, z + 0.5)), orientation=shapes.turn(1, 0, 0, 0)),
            billboard=True, font_size=14, scale_invariant=True, color=WHITE,
            text=text,
        )  # fmt: skip
        # Gone by itself, if nothing more is said.
        entity = fg.SceneEntity(
            timestamp=shapes.stamp(ns), frame_id=self.map_frame, id=name, lifetime=fg.Duration(sec=2, nsec=0),
            arrows=arrows, spheres=spheres, texts=[label],
        )  # fmt: skip
        self.scene.log(fg.SceneUpdate(entities=[entity]), log_time=ns)

    def transform(self, parent: str, child: str, position, orientation, ns: int) -> None:
        p, q = position, orientation
        self.tf.log(
            fg.FrameTransform(
                timestamp=shapes.stamp(ns), parent_frame_id=parent or "map", child_frame_id=child,
                translation=shapes.vector((p.x, p.y, p.z)), rotation=shapes.turn(q.w, q.x, q.y, q.z),
            ),
            log_time=ns,
        )  # fmt: skip

    def status(self, message, ns: int) -> None:
        """The map of the daemon, the first time and when it is another."""
        self.show_map(Path(message.map.path) if message.map.path else None, ns)

    def start(self, message, ns: int) -> None:
        """The same of a recording."""
        self.show_map(Path(message.map.path) if message.map.path else None, ns)

    def repeat(self, topics: set[str], ns: int) -> None:
        """Say again what is said once, to who has just subscribed."""
        if any(topic.startswith("/map") for topic in topics):
            self.show_map(self.map_shown, ns, again=True)
        if "/camera/calibration" in topics and self.intrinsics is not None:
            self.camera_info(self.intrinsics, ns)

    def camera_info(self, message, ns: int) -> None:
        self.intrinsics = message
        if message.model not in DISTORTION:
            return
        name, focal_lengths, count = DISTORTION[message.model]
        parameters = list(message.parameters)
        fx, fy = parameters[0], parameters[focal_lengths - 1]
        cx, cy = parameters[focal_lengths : focal_lengths + 2]
        d = parameters[focal_lengths + 2 :]
        self.camera.log(
            fg.CameraCalibration(
                timestamp=shapes.stamp(ns), frame_id=message.camera_frame, width=message.width, height=message.height,
                distortion_model=name, D=d + [0.0] * (count - len(d)), K=[fx, 0, cx, 0, fy, cy, 0, 0, 1],
                R=[1, 0, 0, 0, 1, 0, 0, 0, 1], P=[fx, 0, cx, 0, 0, fy, cy, 0, 0, 0, 1, 0],
            ),
            log_time=ns,
        )  # fmt: skip

    def preview(self, message, ns: int) -> None:
        """The camera's picture, half as large, with what became of its keypoints."""
        stamp, frame = shapes.stamp(ns), self.intrinsics.camera_frame if self.intrinsics else "camera"
        self.picture.log(
            fg.CompressedImage(timestamp=stamp, frame_id=frame, data=message.jpeg, format="jpeg"), log_time=ns
        )
        points = []
        for fate, color in FATES.items():
            values = getattr(message, fate)
            # Of the smaller picture, from the corner of its first pixel on; ours are from that pixel's centre on.
            at = [fg.Point2(x=(x + 0.5) / 2, y=(y + 0.5) / 2) for x, y in zip(values[::2], values[1::2], strict=False)]
            points.append(
                fg.PointsAnnotation(
                    timestamp=stamp, type=fg.PointsAnnotationType.Points, points=at, outline_color=color, thickness=2
                )
            )
        self.keypoints.log(fg.ImageAnnotations(points=points), log_time=ns)

    def event(self, message, ns: int) -> None:
        kind = self.protocol.record.Event.Kind.Name(message.kind).removeprefix("KIND_")
        self.say(fg.LogLevel.Info, f"{kind}: {message.text}".rstrip(": "), ns)

    def say(self, level: fg.LogLevel, text: str, ns: int) -> None:
        self.log.log(fg.Log(timestamp=shapes.stamp(ns), level=level, message=text, name="hflocd"), log_time=ns)

    # The map.

    def show_map(self, path: Path | None, ns: int, again: bool = False) -> None:
        """Landmarks and keyframes of the map that was given, or of this one."""
        path = self.map_file or path
        if path is None or (path == self.map_shown and not again):
            return
        self.map_shown = path
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(path, framework="np") as tensors:
                landmarks = tensors.get_tensor("landmarks.position")
                keyframes = tensors.get_tensor("keyframes.pose")
        except (OSError, SafetensorError) as error:
            self.say(fg.LogLevel.Error, f"{path}: the map cannot be shown: {error}", ns)
            return
        self.cloud.log(shapes.cloud(landmarks, self.map_frame, ns), log_time=ns)
        drawn = shapes.lines(shapes.glyph(keyframes), GREY)
        entity = fg.SceneEntity(timestamp=shapes.stamp(ns), frame_id=self.map_frame, id="keyframes", lines=[drawn])
        self.map_scene.log(fg.SceneUpdate(entities=[entity]), log_time=ns)
