import LocalizationOptions
import Localizer
import ReferenceMap
import Testing

/// What people may choose, at both ends of its range. The quantities go to their ends together: a frame takes long.
@Suite("Ranges of the options")
struct OptionTests {
    private static func setEnds<Value>(
        _ options: inout LocalizerOptions, isUpper: Bool,
        of quantities: [WritableKeyPath<LocalizerOptions, Limited<Value>>]
    ) {
        for quantity in quantities {
            let allowed = options[keyPath: quantity].allowed
            options[keyPath: quantity].wrappedValue = isUpper ? allowed.upperBound : allowed.lowerBound
        }
    }

    @Test(
        "How much is tried: least and most give a right pose or none, and the most gives one", arguments: [false, true])
    func effort(isUpper: Bool) throws {
        let drive = try SampleDrive.shared.get()
        var options = LocalizerOptions()
        Self.setEnds(
            &options, isUpper: isUpper,
            of: [\.$maximumKeypoints, \.$priors, \.$cachedKeyframes, \.$failuresUntilLost])
        let localizer = try drive.localizer(options)
        // The first through retrieval, the second tracked.
        for index in 0..<2 {
            let result = localizer.localize(drive.frames[index], captureTime: drive.stamp(index))
            #expect((1...options.maximumKeypoints).contains(result.keypoints))
            #expect(drive.isRight(result, index) || (!isUpper && result.cameraFromMap == nil))
        }
    }

    @Test("What is demanded: by the least a pose passes, by the most none does", arguments: [false, true])
    func demand(isUpper: Bool) throws {
        let drive = try SampleDrive.shared.get()
        var options = LocalizerOptions()
        Self.setEnds(
            &options, isUpper: isUpper, of: [\.gates.$minimumInliers, \.gates.$minimumTrackedInliers])
        Self.setEnds(
            &options, isUpper: isUpper,
            of: [\.gates.$minimumSpread, \.gates.$minimumRecognition, \.gates.$minimumPurity])
        Self.setEnds(&options, isUpper: !isUpper, of: [\.gates.$maximumRivalShare, \.gates.$maximumBeyond])
        let localizer = try drive.localizer(options)
        let result = localizer.localize(drive.frames[0], captureTime: drive.stamp(0))
        #expect(isUpper ? result.cameraFromMap == nil : drive.isRight(result, 0))
    }

    @Test("What degrades: by the strictest every pose is degraded, by the mildest none", arguments: [false, true])
    func degradation(isStrict: Bool) throws {
        let drive = try SampleDrive.shared.get()
        var options = LocalizerOptions()
        Self.setEnds(&options, isUpper: isStrict, of: [\.degradation.$minimumInliers])
        Self.setEnds(
            &options, isUpper: !isStrict,
            of: [\.degradation.$maximumPositionDeviation, \.degradation.$maximumRotationDeviation])
        options.agreement = 1
        let localizer = try drive.localizer(options)
        let result = localizer.localize(drive.frames[0], captureTime: drive.stamp(0))
        #expect(result.state == (isStrict ? .degraded : .localized) && drive.isRight(result, 0))
    }

    @Test("More priors than the map has keyframes are all of them: the pose is the same to the last bit")
    func manyPriors() throws {
        let drive = try SampleDrive.shared.get()
        var (all, most) = (LocalizerOptions(), LocalizerOptions())
        all.priors = drive.map.keyframeCount
        most.priors = most.$priors.allowed.upperBound
        #expect(all.priors < most.priors)
        let poses = try [all, most].map { options in
            try drive.localizer(options).localize(drive.frames[0], captureTime: drive.stamp(0)).cameraFromMap
        }
        #expect(poses[0] != nil && poses[0] == poses[1])
    }
}
