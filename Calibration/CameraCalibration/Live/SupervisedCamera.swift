package import Configuration
package import Features

/// A camera whose driver may keep a call for ever: a thread of its own calls it, so that whoever asks goes on, hears of
/// it, and can end.
package final class SupervisedCamera: LiveCameraSource {
    private enum Question: Sendable {
        case frame, lock, end
    }

    private struct Answer: Sendable {
        var event = LiveCameraEvent.none
        var image: GreyImage?
        var controls: [CalibrationRecord.Control] = []
        var remark = ""
        var description: String
    }

    private let questions = Latest(Question.frame)
    private let answers: Latest<Answer>
    private let patience: Duration
    /// Of the newest answer that was taken.
    private var version: UInt64 = 0
    /// When the question was asked that has no answer yet.
    private var asked: ContinuousClock.Instant?
    /// The device and its mode, when it was heard of last.
    package private(set) var description: String

    /// - Parameters:
    ///   - camera: is called by this object's thread alone from now on.
    ///   - patience: how long a call of the driver may take.
    package init(_ camera: any LiveCameraSource & Sendable, patience: Duration = .seconds(3)) {
        self.patience = patience
        description = camera.description
        answers = Latest(Answer(description: description))
        Worker.start("camera") { [questions, answers] in Self.serve(camera, questions, answers) }
    }

    deinit { questions.set(.end) }

    private static func serve(
        _ camera: any LiveCameraSource, _ questions: Latest<Question>, _ answers: Latest<Answer>
    ) {
        var version: UInt64 = 0
        var image = GreyImage(width: 1, height: 1)
        while true {
            guard let question = questions.next(after: version, milliseconds: 1000) else { continue }
            version = question.version
            switch question.value {
            case .frame:
                let event = camera.next(into: &image)
                answers.set(Answer(event: event, image: image, description: camera.description))
            case .lock:
                let (controls, remark) = camera.lock()
                answers.set(Answer(controls: controls, remark: remark, description: camera.description))
            case .end: return
            }
        }
    }

    /// Holds focus, exposure, gain and white balance where they are now; says so if the driver does not answer.
    package func lock() -> (controls: [CalibrationRecord.Control], remark: String) {
        ask(.lock)
        guard let answer = answer(within: patience) else {
            return ([], "focus and exposure could not be locked: the camera driver does not answer")
        }
        return (answer.controls, answer.remark)
    }

    /// The newest frame, within a tenth of a second; a camera that is missing when its driver does not answer.
    package func next(into image: inout GreyImage) -> LiveCameraEvent {
        if asked == nil { ask(.frame) }
        guard let answer = answer(within: .milliseconds(100)) else {
            guard let asked, asked.duration(to: .now) > patience else { return .none }
            return .missing(
                """
                the camera driver does not answer: a call of it has not returned for \
                \(asked.duration(to: .now).components.seconds) seconds. Unplug the camera and plug it in again, or end \
                and restart the machine
                """)
        }
        if let newer = answer.image { image = newer }
        return answer.event
    }

    private func ask(_ question: Question) {
        asked = .now
        questions.set(question)
    }

    private func answer(within time: Duration) -> Answer? {
        let (seconds, attoseconds) = time.components
        let milliseconds = Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
        guard let answer = answers.next(after: version, milliseconds: milliseconds) else { return nil }
        (version, asked, description) = (answer.version, nil, answer.value.description)
        return answer.value
    }
}
