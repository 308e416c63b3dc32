internal import Geometry

extension LiveSession {
    /// Fewer views are not tried.
    private static let fewestViews = 3

    /// The solving thread: the newest set of views; sets that a newer one replaced meanwhile are left out.
    func solve() {
        var version: UInt64 = 0
        while !isStopping {
            guard let next = work.next(after: version, milliseconds: 200) else { continue }
            version = next.version
            if next.value.isFinal {
                conclude(next.value.shots)
            } else if next.value.shots.count >= Self.fewestViews {
                preview(next.value.shots)
            }
        }
    }

    private func preview(_ shots: [CapturedView]) {
        do throws(CalibrationError) {
            let calibration = try LivePreview.calibration(shots, board: detector.board, model: options.model)
            state.update { state in
                state.result = LiveState.Result(
                    camera: calibration.camera, rms: calibration.rmsPixels,
                    uncertainty: calibration.statedUncertainty)
                state.history.append(state.result?.uncertainty)
                state.problem = ""
            }
        } catch {
            state.update { state in
                state.result = nil
                state.history.append(nil)
                state.problem = error.description
            }
        }
    }

    private func conclude(_ shots: [CapturedView]) {
        do {
            let calibration = try Calibrator(board: detector.board, options: options)
                .calibrate(shots.map(\.view), circle: LivePreview.circle(of: shots))
            let (written, summary) = try finish(calibration, shots)
            files.set(written)
            state.update { state in
                state.result = LiveState.Result(
                    camera: calibration.camera, rms: calibration.rmsPixels,
                    uncertainty: calibration.statedUncertainty)
                (state.phase, state.hint, state.detail) = (.done, "The camera is calibrated", "")
                (state.corners, state.board) = ([], [])
                (state.summary, state.problem, state.next) = (summary, "", [])
            }
        } catch {
            // The views stay: more of them may help.
            state.update { state in
                state.phase = .collecting
                state.problem = "\(error)"
            }
        }
    }
}
