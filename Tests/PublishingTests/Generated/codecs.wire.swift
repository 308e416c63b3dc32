// Written by tools/generate/generate-wire from hfloc/v1/*.proto. Not to be changed by hand.
// swift-format-ignore-file

import Messages
package import Publishing

extension Wire.Evidence: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .varint(let number)): keypoints = UInt32(truncatingIfNeeded: number)
        case (2, .varint(let number)): matches = UInt32(truncatingIfNeeded: number)
        case (3, .varint(let number)): inliers = UInt32(truncatingIfNeeded: number)
        case (4, .fixed64(let bits)): inlierRatio = Double(bitPattern: bits)
        case (5, .fixed64(let bits)): spread = Double(bitPattern: bits)
        case (6, .fixed64(let bits)): reprojectionRmsPx = Double(bitPattern: bits)
        case (7, .varint(let number)): failedGate = .init(number: number) ?? .none
        case (8, .varint(let number)): source = .init(number: number) ?? .unspecified
        case (9, .varint(let number)): landmarksInView = UInt32(truncatingIfNeeded: number)
        case (10, .fixed64(let bits)): purity = Double(bitPattern: bits)
        case (11, .fixed64(let bits)): rivalShare = Double(bitPattern: bits)
        case (12, .varint(let number)): keyframe = UInt32(truncatingIfNeeded: number)
        case (13, .varint(let number)): rivalKeyframe = UInt32(truncatingIfNeeded: number)
        default: break
        }
    }
}

extension Wire.Latencies: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .varint(let number)): captureNs = number
        case (2, .varint(let number)): localFeaturesNs = number
        case (3, .varint(let number)): globalDescriptorNs = number
        case (4, .varint(let number)): retrievalNs = number
        case (5, .varint(let number)): matchingNs = number
        case (6, .varint(let number)): poseNs = number
        case (7, .varint(let number)): totalNs = number
        case (8, .varint(let number)): previousPublishNs = number
        default: break
        }
    }
}

extension Wire.Status: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .bytes(let range)): daemonVersion = try String(wire: bytes, range)
        case (2, .varint(let number)): protocolVersion = UInt32(truncatingIfNeeded: number)
        case (3, .fixed64(let bits)): sessionID = bits
        case (4, .bytes(let range)): bootID = try String(wire: bytes, range)
        case (5, .varint(let number)): sequence = number
        case (6, .fixed64(let bits)): monotonicNs = bits
        case (7, .fixed64(let bits)): wallNs = bits
        case (8, .varint(let number)): uptimeNs = number
        case (9, .varint(let number)): state = .init(number: number) ?? .unspecified
        case (10, .bytes(let range)): reason = try String(wire: bytes, range)
        case (11, .bytes(let range)): problems.append(try .merging(nil, bytes, range))
        case (12, .bytes(let range)): map = try .merging(map, bytes, range)
        case (13, .bytes(let range)): model = try .merging(model, bytes, range)
        case (14, .bytes(let range)): calibration = try .merging(calibration, bytes, range)
        case (15, .bytes(let range)): camera = try .merging(camera, bytes, range)
        case (16, .bytes(let range)): frames = try .merging(frames, bytes, range)
        case (17, .varint(let number)): messages = number
        case (18, .varint(let number)): poses = number
        case (33, .varint(let number)): followed = number
        case (32, .bytes(let range)): gates.append(try .merging(nil, bytes, range))
        case (19, .bytes(let range)): latencies.append(try .merging(nil, bytes, range))
        case (20, .varint(let number)): intervalNs = number
        case (21, .fixed64(let bits)): framesPerSecond = Double(bitPattern: bits)
        case (22, .varint(let number)): residentBytes = number
        case (23, .fixed64(let bits)): cpuShare = Double(bitPattern: bits)
        case (24, .fixed64(let bits)): cpuShareSinceStart = Double(bitPattern: bits)
        case (25, .bytes(let range)): clock = try .merging(clock, bytes, range)
        case (26, .bytes(let range)): place = try .merging(place, bytes, range)
        case (27, .bytes(let range)): subscriptions = try .merging(subscriptions, bytes, range)
        case (28, .varint(let number)): configurationGeneration = number
        case (29, .varint(let number)): publishFailures = number
        case (30, .bytes(let range)): realTime = try .merging(realTime, bytes, range)
        case (31, .bytes(let range)): calibrationWatch = try .merging(calibrationWatch, bytes, range)
        case (40, .bytes(let range)): recording = try .merging(recording, bytes, range)
        default: break
        }
    }
}

