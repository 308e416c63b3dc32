internal import CCycloneDDS
internal import CROSMessages

/// diagnostic_msgs/DiagnosticArray.
public struct DiagnosticArray: Message, Equatable {
    public var header: Header
    public var status: [DiagnosticStatus]

    public init(header: Header, status: [DiagnosticStatus]) { (self.header, self.status) = (header, status) }

    public static let hash = "RIHS01_5a8a36efb05fb25070fa0fb3810290c0e6cd4862b54a8fb975a1ee8dc55a333e"

    public static func createTopic(_ participant: Int32, _ name: String) -> Int32 {
        unsafe withUnsafePointer(to: diagnostic_msgs_msg_dds__DiagnosticArray__desc) {
            unsafe dds_create_topic(participant, $0, name, nil, nil)
        }
    }

    public func write(to writer: Int32) -> Int32 {
        let memory = WireMemory()
        return unsafe memory.write(wire(in: memory), to: writer)
    }

    func wire(in memory: WireMemory) -> diagnostic_msgs_msg_dds__DiagnosticArray_ {
        let entries = unsafe status.map { unsafe $0.wire(in: memory) }
        var wire = unsafe diagnostic_msgs_msg_dds__DiagnosticArray_()
        unsafe wire.header = header.wire(in: memory)
        unsafe wire.status._buffer = memory.array(entries)
        unsafe wire.status._length = UInt32(entries.count)
        unsafe wire.status._maximum = UInt32(entries.count)
        return unsafe wire
    }
}

/// diagnostic_msgs/DiagnosticStatus: how one part fares.
public struct DiagnosticStatus: Sendable, Equatable {
    /// By its number on the wire.
    public enum Level: UInt8, Sendable, Comparable {
        case ok = 0
        case warning = 1
        case error = 2
        case stale = 3

        public static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
    }

    public var level: Level
    public var name: String
    public var message: String
    public var hardware: String
    /// In this order.
    public var values: [(key: String, value: String)]

    public init(
        _ level: Level, name: String, message: String, hardware: String, values: [(key: String, value: String)] = []
    ) {
        (self.level, self.name, self.message) = (level, name, message)
        (self.hardware, self.values) = (hardware, values)
    }

    public static func == (a: Self, b: Self) -> Bool {
        a.level == b.level && a.name == b.name && a.message == b.message && a.hardware == b.hardware
            && a.values.elementsEqual(b.values) { $0 == $1 }
    }

    func wire(in memory: WireMemory) -> diagnostic_msgs_msg_dds__DiagnosticStatus_ {
        let pairs = unsafe values.map {
            unsafe diagnostic_msgs_msg_dds__KeyValue_(key: memory.string($0.key), value: memory.string($0.value))
        }
        var wire = unsafe diagnostic_msgs_msg_dds__DiagnosticStatus_()
        unsafe wire.level = level.rawValue
        unsafe (wire.name, wire.message) = unsafe (memory.string(name), memory.string(message))
        unsafe wire.hardware_id = memory.string(hardware)
        unsafe wire.values._buffer = memory.array(pairs)
        unsafe wire.values._length = UInt32(pairs.count)
        unsafe wire.values._maximum = UInt32(pairs.count)
        return unsafe wire
    }
}
