public import Configuration
public import Errors
public import Geometry

/// A camera with what is known of its calibration, as files of any format hold it.
public struct CalibratedCamera: Sendable, Equatable {
    /// In this project's pixel convention, whatever that of the file: the centre of the top-left pixel is (0, 0).
    public var camera: Camera
    /// How sure the parameters are and where they come from; empty where a file says nothing of it.
    public var record: CalibrationRecord

    /// A camera with its record; by default one of which nothing more is known.
    public init(camera: Camera, record: CalibrationRecord = CalibrationRecord()) {
        self.camera = camera
        self.record = record
    }
}

/// The file formats that camera models travel in.
public enum CameraFormat: String, CaseIterable, Sendable {
    /// hfloc's own camera file, which hflocd reads. The only one that keeps everything.
    case hfloc
    /// ROS camera_info YAML, as camera_info_manager loads it.
    case ros
    /// OpenCV FileStorage YAML.
    case opencv
    /// A camchain of Kalibr.
    case kalibr
    /// A line of COLMAP's cameras.txt.
    case colmap
    /// A cameramodel of mrcal.
    case mrcal

    /// In messages.
    public var title: String {
        switch self {
        case .hfloc: "hfloc camera file"
        case .ros: "ROS camera_info"
        case .opencv: "OpenCV YAML"
        case .kalibr: "Kalibr camchain"
        case .colmap: "COLMAP cameras.txt"
        case .mrcal: "mrcal cameramodel"
        }
    }

    /// The format that a file's name suggests; of YAML files hfloc's own.
    public init?(fileName: String) {
        let name = fileName.lowercased()
        if name.hasSuffix(".cameramodel") {
            self = .mrcal
        } else if name.hasSuffix(".txt") {
            self = .colmap
        } else if name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
            self = .hfloc
        } else {
            return nil
        }
    }

    /// The text of a file with this camera.
    ///
    /// - Throws: ``CameraFormatError`` if the format has no such camera model.
    public func text(of calibrated: CalibratedCamera) throws(CameraFormatError) -> String {
        switch self {
        case .hfloc: HflocFormat.text(of: calibrated)
        case .ros: try ROSFormat.text(of: calibrated)
        case .opencv: try OpenCVFormat.text(of: calibrated)
        case .kalibr: try KalibrFormat.text(of: calibrated)
        case .colmap: COLMAPFormat.text(of: calibrated)
        case .mrcal: try MrcalFormat.text(of: calibrated)
        }
    }
}

/// Which camera of a file, and what the file may leave unsaid.
public struct CameraImportOptions: Sendable {
    /// nil: as the content says.
    public var format: CameraFormat?
    /// Of a file with several cameras: `cam1`, or COLMAP's number. nil if there is only one.
    public var camera: String?
    /// Pixels, for files that do not state it.
    public var size: (width: Int, height: Int)?

    /// By default the content says everything itself.
    public init(format: CameraFormat? = nil, camera: String? = nil, size: (width: Int, height: Int)? = nil) {
        self.format = format
        self.camera = camera
        self.size = size
    }
}

extension CalibratedCamera {
    /// Reads a camera file of any format.
    ///
    /// - Throws: `ConfigurationError` with the file, the line and the field.
    public init(
        reading path: String, options: CameraImportOptions = CameraImportOptions()
    ) throws(ConfigurationError) {
        try self.init(parsing: try TextFile.read(path, what: "a camera file"), path: path, options: options)
    }

    /// - Parameters:
    ///   - bytes: the content of a camera file of any format.
    ///   - path: where the bytes come from, for messages.
    ///   - options: what the content does not say itself.
    public init(
        parsing bytes: [UInt8], path: String, options: CameraImportOptions = CameraImportOptions()
    ) throws(ConfigurationError) {
        let source = ForeignText(path: path, bytes: bytes, options: options)
        var format = options.format
        if format == nil { format = try source.guessFormat() }
        switch format ?? .hfloc {
        case .hfloc:
            let file = try CameraFile(parsing: bytes, path: path)
            self.init(camera: file.camera, record: file.record)
        case .ros: self = try ROSFormat.read(source)
        case .opencv: self = try OpenCVFormat.read(source)
        case .kalibr: self = try KalibrFormat.read(source)
        case .colmap: self = try COLMAPFormat.read(source)
        case .mrcal: self = try MrcalFormat.read(source)
        }
    }
}

/// A format that has no word for a camera's model.
public struct CameraFormatError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The one that was to be written.
    public let format: CameraFormat
    /// That of the camera, which the format cannot write.
    public let model: CameraModel
    /// What the format lacks, and what to do instead.
    public let reason: String

    /// One line.
    public var description: String { "\(format.title) cannot hold a camera of model \(model.rawValue): \(reason)" }
}

extension CameraFormatError: ReportedError {
    public var exitStatus: ExitStatus { .usage }
}