extension Wire.GateCount: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .varint(let number)): gate = .init(number: number) ?? .none
        case (2, .varint(let number)): withheld = number
        case (3, .varint(let number)): degraded = number
        default: break
        }
    }
}

extension Wire.Problem: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .varint(let number)): kind = .init(number: number) ?? .unspecified
        case (2, .bytes(let range)): text = try String(wire: bytes, range)
        default: break
        }
    }
}

extension Wire.CameraStatus: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .bytes(let range)): source = try String(wire: bytes, range)
        case (2, .varint(let number)): connected = number != 0
        case (3, .bytes(let range)): problem = try String(wire: bytes, range)
        case (4, .varint(let number)): width = UInt32(truncatingIfNeeded: number)
        case (5, .varint(let number)): height = UInt32(truncatingIfNeeded: number)
        case (6, .bytes(let range)): pixelFormat = try String(wire: bytes, range)
        case (7, .fixed64(let bits)): nominalRate = Double(bitPattern: bits)
        default: break
        }
    }
}

extension Wire.StageLatency: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .varint(let number)): stage = .init(number: number) ?? .unspecified
        case (2, .bytes(let range)): interval = try .merging(interval, bytes, range)
        case (3, .bytes(let range)): sinceStart = try .merging(sinceStart, bytes, range)
        default: break
        }
    }
}

extension Wire.LatencySummary: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .varint(let number)): count = number
        case (2, .varint(let number)): p50Ns = number
        case (3, .varint(let number)): p99Ns = number
        case (4, .varint(let number)): maxNs = number
        default: break
        }
    }
}

extension Wire.ClockStatus: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .varint(let number)): synchronization = .init(number: number) ?? .unspecified
        case (2, .varint(let number)): maxErrorNs = number
        case (3, .varint(let number)): estimatedErrorNs = number
        case (4, .varint(let number)): offsetNs = Int64(bitPattern: number)
        case (5, .varint(let number)): steps = number
        default: break
        }
    }
}

extension Wire.RealTimeStatus: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .varint(let number)): priority = UInt32(truncatingIfNeeded: number)
        case (2, .bytes(let range)): cpus = try String(wire: bytes, range)
        case (3, .varint(let number)): memoryLocked = number != 0
        default: break
        }
    }
}

extension Wire.CalibrationWatch: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .varint(let number)): frames = UInt32(truncatingIfNeeded: number)
        case (2, .fixed64(let bits)): chiSquare = Double(bitPattern: bits)
        case (3, .varint(let number)): contradicts = number != 0
        case (4, .fixed64(let bits)): focalLengthError = Double(bitPattern: bits)
        case (5, .fixed64(let bits)): focalLengthDeviation = Double(bitPattern: bits)
        case (6, .fixed64(let bits)): principalPointXError = Double(bitPattern: bits)
        case (7, .fixed64(let bits)): principalPointXDeviation = Double(bitPattern: bits)
        case (8, .fixed64(let bits)): principalPointYError = Double(bitPattern: bits)
        case (9, .fixed64(let bits)): principalPointYDeviation = Double(bitPattern: bits)
        default: break
        }
    }
}

extension Wire.PlaceStatus: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .varint(let number)): cached = number != 0
        case (2, .varint(let number)): keyframe = UInt32(truncatingIfNeeded: number)
        case (3, .bytes(let range)): keyframeName = try String(wire: bytes, range)
        case (4, .varint(let number)): restored = number != 0
        case (5, .varint(let number)): restoreConfirmed = number != 0
        default: break
        }
    }
}

