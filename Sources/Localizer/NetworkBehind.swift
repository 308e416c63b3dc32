internal import Features
internal import Geometry
internal import Inference
internal import Parallelism

/// The local branch of the network for one picture at a time, while frames go on.
///
/// One thread owns it. A picture that was asked for belongs to whoever runs the network until ``isDone``. It allocates
/// at its start only.
final class NetworkBehind {
    private let extraction: Extraction
    /// nil: the owner itself runs the network, when it takes what was asked for.
    private let thread: BackgroundThread?

    private final class Extraction {
        var network: Network
        var features: LocalFeatures
        var image: GreyImage

        init(beside network: Network, width: Int, height: Int) {
            self.network = Network(beside: network)
            features = LocalFeatures(
                dimension: network.model.descriptorDimension, capacity: network.maximumKeypoints)
            image = GreyImage(width: width, height: height)
        }

        func run() { network.extractLocal(from: image, into: &features) }
    }

    /// Nil if nobody is to run it, or the system gives no thread.
    init?(_ runner: NetworkRunner, beside network: Network, width: Int, height: Int) {
        if runner == .none { return nil }
        let extraction = Extraction(beside: network, width: width, height: height)
        self.extraction = extraction
        guard case .thread(let priority, let processors) = runner else {
            thread = nil
            return
        }
        thread = BackgroundThread(name: "hfloc-network", priority: priority, processors: processors) {
            extraction.run()
        }
        if thread == nil { return nil }
    }

    /// The picture that was asked for last; may be read.
    var image: GreyImage { extraction.image }

    /// Can what was asked for be taken without waiting for a thread?
    var isDone: Bool { thread?.isIdle ?? true }

    /// Has the network see a picture, which is copied. What was asked for before and not taken is dropped; if the
    /// network still runs, this waits for it.
    func ask(_ image: GreyImage) {
        thread?.wait()
        extraction.image.copy(image)
        thread?.ask()
    }

    /// Gives what the network has made of the picture, with its memory, for those that it had before. Waits for it.
    func take(_ network: inout Network, _ features: inout LocalFeatures) {
        if let thread { thread.wait() } else { extraction.run() }
        swap(&network, &extraction.network)
        swap(&features, &extraction.features)
    }
}

/// A cheap frame whose picture the network sees behind the frames.
struct AskedPicture {
    /// What was published of it.
    let pose: RigidTransform
    let covariance: SymmetricMatrix6
    /// Of its capture, nanoseconds.
    let time: UInt64
    /// Frames that were answered since.
    var frames = 0
}
