public import Features

/// What a report is made of.
public struct ReportContent {
    /// An image that was not used, and why.
    public struct Absence: Sendable {
        public var name: String
        public var reason: String

        public init(name: String, reason: String) {
            self.name = name
            self.reason = reason
        }
    }

    public var calibration: Calibration
    /// What the camera file says: date, images, hashes.
    public var camera: CalibratedCamera
    public var absences: [Absence]
    /// The image of a view, for its thumbnail; nil if it is gone.
    public var image: (_ name: String) -> GreyImage?

    public init(
        calibration: Calibration, camera: CalibratedCamera, absences: [Absence] = [],
        image: @escaping (_ name: String) -> GreyImage?
    ) {
        self.calibration = calibration
        self.camera = camera
        self.absences = absences
        self.image = image
    }

    /// Of a calibration from images: what was dropped before the fit is named before the images without a board.
    package init(
        calibration: Calibration, camera: CalibratedCamera, without absences: [BoardImages.Absence],
        image: @escaping (_ name: String) -> GreyImage?
    ) {
        let dropped = calibration.dropped.map { Absence(name: $0.name, reason: $0.reason) }
        let absent = absences.flatMap { group in group.names.map { Absence(name: $0, reason: group.reason) } }
        self.init(calibration: calibration, camera: camera, absences: dropped + absent, image: image)
    }

    /// One HTML file that needs nothing else: no script, no font, no picture from elsewhere.
    public var html: String { ReportPage(self).html }
}
