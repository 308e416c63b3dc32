/// The camera that the poses are of: `hfloc.v1.CameraInfo`.
public struct CameraInfoMessage: Sendable {
    public var cameraFrame = ""
    /// COLMAP's name, and parameters in its order.
    public var model = ""
    public var width: UInt32 = 0
    public var height: UInt32 = 0
    public var parameters: [Double] = []
    public var calibrationID = ""
    public var baseFromCamera: LocalizationMessage.Transform?
    public var baseFrame = ""

    public init() {}

    /// The serialized message.
    public func encoded() -> [UInt8] {
        var wire = WireEncoder(capacity: 512)
        wire.string(1, cameraFrame)
        wire.string(2, model)
        wire.varint(3, UInt64(width))
        wire.varint(4, UInt64(height))
        wire.packedDoubles(5, count: parameters.count)
        for parameter in parameters { wire.element(parameter) }
        wire.string(6, calibrationID)
        if let baseFromCamera { wire.message(7) { baseFromCamera.encode(into: &$0) } }
        wire.string(8, baseFrame)
        return wire.bytes
    }
}

/// Something that happened once: `hfloc.v1.Event`.
public struct EventMessage: Sendable {
    public var kind: Kind
    /// CLOCK_MONOTONIC, nanoseconds.
    public var monotonic: UInt64
    /// Since the Unix epoch, nanoseconds.
    public var wall: UInt64
    public var from: LocalizationMessage.State
    public var to: LocalizationMessage.State
    public var text: String

    /// Raw values are those of `hfloc.v1.Event.Kind`.
    public enum Kind: UInt8, Sendable, CaseIterable {
        case unspecified, started, stateChanged, cameraLost, cameraFound, mapLoaded, mapRefused
        case configurationReloaded, configurationRefused, relocalizationAsked, priorSet, clockStepped
        case placeRestored, stopping
    }

    public init(
        _ kind: Kind, _ text: String, monotonic: UInt64, wall: UInt64,
        from: LocalizationMessage.State = .unspecified, to: LocalizationMessage.State = .unspecified
    ) {
        self.kind = kind
        self.text = text
        self.monotonic = monotonic
        self.wall = wall
        self.from = from
        self.to = to
    }

    /// The serialized message.
    public func encoded() -> [UInt8] {
        var wire = WireEncoder(capacity: 256)
        wire.varint(1, UInt64(kind.rawValue))
        wire.fixed64(2, monotonic)
        wire.fixed64(3, wall)
        wire.varint(4, UInt64(from.rawValue))
        wire.varint(5, UInt64(to.rawValue))
        wire.string(6, text)
        return wire.bytes
    }
}