extension Wire.Subscriptions: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .varint(let number)): localization = UInt32(truncatingIfNeeded: number)
        case (2, .varint(let number)): record = UInt32(truncatingIfNeeded: number)
        case (3, .varint(let number)): json = UInt32(truncatingIfNeeded: number)
        default: break
        }
    }
}

extension Wire.RecordingStatus: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .varint(let number)): active = number != 0
        case (2, .bytes(let range)): file = try String(wire: bytes, range)
        case (3, .varint(let number)): writtenBytes = number
        case (4, .varint(let number)): files = UInt32(truncatingIfNeeded: number)
        case (5, .varint(let number)): images = number
        case (6, .varint(let number)): droppedImages = number
        case (7, .varint(let number)): droppedMessages = number
        case (8, .bytes(let range)): problem = try String(wire: bytes, range)
        default: break
        }
    }
}

extension Wire.ControlReply: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .varint(let number)): requestID = number
        case (2, .varint(let number)): ok = number != 0
        case (3, .bytes(let range)): error = try String(wire: bytes, range)
        case (4, .bytes(let range)): status = try .merging(status, bytes, range)
        default: break
        }
    }
}

extension Wire.Preview: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .varint(let number)): sequence = number
        case (2, .fixed64(let bits)): sessionID = bits
        case (3, .fixed64(let bits)): captureMonotonicNs = bits
        case (4, .varint(let number)): width = UInt32(truncatingIfNeeded: number)
        case (5, .varint(let number)): height = UInt32(truncatingIfNeeded: number)
        case (6, .bytes(let range)): jpeg = range.map { bytes[$0] }
        case (7, .bytes(let range)): inliers += try WireReader.doubles(bytes, range)
        case (7, .fixed64(let bits)): inliers.append(Double(bitPattern: bits))
        case (8, .bytes(let range)): misses += try WireReader.doubles(bytes, range)
        case (8, .fixed64(let bits)): misses.append(Double(bitPattern: bits))
        case (9, .bytes(let range)): unmatched += try WireReader.doubles(bytes, range)
        case (9, .fixed64(let bits)): unmatched.append(Double(bitPattern: bits))
        default: break
        }
    }
}

extension Wire.RecordHeader: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .bytes(let range)): schema = try String(wire: bytes, range)
        case (2, .bytes(let range)): encoding = try String(wire: bytes, range)
        case (3, .bytes(let range)): bootID = try String(wire: bytes, range)
        case (4, .fixed64(let bits)): sessionID = bits
        case (5, .varint(let number)): sequence = number
        case (6, .fixed64(let bits)): monotonicNs = bits
        default: break
        }
    }
}

extension Wire.CameraInfo: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .bytes(let range)): cameraFrame = try String(wire: bytes, range)
        case (2, .bytes(let range)): model = try String(wire: bytes, range)
        case (3, .varint(let number)): width = UInt32(truncatingIfNeeded: number)
        case (4, .varint(let number)): height = UInt32(truncatingIfNeeded: number)
        case (5, .bytes(let range)): parameters += try WireReader.doubles(bytes, range)
        case (5, .fixed64(let bits)): parameters.append(Double(bitPattern: bits))
        case (6, .bytes(let range)): calibrationID = try String(wire: bytes, range)
        case (7, .bytes(let range)): baseFromCamera = try .merging(baseFromCamera, bytes, range)
        case (8, .bytes(let range)): baseFrame = try String(wire: bytes, range)
        default: break
        }
    }
}

extension Wire.Event: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .varint(let number)): kind = .init(number: number) ?? .unspecified
        case (2, .fixed64(let bits)): monotonicNs = bits
        case (3, .fixed64(let bits)): wallNs = bits
        case (4, .varint(let number)): from = .init(number: number) ?? .unspecified
        case (5, .varint(let number)): to = .init(number: number) ?? .unspecified
        case (6, .bytes(let range)): text = try String(wire: bytes, range)
        default: break
        }
    }
}

