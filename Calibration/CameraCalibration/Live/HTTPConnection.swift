internal import CLinux
internal import Glibc

/// One client of the server.
struct HTTPConnection {
    private let descriptor: Int32

    enum Problem: Error {
        /// Nothing came, or not in time.
        case silent
        case tooLong
        case malformed

        var response: HTTPResponse? {
            switch self {
            case .silent: nil
            case .tooLong: .text("431 Request Header Fields Too Large", "The request is too long.")
            case .malformed: .text("400 Bad Request", "This is not a request.")
            }
        }
    }

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// No send may take longer.
    func setPatience(seconds: Int) {
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        var isOn: Int32 = 1
        unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Reads a request's head, and its body away.
    func receive(deadline: UInt64) -> Result<HTTPRequest, Problem> {
        var bytes: [UInt8] = []
        var checked = 0
        while true {
            if let end = Self.endOfHead(bytes, from: max(0, checked - 3)) {
                guard end <= HTTPRequest.largestHead else { return .failure(.tooLong) }
                guard let request = HTTPRequest(head: Array(bytes[..<end])) else { return .failure(.malformed) }
                guard request.bodyLength <= HTTPRequest.largestBody else { return .failure(.tooLong) }
                var rest = request.bodyLength - (bytes.count - end - 4)
                while rest > 0 {
                    guard let more = read(deadline) else { return .failure(.silent) }
                    rest -= more.count
                }
                return .success(request)
            }
            guard bytes.count <= HTTPRequest.largestHead else { return .failure(.tooLong) }
            checked = bytes.count
            guard let more = read(deadline) else { return .failure(.silent) }
            bytes += more
        }
    }

    private static func endOfHead(_ bytes: [UInt8], from start: Int) -> Int? {
        guard bytes.count >= 4 else { return nil }
        return (start...max(start, bytes.count - 4)).first {
            $0 + 4 <= bytes.count && bytes[$0..<$0 + 4].elementsEqual([0x0D, 0x0A, 0x0D, 0x0A])
        }
    }

    /// What has come by the deadline; nil when nothing has, or the client is gone.
    private func read(_ deadline: UInt64) -> [UInt8]? {
        let now = hf_monotonic_ns()
        guard now < deadline, hf_wait_readable(descriptor, Int32((deadline - now) / 1_000_000 + 1)) == 1 else {
            return nil
        }
        var chunk = [UInt8](repeating: 0, count: 4096)
        let count = unsafe recv(descriptor, &chunk, chunk.count, 0)
        return count > 0 ? Array(chunk[..<count]) : nil
    }

    /// - Parameters:
    ///   - response: its head, and its content at once or in pieces.
    ///   - request: a HEAD request gets no content.
    func send(_ response: HTTPResponse, to request: HTTPRequest? = nil) {
        guard write(response.head), request?.method != "HEAD" else { return }
        switch response.content {
        case .bytes(let bytes): _ = write(bytes)
        case .stream(let next):
            // A client that listens says nothing more; what can be read is its end.
            while hf_wait_readable(descriptor, 0) == 0, let piece = next(), write(piece) {}
        }
    }

    private func write(_ bytes: [UInt8]) -> Bool {
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.send(
                    descriptor, buffer.baseAddress.map { unsafe $0 + done }, bytes.count - done, Int32(MSG_NOSIGNAL))
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }
}
