package import Configuration
package import Errors

/// The part of a camera's frames that is calibrated.
package struct FramePart: Sendable, Equatable {
    /// Where it lies in the whole frame.
    package let part: CalibrationRecord.Part
    /// Pixels.
    package let width: Int
    package let height: Int

    /// Of the command line's `--crop X,Y,WIDTH,HEIGHT`: at least 16 pixels each way, and within the frame.
    ///
    /// - Parameter size: the whole frame's, `WIDTHxHEIGHT`, as `--size` has it.
    /// - Throws: ``Failure``: it is none, or there is no size.
    package init(parsing text: String, within size: String?) throws(Failure) {
        let fields = text.split(separator: ",", omittingEmptySubsequences: false)
        let n = fields.compactMap { Int($0) }
        guard let size else { throw Failure(.usage, "--crop needs --size, the whole frame that it is a part of") }
        let frame = try ImageSize.parse(size)
        guard fields.count == 4, n.count == 4, n[0] >= 0, n[1] >= 0, n[2] >= 16, n[3] >= 16,
            n[2] <= frame.width - n[0], n[3] <= frame.height - n[1]
        else {
            throw Failure(
                .usage,
                "--crop '\(text)' is not X,Y,WIDTH,HEIGHT in pixels within \(size); write it as 320,120,640,480")
        }
        part = .init(frameWidth: frame.width, frameHeight: frame.height, x: n[0], y: n[1])
        (width, height) = (n[2], n[3])
    }
}
