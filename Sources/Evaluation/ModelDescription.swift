package import Inference
internal import Reporting

/// What a model file is and what it was trained on: `hfloc model`.
package struct ModelDescription {
    private let model: Model
    private let photographs: Model.Photographs

    /// Reads the list of photographs beside the file, if it names one.
    package init(_ model: Model) {
        self.model = model
        photographs = model.photographs
    }

    /// Whether what lies beside the file is what it names.
    package var isWhole: Bool {
        if case .different = photographs { return false }
        return true
    }

    /// A line for each subject.
    package var text: String {
        var lines = [
            ("model", "\(model.path): \(model.name)"), ("id", model.modelID),
            ("input", "long side \(model.inputLongSide) px, grey"),
            ("descriptors", "local \(model.descriptorDimension), global \(model.globalDimension)"),
            ("threshold", model.detectionThreshold.description),
        ]
        if !model.teachers.isEmpty { lines.append(("teachers", model.teachers.joined(separator: "; "))) }
        if let images = model.trainingImages { lines.append(("trained on", "\(images) photographs")) }
        lines.append(("photographs", photographsText))
        let width = lines.reduce(0) { max($0, $1.0.count) } + 2
        return lines.map { $0.0.padded(width) + $0.1 }.joined(separator: "\n")
    }

    /// One object.
    package var json: String {
        let (state, list, count) = photographsFields
        return JSONText.object([
            ("model", JSONText.string(model.path)), ("name", JSONText.string(model.name)),
            ("model_id", JSONText.string(model.modelID)), ("input_long_side", "\(model.inputLongSide)"),
            ("descriptor_dimension", "\(model.descriptorDimension)"),
            ("global_dimension", "\(model.globalDimension)"),
            ("detection_threshold", JSONText.number(Double(model.detectionThreshold))),
            ("teachers", JSONText.array(model.teachers.map(JSONText.string))),
            ("training_images", model.trainingImages.map { "\($0)" } ?? "null"),
            ("photographs", JSONText.string(state)), ("photograph_list", list.map(JSONText.string) ?? "null"),
            ("photograph_count", count.map { "\($0)" } ?? "null"),
        ])
    }

    private var photographsText: String {
        switch photographs {
        case .unnamed: "the file names no list of them: not all are known to allow commercial use"
        case .listed(let path, let count): "\(count), with their licences and authors in \(path)"
        case .missing(let path): "the file names a list of them, but \(path) cannot be read"
        case .different(let path): "\(path) is not the list that the file names: install both together"
        }
    }

    private var photographsFields: (state: String, list: String?, count: Int?) {
        switch photographs {
        case .unnamed: ("unnamed", nil, nil)
        case .listed(let path, let count): ("listed", path, count)
        case .missing(let path): ("missing", path, nil)
        case .different(let path): ("different", path, nil)
        }
    }
}