extension Wire.ControlRequest: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        wire.varint(1, requestID)
        switch command {
        case .getStatus(let value)?: wire.message(2) { value.encode(into: &$0) }
        case .relocalize(let value)?: wire.message(3) { value.encode(into: &$0) }
        case .setPrior(let value)?: wire.message(4) { value.encode(into: &$0) }
        case .loadMap(let value)?: wire.message(5) { value.encode(into: &$0) }
        case .reload(let value)?: wire.message(6) { value.encode(into: &$0) }
        case .shutdown(let value)?: wire.message(7) { value.encode(into: &$0) }
        case .startRecording(let value)?: wire.message(8) { value.encode(into: &$0) }
        case .stopRecording(let value)?: wire.message(9) { value.encode(into: &$0) }
        case nil: break
        }
    }
}

extension Wire.GetStatus: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {}
}

extension Wire.Relocalize: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {}
}

extension Wire.SetPrior: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        if let position { wire.message(1) { position.encode(into: &$0) } }
        if let orientation { wire.message(2) { orientation.encode(into: &$0) } }
        wire.double(3, positionSigmaM)
        wire.double(4, rotationSigmaRad)
        wire.string(5, frame)
    }
}

extension Wire.LoadMap: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        wire.string(1, path)
    }
}

extension Wire.Reload: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {}
}

extension Wire.Shutdown: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {}
}

extension Wire.StartRecording: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {}
}

extension Wire.StopRecording: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {}
}

extension Wire.Odometry: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        wire.fixed64(1, monotonicNs)
        if let position { wire.message(2) { position.encode(into: &$0) } }
        if let orientation { wire.message(3) { orientation.encode(into: &$0) } }
        wire.packedDoubles(4, count: covariance.count)
        for value in covariance { wire.element(value) }
        if let linearVelocity { wire.message(5) { linearVelocity.encode(into: &$0) } }
        if let angularVelocity { wire.message(6) { angularVelocity.encode(into: &$0) } }
        wire.packedDoubles(7, count: velocityCovariance.count)
        for value in velocityCovariance { wire.element(value) }
        wire.varint(8, UInt64(resetCounter))
    }
}

extension Wire.Position: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        wire.fixed64(1, monotonicNs)
        wire.double(2, latitudeDeg)
        wire.double(3, longitudeDeg)
        wire.double(4, heightM)
        wire.packedDoubles(5, count: covariance.count)
        for value in covariance { wire.element(value) }
        wire.varint(6, UInt64(fix.rawValue))
        if let baseFromAntenna { wire.message(7) { baseFromAntenna.encode(into: &$0) } }
    }
}

extension Wire.Imu: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        wire.fixed64(1, monotonicNs)
        if let angularVelocity { wire.message(2) { angularVelocity.encode(into: &$0) } }
        if let linearAcceleration { wire.message(3) { linearAcceleration.encode(into: &$0) } }
    }
}

