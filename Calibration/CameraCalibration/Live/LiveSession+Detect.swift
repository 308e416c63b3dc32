internal import Features
internal import Geometry

extension LiveSession {
    /// The detecting thread: the newest frame, its board, the commands, and what they make of the state.
    func detect() {
        var version: UInt64 = 0
        var collection: ViewCollection?
        while !isStopping {
            guard let next = frames.next(after: version, milliseconds: 200), let frame = next.value else { continue }
            version = next.version
            let now = state.current.value
            guard !now.isSettling, [.waiting, .collecting].contains(now.phase) else { continue }
            let image = frame.image
            var current =
                collection.flatMap { $0.fits(image) ? $0 : nil }
                ?? ViewCollection(detector.board, image.width, image.height)
            let detection = detector.examine(image, name: current.nextName)
            let outcome = current.offer(detection.view, frame, takes: now.takesByItself)
            if obey(&current, detection.view, frame) || outcome == .taken { work.set((current.kept, false)) }
            collection = current
            state.update { Self.describe(detection, outcome, current, in: &$0) }
        }
    }

    /// Carries the commands out; true if the views have changed.
    private func obey(_ collection: inout ViewCollection, _ view: BoardView?, _ frame: LiveFrame) -> Bool {
        var hasChanged = false
        for command in commands.update({ list in
            defer { list = [] }
            return list
        }) {
            switch command {
            case .take: hasChanged = collection.take(view, frame) || hasChanged
            case .undo:
                collection.undo()
                hasChanged = true
            case .automatic: state.update { $0.takesByItself.toggle() }
            case .finish:
                state.update {
                    ($0.phase, $0.hint) = (.solving, "Solving with \(collection.kept.count) views")
                    $0.detail = "This takes some seconds"
                }
                work.set((collection.kept, true))
                return false
            }
        }
        return hasChanged
    }

    private static func describe(
        _ detection: BoardDetection, _ outcome: ViewCollector.Outcome, _ collection: ViewCollection,
        in state: inout LiveState
    ) {
        let collector = collection.collector
        (state.width, state.height) = (collection.width, collection.height)
        state.corners = detection.view?.corners.map(\.pixel) ?? []
        state.board = collector.current?.outline ?? []
        state.views = collector.views.map(\.placement.outline)
        state.taken = collection.count
        state.progress = collector.guide.progress
        state.heat = collector.guide.heat
        state.next = collector.guide.nextOutline
        guard state.phase != .solving else { return }
        state.phase = .collecting
        state.hint =
            collector.guide.isComplete(viewCount: collector.views.count)
            ? "That is enough: press Finish" : collector.guide.next?.text ?? "Show the board at another place"
        state.detail =
            switch (outcome, detection) {
            case (.noBoard, .absent(let why)): why.description.prefix(1).uppercased() + why.description.dropFirst()
            case (.noBoard, _): "The board's corners lie on a line; show more of it"
            case (.moving, _): "Found. Hold it still"
            case (.settling, _): "Hold it still…"
            case (.known, _): "A view like this one has been taken"
            case (.taken, _): "Taken"
            }
    }
}

/// The views of one live calibration, with their images.
struct ViewCollection {
    private(set) var collector: ViewCollector
    private var shots: [String: LiveSession.CapturedView] = [:]
    /// Of all views ever taken.
    private var brightness: ImageBrightness?
    let width: Int
    let height: Int
    /// Views ever taken.
    private(set) var count = 0

    init(_ board: Board, _ width: Int, _ height: Int) {
        collector = ViewCollector(board: board, width: width, height: height)
        (self.width, self.height) = (width, height)
    }

    /// What the next view will be called.
    var nextName: String {
        let number = "\(count + 1)"
        return "view" + String(repeating: "0", count: max(0, 3 - number.count)) + number + ".pgm"
    }

    /// In the order in which they were taken.
    var kept: [LiveSession.CapturedView] { collector.views.compactMap { shots[$0.view.name] } }

    func fits(_ image: GreyImage) -> Bool { image.width == width && image.height == height }

    mutating func offer(_ view: BoardView?, _ frame: LiveFrame, takes: Bool) -> ViewCollector.Outcome {
        let outcome = collector.offer(view, time: frame.time, takes: takes)
        if outcome == .taken { keep(view, frame) }
        return outcome
    }

    mutating func take(_ view: BoardView?, _ frame: LiveFrame) -> Bool {
        guard view?.name == nextName, collector.take(view) else { return false }
        keep(view, frame)
        return true
    }

    mutating func undo() {
        collector.undo()
        forget()
    }

    private mutating func keep(_ view: BoardView?, _ frame: LiveFrame) {
        guard let view else { return }
        count += 1
        shots[view.name] = LiveSession.CapturedView(view: view, image: frame.image)
        forget()
        let now = ImageBrightness(frame.image)
        if brightness == nil { brightness = now } else { brightness?.join(now) }
        collector.circle = brightness?.circle(around: collector.views.flatMap { $0.view.corners.map(\.pixel) })
    }

    /// Lets go of the images of views that are not kept.
    private mutating func forget() {
        let names = Set(collector.views.map(\.view.name))
        shots = shots.filter { names.contains($0.key) }
    }
}
