package import Capture
package import Configuration

extension VideoOptions {
    /// How hflocd opens the device of a configuration, and what `hfloc doctor` tries on it: the whole frame's size and
    /// the part of it that was calibrated, unless the configuration asks for others.
    ///
    /// - Parameters:
    ///   - path: with `format` and `rate`, the configuration's source.
    ///   - file: the camera file of the frames.
    /// - Throws: ``CaptureError/unsupportedFormat(_:_:)`` if the format is no name of one.
    package init(
        path: String, format: String?, rate: Double?, of configuration: DaemonConfiguration, for file: CameraFile
    ) throws(CaptureError) {
        let (view, part) = (configuration.view, file.record.part)
        self.init(
            path: path, size: view.frameSize(of: file.camera, part: part), rate: rate,
            crop: view.crop(of: file.camera, part: part).map {
                VideoCrop(x: $0.x, y: $0.y, width: $0.width, height: $0.height)
            },
            reduction: view.reduction, controls: configuration.controls.map { ControlSetting($0.name, $0.value) })
        guard let format else { return }
        self.format = PixelFormat(format)
        if self.format == nil {
            throw .unsupportedFormat(
                path,
                """
                camera.format: '\(format)' is not a pixel format; \
                v4l2-ctl --device \(path) --list-formats lists those it has
                """
            )
        }
    }
}
