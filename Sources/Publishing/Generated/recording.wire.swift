// Written by tools/generate/generate-wire from hfloc/v1/recording.proto. Not to be changed by hand.
// swift-format-ignore-file

extension Wire {
    /// Topic /recording: what the file is of. Its first message.
    public struct RecordingStart: Sendable, Equatable {
        /// Why this one does.
        public var cause: Wire.RecordingStart.Cause = .unspecified
        /// Such as "0.1.0": of the program that wrote it.
        public var version: String = ""
        /// As in Localization.
        public var sessionID: UInt64 = 0
        /// As in Localization.
        public var bootID: String = ""
        /// Counts the files of one recording from 1.
        public var part: UInt32 = 0
        /// When it began: CLOCK_MONOTONIC.
        public var monotonicNs: UInt64 = 0
        /// The same instant since the Unix epoch. The difference is what makes a time in MCAP of a monotonic stamp, for
        /// the whole file.
        public var wallNs: UInt64 = 0
        /// Where the frames come from: the device or the folder.
        public var source: String = ""
        /// The map in use.
        public var map: Wire.FileIdentity? = nil
        /// The model in use.
        public var model: Wire.FileIdentity? = nil
        /// The camera file in use.
        public var calibration: Wire.FileIdentity? = nil
        /// 1 to 100: images that came uncompressed were recorded as JPEG of this quality, and poses of them are not
        /// repeated to the last bit. 0: every image is as it was localized.
        public var jpegQuality: UInt32 = 0

        public init() {}

        /// Why a file begins.
        public enum Cause: UInt8, Sendable, CaseIterable {
            /// Of a version that is not known.
            case unspecified = 0
            /// The configuration wants every run recorded.
            case configuration = 1
            /// Somebody asked.
            case request = 2
            /// The file before was large or long enough; nothing is missing between the two.
            case rotation = 3
            /// Another map, or another configuration, was adopted.
            case pipeline = 4
            /// `hfloc record`: no map, no poses.
            case capture = 5
            /// Made of other files.
            case imported = 6
        }
    }
}

extension Wire.RecordingStart: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        wire.varint(1, UInt64(cause.rawValue))
        wire.string(2, version)
        wire.fixed64(3, sessionID)
        wire.string(4, bootID)
        wire.varint(5, UInt64(part))
        wire.fixed64(6, monotonicNs)
        wire.fixed64(7, wallNs)
        wire.string(8, source)
        if let map { wire.message(9) { map.encode(into: &$0) } }
        if let model { wire.message(10) { model.encode(into: &$0) } }
        if let calibration { wire.message(11) { calibration.encode(into: &$0) } }
        wire.varint(12, UInt64(jpegQuality))
    }
}

extension Wire.RecordingStart: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .varint(let number)): cause = .init(number: number) ?? .unspecified
        case (2, .bytes(let range)): version = try String(wire: bytes, range)
        case (3, .fixed64(let bits)): sessionID = bits
        case (4, .bytes(let range)): bootID = try String(wire: bytes, range)
        case (5, .varint(let number)): part = UInt32(truncatingIfNeeded: number)
        case (6, .fixed64(let bits)): monotonicNs = bits
        case (7, .fixed64(let bits)): wallNs = bits
        case (8, .bytes(let range)): source = try String(wire: bytes, range)
        case (9, .bytes(let range)): map = try .merging(map, bytes, range)
        case (10, .bytes(let range)): model = try .merging(model, bytes, range)
        case (11, .bytes(let range)): calibration = try .merging(calibration, bytes, range)
        case (12, .varint(let number)): jpegQuality = UInt32(truncatingIfNeeded: number)
        default: break
        }
    }
}

extension Wire {
    /// A part of an image, made smaller.
    public struct ImageView: Sendable, Equatable {
        /// Columns to its left, pixels.
        public var x: UInt32 = 0
        /// Rows above it, pixels.
        public var y: UInt32 = 0
        /// Pixels, before the reduction.
        public var width: UInt32 = 0
        /// The same.
        public var height: UInt32 = 0
        /// 1, 2, 4 or 8: each pixel is the mean of a square of so many.
        public var reduction: UInt32 = 0

        public init() {}

