internal import Messages
internal import Publishing
internal import Reporting
internal import SwiftProtobuf

/// A message of any endpoint, for people or as JSON.
enum ReceivedMessage {
    /// - Parameters:
    ///   - frames: [payload] of the hot endpoint, or [topic][header][payload].
    ///   - ofVehicle: the endpoint is that of the vehicle's state.
    ///   - json: as JSON instead of a line for people.
    /// - Returns: nil if it is none of hfloc.v1.
    static func line(_ frames: [[UInt8]], ofVehicle: Bool = false, json: Bool) -> String? {
        switch frames.count {
        case 1 where ofVehicle: return line(frames[0], as: Hfloc_V1_VehicleState.self, isJSON: false, json: json)
        case 1: return line(frames[0], as: Hfloc_V1_Localization.self, isJSON: false, json: json)
        case 3:
            let topic = String(decoding: frames[0], as: UTF8.self)
            // The header says in itself how it is encoded: JSON begins with a brace, which begins no header of
            // protobuf.
            let isJSON = frames[1].first == UInt8(ascii: "{")
            guard let text = line(frames[2], topic: topic, isJSON: isJSON, json: json) else { return nil }
            return json ? text : topic.padded(13) + text
        default: return nil
        }
    }

    private static func line(_ payload: [UInt8], topic: String, isJSON: Bool, json: Bool) -> String? {
        switch Topic(rawValue: topic) {
        case .localization: line(payload, as: Hfloc_V1_Localization.self, isJSON: isJSON, json: json)
        case .status: line(payload, as: Hfloc_V1_Status.self, isJSON: isJSON, json: json)
        case .cameraInfo: line(payload, as: Hfloc_V1_CameraInfo.self, isJSON: isJSON, json: json)
        case .event: line(payload, as: Hfloc_V1_Event.self, isJSON: isJSON, json: json)
        case .preview: line(payload, as: Hfloc_V1_Preview.self, isJSON: isJSON, json: json)
        case nil: nil
        }
    }

    private static func line<M: Message & OneLine>(
        _ payload: [UInt8], as type: M.Type, isJSON: Bool, json: Bool
    ) -> String? {
        guard let message = isJSON ? try? M(jsonUTF8Bytes: payload) : try? M(serializedBytes: payload) else {
            return nil
        }
        return json ? try? message.jsonLine() : message.line
    }
}

/// What has a line for people.
protocol OneLine {
    var line: String { get }
}

extension Hfloc_V1_Localization: OneLine {
    var line: String {
        var words = ["#\(sequence)", "\(state)", (Double(captureWallNs) * 1e-9).text(3)]
        if retained { words[0] += " (retained)" }
        if hasPose {
            words.append(pose.text)
        } else if hasEvidence {
            words.append("gate \(evidence.failedGate)")
        }
        if hasBasePose { words.append("\(baseFrame) \(basePose.text)") }
        if hasEvidence {
            words.append("\(evidence.inliers)/\(evidence.matches) inliers \(evidence.source)")
        }
        if hasLatencies { words.append("\((Double(latencies.totalNs) * 1e-6).text(1)) ms") }
        return words.joined(separator: "  ")
    }
}

extension Hfloc_V1_VehicleState: OneLine {
    var line: String {
        var words = ["#\(sequence)", "\(condition)", (Double(wallNs) * 1e-9).text(3)]
        if hasPose { words.append("\(baseFrame) \(pose.text)") }
        if fixAgeNs > 0 { words.append("fix \((Double(fixAgeNs) * 1e-9).text(2)) s ago") }
        if withheldFixes > 0 { words.append("\(withheldFixes) withheld") }
        if !reason.isEmpty { words.append(reason) }
        return words.joined(separator: "  ")
    }
}

extension Hfloc_V1_Pose {
    fileprivate var text: String {
        let (p, q) = (position, orientation)
        let numbers = [p.x, p.y, p.z].map { $0.text(3) } + [q.w, q.x, q.y, q.z].map { $0.text(5) }
        return (numbers + ["±\(deviation(0).text(3)) m \((deviation(3) * 180 / .pi).text(2)) deg"])
            .joined(separator: "  ")
    }

    /// Length of the standard deviations of three components.
    private func deviation(_ first: Int) -> Double {
        guard covariance.count == 36 else { return .nan }
        return (first..<first + 3).reduce(0) { $0 + covariance[7 * $1] }.squareRoot()
    }
}

extension Hfloc_V1_Status: OneLine {
    var line: String {
        "\(state)  \(framesPerSecond.text(1)) frames/s  \((Double(residentBytes) / 1e6).text(1)) MB  "
            + (problems.isEmpty ? "no problems" : problems.map(\.text).joined(separator: "; "))
    }
}

extension Hfloc_V1_CameraInfo: OneLine {
    var line: String {
        let numbers = parameters.map { "\($0)" }.joined(separator: " ")
        return "\(cameraFrame)  \(model) \(width) \(height) \(numbers)" + (hasBaseFromCamera ? "  on \(baseFrame)" : "")
    }
}

extension Hfloc_V1_Preview: OneLine {
    var line: String {
        "#\(sequence)  \(width)x\(height)  \(inliers.count / 2) inliers  \(misses.count / 2) misses  "
            + "\(unmatched.count / 2) unmatched  \(jpeg.count) bytes"
    }
}

extension Hfloc_V1_Event: OneLine {
    var line: String { "\((Double(wallNs) * 1e-9).text(3))  \(kind)  \(text)" }
}
