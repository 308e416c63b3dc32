/// A covariance of six states as MAVLink has it: the upper right triangle, row by row.
public struct UpperTriangle: Equatable, Sendable {
    /// Always 21 values. The first is NaN if the covariance is not known.
    public let values: [Float]

    /// The triangle of a matrix whose element at a row and column is known.
    public init(_ element: (_ row: Int, _ column: Int) -> Double) {
        values = (0..<6).flatMap { row in (row..<6).map { Float(element(row, $0)) } }
    }

    /// Nothing is known.
    public static let unknown = UpperTriangle { row, column in row == 0 && column == 0 ? .nan : 0 }

    init(from payload: inout PayloadReader) { values = payload.floats(21) }

    func write(to payload: inout PayloadWriter) { payload.floats(values) }
}
