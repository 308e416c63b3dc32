internal import Geometry
internal import Integrity
internal import Localizer
internal import Publishing
internal import Retrieval

extension Wire.LocalizerState {
    /// With room for everything, so that ``take(_:mapProblem:)`` allocates nothing.
    static var withRoom: Wire.LocalizerState {
        var state = Wire.LocalizerState()
        state.covariance.reserveCapacity(27)
        state.velocity.reserveCapacity(6)
        state.picture.reserveCapacity(PictureCheck.Memory.count)
        state.pictureHashes.reserveCapacity(8)
        state.watch = .withRoom
        state.look = .withRoom
        return state
    }

    mutating func take(_ state: LocalizerState, mapProblem: String?) {
        hasPlace = state.reference != nil
        reference = UInt32(clamping: state.reference ?? 0)
        hint =
            switch state.hint {
            case nil: .unspecified
            case .remembered: .remembered
            case .stated: .stated
            }
        take(state.motion)
        take(state.standing)
        take(state.picture)
        watch?.take(state.watch)
        look?.take(state.look)
        (isUpright, frameCount, resetCounter) = (state.isUpright, state.frameCount, state.resetCounter)
        isLost = state.search.isLost
        searchTurn = UInt32(clamping: state.search.turn)
        searchOwed = state.search.isOwed
        self.mapProblem = mapProblem ?? ""
    }

    private mutating func take(_ standing: Standing) {
        failures = UInt32(clamping: standing.failures)
        agreeing = UInt32(clamping: standing.agreeing)
        recognition = standing.recognition
        wholeSeen = standing.hasSeenWhole
    }

    private mutating func take(_ memory: PictureCheck.Memory) {
        picture.removeAll(keepingCapacity: true)
        if memory.hasPicture {
            for index in 0..<PictureCheck.Memory.count { picture.append(Double(memory.pixels[index])) }
        }
        pictureMonotonicNs = memory.time
        pictureRepetitions = UInt32(clamping: memory.repetitions)
        pictureHashes.removeAll(keepingCapacity: true)
        for index in memory.hashes.indices { pictureHashes.append(Double(memory.hashes[index])) }
    }

    private mutating func take(_ motion: MotionModel) {
        covariance.removeAll(keepingCapacity: true)
        velocity.removeAll(keepingCapacity: true)
        cameraFromMap = motion.last.map { Wire.Transform($0.pose) }
        poseMonotonicNs = motion.last?.time ?? 0
        if let last = motion.last {
            for block in 0..<3 {
                for index in 0..<9 { covariance.append(last.covariance[block: block][index / 3, index % 3]) }
            }
        }
        if let known = motion.velocity { for index in 0..<6 { velocity.append(known[index]) } }
    }
}

extension LocalizerState {
    /// nil if the numbers are none that a localizer can have.
    init?(_ wire: Wire.LocalizerState) {
        self.init()
        reference = wire.hasPlace ? Int(wire.reference) : nil
        hint =
            switch wire.hint {
            case .unspecified: nil
            case .remembered: .remembered
            case .stated: .stated
            }
        guard let motion = MotionModel(wire) else { return nil }
        self.motion = motion
        guard let memory = PictureCheck.Memory(wire), wire.recognition.isFinite else { return nil }
        picture = memory
        if let carried = wire.watch {
            guard let memory = CalibrationWatch.Memory(carried) else { return nil }
            watch = memory
        }
        if let carried = wire.look {
            guard let known = PlaceEvidence.Look(carried) else { return nil }
            look = known
        }
        standing = Standing(
            agreeing: Int(wire.agreeing), failures: Int(wire.failures), recognition: wire.recognition,
            hasSeenWhole: wire.wholeSeen)
        (isUpright, frameCount, resetCounter) = (wire.isUpright, wire.frameCount, wire.resetCounter)
        search = .init(isLost: wire.isLost, turn: Int(wire.searchTurn), isOwed: wire.searchOwed)
    }
}

extension PictureCheck.Memory {
    /// nil if there are not as many pixels as there must be.
    fileprivate init?(_ wire: Wire.LocalizerState) {
        self.init()
        guard wire.picture.isEmpty || wire.picture.count == Self.count else { return nil }
        hasPicture = !wire.picture.isEmpty
        for (index, value) in wire.picture.enumerated() {
            guard let grey = UInt8(exactly: value) else { return nil }
            pixels[index] = grey
        }
        (time, repetitions) = (wire.pictureMonotonicNs, Int(wire.pictureRepetitions))
        guard wire.pictureHashes.count <= hashes.count else { return nil }
        for (index, value) in wire.pictureHashes.enumerated() {
            guard let hash = UInt32(exactly: value) else { return nil }
            hashes[index] = hash
        }
    }
}

extension MotionModel {
    fileprivate init?(_ wire: Wire.LocalizerState) {
        let numbers = wire.velocity
        guard [0, 6].contains(numbers.count), numbers.allSatisfy(\.isFinite) else { return nil }
        let velocity =
            numbers.isEmpty
            ? nil
            : Twist(
                translation: Vector3(numbers[0], numbers[1], numbers[2]),
                rotation: Vector3(numbers[3], numbers[4], numbers[5]))
        guard let transform = wire.cameraFromMap else {
            self.init(last: nil, velocity: velocity)
            return
        }
        guard let pose = RigidTransform(exactly: transform), wire.covariance.count == 27,
            wire.covariance.allSatisfy(\.isFinite)
        else { return nil }
        var covariance = SymmetricMatrix6.zero
        for block in 0..<3 {
            for index in 0..<9 { covariance[block: block][index / 3, index % 3] = wire.covariance[9 * block + index] }
        }
        self.init(last: (pose, covariance, wire.poseMonotonicNs), velocity: velocity)
    }
}

extension SymmetricMatrix6 {
    /// Translation, translation by rotation, rotation.
    fileprivate subscript(block index: Int) -> Matrix3 {
        get { index == 0 ? translation : index == 1 ? cross : rotation }
        set {
            switch index {
            case 0: translation = newValue
            case 1: cross = newValue
            default: rotation = newValue
            }
        }
    }
}

extension RigidTransform {
    /// As it was written down, to the last bit; nil if it is no transform.
    init?(exactly wire: Wire.Transform) {
        let (t, q) = (wire.translation ?? Wire.Vector3(), wire.rotation ?? Wire.Quaternion())
        guard let rotation = Rotation(exactlyW: q.w, x: q.x, y: q.y, z: q.z) else { return nil }
        let translation = Vector3(t.x, t.y, t.z)
        guard translation.isFinite else { return nil }
        self.init(rotation: rotation, translation: translation)
    }
}

extension Wire.PlaceStated {
    init(_ place: LastPose) {
        self.init(keyframe: UInt32(clamping: place.reference), cameraFromMap: Wire.Transform(place.cameraFromMap))
    }
}

extension LastPose {
    /// nil if it states no pose.
    init?(_ wire: Wire.PlaceStated) {
        guard let pose = wire.cameraFromMap.flatMap({ RigidTransform(exactly: $0) }) else { return nil }
        self.init(reference: Int(wire.keyframe), cameraFromMap: pose)
    }
}
