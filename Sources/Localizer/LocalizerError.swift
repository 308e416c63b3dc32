public import Errors
public import Inference
public import ReferenceMap

/// Why a localizer cannot be made of a model, a map and a camera.
public enum LocalizerError: Error, Sendable, CustomStringConvertible {
    case map(MapError)
    case model(ModelError)

    public var description: String {
        switch self {
        case .map(let error): error.description
        case .model(let error): error.description
        }
    }
}

extension LocalizerError: ReportedError {
    public var exitStatus: ExitStatus {
        switch self {
        case .map(let error): error.exitStatus
        case .model(let error): error.exitStatus
        }
    }
}
