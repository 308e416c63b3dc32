/// The camera models that the project computes with, by COLMAP's names: the one list.
///
/// A model is a ``Formula`` with one focal length or two and the first so many of the formula's coefficients. To add
/// one of a formula that is here: a case and a row in this file (and out of ``ColmapCameraModel/others`` with it), a
/// camera in the tests' list (`Tests/GeometryFixtures/CameraSamples.swift`), its name in Formats.md. One with a new
/// formula has a file of its own besides, an implementation of `LensFormula`, and the compiler asks for the lines that
/// choose it below. What other programs call a formula is a row in `ForeignLens`
/// (Calibration/CameraCalibration/Formats).
public enum CameraModel: String, CaseIterable, Sendable {
    /// f, cx, cy.
    case simplePinhole = "SIMPLE_PINHOLE"
    /// fx, fy, cx, cy.
    case pinhole = "PINHOLE"
    /// f, cx, cy, k1.
    case simpleRadial = "SIMPLE_RADIAL"
    /// f, cx, cy, k1, k2.
    case radial = "RADIAL"
    /// fx, fy, cx, cy, k1, k2, p1, p2.
    case openCV = "OPENCV"
    /// fx, fy, cx, cy, k1, k2, p1, p2, k3, k4, k5, k6: OpenCV's eight coefficients.
    case fullOpenCV = "FULL_OPENCV"
    /// fx, fy, cx, cy, k1, k2, k3, k4.
    case openCVFisheye = "OPENCV_FISHEYE"
    /// f, cx, cy, k1.
    case simpleRadialFisheye = "SIMPLE_RADIAL_FISHEYE"
    /// f, cx, cy, k1, k2.
    case radialFisheye = "RADIAL_FISHEYE"
    /// f, cx, cy.
    case simpleFisheye = "SIMPLE_FISHEYE"
    /// fx, fy, cx, cy.
    case fisheye = "FISHEYE"

    private var row: Row {
        switch self {
        case .simplePinhole: Row(colmap: 0, .radialTangential, focalLengths: 1, coefficients: 0)
        case .pinhole: Row(colmap: 1, .radialTangential, focalLengths: 2, coefficients: 0)
        case .simpleRadial: Row(colmap: 2, .radialTangential, focalLengths: 1, coefficients: 1)
        case .radial: Row(colmap: 3, .radialTangential, focalLengths: 1, coefficients: 2)
        case .openCV: Row(colmap: 4, .radialTangential, focalLengths: 2, coefficients: 4)
        case .fullOpenCV: Row(colmap: 6, .radialTangential, focalLengths: 2, coefficients: 8)
        case .openCVFisheye: Row(colmap: 5, .kannalaBrandt, focalLengths: 2, coefficients: 4)
        case .simpleRadialFisheye: Row(colmap: 8, .kannalaBrandt, focalLengths: 1, coefficients: 1)
        case .radialFisheye: Row(colmap: 9, .kannalaBrandt, focalLengths: 1, coefficients: 2)
        case .simpleFisheye: Row(colmap: 14, .kannalaBrandt, focalLengths: 1, coefficients: 0)
        case .fisheye: Row(colmap: 15, .kannalaBrandt, focalLengths: 2, coefficients: 0)
        }
    }

    /// How a lens maps rays to the image plane: what several models share, differing in which coefficients they have.
    public enum Formula: Equatable, Sendable, CaseIterable {
        /// OpenCV's rational model with tangential terms, on the plane z = 1; without coefficients a pinhole.
        case radialTangential
        /// Kannala and Brandt's polynomial in the angle from the axis: fisheyes.
        case kannalaBrandt

        /// The model with two focal lengths and all of the coefficients.
        public var general: CameraModel {
            switch self {
            case .radialTangential: .fullOpenCV
            case .kannalaBrandt: .openCVFisheye
            }
        }

        /// What it is called in messages, as `Kannala-Brandt fisheye`.
        public var title: String { implementation.title }

        /// Off the frame's way only: a call through it is not inlined.
        var implementation: any LensFormula.Type {
            switch self {
            case .radialTangential: RadialTangential.self
            case .kannalaBrandt: KannalaBrandt.self
            }
        }
    }
}

extension ColmapCameraModel {
    /// COLMAP's models that the project does not compute with (COLMAP 4, `sensor/models.h`). It must know their numbers
    /// of parameters all the same, to read the files that hold them.
    static let others = [
        Self(id: 7, name: "FOV", parameterCount: 5),
        Self(id: 10, name: "THIN_PRISM_FISHEYE", parameterCount: 12),
        Self(id: 11, name: "RAD_TAN_THIN_PRISM_FISHEYE", parameterCount: 16),
        Self(id: 12, name: "SIMPLE_DIVISION", parameterCount: 4),
        Self(id: 13, name: "DIVISION", parameterCount: 5),
        Self(id: 16, name: "EUCM", parameterCount: 6),
        Self(id: 17, name: "EQUIRECTANGULAR", parameterCount: 2),
    ]
}

// MARK: Where a formula is chosen: once for each operation, concretely, for a frame projects thousands of points.

extension Camera {
    /// The pixel of a point in the camera frame (any positive unit).
    ///
    /// Nil when the point is behind the camera (for a fisheye: beyond its angle), or beyond the ray where the lens's
    /// formula stops being one to one. The pixel may lie outside of the image. No allocation.
    public func project(_ point: Vector3) -> Vector2? {
        switch lens.formula {
        case .radialTangential: RadialTangential.project(self, point)
        case .kannalaBrandt: KannalaBrandt.project(self, point)
        }
    }

