internal import CKernels
package import Features
package import Geometry

/// A line across the whole picture, along a row or a column, at which most of what crosses it breaks off: what is
/// above and below, or left and right, may be of two pictures.
package struct PictureSeam: Equatable, Sendable {
    /// Along a row: it parts above from below. Else along a column.
    package var isAlongRow: Bool
    /// Where its second side begins: a row or a column.
    package var position: Double

    /// A seam; see the fields.
    package init(isAlongRow: Bool, position: Double) { (self.isAlongRow, self.position) = (isAlongRow, position) }

    /// The same in a copy of the picture that is so many times as large.
    package func scaled(by factor: Double) -> PictureSeam {
        PictureSeam(isAlongRow: isAlongRow, position: position * factor)
    }

    /// Whether a pixel is on the second side.
    package func isBehind(_ pixel: Vector2) -> Bool { (isAlongRow ? pixel.y : pixel.x) + 0.5 >= position }
}

/// Looks for seams. A torn frame has one, and so have a buffer that begins in the middle, a building's edge, and a box
/// of JPEG: a seam says where to look, and nothing by itself. Owns its memory.
package struct PictureSeams {
    /// Pixels that are looked at across a line.
    private static let samples = 128
    /// Rows and columns of a JPEG's boxes, at whose borders a poor one breaks off.
    private static let box = 8
    /// Share of them that must break off: an edge of the world seldom has so many, in one row or column to the pixel.
    private static let least = 0.12
    /// Seams along rows, and along columns, that are told: those of the most breaks.
    private static let most = 4
    /// Seams are told this far from each other, and from the border, pixels.
    private static let distance = 12

    /// Of the last picture.
    package private(set) var found: [PictureSeam] = []
    private var breaks: [Int] = []
    /// Breaks of each sample or column, and the samples of four rows.
    private var scratch: [UInt8]

    /// With memory for the seams of any picture: finding them allocates nothing.
    package init() {
        scratch = [UInt8](repeating: 0, count: max(5 * Self.samples, 4096))
        found.reserveCapacity(2 * Self.most)
        breaks.reserveCapacity(4096)
    }

    /// Cost: 128 pixels of each row and of each column.
    package mutating func find(in image: GreyImage) {
        found.removeAll(keepingCapacity: true)
        let (width, height) = (image.width, image.height)
        unsafe image.pixels.withUnsafeBufferPointer { unsafe countRows($0, width, height) }
        take(alongRows: true)
        unsafe image.pixels.withUnsafeBufferPointer { unsafe countColumns($0, width, height) }
        take(alongRows: false)
    }

    /// Counts, for each row but the outermost, the sampled pixels at which it differs from the one before by much more
    /// than the rows next to them differ from each other.
    private mutating func countRows(_ pixels: UnsafeBufferPointer<UInt8>, _ width: Int, _ height: Int) {
        beginCount(lines: height)
        guard height > 2 * Self.distance + 4 else { return }
        unsafe scratch.withUnsafeMutableBufferPointer { scratch in
            guard let counts = scratch.baseAddress else { return }
            /// A row's sampled pixels, side by side; those of the last four are kept.
            func sampled(_ row: Int) -> UnsafeMutablePointer<UInt8> { unsafe counts + (row % 4 + 1) * Self.samples }
            func sample(_ row: Int) {
                let place = unsafe sampled(row)
                for index in 0..<Self.samples {
                    unsafe place[index] = pixels[row * width + Self.place(index, of: width)]
                }
            }
            for row in 0..<3 { sample(row) }
            for row in 2..<height - 1 {
                sample(row + 1)
                unsafe counts.update(repeating: 0, count: Self.samples)
                unsafe hf_count_breaks(
                    sampled(row - 2), sampled(row - 1), sampled(row), sampled(row + 1), counts, Self.samples)
                for index in 0..<Self.samples { unsafe breaks[row] += Int(counts[index]) }
            }
        }
    }

    /// The same of columns.
    private mutating func countColumns(_ pixels: UnsafeBufferPointer<UInt8>, _ width: Int, _ height: Int) {
        beginCount(lines: width)
        guard width > 2 * Self.distance + 4, let first = pixels.baseAddress else { return }
        let missing = width - scratch.count
        if missing > 0 { scratch.append(contentsOf: repeatElement(0, count: missing)) }
        unsafe scratch.withUnsafeMutableBufferPointer { scratch in
            guard let counts = scratch.baseAddress else { return }
            unsafe counts.update(repeating: 0, count: width)
            for sample in 0..<Self.samples {
                let row = unsafe first + Self.place(sample, of: height) * width
                unsafe hf_count_breaks(row, row + 1, row + 2, row + 3, counts + 2, width - 3)
            }
            for column in 0..<width { unsafe breaks[column] = Int(counts[column]) }
        }
    }

    /// Where the samples across a line lie.
    private static func place(_ sample: Int, of across: Int) -> Int { (2 * sample + 1) * across / (2 * samples) }

    private mutating func beginCount(lines: Int) {
        breaks.removeAll(keepingCapacity: true)
        breaks.append(contentsOf: repeatElement(0, count: lines))
    }

    /// Forgets lines that break off no more than others of their kind, so that what is left is more than chance
    /// gives: of a noisy picture every line has some breaks, of a poor JPEG every eighth. What a kind has is five
    /// deviations of chance above its mean, or three of what its lines really have.
    private mutating func takeUsual(from lines: Range<Int>) {
        for kind in 0..<Self.box {
            let alike = stride(from: lines.lowerBound + kind, to: lines.upperBound, by: Self.box)
            var (count, sum, squares) = (0.0, 0.0, 0.0)
            for line in alike {
                let own = Double(breaks[line])
                (count, sum, squares) = (count + 1, sum + own, squares + own * own)
            }
            guard count > 0 else { continue }
            let mean = sum / count
            let spread = max(0, squares / count - mean * mean).squareRoot()
            let usual = Int(mean + max(5 * (mean + 1).squareRoot(), 3 * spread))
            for line in alike where breaks[line] <= usual { breaks[line] = 0 }
        }
    }

    private mutating func take(alongRows: Bool) {
        let lines = Self.distance..<max(Self.distance, breaks.count - Self.distance)
        takeUsual(from: lines)
        var least = Int(Self.least * Double(Self.samples))
        for rank in 0..<Self.most {
            guard let line = lines.max(by: { breaks[$0] < breaks[$1] }), breaks[line] > least else { return }
            if rank == 0 { least = max(least, breaks[line] / 2) }
            found.append(PictureSeam(isAlongRow: alongRows, position: Double(line)))
            let near = max(0, line - Self.distance)..<min(breaks.count, line + Self.distance + 1)
            for index in near { breaks[index] = 0 }
        }
    }
}
