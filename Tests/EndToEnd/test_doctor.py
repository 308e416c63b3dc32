"""`hfloc doctor` on things broken on purpose."""

from __future__ import annotations

import grp
import json
import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from conftest import SAMPLE
from service import MODEL


class TestDoctor:
    """`hfloc doctor` on things broken on purpose."""

    @pytest.fixture
    def configuration(self, queries: Path, sample_map: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict:
        from drive import write_camera_file

        monkeypatch.delenv("HFLOC_MODEL", raising=False)
        write_camera_file(SAMPLE, tmp_path / "camera.yaml")
        return {
            "map": sample_map, "model": MODEL, "publish": f"ipc://{tmp_path}/x",
            "camera": f"{{folder: {queries}, calibration: {tmp_path}/camera.yaml}}",
        }  # fmt: skip

    def examine(self, hfloc, tmp_path: Path, fields: dict) -> tuple[int, dict[str, dict]]:
        file = tmp_path / "hflocd.yaml"
        file.write_text("".join(f"{key}: {value}\n" for key, value in fields.items()))
        done = hfloc("doctor", file, "--json")
        assert done.stderr == "", done.stderr
        report = json.loads(done.stdout)
        assert report["ok"] == (done.returncode == 0)
        return done.returncode, {check["check"]: check for check in report["checks"]}

    def test_all_is_well(self, hfloc, tmp_path: Path, configuration: dict) -> None:
        code, checks = self.examine(hfloc, tmp_path, configuration)
        assert code == 0, checks
        expected = {
            "configuration",
            "model",
            "map",
            "calibration",
            "camera",
            "endpoint",
            "state",
            "clock",
            "cpu",
            "memory lock",
            "priority",
            "cpus",
        }
        assert set(checks) == expected
        assert all(check["verdict"] != "failed" for check in checks.values())
        text = hfloc("doctor", tmp_path / "hflocd.yaml").stdout
        assert "hflocd can run" in text

    @pytest.mark.parametrize(
        ("change", "check", "code", "naming"),
        [
            ({"map": "nowhere"}, "map", 66, "nowhere"),
            ({"map": MODEL}, "map", 65, str(MODEL)),
            ({"model": "nowhere"}, "model", 66, "nowhere"),
            ({"publish": "ipc:///no/such/folder/x"}, "endpoint", 69, "/no/such/folder"),
            ({"publish": "tcp://0.0.0.0:1"}, "configuration", 78, "0.0.0.0"),
            ({"speed": 3}, "configuration", 78, "speed"),
            ({"real_time": "{cpus: [999]}"}, "cpus", 71, "999"),
            ({"camera": "{device: /dev/null, calibration: CAMERA}"}, "camera", 78, "/dev/null"),
            ({"camera": "{device: /etc/passwd, calibration: CAMERA}"}, "camera", 78, "not a device"),
            ({"camera": "{folder: /no/such, calibration: CAMERA}"}, "camera", 66, "/no/such"),
            ({"camera": "{device: /dev/video0, calibration: nowhere.yaml}"}, "calibration", 66, "nowhere.yaml"),
        ],
    )
    def test_what_is_broken_is_named(
        self, hfloc, tmp_path: Path, configuration: dict, change: dict, check: str, code: int, naming: str
    ) -> None:
        change = {key: str(value).replace("CAMERA", f"{tmp_path}/camera.yaml") for key, value in change.items()}
        found, checks = self.examine(hfloc, tmp_path, configuration | change)
        assert found == code, checks
        assert checks[check]["verdict"] == "failed"
        assert naming in "\n".join(checks[check]["found"])

    def test_a_camera_that_is_not_there_is_a_warning_with_advice(
        self, hfloc, tmp_path: Path, configuration: dict
    ) -> None:
        camera = f"{{device: /dev/no-such-camera, calibration: {tmp_path}/camera.yaml}}"
        code, checks = self.examine(hfloc, tmp_path, configuration | {"camera": camera})
        assert code == 0
        assert checks["camera"]["verdict"] == "warning" and "plug" in checks["camera"]["cure"]

    def on_the_camera(
        self, hfloc, tmp_path: Path, configuration: dict, environment: dict[str, str], fields: str = "", **more: str
    ):
        """What the doctor finds where hflocd would use the fake camera."""
        camera = f"{{device: /dev/fake-camera, calibration: {tmp_path}/camera.yaml{fields}}}"
        with pytest.MonkeyPatch.context() as patch:
            for name, value in (environment | more).items():
                patch.setenv(name, value)
            return self.examine(hfloc, tmp_path, configuration | {"camera": camera})

    def test_format_part_and_controls_are_tried(
        self, hfloc, tmp_path: Path, configuration: dict, camera: dict[str, str]
    ) -> None:
        controls = "controls: {auto_exposure: 1, exposure_time_absolute: 100}"
        fields = f", format: GREY, crop: [0, 80, 640, 400], reduction: 2, {controls}"
        code, checks = self.on_the_camera(hfloc, tmp_path, configuration, camera, fields)
        assert code == 0, checks
        found = checks["camera"]["found"][0]
        assert (
            checks["camera"]["verdict"] == "ok"
            and "640x480 GREY" in found
            and "part of 640x400 at (0, 80), reduced by 2" in found
        )
        assert checks["controls"]["verdict"] == "ok" and "exposure_time_absolute" in checks["controls"]["found"][0]

    @pytest.mark.parametrize(
        ("fields", "environment", "check", "verdict", "code", "naming", "cure"),
        [
            (", format: NV12", {}, "camera", "failed", 78, "it has: GREY", "camera.format"),
            (", format: QQQQQ", {}, "camera", "failed", 78, "camera.format", "--list-formats"),
            (", crop: [0, 400, 640, 200]", {}, "camera", "failed", 78, "camera.crop", None),
            (
                ", size: [1280, 960]",
                {},
                "camera",
                "failed",
                65,
                "delivers 640x480 pixels where 1280x960",
                "camera.size",
            ),
            ("", {"FAKE_CAMERA_SIZE": "320x240"}, "camera", "failed", 65, "delivers 320x240", "calibration"),
            (
                ", controls: {warp: 9}",
                {},
                "camera",
                "failed",
                78,
                "has no control 'warp'; it has: brightness",
                "camera.controls",
            ),
            (", controls: {brightness: 900}", {}, "controls", "warning", 0, "allowed: -64...64", "camera.controls"),
            (
                ", controls: {focus_absolute: 20}",
                {},
                "controls",
                "warning",
                0,
                "focus_absolute",
                "the automatic one first",
            ),
            (", controls: {privacy: 1}", {}, "controls", "warning", 0, "can only be read", "camera.controls"),
        ],
    )
    def test_what_the_camera_refuses_is_named(
        self,
        hfloc,
        tmp_path: Path,
        configuration: dict,
        camera: dict,
        fields: str,
        environment: dict,
        check: str,
        verdict: str,
        code: int,
        naming: str,
        cure: str,
    ) -> None:
        environment = {
            name: value
            for name, value in (camera | environment).items()
            if not (environment and name == "FAKE_CAMERA_FRAMES")
        }
        found, checks = self.on_the_camera(hfloc, tmp_path, configuration, environment, fields)
        assert found == code, checks
        assert checks[check]["verdict"] == verdict and naming in "\n".join(checks[check]["found"]), checks[check]
        assert cure is None or cure in checks[check]["cure"], checks[check]

    def test_a_node_of_somebody_else(self, tmp_path: Path, configuration: dict, programs: Path) -> None:
        """A device that this user may not open: whose it is, and the command that lets him in."""
        if not shutil.which("setpriv") or os.geteuid() != 0:
            pytest.skip("only root can become another user, and needs setpriv (util-linux)")
        node = tmp_path / "camera"
        try:
            os.mknod(node, 0o660 | stat.S_IFCHR, os.makedev(81, 250))
        except PermissionError as error:
            pytest.skip(f"no device can be made here: {error}")
        os.chown(node, 0, grp.getgrnam("video").gr_gid)
        file = tmp_path / "hflocd.yaml"
        configuration |= {"camera": f"{{device: {node}, calibration: {tmp_path}/camera.yaml}}"}
        file.write_text("".join(f"{key}: {value}\n" for key, value in configuration.items()))
        # Without the right to pass over permissions, which root has.
        command = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--regid=65534", "--clear-groups"]
        for mode, cure in ((0o660, "usermod --append --groups video root"), (0o600, "70-hfloc.rules")):
            os.chown(node, 1, -1)
            node.chmod(mode)
            done = subprocess.run(
                [*command, programs / "hfloc", "doctor", file, "--json"], capture_output=True, text=True, check=False
            )
            check = next(one for one in json.loads(done.stdout)["checks"] if one["check"] == "camera")
            assert done.returncode == 69 and check["verdict"] == "failed" and cure in check["cure"], check
            assert "user root may not open it (owner 1, group video" in check["found"][0]
