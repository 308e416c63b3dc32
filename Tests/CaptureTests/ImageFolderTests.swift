import CLinux
import Capture
import Errors
import Features
import Glibc
import Testing

/// A folder of PGM images of 2x1 pixels, whose first pixel is the image's number; removed at the end.
private final class Folder {
    let path: String

    init(_ name: String, images: [String]) {
        path = "/tmp/hfloc-capture-\(getpid())-\(name)"
        unsafe mkdir(path, 0o700)
        for (index, image) in images.enumerated() { write(image, Array("P5\n2 1\n255\n".utf8) + [UInt8(index), 255]) }
    }

    func write(_ name: String, _ bytes: [UInt8]) {
        guard let file = unsafe fopen(path + "/" + name, "w") else { return }
        unsafe fwrite(bytes, 1, bytes.count, file)
        unsafe fclose(file)
    }

    deinit {
        guard let directory = unsafe opendir(path) else { return }
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
            }
            unsafe unlink(path + "/" + name)
        }
        unsafe closedir(directory)
        unsafe rmdir(path)
    }
}

/// Everything that a source gives until its end.
private func events(_ source: any FrameSource) -> [(event: CaptureEvent, pixel: UInt8, time: UInt64)] {
    var result: [(event: CaptureEvent, pixel: UInt8, time: UInt64)] = []
    var image = GreyImage(width: 2, height: 1)
    while result.count < 1000 {
        let event = source.next(into: &image, timeout: second)
        result.append((event, image.pixels.first ?? 0, hf_monotonic_ns()))
        if event == .end { break }
    }
    return result
}

@Suite("Image folder")
struct ImageFolderTests {
    @Test("Without a pace every image comes, in the order of the names")
    func unpaced() throws {
        let folder = Folder("unpaced", images: ["a.pgm", "b.PGM", "c.pgm"])
        folder.write("notes.txt", [1])
        let source = try ImageFolder(path: folder.path, rate: 0, loops: false)
        let all = events(source)
        #expect(all.dropLast().map(\.pixel) == [0, 1, 2])
        #expect(all.last?.event == .end)
        #expect(source.counts.captured == 3 && source.counts.skipped == 0)
    }

    @Test("At a rate, images come when they are due, stamped with that time")
    func paced() throws {
        let folder = Folder("paced", images: (0..<6).map { "\($0).pgm" })
        let all = events(try ImageFolder(path: folder.path, rate: 20, loops: false)).dropLast()
        var first: (time: UInt64, sequence: UInt64)?
        for item in all {
            guard case .frame(let stamp) = item.event else {
                Issue.record("\(item.event)")
                continue
            }
            // A busy machine skips images: what comes is stamped with its own time.
            let (time, sequence) = first ?? (stamp.captureTime, stamp.sequence)
            first = (time, sequence)
            #expect(stamp.captureTime - time == (stamp.sequence - sequence) * second / 20)
            #expect(item.time >= stamp.captureTime)
        }
    }

    @Test("Who is late gets the newest image; the others are counted")
    func late() throws {
        let folder = Folder("late", images: (0..<250).map { "\(1000 + $0).pgm" })
        let source = try ImageFolder(path: folder.path, rate: 50, loops: false)
        var image = GreyImage(width: 2, height: 1)
        _ = source.next(into: &image, timeout: second)
        hf_sleep_until_ns(hf_monotonic_ns() + second / 2)
        let event = source.next(into: &image, timeout: second)
        let counts = source.counts
        guard case .frame(let stamp) = event else {
            Issue.record("\(event)")
            return
        }
        #expect(stamp.sequence >= 25)
        #expect(counts.skipped == stamp.sequence - 1)
        #expect(UInt64(image.pixels[0]) == stamp.sequence)
    }

    @Test("timestamps.txt gives the order and the times")
    func timestamps() throws {
        let folder = Folder("times", images: ["a.pgm", "b.pgm", "c.pgm"])
        let text = "#\nc.pgm 5000000000\na.pgm 5050000000 # second\n\nb.pgm 5200000000\n"
        folder.write("timestamps.txt", Array(text.utf8))
        let all = events(try ImageFolder(path: folder.path, rate: nil, loops: false)).dropLast()
        var first: UInt64?
        for item in all {
            guard case .frame(let stamp) = item.event else { continue }
            let number = Int(stamp.sequence)
            #expect(item.pixel == [2, 0, 1][number])
            let offset = [0, second / 20, second / 5][number]
            first = first ?? stamp.captureTime - offset
            #expect(stamp.captureTime - (first ?? 0) == offset)
        }
        #expect(!all.isEmpty)
    }

