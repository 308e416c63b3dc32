import CameraCalibration
import Geometry
import Testing

/// A camera file in the words of the program that wrote it.
struct ForeignFile: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    var options = CameraImportOptions()
    let model: CameraModel
    let parameters: [Double]

    var testDescription: String { name }

    static let all = [
        ForeignFile(
            name: "OpenCV's sample", text: opencv, model: .fullOpenCV,
            parameters: [
                535.9157, 535.9157, 342.283, 235.571, -0.26637, -0.03858, 0.001783, -0.000281, 0.2383, 0, 0, 0,
            ]),
        ForeignFile(
            name: "OpenCV without a size", text: opencvBare, options: CameraImportOptions(size: (640, 480)),
            model: .pinhole, parameters: [500, 501, 320, 240]),
        ForeignFile(
            name: "ROS, narrow stereo", text: ros, model: .openCV,
            parameters: [438.783367, 437.805961, 305.593336, 243.738352, -0.361976, 0.110510, 0.001014, 0.000505]),
        ForeignFile(
            name: "Kalibr, second of two", text: kalibr, options: CameraImportOptions(camera: "cam1"),
            model: .openCVFisheye, parameters: [461.5, 460.1, 362.5, 246.1, -0.0027, 0.024, -0.022, 0.0062]),
        ForeignFile(
            name: "mrcal with its inputs attached", text: mrcal, model: .fullOpenCV,
            parameters: [1761.1, 1761.2, 1965.7, 1087.5, -0.0127, 0.0305, -0.0005, 0.00019, 0.00112, 0.2, -0.1, 0.01]),
        ForeignFile(
            name: "COLMAP, chosen by number", text: colmap, options: CameraImportOptions(camera: "7"),
            model: .simpleRadial, parameters: [559.81, 319.5, 239.5, -0.0251]),
    ]

    static let opencv = """
        %YAML:1.0
        ---
        calibration_time: "Mon Nov 22 18:00:00 2026"
        nframes: 13
        image_width: 640
        image_height: 480
        board_width: 9
        # flags: +fix_aspectRatio
        flags: 2
        camera_matrix: !!opencv-matrix
           rows: 3
           cols: 3
           dt: d
           data: [ 5.3591570e+02, 0., 3.42283e+02, 0., 5.3591570e+02, 2.35571e+02,
               0., 0., 1. ]
        distortion_coefficients: !!opencv-matrix
           rows: 5
           cols: 1
           dt: d
           data: [ -0.26637, -0.03858, 1.783e-03, -2.81e-04, 2.383e-01 ]
        avg_reprojection_error: 0.39259

        """
    /// As OpenCV 5 begins its files.
    static let opencvBare = """
        %YAML 1.2
        ---
        K: !!opencv-matrix
           rows: 3
           cols: 3
           dt: d
           data: [ 500., 0., 320., 0., 501., 240., 0., 0., 1. ]
        D: !!opencv-matrix
           rows: 0
           cols: 0
           dt: d
           data: []
        """
    static let ros = """
        image_width: 640
        image_height: 480
        camera_name: narrow_stereo/left
        camera_matrix:
          rows: 3
          cols: 3
          data: [438.783367, 0.000000, 305.593336, 0.000000, 437.805961, 243.738352, 0.000000, 0.000000, 1.000000]
        distortion_model: plumb_bob
        distortion_coefficients:
          rows: 1
          cols: 5
          data: [-0.361976, 0.110510, 0.001014, 0.000505, 0.000000]
        rectification_matrix:
          rows: 3
          cols: 3
          data: [0.999978, 0.002789, -0.006046, -0.002816, 0.999986, -0.004401, 0.006034, 0.004417, 0.999972]
        projection_matrix:
          rows: 3
          cols: 4
          data: [393.653800, 0.000000, 322.797939, 0.000000, 0.000000, 393.653800, 241.090902, 0.000000, \
        0.000000, 0.000000, 1.000000, 0.000000]
        """
    static let kalibr = """
        cam0:
          cam_overlaps: [1]
          camera_model: pinhole
          distortion_coeffs: [-0.28, 0.07, 0.0002, 0.00002]
          distortion_model: radtan
          intrinsics: [458.6, 457.3, 367.2, 248.4]
          resolution: [752, 480]
          rostopic: /cam0/image_raw
        cam1:
          T_cn_cnm1:
          - [1.0, 0.0, 0.0, -0.11]
          - [0.0, 1.0, 0.0, 0.0]
          - [0.0, 0.0, 1.0, 0.0]
          - [0.0, 0.0, 0.0, 1.0]
          cam_overlaps: [0]
          camera_model: pinhole
          distortion_coeffs: [-0.0027, 0.024, -0.022, 0.0062]
          distortion_model: equidistant
          intrinsics: [461.5, 460.1, 362.5, 246.1]
          resolution: [640, 480]
          rostopic: /cam1/image_raw
        """
    static let mrcal = """
        # generated on 2026-11-22 18:00:00 with mrcal-calibrate-cameras
        # ## mean: 0.1 px

        {
            'lensmodel':  'LENSMODEL_OPENCV8',

            # intrinsics are fx,fy,cx,cy,distortion0,distortion1,....
            'intrinsics': [ 1761.1, 1761.2, 1965.7, 1087.5, -0.0127, 0.0305, -0.0005, 0.00019, 0.00112, \
        0.2, -0.1, 0.01,],
            'valid_intrinsics_region': [
            [ 0, 0 ],
            [ 639, 479 ],
        ],
            # extrinsics are rt_fromref
            'extrinsics': [ 0., 0., 0., 0., 0., 0.,],
            'imagersize': [ 640, 480,],
            'icam_intrinsics': 0,
            # The optimization inputs contain all the data used to compute this model.
            'optimization_inputs': b'data_b85{}[]|#:P)h>@6aWAK2mq6<QBjd!{}}; &*@`
        second-line}{',
        }

        """
    static let colmap = """
        # Camera list with one line of data per camera:
        #   CAMERA_ID, MODEL, WIDTH, HEIGHT, PARAMS[]
        # Number of cameras: 2
        3 PINHOLE 752 480 458.6 457.3 367.2 248.4
        7 SIMPLE_RADIAL 640 480 559.81 320 240 -0.0251
        """
}