        public init(
            x: UInt32 = 0,
            y: UInt32 = 0,
            width: UInt32 = 0,
            height: UInt32 = 0,
            reduction: UInt32 = 0
        ) {
            self.x = x
            self.y = y
            self.width = width
            self.height = height
            self.reduction = reduction
        }
    }
}

extension Wire.ImageView: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        wire.varint(1, UInt64(x))
        wire.varint(2, UInt64(y))
        wire.varint(3, UInt64(width))
        wire.varint(4, UInt64(height))
        wire.varint(5, UInt64(reduction))
    }
}

extension Wire.ImageView: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .varint(let number)): x = UInt32(truncatingIfNeeded: number)
        case (2, .varint(let number)): y = UInt32(truncatingIfNeeded: number)
        case (3, .varint(let number)): width = UInt32(truncatingIfNeeded: number)
        case (4, .varint(let number)): height = UInt32(truncatingIfNeeded: number)
        case (5, .varint(let number)): reduction = UInt32(truncatingIfNeeded: number)
        default: break
        }
    }
}

extension Wire {
    /// Topic /frame: a frame that was taken, behind its image and whatever was consumed before its pose was sought.
    public struct FrameTaken: Sendable, Equatable {
        /// Of the Localization that answers it; 0 if nothing does.
        public var messageSequence: UInt64 = 0
        /// As in Localization.
        public var frameSequence: UInt64 = 0
        /// As in Localization.
        public var captureMonotonicNs: UInt64 = 0
        /// What that is the time of.
        public var stamp: Wire.FrameTaken.Stamp = .unspecified
        /// Frames so far, this one included, and what of them was skipped or lost.
        public var frames: Wire.FrameCounters? = nil
        /// It could not be read; its image, if there is one, is broken.
        public var corrupt: Bool = false
        /// There was no room for its image: it is not in the recording.
        public var imageDropped: Bool = false
        /// What was localized of its image, which is recorded as the camera gave it. Absent: all of it.
        public var view: Wire.ImageView? = nil
        /// What it did about the network.
        public var networkTurn: Wire.FrameTaken.NetworkTurn = .unspecified

        public init() {}

        /// What a frame's time means.
        public enum Stamp: UInt8, Sendable, CaseIterable {
            /// Of a version that is not known.
            case unspecified = 0
            /// The driver's: its first byte came, near the start of the exposure.
            case startOfExposure = 1
            /// The driver's: the frame had been received whole.
            case endOfFrame = 2
            /// When it was read: the driver does not stamp with CLOCK_MONOTONIC.
            case arrival = 3
            /// When a camera would have delivered the image of a folder.
            case schedule = 4
        }

        /// What it did about the network, where cheap frames are on: a replay does the same.
        public enum NetworkTurn: UInt8, Sendable, CaseIterable {
            /// If its picture was due, the network saw it before it was answered.
            case unspecified = 0
            /// If its picture was due, it was answered by what was followed, and the network saw it behind the frames.
            case behind = 1
            /// The same; before that, what the network had seen of an earlier picture was taken over.
            case adopting = 2
        }
    }
}

extension Wire.FrameTaken: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        wire.varint(1, messageSequence)
        wire.varint(2, frameSequence)
        wire.fixed64(3, captureMonotonicNs)
        wire.varint(4, UInt64(stamp.rawValue))
        if let frames { wire.message(5) { frames.encode(into: &$0) } }
        wire.bool(6, corrupt)
        wire.bool(7, imageDropped)
        if let view { wire.message(8) { view.encode(into: &$0) } }
        wire.varint(9, UInt64(networkTurn.rawValue))
    }
}

extension Wire.FrameTaken: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .varint(let number)): messageSequence = number
        case (2, .varint(let number)): frameSequence = number
        case (3, .fixed64(let bits)): captureMonotonicNs = bits
        case (4, .varint(let number)): stamp = .init(number: number) ?? .unspecified
        case (5, .bytes(let range)): frames = try .merging(frames, bytes, range)
        case (6, .varint(let number)): corrupt = number != 0
        case (7, .varint(let number)): imageDropped = number != 0
        case (8, .bytes(let range)): view = try .merging(view, bytes, range)
        case (9, .varint(let number)): networkTurn = .init(number: number) ?? .unspecified
        default: break
        }
    }
}

