public import Features

/// What a report is made of.
public struct ReportContent {
    /// An image that was not used, and why.
    public struct Absence: Sendable {
        /// The image's path or name; the report shows its last part.
        public var name: String
        /// A few words for the reader.
        public var reason: String

        /// An image that was looked at in vain.
        public init(name: String, reason: String) {
            self.name = name
            self.reason = reason
        }
    }

    /// What the report's figures, plots and advice are of.
    public var calibration: Calibration
    /// What the camera file says: date, images, hashes.
    public var camera: CalibratedCamera
    /// Images without a board, and views that were dropped before the fit.
    public var absences: [Absence]
    /// The image of a view, for its thumbnail; nil if it is gone.
    public var image: (_ name: String) -> GreyImage?

    /// What a report needs.
    /// - Parameters:
    ///   - calibration: what the report is about.
    ///   - camera: the same as its file has it.
    ///   - absences: images that were not used.
    ///   - image: the image of a view by its name; called once for each thumbnail.
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
