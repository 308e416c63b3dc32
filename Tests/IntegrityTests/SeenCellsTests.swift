import Geometry
import Integrity
import Testing

@Suite("Where in the image a place is recognized")
struct SeenCellsTests {
    /// Eight cells by six.
    private let camera: Camera

    init() throws {
        camera = try Camera(model: .pinhole, parameters: [400, 400, 319.5, 239.5], width: 640, height: 480)
    }

    /// Ten landmarks a cell, and so many matches that agree.
    private func cells(expected: (Int, Int) -> Bool, agreeing: (Int, Int) -> Int) -> SeenCells {
        var seen = SeenCells(of: camera)
        for row in 0..<6 {
            for column in 0..<8 {
                let pixel = Vector2(80 * Double(column) + 40, 80 * Double(row) + 40)
                for _ in 0..<(expected(row, column) ? 10 : 7) { seen.expect(at: pixel) }
                for _ in 0..<agreeing(row, column) { seen.agree(at: pixel) }
            }
        }
        return seen
    }

    @Test("nothing expected is nothing missing")
    func empty() {
        let seen = SeenCells(of: camera)
        #expect(seen.share == 1 && seen.unseenSide == 0)
        let few = cells(expected: { _, _ in false }, agreeing: { _, _ in 0 })
        #expect(few.share == 1 && few.unseenSide == 0)
    }

    @Test("a side is unseen along rows and along columns, first and second", arguments: [true, false])
    func sides(isFirst: Bool) {
        let columns = cells(expected: { _, _ in true }, agreeing: { ($1 < 3) == isFirst ? 5 : 0 })
        let share = isFirst ? 3.0 / 8 : 5.0 / 8
        // A line that cuts off a little of what is seen, too, still has an unseen side.
        #expect(columns.share == share && (1 - share...1.13 - share).contains(columns.unseenSide))
        let rows = cells(expected: { _, _ in true }, agreeing: { row, _ in (row < 2) == isFirst ? 5 : 0 })
        let part = isFirst ? 2.0 / 6 : 4.0 / 6
        #expect(abs(rows.share - part) < 1e-12 && abs(rows.unseenSide - (1 - part)) < 0.17)
    }

    @Test("single matches agree by chance, and a few cells that agree do not make a side seen")
    func chance() {
        let single = cells(expected: { _, _ in true }, agreeing: { $1 < 4 ? 5 : 1 })
        #expect(single.share == 0.5 && (0.5...0.63).contains(single.unseenSide))
        let few = cells(expected: { _, _ in true }, agreeing: { $1 < 4 || ($0, $1) == (2, 6) ? 5 : 0 })
        #expect((0.5...0.63).contains(few.unseenSide))
    }

    @Test("what is recognized here and there is no side, however little it is")
    func scattered() {
        let seen = cells(expected: { _, _ in true }, agreeing: { ($0 + $1) % 3 == 0 ? 5 : 0 })
        #expect(seen.share < 0.4 && seen.unseenSide < 0.2)
    }

    @Test("where the map has nothing is no side; an image is forgotten")
    func mapEnds() {
        var seen = cells(expected: { $1 < 4 }, agreeing: { $1 < 4 ? 5 : 0 })
        #expect(seen.share == 1 && seen.unseenSide == 0)
        seen.clear()
        #expect(seen.share == 1 && seen.unseenSide == 0)
    }
}
