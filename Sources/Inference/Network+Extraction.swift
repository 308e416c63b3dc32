public import Features

/// What callers ask of the network, frame by frame.
extension Network {
    /// Keypoints and local descriptors of an image, best first: the local branch only.
    ///
    /// The image has the configured size. Keypoints are in pixels of the network's input (`input`).
    public func extractLocal(from image: GreyImage, into features: inout LocalFeatures) {
        precondition(features.dimension == model.descriptorDimension, "features of another dimension")
        times = StageTimes()
        runTrunk(image, recorder: nil)
        var watch = Stopwatch()
        runDetector(recorder: nil)
        times.detector = watch.lap()
        decodeKeypoints(limit: maximumKeypoints, into: &features.keypoints)
        times.keypoints = watch.lap()
        describe(features.keypoints, into: &features.descriptors)
        times.descriptors = watch.lap()
    }

    /// The global descriptor of the image that was extracted last, and whose `features` those are: continues where the
    /// local branch stopped.
    public func extractGlobal(of features: LocalFeatures, into descriptor: inout GlobalDescriptor) {
        precondition(hasLocalFeatures, "no image was extracted")
        precondition(features.dimension == model.descriptorDimension, "features of another dimension")
        var watch = Stopwatch()
        runGlobalTrunk(recorder: nil)
        times.globalTrunk = watch.lap()
        gatherGlobal(features, into: &descriptor, recorder: nil)
        times.global = watch.lap()
    }

    /// The image as the network sees it, into memory that one image after another is written to. What was extracted
    /// before is no longer there for ``extractGlobal(of:into:)``.
    public func reduce(_ image: GreyImage, into reduced: inout GreyImage) {
        reduce(image)
        reduced.reshape(width: input.width, height: input.height)
        copyInput(into: &reduced)
    }

    /// The image as the network sees it: reduced and cropped to `input.width` x `input.height`. For people and for
    /// tests.
    public func reducedImage(of image: GreyImage) -> GreyImage {
        var reduced = GreyImage(width: input.width, height: input.height)
        reduce(image, into: &reduced)
        return reduced
    }

    private func runTrunk(_ image: GreyImage, recorder: LayerRecorder?) {
        var watch = Stopwatch()
        reduce(image)
        times.reduce = watch.lap()
        runLocalTrunk(recorder: recorder)
        times.trunk = watch.lap()
    }
}

/// Everything the network computes on one image, for comparison with the golden tensors.
public struct NetworkTrace: Sendable {
    /// Every layer's integers, by the names of the model file.
    public internal(set) var layers: [String: LayerOutput] = [:]
    /// Detector probabilities, `height * width`.
    public internal(set) var scores: [Float] = []
    /// The VLAD sums of cells and keypoints, normalized: what the projection takes.
    public internal(set) var vlad: [Float] = []
    /// The unit global descriptor before it is quantized.
    public internal(set) var global: [Float] = []
}

extension Network {
    /// Runs every layer on every cell, by the same steps as a frame, and keeps all outputs. Slow, and allocates.
    ///
    /// - Parameters:
    ///   - image: of the configured size.
    ///   - features: that the global descriptor gathers; the image's own if nil.
    public func trace(_ image: GreyImage, features: LocalFeatures? = nil) -> NetworkTrace {
        let recorder = LayerRecorder()
        var trace = NetworkTrace()
        runTrunk(image, recorder: recorder)
        runDetector(recorder: recorder)
        trace.scores = scores
        var own = LocalFeatures(dimension: model.descriptorDimension)
        if features == nil {
            decodeKeypoints(limit: maximumKeypoints, into: &own.keypoints)
            describe(own.keypoints, into: &own.descriptors)
        }
        describeAllCells(recorder: recorder)
        runGlobalTrunk(recorder: recorder)
        var descriptor = GlobalDescriptor(dimension: globalDimension)
        gatherGlobal(features ?? own, into: &descriptor, recorder: recorder)
        (trace.vlad, trace.global) = globalFloats
        trace.layers = recorder.outputs
        return trace
    }
}
