internal import Capture
package import Errors
internal import Reporting

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

    private let folder: String
    private let rate: Double
    private let stamps: [String: UInt64]?

    /// - Parameters:
    ///   - folder: which may have a timestamps.txt, itself or in images/; nil if the images are of no folder.
    ///   - rate: images a second. nil: the times of timestamps.txt, and without that file 10 images a second.
    /// - Throws: `CaptureError` of a timestamps.txt that is wrong.
    package init(folder: String?, rate: Double?) throws {
        var found: Timestamps?
        if let folder, rate == nil {
            found = try Timestamps(folder: folder) ?? Timestamps(folder: "\(folder)/images")
        }
        self.folder = folder ?? "."
        self.rate = rate ?? 10
        stamps = found.map { found in
            Dictionary(found.entries.map { ($0.name, $0.time) }, uniquingKeysWith: { first, _ in first })
        }
    }

    /// The images with their times: in the order of those if they are known, else in the order given.
    ///
    /// - Throws: `Failure` if timestamps.txt knows some of the images, and not all.
    package func moments<Image>(_ images: [Image], name: (Image) -> String) throws(Failure) -> [Moment<Image>] {
        guard let stamps, images.contains(where: { stamps[name($0)] != nil }) else {
            return images.enumerated().map { index, image in
                let time = UInt64((Double(index) * 1e9 / rate).rounded())
                return Moment(image: image, captureTime: time + 1_000_000_000, seconds: Double(index) / rate)
            }
        }
        let missing = images.map(name).filter { stamps[$0] == nil }
        guard missing.isEmpty else {
            throw Failure(
                .badData,
                "\(folder): timestamps.txt has no time for \(NameList.text(missing)); add it, or give --rate")
        }
        let timed = images.map { (image: $0, time: stamps[name($0)] ?? 0) }.sorted { $0.time < $1.time }
        let first = timed.first?.time ?? 0
        return timed.map {
            Moment(image: $0.image, captureTime: $0.time - first + 1_000_000_000, seconds: Double($0.time) * 1e-9)
        }
    }
}
