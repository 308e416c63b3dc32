import Capture
import Features
import TestSupport
import Testing

@Suite("A folder that is followed")
struct FollowedFolderTests {
    private let folder = TemporaryFolder()

    /// An image of 2x1 pixels whose first is this number.
    private static func image(_ number: UInt8) -> [UInt8] { Array("P5\n2 1\n255\n".utf8) + [number, 255] }

    private func write(_ name: String, _ bytes: [UInt8]) { folder.write(name, bytes) }

    /// The first pixel of the next image.
    private func next(_ source: ImageFolder) -> UInt8? {
        var image = GreyImage(width: 2, height: 1)
        for _ in 0..<600 {
            switch source.next(into: &image, timeout: 100_000_000) {
            case .frame: return image.pixels[0]
            case .corrupt, .end: return nil
            case .waiting, .noCamera: continue
            }
        }
        return nil
    }

    @Test("goes on with what comes, in the order of the names, and never ends")
    func grows() throws {
        write("b.pgm", Self.image(1))
        write("a.pgm", Self.image(0))
        let source = try ImageFolder(path: folder.path, rate: 0, loops: false, follows: true)
        #expect(next(source) == 0 && next(source) == 1)
        var image = GreyImage(width: 2, height: 1)
        #expect(source.next(into: &image, timeout: 0) == .waiting)
        write("e.pgm", Self.image(4))
        write("notes.txt", [1])
        #expect(next(source) == 4)
        // Earlier names may come later.
        write("d.pgm", Self.image(3))
        write("c.pgm", Self.image(2))
        let rest = [next(source), next(source)]
        #expect(Set(rest) == [2, 3])
        #expect(source.counts.captured == 5 && source.counts.skipped == 0 && source.counts.corrupt == 0)
    }

    @Test("may be empty at first; a second without an image is no camera, and an image ends that")
    func empty() throws {
        let source = try ImageFolder(path: folder.path, rate: nil, loops: false, follows: true)
        var image = GreyImage(width: 2, height: 1)
        var event = CaptureEvent.waiting
        for _ in 0..<600 where event == .waiting { event = source.next(into: &image, timeout: 100_000_000) }
        #expect(event == .noCamera)
        #expect(source.problem?.description == "\(folder.path): no new image; waiting for the next")
        write("a.pgm", Self.image(7))
        #expect(next(source) == 7)
        #expect(source.problem == nil)
    }

    @Test("waits for an image that is being written, and gives up on one that stays broken", arguments: [1, 12])
    func halfWritten(count: Int) throws {
        write("a.pgm", Self.image(0))
        let source = try ImageFolder(path: folder.path, rate: 0, loops: false, follows: true)
        #expect(next(source) == 0)
        write("b.pgm", Array(Self.image(1).prefix(count)))
        var image = GreyImage(width: 2, height: 1)
        #expect(source.next(into: &image, timeout: 0) == .waiting)
        write("b.pgm", Self.image(1))
        #expect(next(source) == 1)
        write("c.pgm", Array(Self.image(2).prefix(count)))
        write("d.pgm", Self.image(3))
        #expect(next(source) == nil)
        #expect(source.counts.corrupt == 1 && source.problem?.description.contains("c.pgm") == true)
        #expect(next(source) == 3)
    }

    @Test("cannot have a list of its images")
    func listed() throws {
        write("a.pgm", Self.image(0))
        write("timestamps.txt", Array("a.pgm 1\n".utf8))
        #expect(throws: CaptureError.self) {
            try ImageFolder(path: folder.path, rate: nil, loops: false, follows: true)
        }
        let source = try ImageFolder(path: folder.path, rate: 0, loops: false, follows: true)
        #expect(next(source) == 0)
    }
}