extension Wire {
    /// Topic /command: what the frame loop took from the main thread between two frames.
    public struct CommandTaken: Sendable, Equatable {
        /// What it was.
        public var command: Command?

        public init() {}

        /// What it was.
        public enum Command: Sendable, Equatable {
            /// Forget the cached place.
            case forget(Wire.PlaceForgotten)
            /// Look here first.
            case state(Wire.PlaceStated)
            /// Use the map no more.
            case withdraw(Wire.MapWithdrawn)
        }
    }
}

extension Wire.CommandTaken: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        switch command {
        case .forget(let value)?: wire.message(1) { value.encode(into: &$0) }
        case .state(let value)?: wire.message(2) { value.encode(into: &$0) }
        case .withdraw(let value)?: wire.message(3) { value.encode(into: &$0) }
        case nil: break
        }
    }
}

extension Wire.CommandTaken: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .bytes(let range)):
            let old = if case .forget(let old)? = command { old } else { Wire.PlaceForgotten?.none }
            command = .forget(try .merging(old, bytes, range))
        case (2, .bytes(let range)):
            let old = if case .state(let old)? = command { old } else { Wire.PlaceStated?.none }
            command = .state(try .merging(old, bytes, range))
        case (3, .bytes(let range)):
            let old = if case .withdraw(let old)? = command { old } else { Wire.MapWithdrawn?.none }
            command = .withdraw(try .merging(old, bytes, range))
        default: break
        }
    }
}

extension Wire {
    /// The cached place was forgotten.
    public struct PlaceForgotten: Sendable, Equatable {
        public init() {}
    }
}

extension Wire.PlaceForgotten: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {}
}

extension Wire.PlaceForgotten: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {}
}

extension Wire {
    /// A place was stated, to be tried before retrieval.
    public struct PlaceStated: Sendable, Equatable {
        /// Of the map.
        public var keyframe: UInt32 = 0
        /// Where the camera was said to be.
        public var cameraFromMap: Wire.Transform? = nil

        public init() {}

        public init(
            keyframe: UInt32 = 0,
            cameraFromMap: Wire.Transform? = nil
        ) {
            self.keyframe = keyframe
            self.cameraFromMap = cameraFromMap
        }
    }
}

extension Wire.PlaceStated: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        wire.varint(1, UInt64(keyframe))
        if let cameraFromMap { wire.message(2) { cameraFromMap.encode(into: &$0) } }
    }
}

extension Wire.PlaceStated: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .varint(let number)): keyframe = UInt32(truncatingIfNeeded: number)
        case (2, .bytes(let range)): cameraFromMap = try .merging(cameraFromMap, bytes, range)
        default: break
        }
    }
}

extension Wire {
    /// The map was withdrawn.
    public struct MapWithdrawn: Sendable, Equatable {
        /// Why.
        public var reason: String = ""

        public init() {}

        public init(
            reason: String = ""
        ) {
            self.reason = reason
        }
    }
}

extension Wire.MapWithdrawn: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        wire.string(1, reason)
    }
}

extension Wire.MapWithdrawn: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .bytes(let range)): reason = try String(wire: bytes, range)
        default: break
        }
    }
}

