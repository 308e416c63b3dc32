package import Configuration
internal import Publishing

extension DaemonConfiguration {
    /// The configuration of a file, with the environment and the options of the command line laid over it: an option
    /// wins over a variable, a variable over the file.
    ///
    /// - Parameters:
    ///   - file: nil for the one that $HFLOC_CONFIG names; without either, variables and options must say everything.
    ///   - environment: the program's variables.
    ///   - remark: takes a line about each variable of our prefix, and each field, that has no meaning.
    package static func complete(
        file: String?, environment: [String: String], options: ConfigurationOverrides? = nil,
        remark: (String) -> Void = { _ in }
    ) throws(ConfigurationError) -> DaemonConfiguration {
        let named = environment[ConfigurationOverrides.configVariable] ?? ""
        var draft = ConfigurationDraft()
        if let file = file ?? (named.isEmpty ? nil : named) { draft = try ConfigurationDraft(reading: file) }
        let variables = try ConfigurationOverrides(environment: environment)
        for name in variables.unknownVariables {
            let known = ConfigurationOverrides.variables.joined(separator: ", ")
            remark("environment: \(name): unknown, and without effect (known: \(known))")
        }
        for line in draft.remarks { remark(line) }
        draft.apply(variables)
        if let options { draft.apply(options) }
        return try draft.complete { address, isControl, hasKey in
            Endpoint.problem(address, for: isControl ? .control : .publishing, hasKey: hasKey)
                ?? Endpoint.placeProblem(address)
        }
    }
}
