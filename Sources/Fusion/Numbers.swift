internal import Geometry

/// What is written down so that another process goes on with the same bits: numbers one after another, in the order in
/// which ``NumberReader`` reads them.
extension Array where Element == Double {
    mutating func write(_ time: UInt64) {
        append(Double(time >> 32))
        append(Double(time & 0xFFFF_FFFF))
    }

    mutating func write(_ vector: Vector3) {
        append(vector.x)
        append(vector.y)
        append(vector.z)
    }

    mutating func write(_ twist: Twist) {
        write(twist.translation)
        write(twist.rotation)
    }

    mutating func write(_ transform: RigidTransform) {
        append(transform.rotation.w)
        write(transform.rotation.imaginary)
        write(transform.translation)
    }

    mutating func write(_ matrix: SymmetricMatrix6) {
        write(matrix.translation)
        write(matrix.cross)
        write(matrix.rotation)
    }

    private mutating func write(_ matrix: Matrix3) {
        write(matrix.column0)
        write(matrix.column1)
        write(matrix.column2)
    }
}

/// Reads them again; what is no such number makes ``isGood`` false.
struct NumberReader {
    private let numbers: [Double]
    private var next: Int
    private(set) var isGood = true

    init(_ numbers: [Double], from start: Int = 0) { (self.numbers, next) = (numbers, start) }

    mutating func number() -> Double {
        guard next < numbers.count, numbers[next].isFinite else {
            isGood = false
            return 0
        }
        next += 1
        return numbers[next - 1]
    }

    mutating func count() -> UInt32 {
        let number = number()
        guard let count = UInt32(exactly: number) else {
            isGood = false
            return 0
        }
        return count
    }

    mutating func time() -> UInt64 {
        let (upper, lower) = (count(), count())
        return UInt64(upper) << 32 | UInt64(lower)
    }

    mutating func vector() -> Vector3 { Vector3(number(), number(), number()) }

    mutating func twist() -> Twist { Twist(translation: vector(), rotation: vector()) }

    mutating func transform() -> RigidTransform {
        let (w, v) = (number(), vector())
        let translation = vector()
        guard let rotation = Rotation(exactlyW: w, x: v.x, y: v.y, z: v.z) else {
            isGood = false
            return .identity
        }
        return RigidTransform(rotation: rotation, translation: translation)
    }

    mutating func matrix() -> SymmetricMatrix6 {
        SymmetricMatrix6(translation: block(), cross: block(), rotation: block())
    }

    private mutating func block() -> Matrix3 { Matrix3(columns: vector(), vector(), vector()) }
}

extension OdometrySample {
    /// How many numbers ``write(into:)`` writes.
    package static let numberCount = 13

    /// Writes it down to the last bit. Allocates nothing where there is room.
    package func write(into numbers: inout [Double]) {
        numbers.write(time)
        numbers.write(odomFromBase)
        numbers.append(path)
        numbers.append(spread.translation)
        numbers.append(spread.rotation)
        numbers.append(Double(breaks))
    }

    /// As it was written down from `start` on; nil if the numbers are none of a sample.
    package init?(numbers: [Double], from start: Int) {
        var reader = NumberReader(numbers, from: start)
        self.init(&reader)
        guard reader.isGood, isPossible else { return nil }
    }

    /// Whether a vehicle on Earth can have come to this.
    var isPossible: Bool {
        let t = odomFromBase.translation
        return max(abs(t.x), abs(t.y), abs(t.z)) <= 1e8 && path >= 0 && path <= 1e12
            && spread.translation >= 0 && spread.rotation >= 0
    }

    init(_ reader: inout NumberReader) {
        self.init(time: reader.time(), odomFromBase: reader.transform(), path: reader.number())
        spread = (reader.number(), reader.number())
        breaks = reader.count()
    }
}

extension PoseFilter {
    /// How many numbers ``write(into:)`` writes.
    package static let numberCount = 67

    /// Writes it down to the last bit. Allocates nothing where there is room.
    package func write(into numbers: inout [Double]) {
        numbers.write(mapFromBase)
        odometry.write(into: &numbers)
        numbers.write(covariance)
        numbers.write(lastFix)
        numbers.append(pathOfLastFix)
        numbers.append(scale)
        numbers.append(turn)
        numbers.write(scaleCross)
        numbers.write(turnCross)
        numbers.append(lasting.scale)
        numbers.append(lasting.both)
        numbers.append(lasting.turn)
    }

    /// Whether fixes and odometry can have led to this.
    private var isPossible: Bool {
        let t = mapFromBase.translation
        return odometry.isPossible && max(abs(t.x), abs(t.y), abs(t.z)) <= 1e8 && abs(scale) <= Self.largestScale
            && abs(turn) <= Self.largestTurn && pathOfLastFix >= 0 && pathOfLastFix <= odometry.path
            && (0..<6).allSatisfy { covariance[$0, $0] >= 0 && covariance[$0, $0] <= 1e12 }
    }

    /// As it was written down; nil if the numbers are none of a filter.
    package init?(numbers: [Double]) {
        var reader = NumberReader(numbers)
        let pose = reader.transform()
        let odometry = OdometrySample(&reader)
        self.init(
            at: PoseFix(mapFromBase: pose, covariance: reader.matrix()), odometry, drift: DriftModel(drift: 0))
        lastFix = reader.time()
        (pathOfLastFix, scale, turn) = (reader.number(), reader.number(), reader.number())
        (scaleCross, turnCross) = (reader.twist(), reader.twist())
        lasting = Lasting(scale: reader.number(), both: reader.number(), turn: reader.number())
        guard reader.isGood, numbers.count == Self.numberCount, isPossible else { return nil }
    }
}