extension Wire {
    /// Topic /localizer_state: all that the localizer carries from one frame to the next, as it was before the next
    /// frame. At the beginning of each file, and after frames that are missing.
    public struct LocalizerState: Sendable, Equatable {
        /// There is a cached place.
        public var hasPlace: Bool = false
        /// The keyframe that it is built around.
        public var reference: UInt32 = 0
        /// How it came to be believed.
        public var hint: Wire.LocalizerState.Hint = .unspecified
        /// The last pose. Absent: none is known.
        public var cameraFromMap: Wire.Transform? = nil
        /// Of the last pose: 27 numbers, the 3x3 blocks of the translation, of translation by rotation, and of the
        /// rotation, each row by row.
        public var covariance: [Double] = []
        /// When it was captured: CLOCK_MONOTONIC.
        public var poseMonotonicNs: UInt64 = 0
        /// Translation, then rotation, per second, in the tangent of camera_from_map. Empty: not known.
        public var velocity: [Double] = []
        /// Frames in a row without a pose.
        public var failures: UInt32 = 0
        /// Poses in a row whose motion agrees.
        public var agreeing: UInt32 = 0
        /// As in Localization.
        public var resetCounter: UInt32 = 0
        /// The frame before gave no pose.
        public var isLost: Bool = false
        /// The next step of the search over the places, in turn.
        public var searchTurn: UInt32 = 0
        /// That step did not fit into the frame before.
        public var searchOwed: Bool = false
        /// Why frames get no pose without being looked at: the map was withdrawn. Empty: it was not.
        public var mapProblem: String = ""
        /// Share of the landmarks in view that were inliers where the place was last recognized by itself.
        public var recognition: Double = 0
        /// A picture was seen to be the right way round.
        public var isUpright: Bool = false
        /// Frames so far.
        public var frameCount: UInt32 = 0
        /// Grey values of the picture before, 64 across and 48 down, to tell a frozen camera by. Empty: there was none.
        public var picture: [Double] = []
        /// When it was taken: CLOCK_MONOTONIC.
        public var pictureMonotonicNs: UInt64 = 0
        /// How many pictures in a row repeated the one before.
        public var pictureRepetitions: UInt32 = 0
        /// Hashes of the last eight pictures, 32 bits each, the newest first; 0: there was none.
        public var pictureHashes: [Double] = []
        /// What the frames so far have said of the camera. Absent: nothing.
        public var watch: Wire.WatchState? = nil
        /// What is known of the vehicle between fixes. Absent: there is no odometry.
        public var vehicle: Wire.VehicleEstimate? = nil
        /// The whole of the place was seen, and followed from there.
        public var wholeSeen: Bool = false
        /// Where the frames since the camera was lost say that it may be. Absent: nothing.
        public var look: Wire.LookState? = nil

        public init() {}

        /// How a cached place came to be believed, until a frame confirms it.
        public enum Hint: UInt8, Sendable, CaseIterable {
            /// Frames found it, or there is none.
            case unspecified = 0
            /// An earlier run remembered it.
            case remembered = 1
            /// Somebody stated it.
            case stated = 2
        }
    }
}

extension Wire.LocalizerState: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        wire.bool(1, hasPlace)
        wire.varint(2, UInt64(reference))
        wire.varint(3, UInt64(hint.rawValue))
        if let cameraFromMap { wire.message(4) { cameraFromMap.encode(into: &$0) } }
        wire.packedDoubles(5, count: covariance.count)
        for value in covariance { wire.element(value) }
        wire.fixed64(6, poseMonotonicNs)
        wire.packedDoubles(7, count: velocity.count)
        for value in velocity { wire.element(value) }
        wire.varint(8, UInt64(failures))
        wire.varint(9, UInt64(agreeing))
        wire.varint(10, UInt64(resetCounter))
        wire.bool(11, isLost)
        wire.varint(12, UInt64(searchTurn))
        wire.bool(13, searchOwed)
        wire.string(14, mapProblem)
        wire.double(15, recognition)
        wire.bool(16, isUpright)
        wire.varint(17, UInt64(frameCount))
        wire.packedDoubles(18, count: picture.count)
        for value in picture { wire.element(value) }
        wire.fixed64(19, pictureMonotonicNs)
        wire.varint(20, UInt64(pictureRepetitions))
        if let watch { wire.message(21) { watch.encode(into: &$0) } }
        wire.packedDoubles(22, count: pictureHashes.count)
        for value in pictureHashes { wire.element(value) }
        if let vehicle { wire.message(23) { vehicle.encode(into: &$0) } }
        wire.bool(24, wholeSeen)
        if let look { wire.message(25) { look.encode(into: &$0) } }
    }
}

