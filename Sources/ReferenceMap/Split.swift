import Files

/// A folder's split.txt: which of its images are for what.
struct Split {
    /// In the order of the file.
    let names: [(name: String, role: String)]
    private let roles: [String: String]
    /// Words with a meaning; others are the user's own.
    private static let known = ["map", "query", "off-map"]

    /// `NAME ROLE` lines; nil where the folder has no such file. A name may hold blanks, a role is one word.
    init?(folder: String) throws(MapError) {
        let path = "\(folder)/split.txt"
        guard FileStatus.exists(path) else { return nil }
        var lines = try TextLines(reading: path, atMost: 1 << 30)
        var names: [(name: String, role: String)] = []
        var roles: [String: String] = [:]
        while let fields = lines.next() {
            guard fields.count >= 2, let role = fields.last.map(String.init) else {
                throw lines.error("split", "needs NAME and a role (map, query, off-map)")
            }
            if let known = Self.known.first(where: { $0 != role && $0 == role.lowercased() }) {
                throw lines.error("ROLE", "'\(role)' is written '\(known)'")
            }
            let name = TextLines.joined(fields.dropLast())
            guard roles.updateValue(role, forKey: name) == nil else {
                throw lines.error("NAME", "'\(name)' occurs twice")
            }
            names.append((name, role))
        }
        (self.names, self.roles) = (names, roles)
    }

    /// Empty for an image that it does not name.
    func role(of name: String) -> String { roles[name] ?? "" }
}