    @Test("Images that timestamps.txt does not list are counted and named")
    func leftOut() throws {
        let folder = Folder("left-out", images: ["a.pgm", "b.pgm", "c.pgm"])
        folder.write("timestamps.txt", Array("b.pgm 1\n".utf8))
        let source = try ImageFolder(path: folder.path, rate: nil, loops: false)
        #expect(source.leftOut == ["a.pgm", "c.pgm"])
        #expect(source.summary == "\(folder.path), 1 images" && source.remarksVersion == 1)
        #expect(
            source.remarks == ["2 images of the folder never come: timestamps.txt does not list them (a.pgm, ...)"])
        let paced = try ImageFolder(path: folder.path, rate: 10, loops: false)
        #expect(paced.summary == "\(folder.path), 3 images" && paced.remarks.isEmpty)
    }

    @Test("A loop begins again, its numbers go on")
    func loop() throws {
        let folder = Folder("loop", images: ["a.pgm", "b.pgm"])
        let imageFolder = try ImageFolder(path: folder.path, rate: 200, loops: true)
        var image = GreyImage(width: 2, height: 1)
        for _ in 0..<7 {
            guard case .frame(let stamp) = imageFolder.next(into: &image, timeout: second) else {
                Issue.record("no frame")
                return
            }
            #expect(UInt64(image.pixels[0]) == stamp.sequence % 2)
            #expect(imageFolder.file(ofSequence: stamp.sequence) == (stamp.sequence % 2 == 0 ? "a.pgm" : "b.pgm"))
        }
    }

    @Test("A broken image is counted, named and passed over")
    func broken() throws {
        let folder = Folder("broken", images: ["a.pgm", "b.pgm", "c.pgm"])
        folder.write("b.pgm", Array("P5\n200 100\n255\nshort".utf8))
        let source = try ImageFolder(path: folder.path, rate: 0, loops: false)
        var image = GreyImage(width: 2, height: 1)
        _ = source.next(into: &image, timeout: second)
        #expect(source.problem == nil)
        guard case .corrupt = source.next(into: &image, timeout: second) else {
            Issue.record("not corrupt")
            return
        }
        #expect(source.problem?.description.contains("b.pgm") == true)
        #expect(events(source).count == 2 && source.counts.corrupt == 1 && source.counts.captured == 2)
        // Neither the good image nor the end has anything to do with it.
        #expect(source.problem == nil)
    }

    @Test("A folder without images, or with bad times, is an error that names the line")
    func refused() throws {
        let empty = Folder("empty", images: [])
        #expect(throws: CaptureError.self) { try ImageFolder(path: empty.path, rate: nil, loops: false) }
        #expect(throws: CaptureError.system("open the folder", "/nonexistent", ENOENT)) {
            try ImageFolder(path: "/nonexistent", rate: 10, loops: false)
        }
        for (text, reason) in [
            ("a.pgm 1\nb.pgm 1\n", "timestamps.txt:2: the times must ascend, and 1 does not follow 1 of a.pgm"),
            ("# drive\na.pgm 2\nb.pgm 1\n", "timestamps.txt:3: the times must ascend"), ("1\n2\n", "expected"),
            ("a.pgm 1\nb.pgm 1.5\n", "expected"), ("a.pgm 1\n/etc/passwd 2\n", "expected"),
        ] {
            let folder = Folder("bad", images: ["a.pgm", "b.pgm"])
            folder.write("timestamps.txt", Array(text.utf8))
            let error = #expect(throws: CaptureError.self) {
                try ImageFolder(path: folder.path, rate: nil, loops: false)
            }
            #expect(error?.description.contains("timestamps.txt:") == true)
            #expect(error?.description.contains(reason) == true)
            #expect(error?.exitStatus == .badData)
        }
    }
}
