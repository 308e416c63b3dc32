import Container

extension MapError {
    /// An error met while reading a map's container.
    init(reading error: ContainerError) {
        let kind: Kind =
            switch error.kind {
            case .system: FileBytes.exists(error.file) ? .unreadable : .missing
            case .truncated, .malformed, .unsuitable, .corrupt: .damaged
            case .foreign: error.field.contains("format_version") ? .version : .foreign
            }
        self.init(kind, file: error.file, field: error.field, problem: error.reason, cure: error.cure)
    }

    /// An error met while writing a file.
    init(writing error: ContainerError) {
        self.init(.cannotWrite, file: error.file, field: error.field, problem: error.reason, cure: error.cure)
    }
}
