/// What a recording may hold: topics, and the message of each.
package enum RecordingTopic: UInt8, CaseIterable, Sendable {
    /// The first message of a file: what it is of.
    case recording
    case localizerState
    case command
    /// Images as the camera, or a folder, gave them.
    case compressedImage
    /// Pixels, of cameras that do not compress.
    case rawImage
    case frame
    case localization
    case odometry
    case position
    case imu
    case status
    case event
    case cameraInfo

    /// In the file.
    package var name: String {
        switch self {
        case .recording: "/recording"
        case .localizerState: "/localizer_state"
        case .command: "/command"
        case .compressedImage: "/camera/compressed"
        case .rawImage: "/camera/raw"
        case .frame: "/frame"
        case .localization: "/localization"
        case .odometry: "/odometry"
        case .position: "/position"
        case .imu: "/imu"
        case .status: "/status"
        case .event: "/event"
        case .cameraInfo: "/camera_info"
        }
    }

    /// The message's full name.
    package var schemaName: String {
        switch self {
        case .recording: "hfloc.v1.RecordingStart"
        case .localizerState: "hfloc.v1.LocalizerState"
        case .command: "hfloc.v1.CommandTaken"
        case .compressedImage: "foxglove.CompressedImage"
        case .rawImage: "foxglove.RawImage"
        case .frame: "hfloc.v1.FrameTaken"
        case .localization: "hfloc.v1.Localization"
        case .odometry: "hfloc.v1.Odometry"
        case .position: "hfloc.v1.Position"
        case .imu: "hfloc.v1.Imu"
        case .status: "hfloc.v1.Status"
        case .event: "hfloc.v1.Event"
        case .cameraInfo: "hfloc.v1.CameraInfo"
        }
    }

    /// The message's `google.protobuf.FileDescriptorSet`, serialized: its file, behind all that this one imports.
    package var schema: [UInt8] {
        (protobufFilesOfMessages[schemaName] ?? []).reduce(into: []) { set, index in
            let file = Base64.decode(protobufFiles[index])
            // Field 1, a message: its files.
            set.append(0x0A)
            var rest = file.count
            while rest >= 0x80 {
                set.append(UInt8(rest & 0x7f) | 0x80)
                rest >>= 7
            }
            set.append(UInt8(rest))
            set += file
        }
    }

    /// The topic of this name.
    package init?(name: String) {
        guard let topic = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = topic
    }
}

/// Bytes as text (RFC 4648): only what the generator writes.
enum Base64 {
    static func decode(_ text: StaticString) -> [UInt8] {
        text.withUTF8Buffer { text in
            var bytes: [UInt8] = []
            var (bits, count) = (UInt32(0), 0)
            for index in text.indices {
                guard let value = unsafe value(text[index]) else { continue }
                (bits, count) = (bits << 6 | value, count + 6)
                guard count >= 8 else { continue }
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
            return bytes
        }
    }

    /// nil for a line's end and for padding.
    private static func value(_ character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
