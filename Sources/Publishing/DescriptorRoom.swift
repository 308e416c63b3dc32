internal import CLinux

/// The descriptors that ZeroMQ may take. Without one it aborts the program, at many places, so what it needs at least
/// must be there before it begins.
struct DescriptorRoom {
    /// Of each endpoint.
    let connections: Int

    /// ZeroMQ's threads, and a socket that connects.
    private static let least = 16
    /// A socket that is bound, with its monitor.
    private static let perEndpoint = 7
    /// Files of a program that serves: cameras, maps, state, the journal. Connections leave them alone.
    private static let forFiles = 24
    /// Fewer connections than these would be no service.
    private static let fewestConnections = 4

    init(endpoints: Int, mostConnections: Int) throws(PublishingError) {
        guard endpoints > 0 else {
            let free = Int(hf_free_descriptors(Int32(Self.least)))
            guard free >= Self.least else { throw .noDescriptors(free: free, needed: Self.least) }
            connections = mostConnections
            return
        }
        let limit = hf_raise_descriptor_limit()
        let base = Self.least + Self.forFiles + endpoints * Self.perEndpoint
        let needed = base + endpoints * Self.fewestConnections
        let free = Int(hf_free_descriptors(Int32(clamping: base + endpoints * mostConnections)))
        guard free >= needed else { throw .noDescriptors(free: free, needed: needed) }
        connections = min(mostConnections, (free - base) / endpoints)
        hf_reserve_descriptors(Int32(clamping: limit) - Int32(Self.forFiles))
    }
}
