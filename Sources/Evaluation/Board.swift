internal import Files
internal import Reporting

/// What a machine is, and how warm and how fast it runs at the moment, as Linux says. What it does not say is left out.
package struct Board: Sendable {
    /// The board's name of the device tree; nil on machines without one.
    package let name: String?
    /// The processor's name, or on ARM the part numbers of its cores.
    package let processor: String?
    /// Megabytes.
    package let memory: Int?

    private let root: String

    /// - Parameter root: what `/proc` and `/sys` lie in; a test has its own.
    package init(root: String = "") {
        self.root = root
        name = Self.text("\(root)/proc/device-tree/model")
        let processors = Self.text("\(root)/proc/cpuinfo") ?? ""
        processor =
            Self.values("model name", in: processors).first
            ?? Self.parts(Self.values("CPU part", in: processors))
        memory = Self.values("MemTotal", in: Self.text("\(root)/proc/meminfo") ?? "").first
            .flatMap { Int($0.prefix { $0.isNumber }) }.map { $0 / 1000 }
    }

    /// One sample of what changes while a machine works.
    package struct Condition: Sendable {
        /// Of each thermal zone, degrees Celsius, with the zone's type.
        package var temperatures: [(zone: String, celsius: Double)] = []
        /// Of each processor, MHz.
        package var frequencies: [Int] = []
    }

    /// As it is now.
    package var condition: Condition {
        var condition = Condition()
        var zone = 0
        while let degrees = Self.text("\(root)/sys/class/thermal/thermal_zone\(zone)/temp").flatMap(Double.init) {
            let type = Self.text("\(root)/sys/class/thermal/thermal_zone\(zone)/type") ?? "zone \(zone)"
            condition.temperatures.append((type, degrees / 1000))
            zone += 1
        }
        let base = "\(root)/sys/devices/system/cpu/cpu"
        while let hertz = Self.text("\(base)\(condition.frequencies.count)/cpufreq/scaling_cur_freq").flatMap(Int.init)
        {
            condition.frequencies.append(hertz / 1000)
        }
        return condition
    }

    /// Cores with the same part number, counted: "4 x 0xd0b".
    private static func parts(_ numbers: [String]) -> String? {
        var counts: [(part: String, count: Int)] = []
        for number in numbers {
            if let index = counts.firstIndex(where: { $0.part == number }) {
                counts[index].count += 1
            } else {
                counts.append((number, 1))
            }
        }
        return counts.isEmpty ? nil : counts.map { "\($0.count) x \($0.part)" }.joined(separator: ", ")
    }

    /// What stands after `key :` in each line that begins so.
    private static func values(_ key: String, in text: String) -> [String] {
        text.split(separator: "\n").filter { $0.hasPrefix(key) }.compactMap { line in
            line.firstIndex(of: ":").map { trimmed(line[line.index(after: $0)...]) }
        }
    }

    private static func text(_ path: String) -> String? {
        // A property of the device tree ends with a zero byte, and so is no text in a file.
        guard let bytes = try? WholeFile.read(path, atMost: 1 << 20) else { return nil }
        return trimmed(String(decoding: bytes, as: UTF8.self)[...])
    }

    private static func trimmed(_ text: Substring) -> String {
        let isBlank: (Character) -> Bool = { $0.isWhitespace || $0 == "\0" }
        let end = text.lastIndex { !isBlank($0) }.map(text.index(after:)) ?? text.startIndex
        return String(text[..<end].drop(while: isBlank))
    }
}

extension Board.Condition {
    /// `{"temperatures_c": {...}, "frequencies_mhz": [...]}`.
    package var json: String {
        JSONText.object([
            ("temperatures_c", JSONText.object(temperatures.map { ($0.zone, JSONText.number($0.celsius)) })),
            ("frequencies_mhz", JSONText.array(frequencies.map { "\($0)" })),
        ])
    }
}

extension Board {
    /// `{"board": ..., "processor": ..., "memory_mb": ...}`, null where Linux does not say.
    package var json: String {
        JSONText.object([
            ("board", name.map(JSONText.string) ?? "null"), ("processor", processor.map(JSONText.string) ?? "null"),
            ("memory_mb", memory.map { "\($0)" } ?? "null"),
        ])
    }
}