/// A file with one fault, and how the message about it begins.
struct DamagedFile: Sendable, CustomTestStringConvertible {
    let text: String
    var options = CameraImportOptions()
    let message: String

    var testDescription: String { message }

    static let all = [
        DamagedFile(text: "", message: ": is of no camera format that is known; say which with --from"),
        DamagedFile(text: "\u{7f}ELF\0\0", message: ":1: not YAML: control characters"),
        DamagedFile(text: "hello: world", message: ": is of no camera format that is known"),
        change(ForeignFile.opencv, "rows: 3", "rows: 2", ":10: field 'camera_matrix': 2 x 3 numbers expected, 9 found"),
        change(
            ForeignFile.opencv, "!!opencv-matrix", "!!python/object", ":10: anchors (&) and tags (!) are not allowed"),
        change(ForeignFile.opencv, "camera_matrix", "matrix", ": field 'camera_matrix': missing"),
        change(
            ForeignFile.opencv, "image_width: 640", "",
            ": field 'image_width': missing: the image's size; give it with --size"),
        change(
            ForeignFile.opencv, "5.3591570e+02, 0.,", "5.3591570e+02, 2.,",
            ":10: field 'camera_matrix': not of the form"),
        change(
            ForeignFile.opencv, "rows: 5", "rows: x",
            ":17: field 'distortion_coefficients.rows': expected a whole number"),
        change(
            ForeignFile.opencv, "image_width: 640", "image_width: 640\nfisheye_model: 1",
            ":17: field 'distortion_coefficients': 4 coefficients are supported, 5 are given"),
        change(ForeignFile.ros, "plumb_bob", "thin_prism", ":8: field 'distortion_model': 'thin_prism' is unknown"),
        change(
            ForeignFile.ros, "plumb_bob", "equidistant",
            ":10: field 'distortion_coefficients': equidistant has 4 coefficients, 5"),
        change(ForeignFile.ros, "[438.783367", "[-438.783367", ":5: field 'camera_matrix': camera parameter fx"),
        DamagedFile(
            text: ForeignFile.kalibr, message: ": field 'cam0': is one of 2 cameras; choose with --camera cam0|cam1"),
        change(ForeignFile.kalibr, "pinhole", "omni", ":3: field 'cam0.camera_model': 'omni' is not supported", "cam0"),
        change(
            ForeignFile.kalibr, "radtan", "fov", ":5: field 'cam0.distortion_model': 'fov' is not supported", "cam0"),
        change(
            ForeignFile.kalibr, "[458.6, 457.3", "[457.3", ":6: field 'cam0.intrinsics': expected [fx, fy, cx, cy]",
            "cam0"),
        change(ForeignFile.kalibr, "752, 480", "752", ": field 'cam0.resolution': missing", "cam0"),
        change(ForeignFile.mrcal, "OPENCV8", "CAHVORE", ":5: field 'lensmodel': 'LENSMODEL_CAHVORE' is not supported"),
        change(
            ForeignFile.mrcal, "OPENCV8", "OPENCV5",
            ":8: field 'intrinsics': LENSMODEL_OPENCV5 has 9 numbers, 12 are given"),
        change(ForeignFile.mrcal, "second-line}{'", "second-line}{", ":21: not YAML"),
        DamagedFile(text: ForeignFile.colmap, message: ":5: has 2 cameras; choose with --camera 3|7"),
        change(ForeignFile.colmap, "PINHOLE 752", "BULGE 752", ":4: field 'MODEL': 'BULGE' is unknown", "3"),
        change(ForeignFile.colmap, "752 480", "752 x", ":4: field 'WIDTH HEIGHT'", "3"),
        change(ForeignFile.colmap, "458.6", "nan", ":4: field 'PARAMS': 'nan' is not a number", "3"),
        change(ForeignFile.colmap, " 248.4", "", ":4: field 'PARAMS': camera model PINHOLE has 4 parameters", "3"),
    ]

    private static func change(
        _ text: String, _ old: String, _ new: String, _ message: String, _ camera: String? = nil
    ) -> DamagedFile {
        let parts = text.split(separator: old, maxSplits: 1, omittingEmptySubsequences: false)
        precondition(parts.count == 2, "the test's own text")
        return DamagedFile(
            text: parts[0] + new + parts[1], options: CameraImportOptions(camera: camera), message: message)
    }
}
