internal import Configuration
internal import Geometry

/// hfloc's camera file; `Configuration.CameraFile` reads it.
enum HflocFormat {
    private typealias Field = CalibrationRecord.Field

    static func text(of calibrated: CalibratedCamera) -> String {
        let camera = calibrated.camera
        var lines = [
            "# hfloc camera file. The centre of the top-left pixel is (0, 0).",
            "model: \(camera.model.rawValue)", "width: \(camera.width)", "height: \(camera.height)",
            "# \(camera.model.parameterNames.joined(separator: ", ")); focal lengths and principal point in pixels",
            "parameters: \(YAMLText.list(camera.parameters))",
        ]
        if let part = calibrated.record.part {
            lines.append("# The device's frame, and the part of it that was calibrated: x, y, width, height")
            lines.append("\(Field.frame): [\(part.frameWidth), \(part.frameHeight)]")
            lines.append("\(Field.crop): [\(part.x), \(part.y), \(camera.width), \(camera.height)]")
        }
        add(calibrated.record, to: &lines)
        return lines.joined(separator: "\n") + "\n"
    }

    private static func add(_ record: CalibrationRecord, to lines: inout [String]) {
        func add(_ field: String, _ text: String?) {
            if let text { lines.append("\(field): \(text)") }
        }
        add(Field.standardDeviations, record.standardDeviations.map(YAMLText.list))
        add(Field.rms, record.rms.map(YAMLText.number))
        add(Field.projectionUncertainty, record.projectionUncertainty.map(YAMLText.number))
        add(Field.heldOutError, record.heldOutError.map(YAMLText.number))
        add(Field.views, record.views.map { "\($0)" })
        add(Field.corners, record.corners.map { "\($0)" })
        add(Field.rejectedCorners, record.rejectedCorners.map { "\($0)" })
        add(Field.board, record.board.map(YAMLText.string))
        add(Field.boardWarp, record.boardWarp.map(YAMLText.list))
        add(Field.date, record.date.map(YAMLText.string))
        add(Field.program, record.program.map(YAMLText.string))
        add(Field.device, record.device.map(YAMLText.string))
        if !record.controls.isEmpty {
            lines.append("# Held during the calibration; it is valid for these values only.")
            lines.append("\(Field.controls):")
            lines += record.controls.map { "  \(YAMLText.string($0.name)): \($0.value)" }
        }
        if let covariance = record.covariance {
            lines.append("# Of the parameters, in their order.")
            lines.append("\(Field.covariance):")
            lines += covariance.map { "  - \(YAMLText.list($0))" }
        }
        if !record.images.isEmpty {
            lines.append("\(Field.images):")
            lines += record.images.map {
                "  - {name: \(YAMLText.string($0.name)), blake2b: \(YAMLText.string($0.hash))}"
            }
        }
    }
}
