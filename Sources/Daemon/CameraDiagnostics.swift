internal import Capture
internal import Configuration
internal import Errors
internal import Glibc

/// What the doctor tries on the configured device: that it is there, whose node it is, and what it makes of format,
/// part and controls. Nothing streams, and what was set before is put back.
enum CameraDiagnostics {
    static func findings(
        for configuration: DaemonConfiguration, path: String, format: String?, rate: Double?,
        file: CameraFile, on machine: Machine
    ) -> [Finding] {
        if let finding = node(path) { return [finding] }
        do throws(CaptureError) {
            return tried(
                try VideoOptions(path: path, format: format, rate: rate, of: configuration, for: file), machine)
        } catch {
            return [refusal(error, path)]
        }
    }

    private static func tried(_ options: VideoOptions, _ machine: Machine) -> [Finding] {
        let asked = options.crop.map { ", part of \($0.width)x\($0.height) at (\($0.x), \($0.y))" } ?? ""
        let reduced = options.reduction > 1 ? ", reduced by \(options.reduction)" : ""
        do throws(CaptureError) {
            let device = try machine.tryDevice(options)
            let isUnheeded = device.remarks.contains { $0.hasPrefix("control") || $0.contains("cannot set") }
            let camera = Finding("camera", .ok, "\(options.path): \(device.description)\(asked)\(reduced)")
            guard !options.controls.isEmpty || !device.remarks.isEmpty else { return [camera] }
            let list = options.controls.map(\.description).joined(separator: ", ")
            return [
                camera,
                isUnheeded
                    ? Finding(
                        "controls", .warning, device.remarks.joined(separator: "\n"),
                        cure: "correct camera.controls: the automatic one first, then the value that it frees; "
                            + "v4l2-ctl --device \(options.path) --list-ctrls shows ranges")
                    : Finding(
                        "controls", .ok, ([list] + device.remarks).filter { !$0.isEmpty }.joined(separator: "\n")),
            ]
        } catch {
            return [refusal(error, options.path)]
        }
    }

    private static func refusal(_ error: CaptureError, _ path: String) -> Finding {
        switch error {
        case .system(_, _, EBUSY):
            Finding(
                "camera", .warning, "\(path): another program is using it; format and controls were not tried",
                cure: "if that is a running hflocd, all is well (hfloc status); else: fuser --verbose \(path)")
        case .anotherSize:
            Finding(
                "camera", .failed(.badData), error.description,
                cure: "set camera.size to a size that it delivers, or give the calibration of this one")
        case .unsupportedFormat:
            Finding(
                "camera", .failed(.configuration), error.description,
                cure: "correct camera.format, camera.crop or camera.reduction; "
                    + "v4l2-ctl --device \(path) --list-formats-ext shows what there is")
        case .control:
            Finding(
                "camera", .failed(.configuration), error.description,
                cure: "correct the name in camera.controls, or take it out")
        case _ where error.mayPass:
            Finding("camera", .warning, error.description, cure: "hflocd waits for it; plug it in again if it stays")
        default: Finding("camera", error)
        }
    }

    /// What keeps this user from the node; nil if nothing does.
    private static func node(_ path: String) -> Finding? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            return isMissing(path)
        }
        guard status.st_mode & S_IFMT == S_IFCHR else {
            return Finding(
                "camera", .failed(.configuration), "\(path) is not a device", cure: "correct camera.device")
        }
        guard unsafe access(path, R_OK | W_OK) != 0 else { return nil }
        let group =
            unsafe getgrgid(status.st_gid).map { unsafe String(cString: $0.pointee.gr_name) } ?? "\(status.st_gid)"
        let user = unsafe getpwuid(geteuid()).map { unsafe String(cString: $0.pointee.pw_name) } ?? "\(geteuid())"
        let mode = String(status.st_mode & 0o777, radix: 8)
        let isOfGroup = status.st_mode & 0o060 == 0o060
        return Finding(
            "camera", .failed(.unavailable),
            "\(path): user \(user) may not open it (owner \(status.st_uid), group \(group), mode \(mode))",
            cure: isOfGroup
                ? "usermod --append --groups \(group) \(user), and log in again"
                : "the node is for its owner only: install 70-hfloc.rules, which gives cameras to the group video, and "
                    + "`udevadm control --reload && udevadm trigger --subsystem-match=video4linux`")
    }

    /// A preloaded driver (libcamerify) answers for nodes that are no files.
    private static func isMissing(_ path: String) -> Finding? {
        let reason = unsafe String(cString: strerror(errno))
        let descriptor = unsafe open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)
        guard descriptor < 0 else {
            close(descriptor)
            return nil
        }
        return Finding(
            "camera", .warning, "\(path): \(reason)",
            cure: "plug the camera in, or correct camera.device; hflocd waits for it")
    }
}
