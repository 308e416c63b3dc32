internal import Publishing

/// Why a bridge passes no pose on.
public enum Withheld: Error, Equatable, Sendable {
    /// hflocd has none that may be used: its state, and its reason.
    case notLocalized(String, String)
    /// hflocd does not know where the camera sits on the vehicle.
    case noVehicle
    /// The numbers are those of no pose.
    case noPose
    /// The stamp is of another machine, or of its boot before.
    case otherMachine
    /// The pose is older than is allowed.
    case stale
    /// The stamp lies in the future.
    case future
    /// No message comes.
    case silence
    /// The message is of a later version of the protocol, in which a number may mean something else.
    case newer

    /// For people: what is wrong and what cures it.
    public var text: String {
        switch self {
        case .notLocalized(let state, let reason): reason.isEmpty ? "hflocd is \(state)" : "\(state): \(reason)"
        case .noVehicle:
            "hflocd does not know where the camera is on the vehicle: set vehicle.base_from_camera in its configuration"
        case .noPose: "hflocd's pose has numbers that are none; is it another program's endpoint?"
        case .otherMachine:
            "hflocd's stamps are of another machine, or of a boot before: run this program where hflocd runs"
        case .stale: "hflocd's pose is older than --max-age allows"
        case .future: "hflocd's stamps lie in the future: is its camera's clock CLOCK_MONOTONIC?"
        case .newer: "hflocd speaks a later version of its protocol: install this program's package of its version"
        case .silence: "no message comes from hflocd; is it running, and is --endpoint the one of its configuration?"
        }
    }

    /// What is wrong with a message's version of the protocol; nil if nothing is. Those of before there was one say 0.
    public static func fault(ofVersion version: UInt32) -> Withheld? {
        version > Wire.protocolVersion ? .newer : nil
    }

    /// The same cause, though the words may differ.
    public func isLike(_ other: Withheld?) -> Bool {
        if case .notLocalized(let state, _) = self, case .notLocalized(state, _) = other { return true }
        return self == other
    }
}
