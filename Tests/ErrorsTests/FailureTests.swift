import Capture
import Configuration
import Container
import Errors
import Features
import Glibc
import Inference
import Localizer
import Publishing
import ReferenceMap
import Supervision
import Testing

/// What each module itself throws, for each wrong input that a user can give: the status is the one that both programs
/// end with.
@Suite("Exit statuses")
struct FailureTests {
    private static let text = "/tmp/hfloc-failure-\(getpid()).text"
    private static let nothing = "/nonexistent/hfloc"

    init() {
        guard let file = unsafe fopen(Self.text, "w") else { return }
        unsafe fputs("not a map, not a model, not an image, not: a: camera\n", file)
        unsafe fclose(file)
    }

    private static func failure(_ body: () throws -> Void) -> Failure? {
        do {
            try body()
            return nil
        } catch {
            return Failure(describing: error)
        }
    }

    private static func read(image path: String) throws {
        var image = GreyImage(width: 1, height: 1)
        try ImageFile.readGrey(path, into: &image)
    }

    /// What is done, with which status it fails, and what the text must name.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let status: Errors.ExitStatus
        let naming: String
        let action: @Sendable () throws -> Void

        init(
            _ name: String, _ status: Errors.ExitStatus, naming: String,
            _ action: @escaping @Sendable () throws -> Void
        ) {
            (testDescription, self.status, self.naming, self.action) = (name, status, naming, action)
        }
    }

    static let cases = [
        Case("missing map", .missingInput, naming: nothing) { _ = try ReferenceMap(opening: nothing) },
        Case("text as a map", .badData, naming: text) { _ = try ReferenceMap(opening: text) },
        Case("missing model", .missingInput, naming: nothing) { _ = try Model(opening: nothing) },
        Case("folder as a model", .inputOutput, naming: "/tmp") { _ = try Model(opening: "/tmp") },
        Case("text as a model", .badData, naming: text) { _ = try Model(opening: text) },
        Case("missing image", .missingInput, naming: nothing) { try read(image: nothing) },
        Case("text as an image", .badData, naming: text) { try read(image: text) },
        Case("missing folder", .missingInput, naming: nothing) {
            _ = try ImageFolder(path: nothing, rate: nil, loops: false)
        },
        Case("a file as a camera", .configuration, naming: "/dev/null") {
            _ = try VideoDevice(VideoOptions(path: "/dev/null", size: (width: 640, height: 480)))
        },
        Case("missing container", .missingInput, naming: nothing) { _ = try TensorFile(opening: nothing) },
        Case("text as a container", .badData, naming: text) { _ = try TensorFile(opening: text) },
        Case("missing configuration", .missingInput, naming: nothing) { _ = try ConfigurationDraft(reading: nothing) },
        Case("folder as a configuration", .inputOutput, naming: "/tmp") { _ = try ConfigurationDraft(reading: "/tmp") },
        Case("text as a configuration", .configuration, naming: text) { _ = try ConfigurationDraft(reading: text) },
        Case("address of all the world", .configuration, naming: "0.0.0.0") { _ = try Endpoint("tcp://0.0.0.0:80") },
        Case("CPU that no machine has", .system, naming: "real_time.cpus") {
            _ = try RealTimeThread(name: "t", priority: nil, cpus: [1023]) {}
        },
        Case("our own failure", .cannotCreate, naming: "x") { throw Failure(.cannotCreate, "x") },
        Case("an error of nobody", .software, naming: "surprise") { throw Surprise.surprise },
    ]

    enum Surprise: Error { case surprise }

    @Test("each wrong input has its status, and one line that names it", arguments: cases)
    func each(wrong: Case) throws {
        let failure = try #require(Self.failure(wrong.action))
        #expect(failure.status == wrong.status)
        #expect(failure.description.contains(wrong.naming))
        #expect(!failure.description.contains("\n"))
    }

    @Test("they are those of sysexits.h, and one for work that was done in part")
    func numbers() {
        let all: [(Errors.ExitStatus, Int32)] = [
            (.incomplete, 2), (.usage, 64), (.badData, 65), (.missingInput, 66), (.unavailable, 69), (.software, 70),
            (.system, 71),
            (.cannotCreate, 73), (.inputOutput, 74), (.configuration, 78),
        ]
        #expect(all.count == Errors.ExitStatus.allCases.count)
        for (status, number) in all { #expect(status.rawValue == number) }
    }
}
