internal import CZeroMQ

/// What the main thread serves of the wire: the control endpoint, the recorder, and the authenticator of keys. All of
/// it waits in one call.
public final class SocketPoller {
    public let control: ControlServer?
    public let recorder: Recorder?
    public let authenticator: ZAPAuthenticator?
    /// Of what the vehicle sends to be recorded.
    public let sensors: [SensorReceiver]

    public init(
        control: ControlServer?, recorder: Recorder?, authenticator: ZAPAuthenticator?, sensors: [SensorReceiver] = []
    ) {
        self.control = control
        self.sensors = sensors
        self.recorder = recorder
        self.authenticator = authenticator
    }

    /// Waits until something is to be served, at most so long (milliseconds). A signal ends the wait.
    public func wait(atMost timeout: Int32) {
        var items: [zmq_pollitem_t] = unsafe []
        for endpoint in control?.sockets ?? [] { unsafe add(endpoint.socket.handle, to: &items) }
        if let recorder { unsafe add(recorder.relayHandle, to: &items) }
        for sensor in sensors {
            for index in 0..<sensor.socketCount { unsafe add(sensor.handle(index), to: &items) }
        }
        if let authenticator { unsafe add(authenticator.socket.handle, to: &items) }
        unsafe _ = zmq_poll(&items, Int32(items.count), Int(timeout))
    }

    /// Lets clients in, and forwards what the recorder's subscribers are to get. Requests are the caller's: `control`.
    public func serve() {
        authenticator?.poll()
        recorder?.serve()
    }

    /// Of each socket that is bound.
    package var connections: [ConnectionCounter] {
        (control?.sockets ?? []).map(\.connections) + (recorder?.connections ?? []) + sensors.flatMap(\.connections)
    }

    private func add(_ handle: UnsafeMutableRawPointer, to items: inout [zmq_pollitem_t]) {
        unsafe items.append(zmq_pollitem_t(socket: handle, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0))
    }
}
