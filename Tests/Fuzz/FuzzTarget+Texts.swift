import CameraCalibration
import Configuration
import Publishing

extension FuzzTarget {
    /// Configuration, camera files of every format, lists of keys, requests of a browser.
    static let texts = [
        FuzzTarget("configuration", seeds: configurations) { bytes in
            guard let draft = try? ConfigurationDraft(reading: FuzzFile.file(bytes, named: "hflocd.yaml")) else {
                return
            }
            _ = try? draft.complete { address, isControl, hasKey in
                Endpoint.problem(address, for: isControl ? .control : .publishing, hasKey: hasKey)
            }
        },
        FuzzTarget("yaml", seeds: configurations + cameraFiles) { bytes in
            _ = try? YAMLParser.parse(bytes, file: "x.yaml")
        },
        FuzzTarget("camera-file", seeds: cameraFiles) { bytes in
            _ = try? CalibratedCamera(parsing: bytes, path: "x")
            for format in CameraFormat.allCases {
                let options = CameraImportOptions(format: format, size: (640, 480))
                guard let camera = try? CalibratedCamera(parsing: bytes, path: "x", options: options) else { continue }
                // What was read can be written, or is refused.
                for other in CameraFormat.allCases { _ = try? other.text(of: camera) }
            }
        },
        FuzzTarget("allow-list", seeds: [Array("; comment\nrq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7 planner\n".utf8)]) {
            _ = try? AllowList(parsing: String(decoding: $0, as: UTF8.self))
        },
        FuzzTarget("http", seeds: [Array("GET /frame?x=1 HTTP/1.1\r\nHost: a:80\r\nContent-Length: 3".utf8)]) { bytes in
            guard let request = HTTPRequest(head: bytes) else { return }
            precondition(request.path.hasPrefix("/") && request.bodyLength >= 0)
        },
    ]

    private static let configurations = [
        """
        map: /m
        publish: [ipc:///p, "tcp://127.0.0.1:5556"]
        camera: {device: /dev/video0, calibration: c.yaml, size: [640, 480], rate: 30}
        vehicle: {base_from_camera: {translation: [1, 0, 1.5], rotation: [0.5, -0.5, 0.5, -0.5]}}
        odometry: ipc:///o
        localizer:
          keypoints: 1000
          gates: {minimum_inliers: 12}
        real_time: {priority: 20, cpus: [0, 1], lock_memory: true}

        """
    ].map { Array($0.utf8) }

    private static let cameraFiles = [
        "model: OPENCV\nwidth: 640\nheight: 480\nparameters: [400, 401, 320, 240, -0.1, 0.01, 1e-4, -3e-4]\n",
        """
        image_width: 640
        image_height: 480
        camera_name: cam0
        camera_matrix: {rows: 3, cols: 3, data: [400, 0, 320, 0, 401, 240, 0, 0, 1]}
        distortion_model: plumb_bob
        distortion_coefficients: {rows: 1, cols: 5, data: [-0.1, 0.01, 0, 0, 0]}

        """,
        """
        %YAML:1.0
        ---
        image_width: 640
        image_height: 480
        camera_matrix: !!opencv-matrix
           rows: 3
           cols: 3
           dt: d
           data: [ 400., 0., 320., 0., 401., 240., 0., 0., 1. ]
        distortion_coefficients: !!opencv-matrix
           rows: 1
           cols: 5
           dt: d
           data: [ -0.1, 0.01, 0., 0., 0. ]

        """,
        """
        cam0:
          camera_model: pinhole
          distortion_coeffs: [-0.1, 0.01, 0.0, 0.0]
          distortion_model: radtan
          intrinsics: [400.0, 401.0, 320.0, 240.0]
          resolution: [640, 480]

        """,
        "1 OPENCV_FISHEYE 640 480 400 401 320 240 0.1 0.01 0 0\n",
        "{'lensmodel': 'LENSMODEL_OPENCV5', 'intrinsics': [400, 401, 320, 240, -0.1, 0.01, 0, 0, 0], "
            + "'imagersize': [640, 480]}\n",
    ].map { Array($0.utf8) }
}
