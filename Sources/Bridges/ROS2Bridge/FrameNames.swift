/// Names of frames of reference, where they are to be others than hflocd's.
public struct FrameNames: Sendable {
    public var map: String?
    public var odom: String?
    public var base: String?
    public var camera: String?

    public init(map: String? = nil, odom: String? = nil, base: String? = nil, camera: String? = nil) {
        (self.map, self.odom, self.base, self.camera) = (map, odom, base, camera)
    }

    /// Without a slash in front, which tf2 refuses.
    static func plain(_ name: String) -> String { String(name.drop { $0 == "/" }) }
}

/// What hflocd calls the frames of reference; empty as long as it has not said, or has none.
struct DaemonFrames: Sendable, Equatable {
    var map = ""
    var odom = ""
    var base = ""
    var camera = ""
}
