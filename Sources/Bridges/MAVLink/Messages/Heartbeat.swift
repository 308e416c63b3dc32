/// HEARTBEAT: that somebody is there, and how he fares; once a second.
public struct Heartbeat: Message, Equatable {
    public static let id: UInt32 = 0
    public static let crcExtra: UInt8 = 50
    public static let length = 9

    /// MAV_STATE.
    public enum State: UInt8, Sendable {
        case unknown = 0
        case standby = 3
        case active = 4
    }

    /// MAV_TYPE of the sender.
    public var type: UInt8
    /// MAV_AUTOPILOT of the sender.
    public var autopilot: UInt8
    /// How it fares; a state that is not listed above reads as unknown.
    public var state: State

    /// MAV_TYPE_ONBOARD_CONTROLLER.
    public static let onboardController: UInt8 = 18
    /// MAV_AUTOPILOT_INVALID: the sender is no autopilot.
    public static let noAutopilot: UInt8 = 8

    /// A companion's.
    public init(state: State) {
        (type, autopilot, self.state) = (Self.onboardController, Self.noAutopilot, state)
    }

    public init(from payload: inout PayloadReader) {
        _ = payload.integer(UInt32.self)  // custom_mode
        type = payload.integer()
        autopilot = payload.integer()
        _ = payload.integer(UInt8.self)  // base_mode
        state = State(rawValue: payload.integer()) ?? .unknown
    }

    public func write(to payload: inout PayloadWriter) {
        payload.integer(UInt32(0))
        payload.integer(type)
        payload.integer(autopilot)
        payload.integer(UInt8(0))
        payload.integer(state.rawValue)
        payload.integer(UInt8(3))  // mavlink_version
    }
}
