internal import Configuration
internal import Geometry

/// mrcal's cameramodel: a Python dictionary, which is YAML too but for the bytes that mrcal may attach.
///
/// Source: https://mrcal.secretsauce.net/cameramodels.html. Of its lens models those that are ours: LENSMODEL_PINHOLE,
/// _OPENCV4, _OPENCV5 and _OPENCV8. It has no Kannala-Brandt fisheye.
enum MrcalFormat {
    static func text(of calibrated: CalibratedCamera) throws(CameraFormatError) -> String {
        let camera = calibrated.camera
        let (name, lens) = try ForeignLens.written(camera, as: .mrcal)
        return """
            {
                'lensmodel': '\(name)',

                # fx, fy, cx, cy, then the distortion
                'intrinsics': \(YAMLText.list(lens.intrinsics + lens.values)),

                # from the reference to the camera: rotation vector, translation
                'extrinsics': [0, 0, 0, 0, 0, 0],

                'imagersize': [\(camera.width), \(camera.height)]
            }

            """
    }

    static func read(_ source: ForeignText) throws(ConfigurationError) -> CalibratedCamera {
        var section = try source.section()
        let modelNode = try section.need("lensmodel", "such as LENSMODEL_OPENCV8")
        guard case .scalar(let name, _) = modelNode.content, let foreign = ForeignLens(.mrcal, named: name) else {
            throw section.error(
                modelNode, "lensmodel",
                "\(modelNode.kind) is not supported (allowed: \(ForeignLens.names(.mrcal).joined(separator: ", ")))")
        }
        let node = try section.need("intrinsics", "fx, fy, cx, cy, then the distortion")
        let values = try section.numbers(node, "intrinsics")
        guard foreign.counts.contains(values.count - 4) else {
            let counts = foreign.counts.map { "\(4 + $0)" }.joined(separator: " or ")
            throw section.error(node, "intrinsics", "\(name) has \(counts) numbers, \(values.count) are given")
        }
        guard let size = try section.integers("imagersize", 1...65535), size.count == 2 else {
            throw section.missing("imagersize", "missing: [width, height], pixels")
        }
        let lens = LensCoefficients(
            foreign.formula, focalLength: Vector2(values[0], values[1]), principalPoint: Vector2(values[2], values[3]),
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
