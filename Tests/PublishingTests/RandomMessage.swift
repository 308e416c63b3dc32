import Publishing
import TestSupport

/// Values at the edges of the wire format's sizes as often as ordinary ones.
func randomInteger(_ random: inout SeededGenerator) -> UInt64 {
    switch Int.random(in: 0..<4, using: &random) {
    case 0: 0
    case 1: [1, 127, 128, 16383, 16384, .max, .max - 1, 1 << 63].randomElement(using: &random) ?? 0
    default: random.next() >> UInt64.random(in: 0..<64, using: &random)
    }
}

func randomDouble(_ random: inout SeededGenerator) -> Double {
    switch Int.random(in: 0..<4, using: &random) {
    case 0:
        [0, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .pi]
            .randomElement(using: &random) ?? 0
    default: Double.random(in: -1000...1000, using: &random)
    }
}

/// Every field random, and each optional part sometimes absent.
func randomMessage(_ random: inout SeededGenerator) -> LocalizationMessage {
    var message = LocalizationMessage()
    message.sequence = randomInteger(&random)
    message.frameSequence = randomInteger(&random)
    message.frames.captured = randomInteger(&random)
    message.frames.skipped = randomInteger(&random)
    message.frames.dropped = randomInteger(&random)
    message.frames.corrupt = randomInteger(&random)
    message.frames.reopened = randomInteger(&random)
    message.captureMonotonic = randomInteger(&random)
    message.captureWall = randomInteger(&random)
    message.wallClockUncertainty = UInt32(truncatingIfNeeded: randomInteger(&random))
    message.publishMonotonic = randomInteger(&random)
    message.state = LocalizationMessage.State.allCases.randomElement(using: &random) ?? .lost
    message.resetCounter = UInt32(truncatingIfNeeded: randomInteger(&random))
    if Bool.random(using: &random) { message.pose = randomPose(&random) }
    if Bool.random(using: &random) { message.basePose = randomPose(&random) }
    if Bool.random(using: &random) {
        message.mapFromOdom = LocalizationMessage.Transform(
            translation: SIMD3(randomDouble(&random), randomDouble(&random), randomDouble(&random)),
            rotation: SIMD4(randomDouble(&random), randomDouble(&random), 0, randomDouble(&random)))
    }
    message.wallClockSynchronized = Bool.random(using: &random)
    message.wallClockMaximumError = randomInteger(&random)
    if Bool.random(using: &random) { message.evidence = randomEvidence(&random) }
    if Bool.random(using: &random) { message.latencies = randomLatencies(&random) }
    return message
}

func randomPose(_ random: inout SeededGenerator) -> LocalizationMessage.Pose {
    var covariance = InlineArray<36, Double>(repeating: 0)
    for index in 0..<36 { covariance[index] = randomDouble(&random) }
    return LocalizationMessage.Pose(
        position: SIMD3(randomDouble(&random), randomDouble(&random), randomDouble(&random)),
        orientation: (randomDouble(&random), randomDouble(&random), randomDouble(&random), randomDouble(&random)),
        covariance: covariance)
}

private func randomEvidence(_ random: inout SeededGenerator) -> LocalizationMessage.Evidence {
    var evidence = LocalizationMessage.Evidence()
    evidence.keypoints = UInt32(truncatingIfNeeded: randomInteger(&random))
    evidence.matches = UInt32(truncatingIfNeeded: randomInteger(&random))
    evidence.inliers = UInt32(truncatingIfNeeded: randomInteger(&random))
    evidence.inlierRatio = randomDouble(&random)
    evidence.spread = randomDouble(&random)
    evidence.reprojectionRMS = randomDouble(&random)
    evidence.landmarksInView = .random(in: 0...UInt32.max, using: &random)
    evidence.failedGate = LocalizationMessage.Gate.allCases.randomElement(using: &random) ?? .none
    evidence.source = LocalizationMessage.Source.allCases.randomElement(using: &random) ?? .unspecified
    return evidence
}

private func randomLatencies(_ random: inout SeededGenerator) -> LocalizationMessage.Latencies {
    var latencies = LocalizationMessage.Latencies()
    latencies.capture = randomInteger(&random)
    latencies.localFeatures = randomInteger(&random)
    latencies.globalDescriptor = randomInteger(&random)
    latencies.retrieval = randomInteger(&random)
    latencies.matching = randomInteger(&random)
    latencies.pose = randomInteger(&random)
    latencies.total = randomInteger(&random)
    latencies.previousPublish = randomInteger(&random)
    return latencies
}
