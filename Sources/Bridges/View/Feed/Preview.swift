internal import Foundation
internal import Geometry
internal import Messages

/// A picture of the camera with what was recognized in it.
struct Preview: Sendable {
    /// Of the frame.
    var sequence: UInt64
    /// Pixels of the frame: what positions count in.
    var width: Int
    var height: Int
    /// JPEG or PNG.
    var picture: [UInt8]
    /// x and y of each in turn.
    var inliers: [Double] = []
    var misses: [Double] = []
    var unmatched: [Double] = []
    /// Landmarks that the pose puts into the picture, and that were not found there.
    var expected: [Double] = []
    /// Whether the fate of keypoints is known at all: a recording does not say.
    var hasKeypoints = true

    /// Of the daemon's message.
    init(_ message: Hfloc_V1_Preview) {
        sequence = message.sequence
        (width, height) = (Int(message.width), Int(message.height))
        picture = Array(message.jpeg)
        (inliers, misses, unmatched) = (message.inliers, message.misses, message.unmatched)
    }

    /// Of a recorded image.
    init(sequence: UInt64, width: Int, height: Int, picture: [UInt8]) {
        (self.sequence, self.width, self.height, self.picture) = (sequence, width, height, picture)
        hasKeypoints = false
    }

    var json: JSON {
        let type = picture.starts(with: [0x89, 0x50]) ? "image/png" : "image/jpeg"
        return .object([
            ("n", .integer(sequence)), ("width", .integer(width)), ("height", .integer(height)),
            ("picture", .text("data:\(type);base64,\(Data(picture).base64EncodedString())")),
            ("keypoints", .bool(hasKeypoints)), ("inliers", Self.points(inliers)), ("misses", Self.points(misses)),
            ("unmatched", Self.points(unmatched)), ("expected", Self.points(expected)),
        ])
    }

    private static func points(_ values: [Double]) -> JSON { .list(values.map { .rounded($0, 1) }) }
}
