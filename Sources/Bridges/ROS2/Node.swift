internal import CCycloneDDS
internal import CROSMessages

/// A participant of DDS that ROS 2 shows as a node, with its topics.
///
/// Uses Cyclone DDS; `CYCLONEDDS_URI` configures it. To be used by one thread.
public final class Node {
    /// Releases of ROS 2 differ in how they say whose an endpoint is.
    public enum Release: String, CaseIterable, Sendable {
        /// Humble and those before it: 24 bytes.
        case humble
        /// Iron, Jazzy and those after: 16 bytes.
        case jazzy
    }

    /// Where a node can be seen.
    public enum Reach: Sendable {
        /// As `CYCLONEDDS_URI` says; without it on the first interface of a network.
        case configured
        /// On this machine alone, without multicast: as ROS's ROS_AUTOMATIC_DISCOVERY_RANGE=LOCALHOST.
        case localhost
    }

    /// Both ends are found at port numbers of the domain; 32 is how many processes are looked for, as ROS does.
    private static let localhost = """
        <General><Interfaces><NetworkInterface name="lo"/></Interfaces><AllowMulticast>false</AllowMulticast></General>\
        <Discovery><ParticipantIndex>auto</ParticipantIndex><MaxAutoParticipantIndex>32</MaxAutoParticipantIndex>\
        <Peers><Peer address="127.0.0.1"/></Peers></Discovery>
        """

    private let participant: dds_entity_t
    private let graph: GraphWriter
    private let names: NameResolver

    /// - Parameters:
    ///   - domain: ROS_DOMAIN_ID.
    ///   - names: the node's name, and what its topics are called.
    /// - Throws: what Cyclone says; it may be cured, such as an interface that comes later.
    public init(domain: UInt32, reach: Reach, release: Release, names: NameResolver) throws(DDSError) {
        self.names = names
        var owner: dds_entity_t?
        if reach == .localhost {
            owner = try checked(unsafe dds_create_domain(domain, Self.localhost), "the domain \(domain)")
        }
        do throws(DDSError) {
            participant = try Self.participant(domain)
            graph = try GraphWriter(participant, release)
        } catch {
            if let owner { dds_delete(owner) }
            throw error
        }
    }

    deinit { dds_delete(participant) }

    private static func participant(_ domain: UInt32) throws(DDSError) -> dds_entity_t {
        // Without an enclave, ROS 2 takes no participant into its graph.
        let enclave = "enclave=/;"
        let qos = unsafe dds_create_qos()
        unsafe dds_qset_userdata(qos, enclave, enclave.utf8.count)
        defer { unsafe dds_delete_qos(qos) }
        return try checked(unsafe dds_create_participant(domain, qos, nil), "a participant of domain \(domain)")
    }

    /// A topic to publish.
    public func writer<M: Message>(_ topic: String, _ quality: Quality = .standard) throws(DDSError) -> Writer<M> {
        let writer: Writer<M> = try Writer(participant, topic, quality)
        graph.add(writer: writer.entity)
        return writer
    }

    /// A topic to take.
    ///
    /// - Parameter wake: gets a byte whenever something has come.
    public func reader<M: ReadableMessage>(
        _ topic: String, _ quality: Quality = .standard, wake: Int32
    ) throws(DDSError) -> Reader<M> {
        let reader: Reader<M> = try Reader(participant, topic, quality, wake: wake)
        graph.add(reader: reader.entity)
        return reader
    }

    /// Tells ROS 2's graph of the endpoints that were made: `ros2 node list` has the node then. Once, after the last.
    public func announce() throws(DDSError) { try graph.write(space: names.space, name: names.node) }
}

/// Cyclone refused something.
public struct DDSError: Error, CustomStringConvertible {
    /// What was refused, and Cyclone's word for why.
    public let description: String
}

/// An entity or 0, if it is not negative.
@discardableResult
func checked(_ result: Int32, _ what: String) throws(DDSError) -> Int32 {
    guard result < 0 else { return result }
    throw DDSError(description: "\(what): \(unsafe String(cString: dds_strretcode(-result)))")
}

/// An entity's identity: 16 bytes.
func identity(of entity: dds_entity_t) -> [UInt8] {
    var guid = dds_guid_t()
    unsafe dds_get_guid(entity, &guid)
    return elements(of: guid.v, as: UInt8.self)
}
