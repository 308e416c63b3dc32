/// The version of the programs; CHANGELOG.md says what changed.
public enum Version {
    public static let text = "0.1.0"
}
