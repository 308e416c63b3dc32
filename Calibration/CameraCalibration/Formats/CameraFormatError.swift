public import Geometry

/// A format that has no word for a camera's model.
public struct CameraFormatError: Error, Equatable, Sendable, CustomStringConvertible {
    public let format: CameraFormat
    public let model: CameraModel
    public let reason: String

    /// One line.
    public var description: String { "\(format.title) cannot hold a camera of model \(model.rawValue): \(reason)" }
}
