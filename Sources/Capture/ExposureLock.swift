internal import CLinux

extension VideoControls {
    /// Pairs of an automatism, the value that turns it off, and the control that it ruled.
    private static var automatisms: [(automatic: UInt32, off: Int, ruled: UInt32?)] {
        [
            (HF_FOCUS_AUTO, 0, HF_FOCUS_ABSOLUTE),
            (HF_EXPOSURE_AUTO, Int(V4L2_EXPOSURE_MANUAL.rawValue), HF_EXPOSURE_ABSOLUTE),
            (HF_EXPOSURE_DYNAMIC_RATE, 0, nil),
            (HF_GAIN_AUTO, 0, HF_GAIN),
            (HF_WHITE_BALANCE_AUTO, 0, HF_WHITE_BALANCE),
        ]
    }

    /// The settings that hold every automatism of this device where it is.
    func present() -> [ControlSetting] {
        let all = list()
        var settings: [ControlSetting] = []
        for (automatic, off, ruled) in Self.automatisms {
            guard let control = all.first(where: { $0.identifier == automatic }), !control.isReadOnly else { continue }
            settings.append(ControlSetting(control.name, off))
            if let held = all.first(where: { $0.identifier == ruled }), !held.isReadOnly, let value = held.value {
                settings.append(ControlSetting(held.name, value))
            }
        }
        return settings
    }
}

extension VideoDevice {
    /// Freezes what the camera adjusts by itself: focus, exposure, gain and white balance stay where they are, and the
    /// frame rate is not lowered in the dark. To be called before a calibration, once the picture is as it should be;
    /// intrinsics change with the focus.
    ///
    /// What was set is returned, for the configuration's `camera.controls`: only then has the daemon the camera that
    /// was calibrated. It is set again after every reopening. A camera without automatisms returns none.
    public func lockAutomatisms() throws(CaptureError) -> [ControlSetting] {
        guard let stream else { throw .lost(options.path, "there is no camera whose focus could be locked") }
        let settings = stream.controls.present()
        _ = try stream.controls.apply(settings)
        for setting in settings {
            heldControls.removeAll { $0.name == setting.name }
            heldControls.append(setting)
        }
        return settings
    }
}
