import Geometry
import ReferenceMap
import Reporting

/// The map from above: landmarks, the drive, keyframes by their standing, loop closures.
struct MapPlan {
    private let map: ReferenceMap
    private let keyframes: [ReportedKeyframe]
    private let loops: [LoopClosure]
    private let frame: PlanFrame
    /// Landmarks and keyframes that are drawn at most: more are thinned out evenly.
    private static let (mostLandmarks, mostKeyframes) = (6000, 1500)

    init(_ map: ReferenceMap, _ keyframes: [ReportedKeyframe], _ loops: [LoopClosure]) {
        (self.map, self.keyframes, self.loops) = (map, keyframes, loops)
        frame = PlanFrame(map, keyframes)
    }

    var svg: String {
        let (width, height) = (Int(PlanFrame.width), Int(frame.height))
        return """
            <svg class="plot plan" viewBox="0 0 \(width) \(height)" role="img" aria-label="The map from above">
            \(landmarks)
            \(drive)
            \(arcs)
            \(dots)
            \(scaleBar)
            \(map.origin == nil ? "" : north)
            <rect class="frame" x=".5" y=".5" width="\(width - 1)" height="\(height - 1)"/>
            </svg>
            """
    }

    private func text(_ at: Vector2) -> String { "\(Markup.number(at.x)) \(Markup.number(at.y))" }

    private var landmarks: String {
        let step = max(1, map.landmarkCount / Self.mostLandmarks)
        let places = stride(from: 0, to: map.landmarkCount, by: step).map { frame.place(map.position(ofLandmark: $0)) }
        return "<path class=\"landmarks\" d=\"\(places.filter(frame.contains).map { "M\(text($0))h0" }.joined())\"/>"
    }

    /// Keyframes in their order, with a gap where the next one is far.
    private var drive: String {
        let steps = zip(keyframes, keyframes.dropFirst()).map { ($1.centre - $0.centre).length }
        let far = 8 * (Statistics(steps).median ?? 0)
        var path = ""
        for (index, keyframe) in keyframes.enumerated() {
            let isNear = index > 0 && steps[index - 1] <= far
            path += "\(isNear ? "L" : "M")\(text(frame.place(keyframe.centre)))"
        }
        return "<path class=\"drive\" d=\"\(path)\"/>"
    }

    private var arcs: String {
        loops.map { loop in
            let (a, b) = (frame.place(keyframes[loop.first].centre), frame.place(keyframes[loop.second].centre))
            let middle = (a + b) / 2
            let bulge = Vector2(b.y - a.y, a.x - b.x) * 0.4 + Vector2(0, -10)
            return """
                <path class="loop" d="M\(text(a))Q\(text(middle + bulge)) \(text(b))"><title>\
                \(Markup.escaped(keyframes[loop.first].name)) and \(Markup.escaped(keyframes[loop.second].name)): \
                \(loop.shared) landmarks</title></path>
                """
        }.joined(separator: "\n")
    }

    private var dots: String {
        let step = max(1, keyframes.count / Self.mostKeyframes)
        // What is wrong is drawn last, and never left out.
        let drawn = keyframes.filter { $0.number % step == 0 || $0.standing == .missing || $0.standing == .doubtful }
        let ordered = drawn.filter { $0.standing != .missing } + drawn.filter { $0.standing == .missing }
        return ordered.map { keyframe in
            let at = frame.place(keyframe.centre)
            let radius = keyframe.standing == .missing || keyframe.standing == .doubtful ? 4.5 : 2.6
            return """
                <circle class="\(keyframe.standing.rawValue)" cx="\(Markup.number(at.x))" cy="\(Markup.number(at.y))" \
                r="\(radius)"><title>\(Markup.escaped(keyframe.name))\
                \(keyframe.positionError.map { ": \($0.text(3)) m" } ?? "")</title></circle>
                """
        }.joined(separator: "\n")
    }

    private var scaleBar: String {
        let length = ReportFigures.round(PlanFrame.width / 5 / frame.scale)
        let (y, above) = (Markup.number(frame.height - 18), Markup.number(frame.height - 24))
        return """
            <path class="bar" d="M20 \(y)h\(Markup.number(length * frame.scale))"/>
            <text class="tick left" x="20" y="\(above)">\(ReportFigures.metres(length))</text>
            """
    }

