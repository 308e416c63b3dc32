/// What somebody asks of the daemon: `hfloc.v1.ControlRequest`, decoded.
public struct ControlRequest: Sendable, Equatable {
    public var requestID: UInt64 = 0
    public var command: Command

    public enum Command: Sendable, Equatable {
        /// No command, or one of a later version.
        case unknown
        case getStatus
        case relocalize
        case setPrior(Prior)
        /// As sent: not checked to be a path.
        case loadMap(String)
        case reload
        case shutdown
    }

    /// A pose in the map, as sent: nothing is checked, see `problem`.
    public struct Prior: Sendable, Equatable {
        /// Metres.
        public var position = SIMD3<Double>()
        /// w, x, y, z.
        public var orientation = SIMD4<Double>()
        /// Metres.
        public var positionSigma = 0.0
        /// Radians.
        public var rotationSigma = 0.0
        /// Whose pose it is; empty for the camera's.
        public var frame = ""

        public init() {}

        /// Why this cannot be used, with the allowed range, or nil.
        public var problem: String? {
            let coordinates = [position.x, position.y, position.z]
            guard coordinates.allSatisfy({ abs($0) <= 1e7 }) else {
                return "set_prior.position: expected finite coordinates within 10000000 m"
            }
            let norm = (orientation * orientation).sum().squareRoot()
            guard abs(norm - 1) <= 0.01 else {
                return "set_prior.orientation: its norm is \(norm), expected 1 (within 1 %)"
            }
            guard positionSigma > 0, positionSigma <= 1e4 else {
                return "set_prior.position_sigma_m: \(positionSigma) is out of range (above 0, at most 10000)"
            }
            guard rotationSigma > 0, rotationSigma <= .pi else {
                return "set_prior.rotation_sigma_rad: \(rotationSigma) is out of range (above 0, at most 3.1416)"
            }
            return nil
        }
    }

    /// What is not a request at all.
    public struct Malformed: Error {}

    public init(requestID: UInt64 = 0, command: Command) {
        self.requestID = requestID
        self.command = command
    }

    /// Takes a serialized request apart. Unknown fields are ignored, as protobuf wants.
    public init(decoding bytes: Span<UInt8>) throws(Malformed) {
        self.init(command: .unknown)
        do throws(WireReader.Malformed) {
            var reader = WireReader(0..<bytes.count)
            while let (field, value) = try reader.next(bytes) {
                switch (field, value) {
                case (1, .varint(let number)): requestID = number
                case (2...7, .bytes(let range)): command = try command.merged(field, bytes, range)
                default: break
                }
            }
        } catch {
            throw Malformed()
        }
    }
}

extension ControlRequest.Command {
    /// The `oneof`: another command replaces this one; the same, sent again, merges into it.
    fileprivate func merged(
        _ field: UInt64, _ bytes: Span<UInt8>, _ range: Range<Int>
    ) throws(WireReader.Malformed) -> Self {
        switch field {
        case 4:
            var prior = if case .setPrior(let prior) = self { prior } else { ControlRequest.Prior() }
            try prior.merge(bytes, range)
            return .setPrior(prior)
        case 5:
            let path = if case .loadMap(let path) = self { path } else { "" }
            return .loadMap(try Self.text(1, bytes, range) ?? path)
        default:
            try Self.skim(bytes, range)
            return [2: .getStatus, 3: .relocalize, 6: .reload, 7: .shutdown][field] ?? .unknown
        }
    }

    /// Checks a message of no fields.
    private static func skim(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(WireReader.Malformed) {
        var reader = WireReader(range)
        while try reader.next(bytes) != nil {}
    }

    /// The last value of a string field.
    private static func text(
        _ wanted: UInt64, _ bytes: Span<UInt8>, _ range: Range<Int>
    ) throws(WireReader.Malformed) -> String? {
        var reader = WireReader(range)
        var text: String?
        while let (field, value) = try reader.next(bytes) {
            if field == wanted, case .bytes(let range) = value { text = try String(wire: bytes, range) }
        }
        return text
    }
}

extension ControlRequest.Prior {
    fileprivate mutating func merge(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(WireReader.Malformed) {
        var (newPosition, newOrientation) = (WireNumbers(SIMD4(position, 0)), WireNumbers(orientation))
        var reader = WireReader(range)
        while let (field, value) = try reader.next(bytes) {
            switch (field, value) {
            case (1, .bytes(let range)): try newPosition.merge(bytes, range, count: 3)
            case (2, .bytes(let range)): try newOrientation.merge(bytes, range, count: 4)
            case (3, .fixed64(let bits)): positionSigma = Double(bitPattern: bits)
            case (4, .fixed64(let bits)): rotationSigma = Double(bitPattern: bits)
            case (5, .bytes(let range)): frame = try String(wire: bytes, range)
            default: break
            }
        }
        position = SIMD3(newPosition.values.x, newPosition.values.y, newPosition.values.z)
        orientation = newOrientation.values
    }
}

extension String {
    /// A `string` field: UTF-8, or the message is malformed.
    fileprivate init(wire bytes: Span<UInt8>, _ range: Range<Int>) throws(WireReader.Malformed) {
        guard let text = String(validating: range.map { bytes[$0] }, as: UTF8.self) else {
            throw WireReader.Malformed()
        }
        self = text
    }
}
