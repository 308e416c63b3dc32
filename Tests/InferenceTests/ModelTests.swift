import Container
import Files
import Glibc
import Inference
import Testing

/// A copy of the model file with something changed.
private struct Forgery {
    let directory: String
    private let original: TensorFile
    var metadata: [String: String]
    var tensors: [String: (inout [Int32]) -> Void] = [:]
    var floats: [String: (inout [Float]) -> Void] = [:]
    var dropped: Set<String> = []
    var reshaped: Set<String> = []

    init() throws {
        var template = Array("/tmp/hfloc-model-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { fatalError("no temporary directory") }
        directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        original = try TensorFile(opening: Golden.modelPath)
        metadata = original.metadata
    }

    var path: String { "\(directory)/model.safetensors" }

    func remove() {
        unsafe _ = unlink(path)
        _ = unsafe rmdir(directory)
    }

    func write() throws {
        var writer = TensorFileWriter(
            kind: metadata["kind"] ?? "", version: Int(metadata["format_version"] ?? "") ?? 0)
        for (key, value) in metadata where key != "kind" && key != "format_version" { writer.setMetadata(key, value) }
        for name in original.names where !dropped.contains(name) {
            switch try #require(original.description(of: name)).type {
            case .int8: try add(name, of: Int8.self, to: &writer)
            case .uint8: try add(name, of: UInt8.self, to: &writer)
            case .int16: try add(name, of: Int16.self, to: &writer)
            case .int32: try add(name, of: Int32.self, to: &writer)
            default:
                let view = try original.tensor(name, of: Float.self)
                var values = Array(view)
                floats[name]?(&values)
                writer.add(name, values, shape: reshaped.contains(name) ? [values.count] : view.shape)
            }
        }
        try writer.write(to: path, identity: "model_id")
    }

    private func add<Element: TensorElement & FixedWidthInteger>(
        _ name: String, of type: Element.Type, to writer: inout TensorFileWriter
    ) throws {
        let view = try original.tensor(name, of: type)
        var values = Array(view)
        if let change = tensors[name] {
            var wide = values.map { Int32($0) }
            change(&wide)
            values = wide.map { Element(truncatingIfNeeded: $0) }
        }
        writer.add(name, values, shape: reshaped.contains(name) ? [1, values.count] : view.shape)
    }
}

@Suite("A model file") struct ModelTests {
    @Test("says what it is") func good() throws {
        let model = try Golden.model()
        #expect(model.descriptorDimension % 8 == 0 && model.globalDimension > 0)
        #expect(model.modelID.count == 64 && !model.name.isEmpty)
        #expect(model.inputLongSide == 640)
        #expect(model.detectionThreshold > 0 && model.detectionThreshold < 1)
    }

    @Test("says what it was trained on, and whether the list of that lies beside it") func photographs() throws {
        var forgery = try Forgery()
        defer { forgery.remove() }
        let list = "\(forgery.directory)/photographs.tsv"
        defer { unsafe _ = unlink(list) }
        let text = "# file\tlicence\tauthor\torigin\na.jpg\tCC0-1.0\t\tthere\nb.jpg\tMIT\tAnn\tthere\n"
        forgery.metadata["provenance"] = #"{"teachers": ["Ann's (MIT)", "Bob's"], "images": 2}"#
        forgery.metadata["photographs_hash"] = nil
        try forgery.write()
        #expect(try Model(opening: forgery.path).photographs == .unnamed)
        forgery.metadata["photographs_hash"] = "\(Hash256(of: Array(text.utf8)))"
        try forgery.write()
        let model = try Model(opening: forgery.path)
        #expect(model.teachers == ["Ann's (MIT)", "Bob's"] && model.trainingImages == 2)
        #expect(model.photographs == .missing(path: list))
        try AtomicFile.write(text, to: list)
        #expect(model.photographs == .listed(path: list, count: 2))
        try AtomicFile.write(text + "c.jpg\tMIT\tAnn\tthere\n", to: list)
        #expect(model.photographs == .different(path: list))
    }

    @Test("without a provenance says nothing of its training") func untold() throws {
        var forgery = try Forgery()
        defer { forgery.remove() }
        forgery.metadata["provenance"] = nil
        try forgery.write()
        let model = try Model(opening: forgery.path)
        #expect(model.teachers.isEmpty && model.trainingImages == nil)
    }

    @Test("written again unchanged is the same model") func same() throws {
        let forgery = try Forgery()
        defer { forgery.remove() }
        try forgery.write()
        #expect(try Model(opening: forgery.path).modelID == Golden.model().modelID)
    }

    /// What is changed, and the field that the error must name.
    static let forgeries: [String: String] = [
        "kind": "metadata 'kind'",
        "version": "metadata 'format_version'",
        "no descriptor_dimension": "metadata 'descriptor_dimension'",
        "descriptor_dimension 127": "metadata 'descriptor_dimension'",
        "descriptor_dimension 128": "metadata 'layers' descriptor.map",
        "global_dimension 64": "tensor 'projection.scale' shape",
        "clusters": "metadata 'clusters'",
        "place_keypoints": "metadata 'place_keypoints'",
        "pixel_convention": "metadata 'pixel_convention'",
        "vlad_scale": "metadata 'vlad_scale'",
        "threshold": "metadata 'detection_threshold'",
        "photographs_hash": "metadata 'photographs_hash'",
        "layers": "metadata 'layers'",
        "layers empty": "metadata 'layers' layer1",
        "stride": "metadata 'layers' layer1",
        "operation": "metadata 'layers' layer1 operation",
        "scale": "metadata 'layers' layer1 scale",
        "weight missing": "tensor 'layer5.expand.weight'",
        "weight shape": "tensor 'layer5.expand.weight' shape",
        "weight -128": "tensor 'layer3.depthwise.weight'",
        "shift 25": "tensor 'layer7.project.shift'",
        "multiplier -1": "tensor 'layer1.multiplier'",
        "add multiplier -1": "tensor 'layer4.add.multiplier'",
        "bias": "tensor 'detector.hidden.bias'",
        "centres NaN": "tensor 'vlad.keypoints.centres'",
        "projection": "tensor 'projection.bias'",
    ]

