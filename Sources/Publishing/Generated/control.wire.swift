// Written by tools/generate/generate-wire from hfloc/v1/control.proto. Not to be changed by hand.
// swift-format-ignore-file

extension Wire {
    /// What somebody asks of the daemon.
    public struct ControlRequest: Sendable, Equatable {
        /// Any number; the reply repeats it.
        public var requestID: UInt64 = 0
        /// What is asked for. One that is missing, or of a later version, is refused.
        public var command: Command?

        public init() {}

        /// What is asked for. One that is missing, or of a later version, is refused.
        public enum Command: Sendable, Equatable {
            /// Nothing but the status, which is in every reply.
            case getStatus(Wire.GetStatus)
            /// Forget the cached place: the next frame is localized by retrieval over the whole map.
            case relocalize(Wire.Relocalize)
            /// Where the camera or the vehicle is thought to be. The next frames try the place there first; every gate
            /// still applies.
            case setPrior(Wire.SetPrior)
            /// Use another map. The current one is used until the new one is open and checked; if it is refused,
            /// nothing changes.
            case loadMap(Wire.LoadMap)
            /// Read the configuration again, as SIGHUP does. If it is refused, nothing changes.
            case reload(Wire.Reload)
            /// End, with the state saved.
            case shutdown(Wire.Shutdown)
            /// Record what comes and what becomes of it, into files of hflocd's own names in the configured folder.
            /// Refused while a recording runs.
            case startRecording(Wire.StartRecording)
            /// End the recording, and complete its file.
            case stopRecording(Wire.StopRecording)
        }
    }
}

extension Wire.ControlRequest: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .varint(let number)): requestID = number
        case (2, .bytes(let range)):
            let old = if case .getStatus(let old)? = command { old } else { Wire.GetStatus?.none }
            command = .getStatus(try .merging(old, bytes, range))
        case (3, .bytes(let range)):
            let old = if case .relocalize(let old)? = command { old } else { Wire.Relocalize?.none }
            command = .relocalize(try .merging(old, bytes, range))
        case (4, .bytes(let range)):
            let old = if case .setPrior(let old)? = command { old } else { Wire.SetPrior?.none }
            command = .setPrior(try .merging(old, bytes, range))
        case (5, .bytes(let range)):
            let old = if case .loadMap(let old)? = command { old } else { Wire.LoadMap?.none }
            command = .loadMap(try .merging(old, bytes, range))
        case (6, .bytes(let range)):
            let old = if case .reload(let old)? = command { old } else { Wire.Reload?.none }
            command = .reload(try .merging(old, bytes, range))
        case (7, .bytes(let range)):
            let old = if case .shutdown(let old)? = command { old } else { Wire.Shutdown?.none }
            command = .shutdown(try .merging(old, bytes, range))
        case (8, .bytes(let range)):
            let old = if case .startRecording(let old)? = command { old } else { Wire.StartRecording?.none }
            command = .startRecording(try .merging(old, bytes, range))
        case (9, .bytes(let range)):
            let old = if case .stopRecording(let old)? = command { old } else { Wire.StopRecording?.none }
            command = .stopRecording(try .merging(old, bytes, range))
        default: break
        }
    }
}

extension Wire {
    /// Nothing but the status, which is in every reply.
    public struct GetStatus: Sendable, Equatable {
        public init() {}
    }
}

extension Wire.GetStatus: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {}
}

extension Wire {
    /// Forget the cached place: the next frame is localized by retrieval over the whole map.
    public struct Relocalize: Sendable, Equatable {
        public init() {}
    }
}

extension Wire.Relocalize: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {}
}

extension Wire {
    /// Where the camera or the vehicle is thought to be. The next frames try the place there first; every gate still
    /// applies.
    public struct SetPrior: Sendable, Equatable {
        /// In the map frame, metres.
        public var position: Wire.Vector3? = nil
        /// Rotates axes of `frame` into map axes; its norm must be within 1 % of 1.
        public var orientation: Wire.Quaternion? = nil
        /// One standard deviation of the position along each axis, metres, above 0.
        public var positionSigmaM: Double = 0
        /// One standard deviation of the rotation about each axis, radians, above 0.
        public var rotationSigmaRad: Double = 0
        /// Whose pose it is: the camera's frame (the default, if empty) or the vehicle's, by the names in Localization.
        public var frame: String = ""

        public init() {}

        public init(
            position: Wire.Vector3? = nil,
            orientation: Wire.Quaternion? = nil,
            positionSigmaM: Double = 0,
            rotationSigmaRad: Double = 0,
            frame: String = ""
        ) {
            self.position = position
            self.orientation = orientation
            self.positionSigmaM = positionSigmaM
            self.rotationSigmaRad = rotationSigmaRad
            self.frame = frame
        }
    }
}

extension Wire.SetPrior: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .bytes(let range)): position = try .merging(position, bytes, range)
        case (2, .bytes(let range)): orientation = try .merging(orientation, bytes, range)
        case (3, .fixed64(let bits)): positionSigmaM = Double(bitPattern: bits)
        case (4, .fixed64(let bits)): rotationSigmaRad = Double(bitPattern: bits)
        case (5, .bytes(let range)): frame = try String(wire: bytes, range)
        default: break
        }
    }
}

extension Wire {
    /// Use another map. The current one is used until the new one is open and checked; if it is refused, nothing
    /// changes.
    public struct LoadMap: Sendable, Equatable {
        /// Absolute, on the daemon's machine.
        public var path: String = ""

        public init() {}

        public init(
            path: String = ""
        ) {
            self.path = path
        }
    }
}

extension Wire.LoadMap: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .bytes(let range)): path = try String(wire: bytes, range)
        default: break
        }
    }
}

extension Wire {
    /// Read the configuration again, as SIGHUP does. If it is refused, nothing changes.
    public struct Reload: Sendable, Equatable {
        public init() {}
    }
}

extension Wire.Reload: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {}
}

extension Wire {
    /// End, with the state saved.
    public struct Shutdown: Sendable, Equatable {
        public init() {}
    }
}

extension Wire.Shutdown: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {}
}

extension Wire {
    /// Record what comes and what becomes of it, into files of hflocd's own names in the configured folder. Refused
    /// while a recording runs.
    public struct StartRecording: Sendable, Equatable {
        public init() {}
    }
}

extension Wire.StartRecording: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {}
}

extension Wire {
    /// End the recording, and complete its file.
    public struct StopRecording: Sendable, Equatable {
        public init() {}
    }
}

extension Wire.StopRecording: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {}
}

extension Wire {
    /// The answer to a request.
    public struct ControlReply: Sendable, Equatable {
        /// The request's.
        public var requestID: UInt64 = 0
        /// Done.
        public var ok: Bool = false
        /// Why it was not done, and what cures that; empty if it was.
        public var error: String = ""
        /// How the daemon fares after the request.
        public var status: Wire.Status? = nil

        public init() {}

        public init(
            requestID: UInt64 = 0,
            ok: Bool = false,
            error: String = "",
            status: Wire.Status? = nil
        ) {
            self.requestID = requestID
            self.ok = ok
            self.error = error
            self.status = status
        }
    }
}

extension Wire.ControlReply: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        wire.varint(1, requestID)
        wire.bool(2, ok)
        wire.string(3, error)
        if let status { wire.message(4) { status.encode(into: &$0) } }
    }
}
