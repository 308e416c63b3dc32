internal import Features
internal import Geometry
internal import Integrity
internal import LocalizationOptions
internal import ReferenceMap

/// The network behind the frames: a frame that is due is followed and answered like the others, and its picture is
/// given away; a later frame adopts what the network has seen of it. What a learned frame leaves to those after it, the
/// adopted picture leaves then.
extension Localizer {
    /// What the next frame does about the network if that takes so many frames to see a picture, one or more.
    package func turn(ofDelay delay: Int) -> NetworkTurn {
        cheap?.asked.map { $0.frames + 1 >= delay } == true ? .adopting : .behind
    }

    /// Has the network see a cheap frame's picture behind the frames.
    func ask(_ image: GreyImage, _ found: Hypothesis, at time: UInt64, _ cheap: inout CheapFrames) {
        behind?.ask(image)
        cheap.asked = AskedPicture(pose: found.cameraFromMap, covariance: found.covariance, time: time)
        cheap.seams.removeAll(keepingCapacity: true)
        cheap.seams.append(contentsOf: seamsOfFrame)
    }

    /// Takes over what the network has seen of an earlier picture, if it is time to. Where that picture has no pose, a
    /// doubtful one, or another than was published of it, nothing is followed any more.
    ///
    /// - Parameters:
    ///   - told: whether to; nil: if it is done, or has taken too long, and is waited for.
    ///   - frame: of the picture that comes now; gets its turn, and what this took.
    /// - Returns: what corrects the pose that is expected of the frame, `expected * correction`, by how the network's
    ///   pose of that picture differs from the one that was published; nil where there is nothing to correct.
    func adopt(_ told: NetworkTurn?, in frame: inout Frame) -> RigidTransform? {
        guard let behind, told != .atOnce else { return nil }
        frame.turn = .behind
        guard let asked = cheap?.asked else { return nil }
        guard told.map({ $0 == .adopting }) ?? (behind.isDone || asked.frames > options.cheapFrames) else { return nil }
        frame.turn = .adopting
        behind.take(&network, &features)
        var earlier = Frame()
        earlier.time = asked.time
        seamsOfFrame.removeAll(keepingCapacity: true)
        if let seams = cheap?.seams { seamsOfFrame.append(contentsOf: seams) }
        var found = recognize(behind.image, near: asked.pose, in: &earlier)
        carryOver(&found, adopted: asked)
        learn(behind.image, from: found, in: &earlier)
        frame.times = earlier.times
        guard let learned = cheap?.learned else { return nil }
        return asked.pose.inverse * learned.cameraFromMap
    }

    /// Carries the outcome of an adopted picture over, but for the motion, which frames after it have observed. One
    /// that is another than was published says nothing: the frame that comes decides.
    private func carryOver(_ outcome: inout SearchOutcome, adopted asked: AskedPicture) {
        search.conclude(hasPose: outcome.hypothesis != nil)
        guard let found = outcome.hypothesis else { return carryOverFailure() }
        let isSame = MotionModel.isSame(
            found.cameraFromMap, found.covariance, as: asked.pose, asked.covariance)
        guard isSame else {
            outcome = SearchOutcome()
            return
        }
        stand(on: found, continues: true, &outcome)
    }
}
