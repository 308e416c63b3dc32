internal import Capture
internal import Configuration
internal import Features
internal import Geometry
internal import LocalizationOptions
internal import Localizer
package import Publishing

/// What the camera sees, for those who subscribe to it: the frame loop copies a frame when it is asked for one; all
/// else is done here, on the main thread, at most five times a second.
package struct PreviewPublisher {
    /// To be filled again; nil: nobody looks.
    private var memory: PreviewFrame?
    private var isAsked = false
    private var lastAsked: UInt64 = 0

    /// Between previews: nanoseconds.
    static let period: UInt64 = 200_000_000

    /// Call often.
    mutating func update(_ daemon: LocalizationDaemon, at now: UInt64) {
        guard let recorder = daemon.sockets?.poller.recorder, recorder.previewSubscriptions > 0 else {
            if memory != nil || isAsked { daemon.exchange.preview.withdraw() }
            (memory, isAsked) = (nil, false)
            return
        }
        if let frame = daemon.exchange.preview.take() {
            if let preview = Self.preview(of: frame, session: daemon.session.id) { recorder.publish(preview) }
            (memory, isAsked) = (frame, false)
        }
        // Asked again after a while, in vain or not: a frame loop that was busy with its lock has dropped the answer.
        guard now >= lastAsked + (isAsked ? 10 : 1) * Self.period else { return }
        let frame = room(for: daemon)
        (memory, isAsked, lastAsked) = (nil, true, now)
        daemon.exchange.preview.ask(frame)
    }

    /// The memory of the preview before, if frames still have that size.
    private func room(for daemon: LocalizationDaemon) -> PreviewFrame {
        let camera = daemon.resources.camera
        if let memory, (memory.image.width, memory.image.height) == (camera.width, camera.height) { return memory }
        return PreviewFrame(
            width: camera.width, height: camera.height, keypoints: daemon.configuration.localizer.maximumKeypoints)
    }

    /// The message of a frame; nil if there is no memory for its picture.
    package static func preview(of frame: PreviewFrame, session: UInt64) -> Wire.Preview? {
        let image = frame.image
        guard let jpeg = GreyJPEG.encode(image.reduced(toSide: (max(image.width, image.height) + 1) / 2)) else {
            return nil
        }
        var preview = Wire.Preview()
        (preview.sequence, preview.sessionID) = (frame.sequence, session)
        preview.captureMonotonicNs = frame.captureTime
        (preview.width, preview.height) = (UInt32(clamping: image.width), UInt32(clamping: image.height))
        preview.jpeg = jpeg
        for (keypoint, fate) in zip(frame.sketch.keypoints, frame.sketch.fates) {
            let pixel = [Double(keypoint.x), Double(keypoint.y)]
            switch fate {
            case .inlier: preview.inliers += pixel
            case .miss: preview.misses += pixel
            case .unmatched: preview.unmatched += pixel
            }
        }
        return preview
    }
}
