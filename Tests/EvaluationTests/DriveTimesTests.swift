import Capture
import Evaluation
import Reporting
import TestSupport
import Testing

@Suite("When the images of a drive were taken")
struct DriveTimesTests {
    private let folder = TemporaryFolder()

    private func moments(_ names: [String], rate: Double? = nil) throws -> [DriveTimes.Moment<String>] {
        try DriveTimes(folder: folder.path, rate: rate).moments(names, name: { $0 }).moments
    }

    @Test("at a rate, ten a second by default, in the order given")
    func rate() throws {
        let default10 = try moments(["b", "a", "c"])
        #expect(default10.map(\.image) == ["b", "a", "c"])
        #expect(default10.map(\.captureTime) == [1_000_000_000, 1_100_000_000, 1_200_000_000])
        #expect(try moments(["b", "a"], rate: 4).map(\.seconds) == [0, 0.25])
        let ofNone = try DriveTimes(folder: nil, rate: nil).moments([1, 2], name: { "\($0)" })
        #expect(ofNone.moments.map(\.seconds) == [0, 0.1])
    }

    @Test("as timestamps.txt says, in that order, in the folder or in images/", arguments: ["", "images/"])
    func stamps(place: String) throws {
        folder.write("\(place)timestamps.txt", "# drive\na b.jpg 5000000000\nc.jpg 5250000000\nd.jpg 7000000000\n")
        let found = try moments(["d.jpg", "a b.jpg"])
        #expect(found.map(\.image) == ["a b.jpg", "d.jpg"])
        #expect(found.map(\.captureTime) == [1_000_000_000, 3_000_000_000] && found.map(\.seconds) == [5, 7])
        #expect(try moments(["d.jpg", "a b.jpg"], rate: 10).map(\.image) == ["d.jpg", "a b.jpg"])
        #expect(try moments(["map.jpg"]).map(\.captureTime) == [1_000_000_000])
    }

    @Test("an image without a time is in no drive, and a time without an image is named")
    func incomplete() throws {
        folder.write("timestamps.txt", "a.jpg 1000000000\nghost.jpg 2000000000\nc.jpg 3000000000\n")
        for name in ["a.jpg", "images/c.jpg", "x.jpg"] { folder.write(name, "") }
        let times = try DriveTimes(folder: folder.path, rate: nil)
        let drive = times.moments(["c.jpg", "x.jpg", "a.jpg"], name: { $0 })
        #expect(drive.moments.map(\.image) == ["a.jpg", "c.jpg"] && drive.untimed == ["x.jpg"])
        #expect(times.unused.map(\.text) == ["names in timestamps.txt match no image: 1 (ghost.jpg)"])
        #expect(times.moments(["y.jpg"], name: { $0 }).untimed.isEmpty, "it is of no drive that it knows")
        #expect(try DriveTimes(folder: folder.path, rate: 5).unused.isEmpty)
    }

    @Test("a timestamps.txt that is wrong is refused")
    func wrong() {
        folder.write("timestamps.txt", "a.jpg 5\nb.jpg 4\n")
        #expect(throws: CaptureError.self) { try moments(["a.jpg"]) }
    }
}
