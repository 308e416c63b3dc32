internal import CKernels
internal import Inference
internal import Reporting

extension Benchmark {
    /// What the machine is and how hfloc runs on it, as one JSON object that a user can send.
    ///
    /// - Parameters:
    ///   - version: of hfloc.
    ///   - board: the machine.
    ///   - conditions: before and after the measurement: whether it grew hot, and slowed down for it.
    ///   - sizes: which size fits, where that was asked.
    package func report(
        version: String, board: Board, conditions: [Board.Condition], sizes: SizeRecommendation?
    ) -> String {
        JSONText.object([
            ("version", JSONText.string(version)), ("model", JSONText.string(model.modelID)),
            ("kernels", JSONText.string(unsafe String(cString: hf_kernels_best().pointee.name))),
            ("threads", "\(threads)"), ("keypoints", "\(keypoints)"), ("machine", board.json),
            ("conditions", JSONText.array(conditions.map(\.json))),
            ("slowdown", JSONText.number(table.slowdown("network, all"))), ("milliseconds", table.json),
            ("recommendation", sizes?.json ?? "null"),
        ])
    }
}
