import CJPEGFixtures
import Capture
import Evaluation
import Features
import Files
import Glibc

extension FuzzTarget {
    /// Images, each by its first bytes.
    static let images = [
        FuzzTarget("jpeg", seeds: jpegs, read: decode),
        FuzzTarget("png", seeds: pngs, read: decode),
        FuzzTarget("pgm", seeds: pgms, read: decode),
    ]

    private static func decode(_ bytes: [UInt8]) {
        // A few bytes may promise many pixels: they are legal, and slow.
        var image = GreyImage(width: 0, height: 0)
        _ = try? ImageFile.decode(bytes, "x", into: &image)
    }

    private static let pixels = (0..<48 * 40).map { UInt8(truncatingIfNeeded: 3 * $0 % 48 + $0 / 40) }

    private static var jpegs: [[UInt8]] {
        let kinds: [(components: Int32, across: Int32, down: Int32, restarts: Int32, progressive: Int32)] = [
            (1, 1, 1, 0, 0), (3, 2, 2, 2, 0), (3, 4, 1, 0, 0), (3, 2, 1, 1, 1), (4, 1, 1, 0, 0),
        ]
        return kinds.map { kind in
            var fixture = jpeg_fixture(
                width: 48, height: 40, components: kind.components, across: kind.across, down: kind.down, quality: 90,
                restart_interval: kind.restarts, is_progressive: kind.progressive)
            var count = 0
            let encoded = unsafe jpeg_fixture_encode(&fixture, pixels, &count)
            defer { unsafe free(encoded) }
            return unsafe Array(UnsafeBufferPointer(start: encoded, count: count))
        }
    }

    private static var pngs: [[UInt8]] {
        let path = FuzzFile.file([], named: "seed.png")
        try? Canvas(GreyImage(width: 12, height: 10), scale: 1).write(to: path)
        return [(try? WholeFile.read(path, atMost: 1 << 20)) ?? []]
    }

    private static let pgms: [[UInt8]] = [
        Array("P5 # comment\n4 2\n255\n".utf8) + [1, 2, 3, 4, 5, 6, 7, 8],
        Array("P5\n2 1\n65535\n".utf8) + [1, 2, 3, 4],
    ]
}