    @Test("that cannot be run is refused, naming the field", arguments: forgeries.keys.sorted())
    func refused(change: String) throws {
        var forgery = try Forgery()
        defer { forgery.remove() }
        let layers = try #require(forgery.metadata["layers"])
        switch change {
        case "kind": forgery.metadata["kind"] = "hfloc-map"
        case "version": forgery.metadata["format_version"] = "9"
        case "no descriptor_dimension": forgery.metadata["descriptor_dimension"] = nil
        case "descriptor_dimension 127": forgery.metadata["descriptor_dimension"] = "127"
        case "descriptor_dimension 128": forgery.metadata["descriptor_dimension"] = "128"
        case "global_dimension 64": forgery.metadata["global_dimension"] = "64"
        case "clusters": forgery.metadata["clusters"] = "64"
        case "place_keypoints": forgery.metadata["place_keypoints"] = "100"
        case "pixel_convention": forgery.metadata["pixel_convention"] = "corner"
        case "vlad_scale": forgery.metadata["vlad_scale"] = "nan"
        case "threshold": forgery.metadata["detection_threshold"] = "2"
        case "photographs_hash": forgery.metadata["photographs_hash"] = "c5fb"
        case "layers": forgery.metadata["layers"] = "{}"
        case "layers empty": forgery.metadata["layers"] = "[]"
        case "stride": forgery.metadata["layers"] = Self.replacing(#""stride":2"#, by: #""stride":1"#, in: layers)
        case "operation": forgery.metadata["layers"] = Self.replacing(#""stem""#, by: #""root""#, in: layers)
        case "scale": forgery.metadata["layers"] = Self.replacing(#""scale":0."#, by: #""scale":-0."#, in: layers)
        case "weight missing": forgery.dropped = ["layer5.expand.weight"]
        case "weight shape": forgery.reshaped = ["layer5.expand.weight"]
        case "weight -128": forgery.tensors["layer3.depthwise.weight"] = { $0[17] = -128 }
        case "shift 25": forgery.tensors["layer7.project.shift"] = { $0[95] = 25 }
        case "multiplier -1": forgery.tensors["layer1.multiplier"] = { $0[0] = -1 }
        case "add multiplier -1": forgery.tensors["layer4.add.multiplier"] = { $0[1] = -1 }
        case "bias": forgery.tensors["detector.hidden.bias"] = { $0[127] = .min }
        case "centres NaN": forgery.floats["vlad.keypoints.centres"] = { $0[5] = .nan }
        default: forgery.floats["projection.bias"] = { $0[5] = .infinity }
        }
        try forgery.write()
        let error = #expect(throws: ModelError.self) { try Model(opening: forgery.path) }
        #expect(error?.field == Self.forgeries[change], "\(String(describing: error))")
        #expect(error?.file == forgery.path && error?.cure.isEmpty == false)
    }

    private static func replacing(_ text: String, by other: String, in whole: String) -> String {
        guard let range = whole.firstRange(of: text) else { return whole }
        return String(whole[..<range.lowerBound]) + other + String(whole[range.upperBound...])
    }

    @Test("missing, short, or with a bit flipped is refused") func damaged() throws {
        let forgery = try Forgery()
        defer { forgery.remove() }
        let missing = #expect(throws: ModelError.self) { try Model(opening: forgery.path) }
        #expect(missing?.kind == .file(.system))
        try forgery.write()
        let size = 1_000_000
        for (offset, byte) in [(3, 0xFF), (200, 0x20), (size, 0x01)] as [(Int, UInt8)] {
            try forgery.write()
            Self.flip(forgery.path, offset, byte)
            #expect(throws: ModelError.self) { try Model(opening: forgery.path) }
        }
        for length in [0, 7, 100, 20_000, size] {
            try forgery.write()
            #expect(unsafe truncate(forgery.path, length) == 0)
            #expect(throws: ModelError.self) { try Model(opening: forgery.path) }
        }
    }

    private static func flip(_ path: String, _ offset: Int, _ bits: UInt8) {
        guard let file = unsafe fopen(path, "r+") else { return }
        unsafe fseek(file, offset, SEEK_SET)
        let byte = unsafe fgetc(file)
        unsafe fseek(file, offset, SEEK_SET)
        unsafe fputc(byte ^ Int32(bits), file)
        unsafe fclose(file)
    }

    @Test("runs on the kernels asked for, or says which there are") func kernels() throws {
        let model = try Golden.model()
        #expect(Network.availableKernels.first == "scalar")
        for name in Network.availableKernels {
            let network = try Network(
                model: model, imageWidth: 64, imageHeight: 64, maximumKeypoints: 1, kernels: name)
            #expect(network.kernels == name)
        }
        let error = #expect(throws: ModelError.self) {
            try Network(model: model, imageWidth: 64, imageHeight: 64, maximumKeypoints: 1, kernels: "mmx")
        }
        #expect(error?.field == "kernels" && error?.cure.contains("scalar") == true)
    }
}