extension Wire.LocalizerState: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .varint(let number)): hasPlace = number != 0
        case (2, .varint(let number)): reference = UInt32(truncatingIfNeeded: number)
        case (3, .varint(let number)): hint = .init(number: number) ?? .unspecified
        case (4, .bytes(let range)): cameraFromMap = try .merging(cameraFromMap, bytes, range)
        case (5, .bytes(let range)): covariance += try WireReader.doubles(bytes, range)
        case (5, .fixed64(let bits)): covariance.append(Double(bitPattern: bits))
        case (6, .fixed64(let bits)): poseMonotonicNs = bits
        case (7, .bytes(let range)): velocity += try WireReader.doubles(bytes, range)
        case (7, .fixed64(let bits)): velocity.append(Double(bitPattern: bits))
        case (8, .varint(let number)): failures = UInt32(truncatingIfNeeded: number)
        case (9, .varint(let number)): agreeing = UInt32(truncatingIfNeeded: number)
        case (10, .varint(let number)): resetCounter = UInt32(truncatingIfNeeded: number)
        case (11, .varint(let number)): isLost = number != 0
        case (12, .varint(let number)): searchTurn = UInt32(truncatingIfNeeded: number)
        case (13, .varint(let number)): searchOwed = number != 0
        case (14, .bytes(let range)): mapProblem = try String(wire: bytes, range)
        case (15, .fixed64(let bits)): recognition = Double(bitPattern: bits)
        case (16, .varint(let number)): isUpright = number != 0
        case (17, .varint(let number)): frameCount = UInt32(truncatingIfNeeded: number)
        case (18, .bytes(let range)): picture += try WireReader.doubles(bytes, range)
        case (18, .fixed64(let bits)): picture.append(Double(bitPattern: bits))
        case (19, .fixed64(let bits)): pictureMonotonicNs = bits
        case (20, .varint(let number)): pictureRepetitions = UInt32(truncatingIfNeeded: number)
        case (22, .bytes(let range)): pictureHashes += try WireReader.doubles(bytes, range)
        case (22, .fixed64(let bits)): pictureHashes.append(Double(bitPattern: bits))
        case (21, .bytes(let range)): watch = try .merging(watch, bytes, range)
        case (23, .bytes(let range)): vehicle = try .merging(vehicle, bytes, range)
        case (24, .varint(let number)): wholeSeen = number != 0
        case (25, .bytes(let range)): look = try .merging(look, bytes, range)
        default: break
        }
    }
}

extension Wire {
    /// The keyframes most like the last frame that counts, of a camera that is lost: the likeliest first.
    public struct LookState: Sendable, Equatable {
        /// Numbers of keyframes of the map, at most 32.
        public var keyframes: [Double] = []
        /// How likely each is, 0...1.
        public var weights: [Double] = []
        /// When the frame was captured: CLOCK_MONOTONIC.
        public var monotonicNs: UInt64 = 0

        public init() {}

        public init(
            keyframes: [Double] = [],
            weights: [Double] = [],
            monotonicNs: UInt64 = 0
        ) {
            self.keyframes = keyframes
            self.weights = weights
            self.monotonicNs = monotonicNs
        }
    }
}

extension Wire.LookState: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        wire.packedDoubles(1, count: keyframes.count)
        for value in keyframes { wire.element(value) }
        wire.packedDoubles(2, count: weights.count)
        for value in weights { wire.element(value) }
        wire.fixed64(3, monotonicNs)
    }
}

extension Wire.LookState: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .bytes(let range)): keyframes += try WireReader.doubles(bytes, range)
        case (1, .fixed64(let bits)): keyframes.append(Double(bitPattern: bits))
        case (2, .bytes(let range)): weights += try WireReader.doubles(bytes, range)
        case (2, .fixed64(let bits)): weights.append(Double(bitPattern: bits))
        case (3, .fixed64(let bits)): monotonicNs = bits
        default: break
        }
    }
}

extension Wire {
    /// What an hflocd with odometry carries from one frame to the next. Numbers as they are in memory: Sources/Fusion
    /// says which. A stamp is two numbers, its upper and its lower 32 bits.
    public struct VehicleEstimate: Sendable, Equatable {
        /// 67 numbers of the pose that is believed. Empty: none is.
        public var belief: [Double] = []
        /// 67 numbers of one that may replace it. Empty: none may.
        public var rival: [Double] = []
        /// Fixes that agree with the rival.
        public var rivalAgreeing: UInt32 = 0
        /// Of so many.
        public var rivalSeen: UInt32 = 0
        /// As in VehicleState.
        public var resetCounter: UInt32 = 0
        /// As in VehicleState.
        public var withheldFixes: UInt64 = 0
        /// The last so many of them came without one between them that agreed.
        public var contradicting: UInt32 = 0
        /// The odometry that may still be asked for, the oldest first: 13 numbers each.
        public var odometry: [Double] = []

        public init() {}

