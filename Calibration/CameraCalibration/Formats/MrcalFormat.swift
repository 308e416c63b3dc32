internal import Configuration
internal import Geometry

/// mrcal's cameramodel: a Python dictionary, which is YAML too but for the bytes that mrcal may attach.
///
/// Source: https://mrcal.secretsauce.net/cameramodels.html. Of its lens models those that are ours: LENSMODEL_PINHOLE,
/// _OPENCV4, _OPENCV5 and _OPENCV8. It has no Kannala-Brandt fisheye.
enum MrcalFormat {
    static func text(of calibrated: CalibratedCamera) throws(CameraFormatError) -> String {
        let camera = calibrated.camera
        let lens = LensCoefficients(camera)
        guard !lens.isFisheye else {
            throw CameraFormatError(
                format: .mrcal, model: camera.model,
                reason: "mrcal has no Kannala-Brandt fisheye; solve with --model radtan8, or use another format")
        }
        let name = lens.values.isEmpty ? "LENSMODEL_PINHOLE" : "LENSMODEL_OPENCV\(lens.values.count)"
        let numbers =
            [lens.focalLength.x, lens.focalLength.y, lens.principalPoint.x, lens.principalPoint.y] + lens.values
        return """
            {
                'lensmodel': '\(name)',

                # fx, fy, cx, cy, then the distortion
                'intrinsics': \(YAMLText.list(numbers)),

                # from the reference to the camera: rotation vector, translation
                'extrinsics': [0, 0, 0, 0, 0, 0],

                'imagersize': [\(camera.width), \(camera.height)]
            }

            """
    }

    static func read(_ source: ForeignText) throws(ConfigurationError) -> CalibratedCamera {
        var section = try source.section()
        let modelNode = try section.need("lensmodel", "such as LENSMODEL_OPENCV8")
        let counts = ["LENSMODEL_PINHOLE": 0, "LENSMODEL_OPENCV4": 4, "LENSMODEL_OPENCV5": 5, "LENSMODEL_OPENCV8": 8]
        guard case .scalar(let name, _) = modelNode.content, let count = counts[name] else {
            throw section.error(
                modelNode, "lensmodel",
                "\(modelNode.kind) is not supported (allowed: \(counts.keys.sorted().joined(separator: ", ")))")
        }
        let node = try section.need("intrinsics", "fx, fy, cx, cy, then the distortion")
        let values = try section.numbers(node, "intrinsics")
        guard values.count == 4 + count else {
            throw section.error(node, "intrinsics", "\(name) has \(4 + count) numbers, \(values.count) are given")
        }
        guard let size = try section.integers("imagersize", 1...65535), size.count == 2 else {
            throw section.missing("imagersize", "missing: [width, height], pixels")
        }
        let lens = LensCoefficients(
            isFisheye: false, focalLength: Vector2(values[0], values[1]), principalPoint: Vector2(values[2], values[3]),
            values: Array(values.dropFirst(4)))
        return try source.camera(lens, (size[0], size[1]), line: node.line, field: "intrinsics")
    }

    /// The text with every Python bytes literal (`b'...'`: the optimization's inputs) emptied; its line breaks stay.
    static func withoutBinary(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            let isLiteral =
                text[index] == UInt8(ascii: "b") && index + 1 < text.count && text[index + 1] == UInt8(ascii: "'")
                && (result.last.map { [0x09, 0x0A, 0x20, UInt8(ascii: ":")].contains($0) } ?? false)
            guard isLiteral else {
                result.append(text[index])
                index += 1
                continue
            }
            index += 2
            result.append(UInt8(ascii: "'"))
            while index < text.count, text[index] != UInt8(ascii: "'") {
                if text[index] == 0x0A { result.append(0x0A) }
                index += 1
            }
        }
        return result
    }
}
