package import Geometry
package import Localizer
internal import Reporting

/// How `hfloc localize` prints a pose.
package enum PoseFormat: String, CaseIterable, Sendable {
    /// For people.
    case text
    /// One object a line.
    case json
    /// `STAMP TX TY TZ QX QY QZ QW` of mapFromCamera, stamps from the file names where they are numbers, else seconds
    /// at --rate.
    case tum
    /// `NAME QW QX QY QZ TX TY TZ` of cameraFromMap: submission to the long-term visual localization benchmark. Lost
    /// images are left out.
    case benchmark
    /// Features of one GeoJSON document: the camera on the Earth, in a map that has an origin.
    case geojson

    /// A line for one image, or nil if this format says nothing of a lost image.
    ///
    /// - Parameters:
    ///   - name: of the image, as it was given.
    ///   - result: what was found in the image.
    ///   - stamp: seconds, where the format wants some and the name has none.
    ///   - keepsFolder: whether the last folder stays in the names of the benchmark.
    ///   - origin: of the map on the Earth, which only GeoJSON asks for.
    package func line(
        _ name: String, _ result: Localization, stamp: Double, keepsFolder: Bool, origin: GeodeticPosition? = nil
    ) -> String? {
        switch self {
        case .geojson: featureLine(name, result, origin.map(LocalFrame.init(origin:)))
        case .text: textLine(name, result)
        case .json: jsonLine(name, result)
        case .tum: result.cameraFromMap.map { tumLine($0, stamp: Self.stamp(in: name) ?? stamp) }
        case .benchmark: result.cameraFromMap.map { benchmarkLine(name, $0, keepsFolder) }
        }
    }

    /// What is written of all lines: those of a document are its parts.
    package func document(_ lines: [String]) -> String {
        self == .geojson ? GeoJSON.collection(lines) + "\n" : lines.map { $0 + "\n" }.joined()
    }

    /// Whether the lines are nothing by themselves.
    package var isDocument: Bool { self == .geojson }

    private func featureLine(_ name: String, _ result: Localization, _ frame: LocalFrame?) -> String {
        var properties = [("name", JSONText.string(name)), ("state", JSONText.string("\(result.state)"))]
        guard let frame, let pose = result.cameraFromMap else {
            properties.append(("failed_gate", JSONText.string("\(result.failedGate)")))
            return GeoJSON.point(nil, properties: properties)
        }
        let position = frame.position(pose.originInSource)
        let axes = frame.axes(at: position)
        let view = axes * (pose.rotation.inverse * Vector3(0, 0, 1))
        let covariance = axes * result.covariance.translation * axes.transpose
        let heading = arcTangent(view.x, view.y) * 180 / .pi
        properties += [
            ("heading_deg", JSONText.number(heading < 0 ? heading + 360 : heading)),
            ("sigma_east_north_up_m", JSONText.array((0..<3).map { JSONText.number(covariance[$0, $0].squareRoot()) })),
            ("inliers", "\(result.inliers)"),
        ]
        return GeoJSON.point([position.longitude, position.latitude, position.height], properties: properties)
    }

    private func textLine(_ name: String, _ result: Localization) -> String {
        let evidence =
            """
            \(result.inliers) inliers of \(result.matches) matches, \
            \((Double(result.latencies.total) * 1e-6).text(1)) ms
            """
        guard let pose = result.cameraFromMap else { return "\(name): lost (gate \(result.failedGate); \(evidence))" }
        let position = pose.originInSource
        let deviation = result.covariance
        let sigma = (0..<3).map { deviation[$0, $0].squareRoot() }.max() ?? 0
        return "\(name): position \(position.x.text(3)) \(position.y.text(3)) \(position.z.text(3)) m, "
            + "sigma \(sigma.text(3)) m (\(evidence))"
    }

    private func jsonLine(_ name: String, _ result: Localization) -> String {
        var members = [("name", JSONText.string(name)), ("state", JSONText.string("\(result.state)"))]
        if let pose = result.cameraFromMap {
            let inverse = pose.inverse
            members.append(("position", Self.array(inverse.translation)))
            members.append(("orientation_wxyz", Self.array(inverse.rotation)))
            members.append(("camera_from_map_wxyz", Self.array(pose.rotation)))
            members.append(("camera_from_map_translation", Self.array(pose.translation)))
            let covariance = result.covariance
            let values = (0..<6).flatMap { row in (0..<6).map { JSONText.number(covariance[row, $0]) } }
            members.append(("covariance", JSONText.array(values)))
        }
        members += [
            ("source", JSONText.string("\(result.source)")), ("failed_gate", JSONText.string("\(result.failedGate)")),
            ("keypoints", "\(result.keypoints)"), ("matches", "\(result.matches)"), ("inliers", "\(result.inliers)"),
            ("landmarks_in_view", "\(result.landmarksInView)"),
            ("spread", JSONText.number(result.spread)), ("purity", JSONText.number(result.purity)),
            ("rival_share", JSONText.number(result.rivalShare)), ("beyond", JSONText.number(result.beyond)),
            ("calibration_chi_square", JSONText.number(result.calibrationChiSquare)),
            ("protection_level_m", JSONText.number(result.protectionLevel.position)),
            ("protection_level_rad", JSONText.number(result.protectionLevel.rotation)),
            ("reprojection_rms_px", JSONText.number(result.reprojectionRMS)),
            ("latency_ms", JSONText.number(Double(result.latencies.total) * 1e-6)),
        ]
        return JSONText.object(members)
    }

    private func tumLine(_ pose: RigidTransform, stamp: Double) -> String {
        let inverse = pose.inverse
        let (t, q) = (inverse.translation, inverse.rotation)
        return "\(stamp.text(6)) \(t.x) \(t.y) \(t.z) \(q.imaginary.x) \(q.imaginary.y) \(q.imaginary.z) \(q.w)"
    }

    private func benchmarkLine(_ name: String, _ pose: RigidTransform, _ keepsFolder: Bool) -> String {
        let (t, q) = (pose.translation, pose.rotation)
        let submitted = name.split(separator: "/").suffix(keepsFolder ? 2 : 1).joined(separator: "/")
        return "\(submitted) \(q.w) \(q.imaginary.x) \(q.imaginary.y) \(q.imaginary.z) \(t.x) \(t.y) \(t.z)"
    }

    /// The name's last component without its suffix, as seconds.
    private static func stamp(in name: String) -> Double? {
        guard let base = name.split(separator: "/").last else { return nil }
        let stem = base.lastIndex(of: ".").map { base[..<$0] } ?? base
        return stem.contains(".") ? Double(String(stem)) : nil
    }

    private static func array(_ vector: Vector3) -> String {
        JSONText.array([vector.x, vector.y, vector.z].map { JSONText.number($0) })
    }

    private static func array(_ rotation: Rotation) -> String {
        JSONText.array(
            [rotation.w, rotation.imaginary.x, rotation.imaginary.y, rotation.imaginary.z].map { JSONText.number($0) })
    }
}
