import CameraCalibration
import Configuration
import Geometry
import GeometryFixtures
import Testing

/// One camera of every model, with numbers that no decimal text of few digits holds.
private let cameras: [Camera] = CameraSamples.all.compactMap { camera in
    try? Camera(
        model: camera.model, parameters: camera.parameters.map { $0 / 1.000_003 }, width: 641, height: 479)
}

private func radtan5() throws -> Camera {
    let parameters = [500.1, 501.2, 320.3, 240.4, -0.3, 0.1, 1e-3, -1e-3, -0.02, 0, 0, 0]
    return try Camera(model: .fullOpenCV, parameters: parameters, width: 640, height: 480)
}

private func read(_ text: String, _ options: CameraImportOptions = .init()) throws -> CalibratedCamera {
    try CalibratedCamera(parsing: Array(text.utf8), path: "FILE", options: options)
}

@Suite("Camera formats")
struct CameraFormatTests {
    @Test("Every camera comes back from every format with the same pixels", arguments: CameraFormat.allCases)
    func roundTrip(format: CameraFormat) throws {
        let all = try cameras + [radtan5()]
        #expect(all.count == CameraModel.allCases.count + 1)
        for camera in all {
            let text: String
            do throws(CameraFormatError) { text = try format.text(of: CalibratedCamera(camera: camera)) } catch {
                #expect(format != .hfloc && format != .colmap)
                #expect(camera.model.formula != .radialTangential || format == .kalibr && camera.model == .fullOpenCV)
                #expect(camera.model.formula != .kannalaBrandt || format == .mrcal)
                #expect(error.description.contains(camera.model.rawValue))
                continue
            }
            let back = try read(text).camera
            #expect((back.width, back.height) == (camera.width, camera.height))
            for point in [Vector3(0.1, -0.2, 1), Vector3(-0.4, 0.3, 1), Vector3(0.5, 0.35, 1), Vector3(0, 0, 2)] {
                let (a, b) = (try #require(camera.project(point)), try #require(back.project(point)))
                // COLMAP's half pixel costs a rounding.
                #expect((a - b).length <= (format == .colmap ? 1e-12 : 0), "\(camera.model)")
            }
        }
    }

    @Test("hfloc's file keeps everything")
    func record() throws {
        var record = CalibrationRecord()
        record.standardDeviations = [0.1 / 3, 0.2, 0.3, 0]
        let variances = [1e-5 / 3, 2, 3, 0]
        record.covariance = (0..<4).map { row in (0..<4).map { $0 == row ? variances[row] : 0 } }
        (record.rms, record.projectionUncertainty, record.heldOutError) = (0.1953, 1.0 / 3, 0.2)
        (record.views, record.corners, record.rejectedCorners) = (13, 702, 0)
        record.board = "charuco:8x8:25.4mm:19.05mm:DICT_4X4_1000:legacy"
        record.boardWarp = [-1.7e-4, 3e-5]
        (record.date, record.program, record.device) = (
            "2026-11-22T18:00:00Z", "hfloc-calibrate 0.1.0", "USB: \"Cam\" \\ #1"
        )
        record.controls = [.init(name: "focus_absolute", value: -3)]
        record.images = [
            .init(name: "a: \u{e4}\n\"b\".jpg", hash: String(repeating: "0123456789abcdef", count: 4)),
            .init(name: "true", hash: String(repeating: "0", count: 64)),
        ]
        let camera = try #require(cameras.first { $0.model == .pinhole })
        let calibrated = CalibratedCamera(camera: camera, record: record)
        #expect(try read(try CameraFormat.hfloc.text(of: calibrated)) == calibrated)
    }

    @Test("mrcal has no fisheye, and the message says what to do")
    func mrcalFisheye() throws {
        let camera = try #require(cameras.first { $0.model == .openCVFisheye })
        let error = #expect(throws: CameraFormatError.self) { try CameraFormat.mrcal.text(of: .init(camera: camera)) }
        #expect(
            error?.reason == "mrcal has no Kannala-Brandt fisheye; solve with --model radtan8, or use another format")
    }

    @Test("Kalibr has four coefficients, and the message says what to do")
    func kalibrRational() throws {
        let error = #expect(throws: CameraFormatError.self) {
            try CameraFormat.kalibr.text(of: .init(camera: try radtan5()))
        }
        #expect(error?.reason == "its radtan has four coefficients; solve with --model radtan4 or fisheye")
    }

    @Test("COLMAP's principal point lies half a pixel further")
    func colmap() throws {
        let camera = try Camera(
            model: .pinhole, parameters: [500, 501, 319.5, 239.5], width: 640, height: 480)
        let text = try CameraFormat.colmap.text(of: .init(camera: camera))
        #expect(text.contains("1 PINHOLE 640 480 500.0 501.0 320.0 240.0"))
    }

    @Test("Files of the other programs, as they write them", arguments: ForeignFile.all)
    func foreign(file: ForeignFile) throws {
        let camera = try read(file.text, file.options).camera
        #expect(camera.model == file.model)
        #expect(camera.parameters == file.parameters)
        #expect((camera.width, camera.height) == (640, 480))
    }

    @Test("A damaged file is named with its line and field", arguments: DamagedFile.all)
    func damaged(file: DamagedFile) throws {
        let error = #expect(throws: ConfigurationError.self) { try read(file.text, file.options) }
        #expect(error?.description.hasPrefix("FILE" + file.message) == true, "\(error?.description ?? "")")
    }

    /// COLMAP's lines have no end by which a number cut short could be told.
    @Test(
        "A file cut short is refused, or gives the same camera",
        arguments: CameraFormat.allCases.filter { $0 != .colmap })
    func truncated(format: CameraFormat) throws {
        let camera = try #require(cameras.first { $0.model == .openCV })
        let whole = Array(try format.text(of: .init(camera: camera)).utf8)
        let read = (0..<whole.count).compactMap { count in
            try? CalibratedCamera(
                parsing: Array(whole[..<count]), path: "FILE", options: CameraImportOptions(format: format))
        }
        #expect(read.allSatisfy { $0.camera == camera })
        #expect(read.count < whole.count)
    }
}
