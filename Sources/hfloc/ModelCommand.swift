internal import ArgumentParser
internal import Configuration
internal import Errors
internal import Evaluation
internal import Files
internal import Inference

/// `hfloc model`: what a model is and what it was trained on.
struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model",
        abstract: "Say what a model is, and what it was trained on.",
        discussion: """
            A model that names the photographs that it was trained on has photographs.tsv beside it, with a line for \
            each: name, licence, author, origin. This command compares the list with the hash in the model file, and \
            ends with 65 if it is another.
            """)

    @Argument(help: "The model file. Default: $HFLOC_MODEL, then the installed one.")
    var model: String?
    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        try Failure.reporting {
            let description = ModelDescription(try Model(opening: InstalledModel.resolve(model)))
            try StandardOutput.writeLine(json ? description.json : description.text)
            if !description.isWhole { throw Failure(.badData, "photographs: not those that the model names") }
        }
    }
}
