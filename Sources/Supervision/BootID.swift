internal import Glibc

/// Names the boot of the machine: a stamp of CLOCK_MONOTONIC means something only together with it.
public enum BootID {
    /// As /proc/sys/kernel/random/boot_id has it, such as `0b4e7a52-…`; in a sandbox that hides it (ProcSubset=pid),
    /// from $HFLOC_BOOT_ID, which may lack the hyphens. Empty if neither is to be had.
    public static func read() -> String {
        guard let file = unsafe fopen("/proc/sys/kernel/random/boot_id", "re") else {
            return unsafe getenv("HFLOC_BOOT_ID").map { unsafe hyphenated(String(cString: $0)) } ?? ""
        }
        defer { unsafe fclose(file) }
        var text = [CChar](repeating: 0, count: 64)
        guard unsafe fgets(&text, Int32(text.count), file) != nil else { return "" }
        return String(decoding: text.prefix { $0 > 0x20 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// A UUID of 32 digits with its hyphens; any other text as it is.
    public static func hyphenated(_ text: String) -> String {
        guard text.utf8.count == 32 else { return text }
        var result = ""
        for (index, character) in text.enumerated() {
            if [8, 12, 16, 20].contains(index) { result += "-" }
            result.append(character)
        }
        return result
    }
}