extension WirePair {
    static let all = [
        WirePair(Wire.Transform.self, Hfloc_V1_Transform.self, isReceived: true),
        WirePair(Wire.Vector3.self, Hfloc_V1_Vector3.self, isReceived: true),
        WirePair(Wire.Quaternion.self, Hfloc_V1_Quaternion.self, isReceived: true),
        WirePair(Wire.Evidence.self, Hfloc_V1_Evidence.self, isReceived: false),
        WirePair(Wire.FrameCounters.self, Hfloc_V1_FrameCounters.self, isReceived: true),
        WirePair(Wire.Latencies.self, Hfloc_V1_Latencies.self, isReceived: false),
        WirePair(Wire.Status.self, Hfloc_V1_Status.self, isReceived: false),
        WirePair(Wire.GateCount.self, Hfloc_V1_GateCount.self, isReceived: false),
        WirePair(Wire.Problem.self, Hfloc_V1_Problem.self, isReceived: false),
        WirePair(Wire.FileIdentity.self, Hfloc_V1_FileIdentity.self, isReceived: true),
        WirePair(Wire.CameraStatus.self, Hfloc_V1_CameraStatus.self, isReceived: false),
        WirePair(Wire.StageLatency.self, Hfloc_V1_StageLatency.self, isReceived: false),
        WirePair(Wire.LatencySummary.self, Hfloc_V1_LatencySummary.self, isReceived: false),
        WirePair(Wire.ClockStatus.self, Hfloc_V1_ClockStatus.self, isReceived: false),
        WirePair(Wire.RealTimeStatus.self, Hfloc_V1_RealTimeStatus.self, isReceived: false),
        WirePair(Wire.CalibrationWatch.self, Hfloc_V1_CalibrationWatch.self, isReceived: false),
        WirePair(Wire.PlaceStatus.self, Hfloc_V1_PlaceStatus.self, isReceived: false),
        WirePair(Wire.Subscriptions.self, Hfloc_V1_Subscriptions.self, isReceived: false),
        WirePair(Wire.RecordingStatus.self, Hfloc_V1_RecordingStatus.self, isReceived: false),
        WirePair(Wire.ControlRequest.self, Hfloc_V1_ControlRequest.self, isReceived: true),
        WirePair(Wire.GetStatus.self, Hfloc_V1_GetStatus.self, isReceived: true),
        WirePair(Wire.Relocalize.self, Hfloc_V1_Relocalize.self, isReceived: true),
        WirePair(Wire.SetPrior.self, Hfloc_V1_SetPrior.self, isReceived: true),
        WirePair(Wire.LoadMap.self, Hfloc_V1_LoadMap.self, isReceived: true),
        WirePair(Wire.Reload.self, Hfloc_V1_Reload.self, isReceived: true),
        WirePair(Wire.Shutdown.self, Hfloc_V1_Shutdown.self, isReceived: true),
        WirePair(Wire.StartRecording.self, Hfloc_V1_StartRecording.self, isReceived: true),
        WirePair(Wire.StopRecording.self, Hfloc_V1_StopRecording.self, isReceived: true),
        WirePair(Wire.ControlReply.self, Hfloc_V1_ControlReply.self, isReceived: false),
        WirePair(Wire.Odometry.self, Hfloc_V1_Odometry.self, isReceived: true),
        WirePair(Wire.Preview.self, Hfloc_V1_Preview.self, isReceived: false),
        WirePair(Wire.RecordHeader.self, Hfloc_V1_RecordHeader.self, isReceived: false),
        WirePair(Wire.CameraInfo.self, Hfloc_V1_CameraInfo.self, isReceived: false),
        WirePair(Wire.Event.self, Hfloc_V1_Event.self, isReceived: false),
        WirePair(Wire.RecordingStart.self, Hfloc_V1_RecordingStart.self, isReceived: true),
        WirePair(Wire.ImageView.self, Hfloc_V1_ImageView.self, isReceived: true),
        WirePair(Wire.FrameTaken.self, Hfloc_V1_FrameTaken.self, isReceived: true),
        WirePair(Wire.CommandTaken.self, Hfloc_V1_CommandTaken.self, isReceived: true),
        WirePair(Wire.PlaceForgotten.self, Hfloc_V1_PlaceForgotten.self, isReceived: true),
        WirePair(Wire.PlaceStated.self, Hfloc_V1_PlaceStated.self, isReceived: true),
        WirePair(Wire.MapWithdrawn.self, Hfloc_V1_MapWithdrawn.self, isReceived: true),
        WirePair(Wire.LocalizerState.self, Hfloc_V1_LocalizerState.self, isReceived: true),
        WirePair(Wire.LookState.self, Hfloc_V1_LookState.self, isReceived: true),
        WirePair(Wire.VehicleEstimate.self, Hfloc_V1_VehicleEstimate.self, isReceived: true),
        WirePair(Wire.WatchState.self, Hfloc_V1_WatchState.self, isReceived: true),
        WirePair(Wire.Position.self, Hfloc_V1_Position.self, isReceived: true),
        WirePair(Wire.Imu.self, Hfloc_V1_Imu.self, isReceived: true),
    ]
}
