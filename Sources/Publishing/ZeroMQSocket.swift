internal import CZeroMQ

/// One ZeroMQ socket in a context of its own; closes both when it goes.
@safe struct ZeroMQSocket: ~Copyable {
    private let context: UnsafeMutableRawPointer
    let handle: UnsafeMutableRawPointer

    /// - Parameter address: for the error's text only.
    init(_ type: Int32, for address: String) throws(PublishingError) {
        guard let context = unsafe zmq_ctx_new() else {
            throw .failed(address, "cannot start ZeroMQ: \(Self.lastError())")
        }
        guard let handle = unsafe zmq_socket(context, type) else {
            let error = Self.lastError()
            unsafe zmq_ctx_term(context)
            throw .failed(address, "cannot start ZeroMQ: \(error)")
        }
        unsafe self.context = context
        unsafe self.handle = handle
        set(ZMQ_LINGER, 0)
    }

    deinit {
        unsafe zmq_close(handle)
        unsafe zmq_ctx_term(context)
    }

    /// Sets an integer option. They are constants of ours: a refusal is our bug.
    func set(_ option: Int32, _ value: Int32) {
        var value = value
        let result = unsafe zmq_setsockopt(handle, option, &value, MemoryLayout<Int32>.size)
        precondition(result == 0, "ZeroMQ refused an option")
    }

    static func lastError() -> String {
        unsafe String(cString: zmq_strerror(zmq_errno()))
    }
}
