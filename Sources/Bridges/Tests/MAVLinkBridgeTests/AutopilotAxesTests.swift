import Glibc
import MAVLinkBridge
import Testing

/// A quaternion (w, x, y, z) that turns by an angle (degrees) about an axis.
private func turn(_ degrees: Double, _ axis: SIMD3<Double>) -> SIMD4<Double> {
    let half = degrees * .pi / 360
    return SIMD4(cos(half), axis.x * sin(half), axis.y * sin(half), axis.z * sin(half))
}

private func rotate(_ q: SIMD4<Double>, _ v: SIMD3<Double>) -> SIMD3<Double> {
    let (w, u) = (q[0], SIMD3(q[1], q[2], q[3]))
    let t = cross(u, v) * 2
    return v + t * w + cross(u, t)
}

private func product(_ a: SIMD4<Double>, _ b: SIMD4<Double>) -> SIMD4<Double> {
    let (u, v) = (SIMD3(a[1], a[2], a[3]), SIMD3(b[1], b[2], b[3]))
    let imaginary: SIMD3<Double> = v * a[0] + u * b[0] + cross(u, v)
    let real: Double = a[0] * b[0] - (u * v).sum()
    return SIMD4(real, imaginary.x, imaginary.y, imaginary.z)
}

private func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
}

private func isNear(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Bool {
    let difference = a - b
    return (difference * difference).sum() < 1e-20
}

private let (east, north, up) = (SIMD3(1.0, 0, 0), SIMD3(0.0, 1, 0), SIMD3(0.0, 0, 1))

@Suite struct AutopilotAxesTests {
    @Test func `three east, five north and seven up is five north, three east and seven above`() {
        #expect(AutopilotAxes.ned(SIMD3(3, 5, 7)) == SIMD3(5, 3, -7))
    }

    @Test func `two forward, three left and four up is two forward, three to the left and four above`() {
        #expect(AutopilotAxes.frd(SIMD3(2, 3, 4)) == SIMD3(2, -3, -4))
    }

    /// What a pilot reads off: degrees of roll, pitch and yaw.
    private func check(_ attitude: SIMD4<Double>, roll: Double, pitch: Double, yaw: Double) {
        let angles = AutopilotAxes.angles(AutopilotAxes.nedFromFRD(attitude)) * (180 / .pi)
        #expect(abs(angles.x - roll) < 1e-9 && abs(angles.y - pitch) < 1e-9 && abs(angles.z - yaw) < 1e-9)
    }

    @Test func `a level vehicle's yaw is its heading from north, clockwise`() {
        check(turn(0, up), roll: 0, pitch: 0, yaw: 90)  // hfloc's zero looks east
        check(turn(90, up), roll: 0, pitch: 0, yaw: 0)  // north
        check(turn(180, up), roll: 0, pitch: 0, yaw: -90)  // west
        check(turn(60, up), roll: 0, pitch: 0, yaw: 30)
    }

    @Test func `nose up is positive pitch, right side down positive roll`() {
        // Facing east: its left is north. Nose up turns it about its right, which is south.
        check(turn(20, -north), roll: 0, pitch: 20, yaw: 90)
        // The right side goes down in a turn about forward, which is east.
        check(turn(20, east), roll: 20, pitch: 0, yaw: 90)
    }

    @Test func `every attitude turns every vector of the vehicle as before`() {
        let axes = [SIMD3(0.6, 0, 0.8), SIMD3(0.48, 0.6, -0.64), SIMD3(-1.0, 0, 0)]
        for (axis, degrees) in zip(axes, [37.0, 163, 301]) {
            let q = product(turn(degrees, axis), turn(50, up))
            for flu in [SIMD3(1.0, 0, 0), SIMD3(0.0, 1, 0), SIMD3(0.3, -2, 5)] {
                let expected = AutopilotAxes.ned(rotate(q, flu))
                let found = rotate(AutopilotAxes.nedFromFRD(q), AutopilotAxes.frd(flu))
                #expect(isNear(found, expected))
            }
        }
    }

    /// Element (row, column) is 10 row + column or the same mirrored: 12 is that of rows 1 and 2.
    private let numbered: [Double] = (0..<36).map { (index: Int) -> Double in
        let (row, column): (Int, Int) = (index / 6, index % 6)
        return Double(10 * min(row, column) + max(row, column))
    }

    private func triangle(_ element: (_ row: Int, _ column: Int) -> Double) -> [[Double]] {
        (0..<6).map { row in (row..<6).map { element(row, $0) } }
    }

    @Test func `a covariance in the map changes places and signs with its axes`() {
        let found = triangle { AutopilotAxes.ned(numbered, $0, $1) }
        // x and y change places; each down changes the sign, two of them do not.
        let expected: [[Double]] = [
            [11, 1, -12, 14, 13, -15],
            [0, -2, 4, 3, -5],
            [22, -24, -23, 25],
            [44, 34, -45],
            [33, -35],
            [55],
        ]
        #expect(found == expected)
    }

    @Test func `a covariance on the vehicle changes its signs`() {
        let found = triangle { AutopilotAxes.frd(numbered, $0, $1) }
        let expected: [[Double]] = [
            [0, -1, -2, 3, -4, -5],
            [11, 12, -13, 14, 15],
            [22, -23, 24, 25],
            [33, -34, -35],
            [44, 45],
            [55],
        ]
        #expect(found == expected)
    }
}
