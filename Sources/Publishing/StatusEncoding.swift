extension StatusMessage {
    /// The serialized `hfloc.v1.Status`.
    public func encoded() -> [UInt8] {
        var wire = WireEncoder(capacity: 2048)
        encode(into: &wire)
        return wire.bytes
    }

    func encode(into wire: inout WireEncoder) {
        wire.string(1, daemonVersion)
        wire.varint(2, UInt64(protocolVersion))
        wire.fixed64(3, sessionID)
        wire.string(4, bootID)
        wire.varint(5, sequence)
        wire.fixed64(6, monotonic)
        wire.fixed64(7, wall)
        wire.varint(8, uptime)
        wire.varint(9, UInt64(state.rawValue))
        wire.string(10, reason)
        for problem in problems {
            wire.message(11) {
                $0.varint(1, UInt64(problem.kind.rawValue))
                $0.string(2, problem.text)
            }
        }
        wire.message(12) { map.encode(into: &$0) }
        wire.message(13) { model.encode(into: &$0) }
        wire.message(14) { calibration.encode(into: &$0) }
        wire.message(15) { camera.encode(into: &$0) }
        wire.message(16) { frames.encode(into: &$0) }
        wire.varint(17, messages)
        wire.varint(18, poses)
        for latency in latencies { wire.message(19) { latency.encode(into: &$0) } }
        wire.varint(20, interval)
        wire.double(21, framesPerSecond)
        wire.varint(22, residentBytes)
        wire.double(23, cpuShare)
        wire.double(24, cpuShareSinceStart)
        wire.message(25) { clock.encode(into: &$0) }
        wire.message(26) { place.encode(into: &$0) }
        wire.message(27) { subscriptions.encode(into: &$0) }
        wire.varint(28, configurationGeneration)
        wire.varint(29, publishFailures)
        if let realTime { wire.message(30) { realTime.encode(into: &$0) } }
    }
}

extension StatusMessage.FileIdentity {
    fileprivate func encode(into wire: inout WireEncoder) {
        wire.string(1, path)
        wire.string(2, id)
    }
}

extension StatusMessage.Camera {
    fileprivate func encode(into wire: inout WireEncoder) {
        wire.string(1, source)
        wire.bool(2, isConnected)
        wire.string(3, problem)
        wire.varint(4, UInt64(width))
        wire.varint(5, UInt64(height))
        wire.string(6, pixelFormat)
        wire.double(7, nominalRate)
    }
}

extension StatusMessage.StageLatency {
    fileprivate func encode(into wire: inout WireEncoder) {
        wire.varint(1, UInt64(stage.rawValue))
        wire.message(2) { interval.encode(into: &$0) }
        wire.message(3) { sinceStart.encode(into: &$0) }
    }
}

extension StatusMessage.LatencySummary {
    fileprivate func encode(into wire: inout WireEncoder) {
        wire.varint(1, count)
        wire.varint(2, median)
        wire.varint(3, percentile99)
        wire.varint(4, maximum)
    }
}

extension StatusMessage.Clock {
    fileprivate func encode(into wire: inout WireEncoder) {
        wire.varint(1, UInt64(synchronization.rawValue))
        wire.varint(2, maximumError)
        wire.varint(3, estimatedError)
        wire.varint(4, UInt64(bitPattern: offset))
        wire.varint(5, steps)
    }
}

extension StatusMessage.RealTime {
    fileprivate func encode(into wire: inout WireEncoder) {
        wire.varint(1, UInt64(priority))
        wire.string(2, cpus)
        wire.bool(3, isMemoryLocked)
    }
}

extension StatusMessage.Place {
    fileprivate func encode(into wire: inout WireEncoder) {
        wire.bool(1, isCached)
        wire.varint(2, UInt64(keyframe))
        wire.string(3, keyframeName)
        wire.bool(4, isRestored)
        wire.bool(5, isRestoreConfirmed)
    }
}

extension StatusMessage.Subscriptions {
    fileprivate func encode(into wire: inout WireEncoder) {
        wire.varint(1, UInt64(localization))
        wire.varint(2, UInt64(record))
        wire.varint(3, UInt64(json))
    }
}
