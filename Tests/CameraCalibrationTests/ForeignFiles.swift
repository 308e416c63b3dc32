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
            name: "OpenCV as XML", text: opencvXML, model: .openCV,
            parameters: [535.9157, 536.25, 342.283, 235.571, -0.26637, -0.03858, 0.001783, -0.000281]),
        ForeignFile(
            name: "OpenCV as JSON", text: opencvJSON, model: .openCV,
            parameters: [520, 523, 326, 237, -0.24, 0.07, 0.0008, -0.0005]),
        ForeignFile(
            name: "ROS, ost.txt", text: rosIni, model: .openCV,
            parameters: [438.783367, 437.805961, 305.593336, 243.738352, -0.361976, 0.110510, 0.001014, 0.000505]),
        ForeignFile(
            name: "ROS 2, a message as it is printed", text: rosMessage, model: .fullOpenCV,
            parameters: [430, 431, 320, 240, 0.1, 0.2, 0.001, 0.002, 0.3, 0.4, 0.5, 0.6]),
        ForeignFile(
            name: "ROS 1, a message as it is printed", text: ros1Message, model: .openCVFisheye,
            parameters: [430, 431, 320, 240, -0.01, 0.02, -0.003, 0.0004]),
        ForeignFile(
            name: "ORB-SLAM3, EuRoC", text: orbslam, model: .openCV,
            parameters: [458.654, 457.296, 367.215, 248.375, -0.28340811, 0.07395907, 0.00019359, 1.76187114e-05]),
        ForeignFile(
            name: "ORB-SLAM3, fisheye, second of two", text: orbslamFisheye,
            options: CameraImportOptions(camera: "Camera2"), model: .openCVFisheye,
            parameters: [190.44, 190.43, 252.6, 255, 0.0034, 0.00176, -0.00266, 0.00033]),
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
    static let opencvXML = """
        <?xml version="1.0"?>
        <opencv_storage>
        <calibration_time>"Mon Nov 22 18:00:00 2026"</calibration_time>
        <!-- flags: +fix_aspectRatio -->
        <image_width>640</image_width>
        <image_height>
          480</image_height>
        <camera_matrix type_id="opencv-matrix">
          <rows>3</rows>
          <cols>3</cols>
          <dt>d</dt>
          <data>
            5.3591570e+02 0. 3.42283e+02 0. 5.3625e+02 2.35571e+02 0. 0. 1.</data></camera_matrix>
        <distortion_coefficients type_id="opencv-matrix">
          <rows>5</rows>
          <cols>1</cols>
          <dt>d</dt>
          <data>
            -0.26637 -0.03858 1.783e-03 -2.81e-04 0.</data></distortion_coefficients>
        <avg_reprojection_error>0.39259</avg_reprojection_error>
        </opencv_storage>

        """
    static let opencvJSON = """
        {
            "image_width": 640,
            "image_height": 480,
            "camera_matrix": {
                "type_id": "opencv-matrix",
                "rows": 3,
                "cols": 3,
                "dt": "d",
                "data": [ 520.0, 0.0, 326.0, 0.0, 523.0, 237.0, 0.0, 0.0, 1.0 ]
            },
            "distortion_coefficients": {
                "type_id": "opencv-matrix", "rows": 5, "cols": 1, "dt": "d",
                "data": [ -0.24, 0.07, 8e-4, -5e-4, 0.0 ]
            }
        }

        """
    static let rosIni = """
        # oST version 5.0 parameters


        [image]

        width
        640

        height
        480

        [narrow_stereo/left]

        camera matrix
        438.783367 0.000000 305.593336
        0.000000 437.805961 243.738352
        0.000000 0.000000 1.000000

        distortion
        -0.361976 0.110510 0.001014 0.000505 0.000000

        rectification
        0.999978 0.002789 -0.006046
        -0.002816 0.999986 -0.004401
        0.006034 0.004417 0.999972

        projection
        393.653800 0.000000 322.797939 0.000000
        0.000000 393.653800 241.090902 0.000000
        0.000000 0.000000 1.000000 0.000000

        """
    static let rosMessage = """
        header:
          stamp:
            sec: 1700000000
            nanosec: 250000000
          frame_id: camera
        height: 480
        width: 640
        distortion_model: rational_polynomial
        d:
        - 0.1
        - 0.2
        - 0.001
        - 0.002
        - 0.3
        - 0.4
        - 0.5
        - 0.6
        k:
        - 430.0
        - 0.0
        - 320.0
        - 0.0
        - 431.0
        - 240.0
        - 0.0
        - 0.0
        - 1.0
        r:
        - 1.0
        p:
        - 430.0
        binning_x: 0
        binning_y: 0
        roi:
          x_offset: 0
          y_offset: 0
          height: 0
          width: 0
          do_rectify: false
        ---
        header:
          stamp:
            sec: 1700000001
            nanosec: 250000000
        ---

        """
    static let ros1Message = """
        header:
          seq: 12
          stamp:
            secs: 1
            nsecs: 2
          frame_id: "camera"
        height: 480
        width: 640
        distortion_model: "equidistant"
        D: [-0.01, 0.02, -0.003, 0.0004]
        K: [430.0, 0.0, 320.0, 0.0, 431.0, 240.0, 0.0, 0.0, 1.0]
        R: [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]
        P: [430.0, 0.0, 320.0, 0.0, 0.0, 431.0, 240.0, 0.0, 0.0, 0.0, 1.0, 0.0]
        binning_x: 1
        binning_y: 1
        ---

        """
    static let orbslam = """
        %YAML:1.0

        #--------------------------------------------------------------------------------------------
        # Camera Parameters. Adjust them!
        #--------------------------------------------------------------------------------------------
        File.version: "1.0"

        Camera.type: "PinHole"

        # Camera calibration and distortion parameters (OpenCV)
        Camera1.fx: 458.654
        Camera1.fy: 457.296
        Camera1.cx: 367.215
        Camera1.cy: 248.375

        Camera1.k1: -0.28340811
        Camera1.k2: 0.07395907
        Camera1.p1: 0.00019359
        Camera1.p2: 1.76187114e-05

        # Camera resolution
        Camera.width: 640
        Camera.height: 480
        Camera.newWidth: 600
        Camera.newHeight: 350

        # Camera frames per second
        Camera.fps: 20

        # Color order of the images (0: BGR, 1: RGB. It is ignored if images are grayscale)
        Camera.RGB: 1

        IMU.T_b_c1: !!opencv-matrix
           rows: 1
           cols: 2
           dt: f
           data: [0.0148655429818, -0.999880929698]

        """
    static let orbslamFisheye = """
        %YAML:1.0
        ---
        File.version: "1.0"
        Camera.type: "KannalaBrandt8"
        Camera1.fx: 190.97
        Camera1.fy: 190.97
        Camera1.cx: 254.9
        Camera1.cy: 256.8
        Camera1.k1: 0.0034
        Camera1.k2: 0.0007
        Camera1.k3: -0.002
        Camera1.k4: 0.0002
        Camera2.fx: 190.44
        Camera2.fy: 190.43
        Camera2.cx: 252.6
        Camera2.cy: 255
        Camera2.k1: 0.0034
        Camera2.k2: 0.00176
        Camera2.k3: -0.00266
        Camera2.k4: 0.00033
        Camera.width: 640
        Camera.height: 480

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
