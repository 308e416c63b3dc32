internal import Geometry

/// What another program calls a formula, and how many of its coefficients its files hold.
struct ForeignLens {
    /// In the format's field for the model; OpenCV's is the number of its place in the table.
    let name: String
    let formula: CameraModel.Formula
    /// How many coefficients a file may give.
    let counts: [Int]
    /// How many are written: the first number that is enough.
    let written: [Int]
    /// A second name that is read.
    let alias: String?

    /// ``counts`` in words, as `0 or 4`.
    var counted: String { counts.map { "\($0)" }.joined(separator: " or ") }

    private init(
        _ name: String, _ formula: CameraModel.Formula, _ counts: [Int], written: [Int]? = nil, alias: String? = nil
    ) {
        (self.name, self.formula, self.alias) = (name, formula, alias)
        (self.counts, self.written) = (counts, written ?? counts)
    }

    /// The one table. hfloc's and COLMAP's files have the models' own names.
    static func table(_ format: CameraFormat) -> [ForeignLens] {
        switch format {
        case .hfloc, .colmap: []
        case .ros:
            [
                Self("plumb_bob", .radialTangential, [0, 4, 5], written: [5]),
                Self("rational_polynomial", .radialTangential, [8]),
                Self("equidistant", .kannalaBrandt, [4], alias: "fisheye"),
            ]
        case .opencv:
            [
                Self("0", .radialTangential, [0, 4, 5, 8], written: [4, 5, 8]),
                Self("1", .kannalaBrandt, [4]),
            ]
        case .kalibr:
            [
                Self("radtan", .radialTangential, [4]), Self("equidistant", .kannalaBrandt, [4]),
                Self("none", .radialTangential, [0]),
            ]
        case .mrcal:
            [
                Self("LENSMODEL_OPENCV4", .radialTangential, [4]), Self("LENSMODEL_OPENCV5", .radialTangential, [5]),
                Self("LENSMODEL_OPENCV8", .radialTangential, [8]), Self("LENSMODEL_PINHOLE", .radialTangential, [0]),
            ]
        }
    }

    /// The names that a format's field for the model may have.
    static func names(_ format: CameraFormat) -> [String] { table(format).map(\.name) }

    /// What a format means by a name; nil when it is none of ``names(_:)`` and no alias.
    init?(_ format: CameraFormat, named name: String) {
        guard let row = Self.table(format).first(where: { $0.name == name || $0.alias == name }) else { return nil }
        self = row
    }

    /// How a format writes a camera's lens: its name for the formula, and as many coefficients as it wants.
    static func written(
        _ camera: Camera, as format: CameraFormat
    ) throws(CameraFormatError) -> (name: String, lens: LensCoefficients) {
        let lens = LensCoefficients(camera)
        let choices = choices(format, lens.formula)
        guard let (name, count) = choices.first(where: { $0.count >= lens.values.count }) else {
            throw CameraFormatError(format: format, model: camera.model, reason: reason(format, lens.formula))
        }
        return (name, lens.padded(to: count))
    }

    /// The names and numbers of coefficients with which a format may write a formula, the fewest first.
    private static func choices(
        _ format: CameraFormat, _ formula: CameraModel.Formula
    ) -> [(name: String, count: Int)] {
        table(format).filter { $0.formula == formula }
            .flatMap { row in row.written.map { (row.name, $0) } }.sorted { $0.count < $1.count }
    }

    /// Why a format cannot write a camera of a formula, and which models it could.
    private static func reason(_ format: CameraFormat, _ formula: CameraModel.Formula) -> String {
        let models = CameraModel.Formula.allCases.compactMap { formula in
            let most = choices(format, formula).last?.count ?? -1
            return LensModel.allCases.last { $0.cameraModel.formula == formula && $0.parameterCount - 4 <= most }
        }
        let cure = "solve with --model \(models.map(\.rawValue).joined(separator: " or "))"
        guard let (name, count) = choices(format, formula).last else {
            return "\(format.rawValue) has no \(formula.title); \(cure), or use another format"
        }
        let words = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight"]
        return "its \(name) has \(words[count]) coefficients; \(cure)"
    }
}
