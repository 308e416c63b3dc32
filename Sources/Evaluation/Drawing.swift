internal import Features
package import Files
internal import Geometry
internal import LocalizationOptions
internal import Localizer

/// Pictures of what the localizer saw: keypoints, matched keypoints and where their landmarks reproject.
package struct Drawing {
    private let folder: String
    private static let scale = 2

    /// - Parameter folder: for the pictures; made if it is not there.
    /// - Throws: `FileError`: it cannot be made, or not be written to.
    package init(folder: String) throws(FileError) {
        self.folder = folder
        try Folder.make(folder)
    }

    /// Writes `folder/NAME.png`: orange squares are keypoints, green crosses inliers, red crosses outliers, blue lines
    /// lead to where the pose projects the landmark.
    ///
    /// - Throws: `FileError`: the picture cannot be written.
    package func draw(_ name: String, _ image: LocalizedImage) throws(FileError) {
        let (localizer, result) = (image.localizer, image.result)
        var canvas = Canvas(localizer.reducedImage(of: image.grey), scale: Self.scale)
        for keypoint in localizer.features.keypoints {
            let at = Self.place(Vector2(Double(keypoint.x), Double(keypoint.y)))
            canvas.square(at.x, at.y, arm: 2, .keypoint)
        }
        for correspondence in localizer.correspondences {
            draw(correspondence, localizer, result, on: &canvas)
        }
        let base = name.split(separator: "/").joined(separator: "_")
        try canvas.write(to: "\(folder)/\(base).png")
    }

    private func draw(
        _ correspondence: Correspondence, _ localizer: Localizer, _ result: Localization, on canvas: inout Canvas
    ) {
        let at = Self.place(correspondence.pixel)
        guard let pose = result.cameraFromMap,
            let projected = localizer.camera.project(pose * correspondence.point)
        else { return canvas.cross(at.x, at.y, arm: 4, .outlier) }
        let inlier = (projected - correspondence.pixel).length <= localizer.options.inlierThreshold
        let to = Self.place(projected)
        canvas.line(at.x, at.y, to.x, to.y, .landmark)
        canvas.cross(at.x, at.y, arm: 4, inlier ? .inlier : .outlier)
    }

    /// The middle of a pixel's square on the enlarged canvas.
    private static func place(_ pixel: Vector2) -> Vector2 {
        (pixel + 0.5) * Double(scale) - 0.5
    }
}
