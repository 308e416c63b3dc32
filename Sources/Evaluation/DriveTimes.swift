internal import Capture
package import Errors
internal import Features
internal import Files
package import Reporting

/// When the images of a drive were taken.
package struct DriveTimes {
    /// An image of the drive, with its time.
    package struct Moment<Image> {
        package let image: Image
        /// As the localizer counts it: nanoseconds, the drive's first image at one second.
        package let captureTime: UInt64
        /// For a trajectory: seconds as timestamps.txt has them, or after the drive's first image.
        package let seconds: Double
    }

    private let rate: Double
    private let stamps: [String: UInt64]?
    /// Names in timestamps.txt of which the folder has no image.
    package let unused: [UnusedInput]

    /// Why an image is in no drive.
    package static let absence = Failure(.badData, "timestamps.txt has no time for it; add it, or give --rate")

    /// - Parameters:
    ///   - folder: which may have a timestamps.txt, itself or in images/; nil if the images are of no folder.
    ///   - rate: images a second. nil: the times of timestamps.txt, and without that file 10 images a second.
    /// - Throws: `CaptureError` of a timestamps.txt that is wrong.
    package init(folder: String?, rate: Double?) throws {
        self.rate = rate ?? 10
        let places = folder.map { [$0, "\($0)/images"] } ?? []
        var found: Timestamps?
        for place in places where rate == nil && found == nil { found = try Timestamps(folder: place) }
        guard let times = found else {
            (stamps, unused) = (nil, [])
            return
        }
        stamps = Dictionary(times.entries.map { ($0.name, $0.time) }, uniquingKeysWith: { first, _ in first })
        var files = places.map { FileNames(in: $0, where: ImageFileName.isImage) }
        let lost = times.entries.map(\.name).filter { name in
            !files.indices.contains { FileStatus.exists(files[$0].path(of: name)) }
        }
        unused = UnusedInput("names in timestamps.txt", "match no image", lost).map { [$0] } ?? []
    }

    /// The images with their times, in the order of those if they are known, else in the order given; and the images
    /// that timestamps.txt knows no time of, if it knows that of any.
    package func moments<Image>(
        _ images: [Image], name: (Image) -> String
    ) -> (moments: [Moment<Image>], untimed: [Image]) {
        guard let stamps, images.contains(where: { stamps[name($0)] != nil }) else {
            let moments = images.enumerated().map { index, image in
                let time = UInt64((Double(index) * 1e9 / rate).rounded())
                return Moment(image: image, captureTime: time + 1_000_000_000, seconds: Double(index) / rate)
            }
            return (moments, [])
        }
        let timed = images.compactMap { image in stamps[name(image)].map { (image: image, time: $0) } }
            .sorted { $0.time < $1.time }
        let first = timed.first?.time ?? 0
        let moments = timed.map {
            Moment(image: $0.image, captureTime: $0.time - first + 1_000_000_000, seconds: Double($0.time) * 1e-9)
        }
        return (moments, images.filter { stamps[name($0)] == nil })
    }
}
