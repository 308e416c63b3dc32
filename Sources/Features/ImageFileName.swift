/// Which files are taken for images, by their names alone.
public enum ImageFileName {
    /// Whether a file of this name is taken for an image; hidden ones are not.
    public static func isImage(_ name: String) -> Bool {
        let lower = name.lowercased()
        return !name.hasPrefix(".") && [".jpg", ".jpeg", ".png", ".pgm"].contains { lower.hasSuffix($0) }
    }
}
