extension Wire.Status {
    /// A status of this version of the protocol, with every part that all have, also where nothing is known of it yet.
    ///
    /// - Parameter sessionID, bootID: as in the session's other messages.
    public init(daemonVersion: String, sessionID: UInt64, bootID: String) {
        self.init()
        self.daemonVersion = daemonVersion
        self.sessionID = sessionID
        self.bootID = bootID
        protocolVersion = 1
        (map, model, calibration) = (Wire.FileIdentity(), Wire.FileIdentity(), Wire.FileIdentity())
        (camera, frames, clock) = (Wire.CameraStatus(), Wire.FrameCounters(), Wire.ClockStatus())
        (place, subscriptions) = (Wire.PlaceStatus(), Wire.Subscriptions())
    }
}
