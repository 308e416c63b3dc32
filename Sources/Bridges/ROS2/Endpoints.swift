internal import CCycloneDDS
internal import Glibc

/// Publishes one topic.
public final class Writer<M: Message> {
    let entity: dds_entity_t
    private let topic: String

    init(_ participant: dds_entity_t, _ topic: String, _ quality: Quality) throws(DDSError) {
        self.topic = topic
        let handle = try createTopic(participant, topic, M.self)
        let qos = unsafe quality.make(writer: true, hash: M.hash)
        defer { unsafe dds_delete_qos(qos) }
        entity = try checked(unsafe dds_create_writer(participant, handle, qos, nil), topic)
    }

    /// Hands a sample over. A subscriber that stalls does not hold it up: the oldest samples give way.
    public func write(_ message: M) throws(DDSError) {
        try checked(message.write(to: entity), topic)
    }
}

/// Takes one topic.
public final class Reader<M: ReadableMessage> {
    let entity: dds_entity_t

    init(_ participant: dds_entity_t, _ topic: String, _ quality: Quality, wake: Int32) throws(DDSError) {
        let handle = try createTopic(participant, topic, M.self)
        let qos = unsafe quality.make(writer: false, hash: M.hash)
        // The descriptor is the listener's argument: it is called by a thread of Cyclone.
        let listener = unsafe dds_create_listener(UnsafeMutableRawPointer(bitPattern: Int(wake)))
        unsafe dds_lset_data_available(listener) { _, argument in
            var byte: UInt8 = 1
            unsafe _ = write(Int32(Int(bitPattern: argument)), &byte, 1)
        }
        defer {
            unsafe dds_delete_qos(qos)
            unsafe dds_delete_listener(listener)
        }
        entity = try checked(unsafe dds_create_reader(participant, handle, qos, listener), topic)
    }

    /// The next message; nil if there is none.
    public func take() -> M? {
        while true {
            switch M.take(from: entity) {
            case .message(let message): return message
            case .notice: continue
            case .nothing: return nil
            }
        }
    }
}

/// "rt" marks a topic, as other letters mark the parts of services and actions.
private func createTopic<M: Message>(
    _ participant: dds_entity_t, _ topic: String, _ type: M.Type
) throws(DDSError) -> dds_entity_t {
    try checked(M.createTopic(participant, "rt" + topic), topic)
}