        public init(
            belief: [Double] = [],
            rival: [Double] = [],
            rivalAgreeing: UInt32 = 0,
            rivalSeen: UInt32 = 0,
            resetCounter: UInt32 = 0,
            withheldFixes: UInt64 = 0,
            contradicting: UInt32 = 0,
            odometry: [Double] = []
        ) {
            self.belief = belief
            self.rival = rival
            self.rivalAgreeing = rivalAgreeing
            self.rivalSeen = rivalSeen
            self.resetCounter = resetCounter
            self.withheldFixes = withheldFixes
            self.contradicting = contradicting
            self.odometry = odometry
        }
    }
}

extension Wire.VehicleEstimate: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        wire.packedDoubles(1, count: belief.count)
        for value in belief { wire.element(value) }
        wire.packedDoubles(2, count: rival.count)
        for value in rival { wire.element(value) }
        wire.varint(3, UInt64(rivalAgreeing))
        wire.varint(4, UInt64(rivalSeen))
        wire.varint(5, UInt64(resetCounter))
        wire.varint(6, withheldFixes)
        wire.varint(7, UInt64(contradicting))
        wire.packedDoubles(8, count: odometry.count)
        for value in odometry { wire.element(value) }
    }
}

extension Wire.VehicleEstimate: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .bytes(let range)): belief += try WireReader.doubles(bytes, range)
        case (1, .fixed64(let bits)): belief.append(Double(bitPattern: bits))
        case (2, .bytes(let range)): rival += try WireReader.doubles(bytes, range)
        case (2, .fixed64(let bits)): rival.append(Double(bitPattern: bits))
        case (3, .varint(let number)): rivalAgreeing = UInt32(truncatingIfNeeded: number)
        case (4, .varint(let number)): rivalSeen = UInt32(truncatingIfNeeded: number)
        case (5, .varint(let number)): resetCounter = UInt32(truncatingIfNeeded: number)
        case (6, .varint(let number)): withheldFixes = number
        case (7, .varint(let number)): contradicting = UInt32(truncatingIfNeeded: number)
        case (8, .bytes(let range)): odometry += try WireReader.doubles(bytes, range)
        case (8, .fixed64(let bits)): odometry.append(Double(bitPattern: bits))
        default: break
        }
    }
}

extension Wire {
    /// What the watch on the calibration carries from one frame to the next.
    public struct WatchState: Sendable, Equatable {
        /// Frames that have said something.
        public var frames: UInt32 = 0
        /// As in Status.
        public var contradicts: Bool = false
        /// As in Status.
        public var chiSquare: Double = 0
        /// Twelve numbers: the sum of the frames' information on log f, x and y, row by row, and that of it times what
        /// they say.
        public var sums: [Double] = []
        /// Which landmarks have spoken: of this hundred of frames, then of the hundred before, 512 words of 32 bits
        /// each.
        public var landmarks: [Double] = []

        public init() {}

        public init(
            frames: UInt32 = 0,
            contradicts: Bool = false,
            chiSquare: Double = 0,
            sums: [Double] = [],
            landmarks: [Double] = []
        ) {
            self.frames = frames
            self.contradicts = contradicts
            self.chiSquare = chiSquare
            self.sums = sums
            self.landmarks = landmarks
        }
    }
}

extension Wire.WatchState: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        wire.varint(1, UInt64(frames))
        wire.bool(2, contradicts)
        wire.double(3, chiSquare)
        wire.packedDoubles(4, count: sums.count)
        for value in sums { wire.element(value) }
        wire.packedDoubles(5, count: landmarks.count)
        for value in landmarks { wire.element(value) }
    }
}

extension Wire.WatchState: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .varint(let number)): frames = UInt32(truncatingIfNeeded: number)
        case (2, .varint(let number)): contradicts = number != 0
        case (3, .fixed64(let bits)): chiSquare = Double(bitPattern: bits)
        case (4, .bytes(let range)): sums += try WireReader.doubles(bytes, range)
        case (4, .fixed64(let bits)): sums.append(Double(bitPattern: bits))
        case (5, .bytes(let range)): landmarks += try WireReader.doubles(bytes, range)
        case (5, .fixed64(let bits)): landmarks.append(Double(bitPattern: bits))
        default: break
        }
    }
}
