internal import Geometry
public import Messages

/// What the page shows of one `Localization`: where, how sure, by what, how late.
public struct FrameRow: Sendable {
    /// As in the message.
    public var sequence: UInt64
    /// Seconds of CLOCK_MONOTONIC: of the capture, or without one of the publication.
    public var time: Double
    /// Such as "LOCALIZED".
    public var state: String
    /// The vehicle if it is known, else the camera: metres in the map; nil without a pose.
    public var position: SIMD3<Double>?
    /// Of the vehicle's x axis, or the camera's z axis, from the map's x axis towards its y axis, radians.
    package var heading: Double?
    /// Of the position in the map's x and y.
    package var ellipse: Ellipse?
    /// For projections; nil without a pose.
    var cameraFromMap: RigidTransform?
    /// Index in the map; nil without one.
    var keyframe: Int?
    var inliers: UInt32
    var matches: UInt32
    var expected: UInt32
    var keypoints: UInt32
    /// From capture to publication, milliseconds.
    public var latency: Double?
    /// Such as "INLIERS"; empty if every gate was passed.
    public var gate: String
    /// For people.
    public var reason: String
    /// Metres; 0 without a pose.
    var protectionLevel: Double
    /// The position is the vehicle's, not the camera's.
    var isVehicle: Bool

    /// Of a message, as it came.
    public init(_ message: Hfloc_V1_Localization) {
        sequence = message.sequence
        let stamp = message.captureMonotonicNs > 0 ? message.captureMonotonicNs : message.publishMonotonicNs
        time = Double(stamp) * 1e-9
        state = "\(message.state)".upperSnake
        let evidence = message.evidence
        (inliers, matches) = (evidence.inliers, evidence.matches)
        (expected, keypoints) = (evidence.landmarksInView, evidence.keypoints)
        keyframe = evidence.keyframe > 0 ? Int(evidence.keyframe) - 1 : nil
        gate = evidence.failedGate == .none ? "" : "\(evidence.failedGate)".upperSnake
        reason = message.reason
        latency = message.hasLatencies && message.latencies.totalNs > 0 ? Double(message.latencies.totalNs) * 1e-6 : nil
        protectionLevel = message.protectionLevelPosition
        isVehicle = message.hasBasePose
        guard message.hasPose, let camera = RigidTransform(checking: message.pose) else { return }
        cameraFromMap = camera.inverse
        let shown = message.hasBasePose ? message.basePose : message.pose
        guard let pose = RigidTransform(checking: shown) else { return }
        position = pose.translation
        let ahead = pose.rotation * (isVehicle ? Vector3(1, 0, 0) : Vector3(0, 0, 1))
        heading = Angle.from(x: ahead.x, y: ahead.y)
        ellipse = Ellipse(covariance: shown.covariance)
    }

    /// For the page: short names, as there are thousands of them.
    package var json: JSON {
        var members: [(String, JSON)] = [
            ("n", .integer(sequence)), ("t", .rounded(time, 4)), ("s", .text(state)), ("i", .integer(inliers)),
            ("m", .integer(matches)), ("v", .integer(expected)), ("k", .integer(keypoints)),
        ]
        if let position { members.append(("p", .list((0..<3).map { .rounded(position[$0], 3) }))) }
        if let heading { members.append(("h", .rounded(heading, 4))) }
        if let ellipse { members.append(("e", ellipse.json)) }
        if let latency { members.append(("l", .rounded(latency, 2))) }
        if !gate.isEmpty { members.append(("g", .text(gate))) }
        if !reason.isEmpty { members.append(("r", .text(reason))) }
        if protectionLevel > 0 { members.append(("q", .rounded(protectionLevel, 3))) }
        if isVehicle { members.append(("b", .bool(true))) }
        return .object(members)
    }
}

extension RigidTransform {
    /// mapFromX of a published pose; nil of numbers that are none.
    init?(checking pose: Hfloc_V1_Pose) {
        let (p, q) = (pose.position, pose.orientation)
        let translation = Vector3(p.x, p.y, p.z)
        guard (0..<3).allSatisfy({ translation[$0].isFinite }),
            let rotation = Rotation(checkingW: q.w, x: q.x, y: q.y, z: q.z)
        else { return nil }
        self.init(rotation: rotation, translation: translation)
    }
}

extension String {
    /// A Swift case's name as the .proto files have it: "noCamera" becomes "NO_CAMERA".
    var upperSnake: String {
        reduce(into: "") { text, letter in
            if letter.isUppercase { text += "_" }
            text += letter.uppercased()
        }
    }
}
