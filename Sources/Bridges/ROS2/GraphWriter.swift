internal import CCycloneDDS
internal import CROSMessages

/// ros_discovery_info: which endpoints are the node's.
final class GraphWriter {
    private let participant: dds_entity_t
    private let entity: dds_entity_t
    private let release: Node.Release
    private var readers: [[UInt8]] = []
    private var writers: [[UInt8]] = []

    private static let typeName: StaticString = "rmw_dds_common::msg::dds_::ParticipantEntitiesInfo_"
    /// Of Iron and later; those before do not read it.
    private static let hash = "RIHS01_e725f4a506958c79f95dd693b965722c57b19cd18e7eff984f49561b93dc985d"

    init(_ participant: dds_entity_t, _ release: Node.Release) throws(DDSError) {
        (self.participant, self.release) = (participant, release)
        var descriptor =
            switch release {
            case .humble: unsafe rmw_dds_common_humble_msg_dds__ParticipantEntitiesInfo__desc
            case .jazzy: unsafe rmw_dds_common_msg_dds__ParticipantEntitiesInfo__desc
            }
        // One of the two has another name in the definition; on the wire both have this one.
        unsafe descriptor.m_typename = unsafe UnsafeRawPointer(Self.typeName.utf8Start)
            .assumingMemoryBound(to: CChar.self)
        let name = "ros_discovery_info"
        let topic = try checked(unsafe dds_create_topic(participant, &descriptor, name, nil, nil), name)
        let qos = unsafe Quality.graph.make(writer: true, hash: release == .humble ? nil : Self.hash)
        defer { unsafe dds_delete_qos(qos) }
        entity = try checked(unsafe dds_create_writer(participant, topic, qos, nil), name)
    }

    func add(writer: dds_entity_t) { writers.append(identity(of: writer)) }
    func add(reader: dds_entity_t) { readers.append(identity(of: reader)) }

    func write(space: String, name: String) throws(DDSError) {
        let memory = WireMemory()
        let result: Int32
        switch release {
        case .humble:
            result = unsafe memory.write(humble(space, name, memory), to: entity)
        case .jazzy:
            result = unsafe memory.write(jazzy(space, name, memory), to: entity)
        }
        try checked(result, "ros_discovery_info")
    }

    private func humble(
        _ space: String, _ name: String, _ memory: WireMemory
    ) -> rmw_dds_common_humble_msg_dds__ParticipantEntitiesInfo_ {
        func gid(_ bytes: [UInt8]) -> rmw_dds_common_humble_msg_dds__Gid_ {
            var gid = rmw_dds_common_humble_msg_dds__Gid_()
            fill(&gid.data, with: bytes)
            return gid
        }
        var node = unsafe rmw_dds_common_humble_msg_dds__NodeEntitiesInfo_()
        unsafe (node.node_namespace, node.node_name) = unsafe (memory.string(space), memory.string(name))
        unsafe node.reader_gid_seq._buffer = memory.array(readers.map(gid))
        unsafe (node.reader_gid_seq._length, node.reader_gid_seq._maximum) = (count(readers), count(readers))
        unsafe node.writer_gid_seq._buffer = memory.array(writers.map(gid))
        unsafe (node.writer_gid_seq._length, node.writer_gid_seq._maximum) = (count(writers), count(writers))
        var info = unsafe rmw_dds_common_humble_msg_dds__ParticipantEntitiesInfo_()
        unsafe info.gid = gid(identity(of: participant))
        unsafe info.node_entities_info_seq._buffer = memory.array([node])
        unsafe (info.node_entities_info_seq._length, info.node_entities_info_seq._maximum) = (1, 1)
        return unsafe info
    }

    /// As above but for the size of a Gid, which makes other types of the same shape.
    private func jazzy(
        _ space: String, _ name: String, _ memory: WireMemory
    ) -> rmw_dds_common_msg_dds__ParticipantEntitiesInfo_ {
        func gid(_ bytes: [UInt8]) -> rmw_dds_common_msg_dds__Gid_ {
            var gid = rmw_dds_common_msg_dds__Gid_()
            fill(&gid.data, with: bytes)
            return gid
        }
        var node = unsafe rmw_dds_common_msg_dds__NodeEntitiesInfo_()
        unsafe (node.node_namespace, node.node_name) = unsafe (memory.string(space), memory.string(name))
        unsafe node.reader_gid_seq._buffer = memory.array(readers.map(gid))
        unsafe (node.reader_gid_seq._length, node.reader_gid_seq._maximum) = (count(readers), count(readers))
        unsafe node.writer_gid_seq._buffer = memory.array(writers.map(gid))
        unsafe (node.writer_gid_seq._length, node.writer_gid_seq._maximum) = (count(writers), count(writers))
        var info = unsafe rmw_dds_common_msg_dds__ParticipantEntitiesInfo_()
        unsafe info.gid = gid(identity(of: participant))
        unsafe info.node_entities_info_seq._buffer = memory.array([node])
        unsafe (info.node_entities_info_seq._length, info.node_entities_info_seq._maximum) = (1, 1)
        return unsafe info
    }

    private func count(_ gids: [[UInt8]]) -> UInt32 { UInt32(gids.count) }
}
