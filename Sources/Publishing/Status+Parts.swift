extension Wire.Status {
    /// A status of this version of the protocol, with every part that all have, also where nothing is known of it yet.
    ///
    /// - Parameters:
    ///   - daemonVersion: of the program.
    ///   - sessionID: of this run.
    ///   - bootID: the kernel's, of this boot.
    public init(daemonVersion: String, sessionID: UInt64, bootID: String) {
        self.init()
        self.daemonVersion = daemonVersion
        self.sessionID = sessionID
        self.bootID = bootID
        protocolVersion = Wire.protocolVersion
        (map, model, calibration) = (Wire.FileIdentity(), Wire.FileIdentity(), Wire.FileIdentity())
        (camera, frames, clock) = (Wire.CameraStatus(), Wire.FrameCounters(), Wire.ClockStatus())
        (place, subscriptions) = (Wire.PlaceStatus(), Wire.Subscriptions())
    }
}
