extension DaemonConfiguration {
    /// What of `next` a running daemon can take over: everything but where frames come from, where messages go and how threads run.
    ///
    /// - Returns: the configuration to go on with, and the fields of `next` that wait for a restart.
    public func reloaded(as next: DaemonConfiguration) -> (effective: DaemonConfiguration, waiting: [String]) {
        var effective = next
        var waiting: [String] = []
        func keep<Value: Equatable>(_ field: String, _ path: WritableKeyPath<DaemonConfiguration, Value>) {
            guard self[keyPath: path] != next[keyPath: path] else { return }
            effective[keyPath: path] = self[keyPath: path]
            waiting.append(field)
        }
        keep("camera (device, folder, format, rate, loop)", \.source)
        keep("camera.size, crop, reduction", \.view)
        keep("camera.controls", \.controls)
        keep("publish", \.endpoints)
        keep("control", \.control)
        keep("record, json, odometry, vehicle, security", \.wire)
        keep("state", \.state)
        keep("real_time", \.realTime)
        return (effective, waiting)
    }
}
