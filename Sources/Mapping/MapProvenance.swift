internal import Reporting

/// What a map remembers of its making.
package enum MapProvenance {
    /// Of a map whose unit nobody knows.
    package static let withoutScale = ["provenance.scale": "unknown: a unit of this map is no metre"]

    /// - Parameters:
    ///   - folder: of the images; only its own name is kept.
    ///   - model: the network's name.
    ///   - program: name and version.
    package static func notes(folder: String, model: String, program: String) -> [String: String] {
        [
            "provenance.source": name(ofFolder: folder), "provenance.date": UTCDate.today, "provenance.model": model,
            "provenance.program": program,
        ]
    }
    /// The folder's own name, without where it lies.
    package static func name(ofFolder folder: String) -> String {
        folder.split(separator: "/").last.map(String.init) ?? folder
    }
}
