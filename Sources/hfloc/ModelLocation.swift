internal import Configuration
internal import Errors

/// Where the model file is.
enum ModelLocation {
    /// The path given, else the installed model.
    static func resolve(_ option: String?) throws(Failure) -> String {
        if let path = option ?? InstalledModel.find() { return path }
        throw Failure(
            .missingInput,
            """
            model: not found in \(InstalledModel.candidates().joined(separator: ", ")); \
            give --model FILE or set HFLOC_MODEL
            """
        )
    }
}
