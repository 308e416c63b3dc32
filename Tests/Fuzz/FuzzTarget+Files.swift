import Container
import Files
import Geometry
import Inference
import Localizer
import MapFixtures
import Mapping
import Publishing
import Recording
import ReferenceMap

extension FuzzTarget {
    /// Containers, and what is made of them.
    static let files = [
        FuzzTarget("map", seeds: Seeds.maps) { bytes in
            guard let map = try? ReferenceMap(opening: FuzzFile.file(bytes)) else { return }
            map.preload()
            _ = try? map.verify()
            for index in 0..<min(map.keyframeCount, 4) { _ = map.name(ofKeyframe: index) }
        },
        FuzzTarget("model", seeds: Seeds.modelHeaders) { bytes in _ = try? Model(opening: FuzzFile.file(bytes)) },
        FuzzTarget("container", seeds: Seeds.maps + Seeds.modelHeaders) { bytes in
            guard let file = try? TensorFile(opening: FuzzFile.file(bytes)) else { return }
            _ = try? file.verify()
        },
        FuzzTarget("json", seeds: [Array(#"{"a": [1, -2.5e3, "\u00e9\n", null, true], "b": {}}"#.utf8)]) { bytes in
            _ = try? JSON(parsing: bytes.span)
        },
        FuzzTarget("last-place", seeds: [Array(#"{"kind": "hfloc-last-place", "version": 1}"#.utf8)]) { bytes in
            _ = FuzzFile.file(bytes, named: "last-place.json")
            _ = try? LastPoseFile(folder: FuzzFile.folder, mapID: "a", modelID: "b", calibrationID: "c").recall()
        },
        FuzzTarget("colmap-binary", seeds: Seeds.colmapBinary) { bytes in
            let files = ["cameras.bin", "images.bin", "points3D.bin"]
            read(FuzzFile.folder(bytes, named: "binary", files: files))
        },
        FuzzTarget("colmap-text", seeds: Seeds.colmapText) { bytes in
            let files = ["cameras.txt", "images.txt", "points3D.txt"]
            read(FuzzFile.folder(bytes, named: "text", files: files))
        },
        FuzzTarget("recording", seeds: Seeds.recordings) { bytes in
            let path = FuzzFile.file(bytes, named: "input.mcap")
            if var reader = try? MCAPReader(opening: path) {
                while let message = reader.next() {
                    _ = reader.channel(of: message).map { reader.schemaName(of: $0) }
                    let content = reader.bytes(message.content)
                    _ = ImageMessage(content, isRaw: true)?.grey
                    _ = try? Wire.FrameTaken(decoding: content.span)
                    _ = try? Wire.LocalizerState(decoding: content.span)
                }
            }
            _ = try? MCAPRepair.repair(path, to: FuzzFile.folder + "/mended.mcap")
        },
        FuzzTarget("cached-features", seeds: Seeds.cachedFeatures) { bytes in
            guard let model, let file = try? TensorFile(opening: FuzzFile.file(bytes)) else { return }
            _ = try? CachedFeatures(reading: file, model: model, longSide: 640, limit: 2000)
        },
        FuzzTarget("cached-matches", seeds: Seeds.cachedMatches) { bytes in
            guard let file = try? TensorFile(opening: FuzzFile.file(bytes)) else { return }
            _ = try? CachedMatches(reading: file)
        },
        FuzzTarget("posed-images", seeds: Seeds.posedImages) { bytes in
            let files = ["cameras.txt", "poses.txt", "split.txt"]
            _ = try? PosedImages(folder: FuzzFile.folder(bytes, named: "posed", files: files))
        },
    ]

    private static let model = try? Model(opening: Seeds.repository + "Sources/Inference/Model/hfnet.safetensors")

    private static func read(_ folder: String) {
        _ = try? ColmapModel.read(folder: folder)
        _ = try? ColmapModel.read(folder: folder, parts: .poses)
    }
}

/// Good inputs.
enum Seeds {
    static var maps: [[UInt8]] {
        guard let map = try? RandomMap(seed: 1, keyframes: 3, landmarks: 24).map else { return [] }
        return [(try? WholeFile.read(map.path, atMost: 1 << 24)) ?? []]
    }

    /// A recording of two frames, whole.
    static var recordings: [[UInt8]] {
        final class Memory: RecordingOutput {
            var bytes: [UInt8] = []
            func append(_ content: UnsafeRawBufferPointer) { unsafe bytes.append(contentsOf: content) }
            func truncate(to size: Int) { bytes.removeLast(bytes.count - size) }
        }
        let memory = Memory()
        guard let writer = try? MCAPWriter(memory, library: "fuzz"),
            let channel = try? writer.addChannel(topic: "/camera/raw", schemaName: "foxglove.RawImage", schemaData: [])
        else { return [] }
        let pixels: [UInt8] = [0x15, 2, 0, 0, 0, 0x1D, 1, 0, 0, 0, 0x22, 5] + Array("mono8".utf8) + [0x32, 2, 9, 9]
        for time in 1...2 {
            try? unsafe pixels.span.withUnsafeBytes { (bytes) throws(FileError) in
                try unsafe writer.write(
                    channel: channel, logTime: UInt64(time), publishTime: 1, content: bytes)
            }
            try? writer.flush()
        }
        try? writer.attach(name: "a", mediaType: "b", content: [1, 2, 3], time: 1)
        try? writer.finish()
        return [memory.bytes]
    }

    /// An entry of a build's cache: two keypoints.
    static var cachedFeatures: [[UInt8]] {
        var writer = TensorFileWriter(kind: "hfloc-cached-features", version: 1)
        writer.setMetadata("image_width", "640")
        writer.setMetadata("image_height", "480")
        writer.add("keypoints", [Float](repeating: 2, count: 6), shape: [2, 3])
        writer.add("descriptors", [Int8](repeating: 3, count: 128), shape: [2, 64])
        writer.add("global", [Int8](repeating: 4, count: 512))
        writer.add("global_scale", [Float(0.01)])
        return written(writer)
    }

    /// An entry of a build's cache: two partners, three matches.
    static var cachedMatches: [[UInt8]] {
        var writer = TensorFileWriter(kind: "hfloc-cached-matches", version: 1)
        writer.add("partners", [UInt8](repeating: 5, count: 64), shape: [2, 32])
        writer.add("offsets", [UInt32(0), 1, 3])
        writer.add("keypoints", [UInt16](repeating: 6, count: 6), shape: [3, 2])
        writer.add("dots", [Int32](repeating: 60_000, count: 3))
        return written(writer)
    }

    private static func written(_ writer: TensorFileWriter) -> [[UInt8]] {
        let path = FuzzFile.file([], named: "seed")
        _ = try? writer.write(to: path)
        return [(try? WholeFile.read(path, atMost: 1 << 20)) ?? []]
    }

    /// Of a model, only its names and shapes: the weights are too many.
    static var modelHeaders: [[UInt8]] {
        let path = repository + "Sources/Inference/Model/hfnet.safetensors"
        guard let whole = try? WholeFile.read(path, atMost: 1 << 26), whole.count > 8 else { return [] }
        let length = (0..<8).reduce(0) { $0 | Int(whole[$1]) << (8 * $1) }
        return [Array(whole.prefix(8 + length + 64))]
    }

    /// Cameras, images and points of one image that sees one point.
    static var colmapText: [[UInt8]] {
        let cameras = "# comment\n1 PINHOLE 640 480 500 500 320 240\n2 SIMPLE_RADIAL 64 48 30 32 24 0.1\n"
        let images = "1 1 0 0 0 0.5 -1 2 1 a.jpg\n10.5 20.5 7 30 40 -1\n2 0.5 0.5 0.5 0.5 0 0 0 2 b.jpg\n\n"
        let points = "7 1 2 3 255 128 0 0.5 1 0\n"
        return [FuzzFile.joined([cameras, images, points].map { Array($0.utf8) })]
    }

    /// The same, in COLMAP's binary files.
    static var colmapBinary: [[UInt8]] {
        let intrinsics: [Double] = [500, 500, 320, 240]
        let cameras = long(1) + word(1) + word(1) + long(640) + long(480) + intrinsics.flatMap(double)
        let pose: [Double] = [1, 0, 0, 0, 0.5, -1, 2]
        let keypoints = long(1) + double(10.5) + double(20.5) + long(7)
        let images = long(1) + word(1) + pose.flatMap(double) + word(1) + Array("a.jpg\0".utf8) + keypoints
        let position: [Double] = [1, 2, 3]
        let points = long(1) + long(7) + position.flatMap(double) + [255, 128, 0] + double(0.5) + long(1)
        return [FuzzFile.joined([cameras, images, points + word(1) + word(0)])]
    }

    private static func word(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    private static func long(_ value: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    private static func double(_ value: Double) -> [UInt8] { long(value.bitPattern) }

    static var posedImages: [[UInt8]] {
        let cameras = "# comment\n0 PINHOLE 640 480 500 500 319.5 239.5\n1 OPENCV_FISHEYE 64 48 30 30 32 24 .1 0 0 0\n"
        let poses = "a.jpg 0 1 0 0 0 1.5 -2 3e-2\nb.jpg 1 0.5 0.5 -0.5 0.5 0 0 1\n"
        return [FuzzFile.joined([cameras, poses, "a.jpg map\nb.jpg query\n"].map { Array($0.utf8) })]
    }

    /// The folder of this package.
    static var repository: String {
        #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/"
    }
}
