import Geometry

extension ColmapModel {
    /// Writes cameras.txt, images.txt and points3D.txt into `folder`, which must exist; each replaces its file at once. Numbers have as
    /// many digits as it takes to read back the same value.
    public func writeText(folder: String) throws(MapError) {
        var text = "# CAMERA_ID MODEL WIDTH HEIGHT PARAMS (COLMAP: the centre of the top-left pixel is at 0.5, 0.5)\n"
        for camera in cameras {
            let parameters = camera.parameters.map { "\($0)" }.joined(separator: " ")
            text += "\(camera.id) \(camera.model) \(camera.width) \(camera.height) \(parameters)\n"
        }
        try FileBytes.replace("\(folder)/cameras.txt", with: Array(text.utf8))

        text = "# IMAGE_ID QW QX QY QZ TX TY TZ CAMERA_ID NAME, then X Y POINT3D_ID ...\n"
        for image in images {
            let (q, t) = (image.cameraFromWorld.rotation, image.cameraFromWorld.translation)
            let pose = [q.w, q.imaginary.x, q.imaginary.y, q.imaginary.z, t.x, t.y, t.z].map { "\($0)" }
            text += "\(image.id) \(pose.joined(separator: " ")) \(image.camera) \(image.name)\n"
            let keypoints = image.keypoints.map { "\($0.x) \($0.y) \($0.point.map(String.init) ?? "-1")" }
            text += keypoints.joined(separator: " ") + "\n"
        }
        try FileBytes.replace("\(folder)/images.txt", with: Array(text.utf8))

        text = "# POINT3D_ID X Y Z R G B ERROR, then IMAGE_ID POINT2D_IDX ...\n"
        for point in points {
            let (p, colour) = (point.position, point.colour.map(String.init).joined(separator: " "))
            let track = point.track.map { " \($0.image) \($0.keypoint)" }.joined()
            text += "\(point.id) \(p.x) \(p.y) \(p.z) \(colour) \(point.error)\(track)\n"
        }
        try FileBytes.replace("\(folder)/points3D.txt", with: Array(text.utf8))
    }
}