    /// ``projectWithGradients(_:)``, inlined into the solvers.
    @inline(__always)
    func projectionWithGradients(_ point: Vector3) -> Projection? {
        switch lens.formula {
        case .radialTangential: RadialTangential.projectWithGradients(self, point)
        case .kannalaBrandt: KannalaBrandt.projectWithGradients(self, point)
        }
    }

    /// ``projectWithAllGradients(_:)``, inlined into the solvers.
    @inline(__always)
    func fullProjection(_ point: Vector3) -> FullProjection? {
        switch lens.formula {
        case .radialTangential: RadialTangential.projectWithAllGradients(self, point)
        case .kannalaBrandt: KannalaBrandt.projectWithAllGradients(self, point)
        }
    }

    /// Derivatives of ``project(_:)`` by the camera's parameters: pixels per unit of each parameter.
    ///
    /// For a point that ``project(_:)`` sees; of any other the result means nothing. Defined also where the
    /// coefficients are zero, so that a calibration can start from a camera without distortion. No allocation.
    public func parameterGradients(_ point: Vector3) -> ParameterGradients {
        switch lens.formula {
        case .radialTangential: gradients(RadialTangential.bend(self, point))
        case .kannalaBrandt: gradients(KannalaBrandt.bend(self, point))
        }
    }

    /// The unit vector in the camera frame that is seen at a pixel.
    ///
    /// Distortion is undone by Newton iterations to 1e-12 of the focal length; nil when they do not converge or the
    /// pixel is not the image of any ray (beyond the range where the distortion is one to one). No allocation.
    public func bearing(of pixel: Vector2) -> Vector3? {
        let target = (pixel - principalPoint) / focalLength
        guard target.isFinite else { return nil }
        return switch lens.formula {
        case .radialTangential: RadialTangential.bearing(lens, target)
        case .kannalaBrandt: KannalaBrandt.bearing(lens, target)
        }
    }
}

// MARK: What follows from a row

extension CameraModel {
    private struct Row {
        /// COLMAP's number in its binary files and in the map file.
        let colmap: Int32
        let formula: Formula
        let focalLengths: Int
        let coefficients: Int

        init(colmap: Int32, _ formula: Formula, focalLengths: Int, coefficients: Int) {
            (self.colmap, self.formula) = (colmap, formula)
            (self.focalLengths, self.coefficients) = (focalLengths, coefficients)
        }
    }

    /// The formula that it is a special case of.
    public var formula: Formula { row.formula }

    /// How many of the formula's coefficients it has: the first ones, the others are zero.
    public var coefficientCount: Int { row.coefficients }

    /// Whether one focal length holds for both axes.
    public var hasSingleFocalLength: Bool { row.focalLengths == 1 }

    /// Number of parameters: focal lengths, principal point, coefficients.
    public var parameterCount: Int { row.focalLengths + 2 + row.coefficients }

    /// Names of the parameters, in COLMAP's order, as `fx, fy, cx, cy, k1`.
    public var parameterNames: [String] {
        (hasSingleFocalLength ? ["f"] : ["fx", "fy"]) + ["cx", "cy"]
            + formula.implementation.coefficientNames.prefix(coefficientCount)
    }

    /// The model's number in COLMAP's binary files and in the map file.
    public var colmapID: Int32 { row.colmap }

    /// The model with COLMAP's number `id`, or nil when the project does not compute with it.
    public init?(colmapID id: Int32) {
        guard let model = Self.allCases.first(where: { $0.colmapID == id }) else { return nil }
        self = model
    }

    /// The model of a formula with two focal lengths and as many coefficients as needed, or the next more; the general
    /// one when no model has so many. Of fisheyes never the one without coefficients, which COLMAP knows only since
    /// version 4.
    public init(_ formula: Formula, coefficients: Int) {
        let coefficients = formula == .kannalaBrandt ? max(1, coefficients) : coefficients
        let fitting = Self.allCases.filter {
            $0.formula == formula && !$0.hasSingleFocalLength && $0.coefficientCount >= coefficients
        }
        self = fitting.min { $0.coefficientCount < $1.coefficientCount } ?? formula.general
    }

    /// The least general model with two focal lengths that holds this one.
    public var withTwoFocalLengths: CameraModel {
        hasSingleFocalLength ? CameraModel(formula, coefficients: coefficientCount) : self
    }
}

/// A camera model as COLMAP's files name it, whether the project computes with it or not.
public struct ColmapCameraModel: Sendable {
    /// COLMAP's number, in its binary files.
    public let id: Int32
    /// COLMAP's name, in its text files, as `PINHOLE`.
    public let name: String
    /// Number of parameters that a camera of it has in the files.
    public let parameterCount: Int

    private static let all =
        CameraModel.allCases.map { Self(id: $0.colmapID, name: $0.rawValue, parameterCount: $0.parameterCount) }
        + others

    private init(id: Int32, name: String, parameterCount: Int) {
        (self.id, self.name, self.parameterCount) = (id, name, parameterCount)
    }

    /// The model with a name, or nil when COLMAP has none such.
    public init?(name: String) {
        guard let found = Self.all.first(where: { $0.name == name }) else { return nil }
        self = found
    }

    /// The model with a number, or nil when COLMAP has none such.
    public init?(id: Int32) {
        guard let found = Self.all.first(where: { $0.id == id }) else { return nil }
        self = found
    }
}
