internal import CZeroMQ

/// A bound socket, to be held in a list, with a bound to its connections. ZeroMQ encrypts a socket with all its
/// addresses or not at all, so a set of endpoints takes up to two.
final class EndpointSocket {
    let socket: ZeroMQSocket
    /// Who is connected.
    let connections: ConnectionCounter

    private init(_ socket: consuming ZeroMQSocket, _ connections: ConnectionCounter) {
        self.socket = socket
        self.connections = connections
    }

    /// The sockets that serve these endpoints: one for those that need no encryption, one for those that do.
    ///
    /// - Parameters:
    ///   - type: of the sockets, as ZeroMQ numbers it.
    ///   - context: in which they live.
    ///   - endpoints: what they are bound to.
    ///   - curve: the secret key; nil if there is none.
    ///   - configure: sets the options that must be there before the socket is bound.
    static func open(
        _ type: Int32, in context: ZeroMQContext, _ endpoints: [Endpoint], curve: CurveKey?,
        configure: (borrowing ZeroMQSocket) -> Void
    ) throws(PublishingError) -> [EndpointSocket] {
        var sockets: [EndpointSocket] = []
        for isEncrypted in [false, true] {
            let served = endpoints.filter { $0.isEncrypted == isEncrypted }
            guard let first = served.first else { continue }
            let socket = try ZeroMQSocket(type, in: context, for: first.address)
            configure(socket)
            if isEncrypted {
                guard let curve else { throw .invalidEndpoint(first.address, "needs a CURVE key") }
                socket.set(ZMQ_CURVE_SERVER, 1)
                socket.set(ZMQ_CURVE_SECRETKEY, bytes: curve.bytes)
                socket.set(ZMQ_ZAP_DOMAIN, bytes: ZAPAuthenticator.domain)
            }
            let connections = try ConnectionCounter(of: socket, in: context, addresses: served.map(\.address))
            for endpoint in served { try socket.bind(endpoint) }
            sockets.append(EndpointSocket(socket, connections))
        }
        return sockets
    }
}
