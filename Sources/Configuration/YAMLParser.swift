internal import CYAML

/// Takes a YAML document apart with libyaml. Anchors, aliases, tags and several documents are refused: a configuration
/// needs none.
@safe package struct YAMLParser: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let file: String
    private let tags: Set<String>
    private static let deepest = 16

    /// The document's root. An empty document is an empty section.
    ///
    /// - Parameters:
    ///   - bytes: the document, UTF-8.
    ///   - file: its name, for messages.
    ///   - tags: type tags, written out, that foreign formats put before their values; they are passed over.
    package static func parse(
        _ bytes: [UInt8], file: String, allowingTags tags: Set<String> = []
    ) throws(ConfigurationError) -> YAMLNode {
        let parser = YAMLParser(file: file, tags: tags)
        do {
            return try unsafe bytes.withUnsafeBufferPointer { buffer in
                unsafe yaml_parser_set_input_string(parser.parser, buffer.baseAddress, buffer.count)
                return try parser.document()
            }
        } catch let error as ConfigurationError {
            throw error
        } catch {
            throw ConfigurationError(file: file, "\(error)")
        }
    }

    private init(file: String, tags: Set<String>) {
        self.file = file
        self.tags = tags
        unsafe parser = .allocate(capacity: 1)
        let isReady = unsafe yaml_parser_initialize(parser)
        precondition(isReady == 1, "libyaml has no memory")
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
    }

    private enum Event {
        case scalar(String, isPlain: Bool)
        case sequence, sequenceEnd, mapping, mappingEnd, documentEnd, streamEnd, other
    }

    private func document() throws(ConfigurationError) -> YAMLNode {
        var (event, line) = try next()
        while case .other = event { (event, line) = try next() }
        if case .streamEnd = event { return YAMLNode(content: .mapping([]), line: 1) }
        let root = try node(event, line, depth: 0)
        _ = try next()
        (event, line) = try next()
        guard case .streamEnd = event else {
            throw ConfigurationError(file: file, line: line, "a second document begins here; only one is allowed")
        }
        return root
    }

    private func node(_ event: Event, _ line: Int, depth: Int) throws(ConfigurationError) -> YAMLNode {
        guard depth < Self.deepest else {
            throw ConfigurationError(file: file, line: line, "nested more than \(Self.deepest) deep")
        }
        switch event {
        case .scalar(let text, let isPlain): return YAMLNode(content: .scalar(text, isPlain: isPlain), line: line)
        case .sequence: return YAMLNode(content: .sequence(try items(depth)), line: line)
        case .mapping: return YAMLNode(content: .mapping(try entries(depth)), line: line)
        default: throw ConfigurationError(file: file, line: line, "not a document")
        }
    }

    private func items(_ depth: Int) throws(ConfigurationError) -> [YAMLNode] {
        var items: [YAMLNode] = []
        while true {
            let (event, line) = try next()
            if case .sequenceEnd = event { return items }
            items.append(try node(event, line, depth: depth + 1))
        }
    }

    private func entries(_ depth: Int) throws(ConfigurationError) -> [(key: String, line: Int, value: YAMLNode)] {
        var entries: [(key: String, line: Int, value: YAMLNode)] = []
        while true {
            let (event, line) = try next()
            if case .mappingEnd = event { return entries }
            guard case .scalar(let key, _) = event else {
                throw ConfigurationError(file: file, line: line, "a name must stand before the colon")
            }
            if let first = entries.first(where: { $0.key == key }) {
                throw ConfigurationError(file: file, line: line, field: key, "given twice; first on line \(first.line)")
            }
            let (valueEvent, valueLine) = try next()
            entries.append((key, line, try node(valueEvent, valueLine, depth: depth + 1)))
        }
    }

    /// The next event and its line.
    private func next() throws(ConfigurationError) -> (Event, Int) {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else {
            let problem = unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? "not YAML"
            let line = unsafe max(parser.pointee.problem_mark.line, parser.pointee.context_mark.line)
            throw ConfigurationError(file: file, line: Int(line) + 1, "not YAML: \(problem)")
        }
        defer { unsafe yaml_event_delete(&event) }
        let line = unsafe Int(event.start_mark.line) + 1
        switch unsafe event.type {
        case YAML_SCALAR_EVENT:
            let scalar = unsafe event.data.scalar
            try unsafe refuse(anchor: scalar.anchor, tag: scalar.tag, line)
            let text = unsafe String(
                decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            return (.scalar(text, isPlain: unsafe scalar.style == YAML_PLAIN_SCALAR_STYLE), line)
        case YAML_SEQUENCE_START_EVENT:
            try unsafe refuse(anchor: event.data.sequence_start.anchor, tag: event.data.sequence_start.tag, line)
            return (.sequence, line)
        case YAML_MAPPING_START_EVENT:
            try unsafe refuse(anchor: event.data.mapping_start.anchor, tag: event.data.mapping_start.tag, line)
            return (.mapping, line)
        case YAML_ALIAS_EVENT: throw ConfigurationError(file: file, line: line, "aliases (*) are not allowed")
        case YAML_SEQUENCE_END_EVENT: return (.sequenceEnd, line)
        case YAML_MAPPING_END_EVENT: return (.mappingEnd, line)
        case YAML_DOCUMENT_END_EVENT: return (.documentEnd, line)
        case YAML_STREAM_END_EVENT: return (.streamEnd, line)
        default: return (.other, line)
        }
    }

    private func refuse(
        anchor: UnsafeMutablePointer<yaml_char_t>?, tag: UnsafeMutablePointer<yaml_char_t>?, _ line: Int
    ) throws(ConfigurationError) {
        let isKnown = unsafe tag.map { tag in
            unsafe tags.contains(String(cString: UnsafeRawPointer(tag).assumingMemoryBound(to: CChar.self)))
        }
        guard unsafe anchor == nil, isKnown ?? true else {
            throw ConfigurationError(file: file, line: line, "anchors (&) and tags (!) are not allowed")
        }
    }
}

/// A part of a YAML document, with the line on which it begins.
package struct YAMLNode: Sendable {
    package indirect enum Content: Sendable {
        /// `isPlain`: written without quotes, so that it may mean a number, a truth value or nothing.
        case scalar(String, isPlain: Bool)
        case sequence([YAMLNode])
        /// In the file's order; keys differ.
        case mapping([(key: String, line: Int, value: YAMLNode)])
    }

    package let content: Content
    /// From 1.
    package let line: Int

    /// - Parameters:
    ///   - content: what stands there.
    ///   - line: from 1.
    package init(content: Content, line: Int) { (self.content, self.line) = (content, line) }

    /// Written as nothing, `~` or `null`.
    package var isNull: Bool {
        guard case .scalar(let text, true) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// Written as `true` or `false`, or with the other words that YAML 1.1 has for them; in small letters, in capitals,
    /// or with a capital at the beginning, as it allows. nil if this is neither.
    package var truth: Bool? {
        guard case .scalar(let text, true) = content, let first = text.first else { return nil }
        let (small, large) = (text.lowercased(), text.uppercased())
        guard [small, large, first.uppercased() + small.dropFirst()].contains(text) else { return nil }
        return ["true": true, "yes": true, "on": true, "false": false, "no": false, "off": false][small]
    }

    /// For messages: what kind of thing stands here.
    package var kind: String {
        switch content {
        case .scalar(let text, _): "'\(text)'"
        case .sequence(let items): "a list of \(items.count)"
        case .mapping: "a section"
        }
    }
}