    private var north: String {
        let x = PlanFrame.width - 28
        return """
            <path class="bar" d="M\(Markup.number(x)) 46V18l-5 9m5 -9l5 9"/>
            <text class="tick" x="\(Markup.number(x))" y="60">north</text>
            """
    }
}

/// From the map frame to the drawing: seen along what is up for the cameras, north up where that is known, else the
/// longer way across.
struct PlanFrame {
    static let width = 1000.0
    private static let heights = 260.0...760.0
    private static let margin = 40.0
    private let across: Vector3
    private let upwards: Vector3
    private let middle: Vector2
    let height: Double
    /// Pixels of the drawing for a metre.
    let scale: Double

    init(_ map: ReferenceMap, _ keyframes: [ReportedKeyframe]) {
        (across, upwards) = Self.axes(map, keyframes)
        let (x, y) = (across, upwards)
        let centres = keyframes.map { Vector2($0.centre.dot(x), $0.centre.dot(y)) }
        let step = max(1, map.landmarkCount / 4000)
        let points = stride(from: 0, to: map.landmarkCount, by: step).map { number in
            let point = map.position(ofLandmark: number)
            return Vector2(point.dot(x), point.dot(y))
        }
        let (left, right) = Self.range(centres.map(\.x), points.map(\.x))
        let (low, high) = Self.range(centres.map(\.y), points.map(\.y))
        middle = Vector2((left + right) / 2, (low + high) / 2)
        let wide = (Self.width - 2 * Self.margin) / max(right - left, 1e-6)
        let tall = (Self.heights.upperBound - 2 * Self.margin) / max(high - low, 1e-6)
        scale = min(wide, tall)
        height = max(Self.heights.lowerBound, ((high - low) * scale + 2 * Self.margin).rounded())
    }

    /// All cameras, and the landmarks but for the outer tenth at each side.
    private static func range(_ centres: [Double], _ points: [Double]) -> (Double, Double) {
        let outer = Statistics(points)
        let low = min(centres.min() ?? 0, outer.quantile(0.1) ?? .infinity)
        let high = max(centres.max() ?? 0, outer.quantile(0.9) ?? -.infinity)
        return (low, high)
    }

    private static func axes(_ map: ReferenceMap, _ keyframes: [ReportedKeyframe]) -> (Vector3, Vector3) {
        if map.origin != nil { return (Vector3(1, 0, 0), Vector3(0, 1, 0)) }
        let up = keyframes.reduce(Vector3.zero) { sum, keyframe in
            sum - map.cameraFromMap(ofKeyframe: keyframe.number).rotation.inverse * Vector3(0, 1, 0)
        }
        let normal = up.length > 1e-9 ? up.normalized : Vector3(0, 0, 1)
        let helper = abs(normal.x) < 0.9 ? Vector3(1, 0, 0) : Vector3(0, 1, 0)
        let x = (helper - normal * helper.dot(normal)).normalized
        let y = normal.cross(x)
        // The direction of the largest spread lies across.
        let mean = keyframes.reduce(Vector3.zero) { $0 + $1.centre } / Double(max(1, keyframes.count))
        var (xx, xy, yy) = (0.0, 0.0, 0.0)
        for keyframe in keyframes {
            let offset = keyframe.centre - mean
            let (a, b) = (offset.dot(x), offset.dot(y))
            (xx, xy, yy) = (xx + a * a, xy + a * b, yy + b * b)
        }
        let (sine, cosine) = sineAndCosine(arcTangent(2 * xy, xx - yy) / 2)
        return (x * cosine + y * sine, y * cosine - x * sine)
    }

    func place(_ point: Vector3) -> Vector2 {
        Vector2(
            Self.width / 2 + (point.dot(across) - middle.x) * scale,
            height / 2 - (point.dot(upwards) - middle.y) * scale)
    }

    func contains(_ place: Vector2) -> Bool {
        place.x > 0 && place.x < Self.width && place.y > 0 && place.y < height
    }
}
