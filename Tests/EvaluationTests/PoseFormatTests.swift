import Container
import Evaluation
import Geometry
import Localizer
import Testing

@Suite("Poses as `hfloc localize` prints them")
struct PoseFormatTests {
    /// A camera at (1, 2, 3), turned by 90 degrees about the map's z axis.
    private func found() -> Localization {
        var result = Localization()
        (result.state, result.source) = (.degraded, .cachedPlace)
        let rotation = Rotation(w: 1, x: 0, y: 0, z: 1)
        result.cameraFromMap = RigidTransform(rotation: rotation, translation: -(rotation * Vector3(1, 2, 3)))
        result.covariance = SymmetricMatrix6(
            translation: Matrix3(diagonal: Vector3(0, 0.0004, 0)), cross: .zero,
            rotation: Matrix3(diagonal: Vector3(0, 9, 0)))
        (result.keypoints, result.matches, result.inliers, result.landmarksInView) = (500, 60, 40, 100)
        result.latencies.total = 12_345_678
        return result
    }

    private func lost() -> Localization {
        var result = Localization()
        (result.failedGate, result.matches, result.inliers) = (.spread, 6, 4)
        return result
    }

    private func line(_ format: PoseFormat, _ name: String, _ result: Localization, keepsFolder: Bool = false)
        -> String?
    {
        format.line(name, result, stamp: 0.5, keepsFolder: keepsFolder)
    }

    @Test("text: the position and its largest standard deviation, or the gate; and the evidence")
    func text() {
        #expect(
            line(.text, "a/b.jpg", found())
                == "a/b.jpg: position 1.000 2.000 3.000 m, sigma 0.020 m (40 inliers of 60 matches, 12.3 ms)")
        #expect(line(.text, "b.jpg", lost()) == "b.jpg: lost (gate spread; 4 inliers of 6 matches, 0.0 ms)")
    }

    @Test("a covariance that is no number has a sigma that is none")
    func noNumber() {
        var result = found()
        result.covariance.translation = Matrix3(diagonal: Vector3(.nan, 0, 0))
        #expect(line(.text, "b.jpg", result)?.contains("sigma nan m") == true)
        #expect(line(.json, "b.jpg", result)?.contains("\"covariance\": [null, 0.0,") == true)
    }

    @Test("json: both directions of the pose, the covariance row by row, and null for what is not finite")
    func json() throws {
        let json = try JSON(parsing: line(.json, "b \"1\".jpg", found()) ?? "")
        #expect(json["name"]?.string == "b \"1\".jpg" && json["state"]?.string == "degraded")
        #expect(json["source"]?.string == "cachedPlace" && json["failed_gate"]?.string == "none")
        let position = json["position"]?.array?.compactMap(\.double) ?? []
        #expect(zip(position, [1, 2, 3]).allSatisfy { abs($0 - $1) < 1e-12 } && position.count == 3)
        let (there, back) = (json["camera_from_map_wxyz"]?.array, json["orientation_wxyz"]?.array)
        #expect(there?.count == 4 && there?.first == back?.first)
        #expect(there?.last?.double == back?.last?.double.map { -$0 })
        #expect(json["covariance"]?.array?.count == 36 && json["covariance"]?.array?[7].double == 0.0004)
        #expect(json["latency_ms"]?.double == 12.345678 && json["landmarks_in_view"]?.int == 100)
    }

    @Test("geojson: a document of points on the Earth, and of images that are nowhere")
    func geojson() throws {
        let origin = GeodeticPosition(latitude: 52, longitude: 11, height: 80)
        let lines = [("a.jpg", found()), ("b.jpg", lost())].compactMap { name, result in
            PoseFormat.geojson.line(name, result, stamp: 0, keepsFolder: false, origin: origin)
        }
        let json = try JSON(parsing: PoseFormat.geojson.document(lines))
        let features = json["features"]?.array ?? []
        #expect(json["type"]?.string == "FeatureCollection" && features.count == 2)
        let place = features[0]["geometry"]?["coordinates"]?.array?.compactMap(\.double) ?? []
        #expect(place.count == 3)
        let position = GeodeticPosition(latitude: place[1], longitude: place[0], height: place[2])
        #expect((LocalFrame(origin: origin).point(position) - Vector3(1, 2, 3)).length < 1e-8)
        let properties = try #require(features[0]["properties"])
        // It looks up.
        #expect(properties["name"]?.string == "a.jpg" && properties["state"]?.string == "degraded")
        let sigmas = properties["sigma_east_north_up_m"]?.array?.compactMap(\.double) ?? []
        #expect(sigmas.count == 3 && abs(sigmas[1] - 0.02) < 1e-6)
        #expect(features[1]["geometry"] == .null && features[1]["properties"]?["failed_gate"]?.string == "spread")
    }

    @Test("json of a lost image has the evidence, and no pose")
    func lostJSON() throws {
        var result = lost()
        result.reprojectionRMS = .infinity
        let json = try JSON(parsing: line(.json, "b.jpg", result) ?? "")
        #expect(json["state"]?.string == "lost" && json["position"] == nil && json["covariance"] == nil)
        #expect(json["failed_gate"]?.string == "spread" && json["reprojection_rms_px"] == .null)
    }

    @Test(
        "tum: map from camera, scalar last, the stamp of a name that is a number with a point",
        arguments: [
            ("a/1403636579.763556.png", "1403636579.763556"), ("17.png", "0.500000"), ("a.b.jpg", "0.500000"),
            ("12.5", "0.500000"), ("", "0.500000"), ("1.5/x", "0.500000"), ("-1.25.jpg", "-1.250000"),
        ])
    func tum(name: String, stamp: String) throws {
        let words = try #require(line(.tum, name, found())).split(separator: " ")
        #expect(words.count == 8 && words[0] == stamp)
        let numbers = words.dropFirst().compactMap { Double($0) }
        let half = 0.5.squareRoot()
        #expect(zip(numbers, [1, 2, 3, 0, 0, -half, half]).allSatisfy { abs($0 - $1) < 1e-12 })
    }

    @Test("benchmark: camera from map, scalar first, the name without its folders but the last if wanted")
    func benchmark() throws {
        let words = try #require(line(.benchmark, "a/rear/1.jpg", found())).split(separator: " ")
        #expect(words[0] == "1.jpg" && words.count == 8)
        let half = 0.5.squareRoot()
        let numbers = words.dropFirst().compactMap { Double($0) }
        #expect(zip(numbers, [half, 0, 0, half, 2, -1, -3]).allSatisfy { abs($0 - $1) < 1e-12 })
        #expect(line(.benchmark, "a/rear/1.jpg", found(), keepsFolder: true)?.hasPrefix("rear/1.jpg ") == true)
        #expect(line(.benchmark, "1.jpg", found(), keepsFolder: true)?.hasPrefix("1.jpg ") == true)
    }

    @Test("of a lost image, tum and benchmark say nothing", arguments: [PoseFormat.tum, .benchmark])
    func nothing(format: PoseFormat) {
        #expect(line(format, "b.jpg", lost()) == nil)
    }
}
