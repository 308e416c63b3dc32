internal import CLinux
internal import Glibc

/// A control of a camera and the value it shall have.
public struct ControlSetting: Sendable, Equatable, CustomStringConvertible {
    /// As `v4l2-ctl --list-ctrls` spells it.
    public var name: String
    /// A truth value is 0 or 1, a menu's value its item's number.
    public var value: Int

    /// A value for the control of this name; whether a device has it shows when it is opened.
    public init(_ name: String, _ value: Int) {
        self.name = name
        self.value = value
    }

    public var description: String { "\(name) = \(value)" }
}

/// A control that a camera has.
package struct VideoControl: Equatable {
    /// As `v4l2-ctl --list-ctrls` spells it.
    package let name: String
    /// Least value, of a menu its first item's number.
    package let minimum: Int
    /// Greatest value, of a menu its last item's number.
    package let maximum: Int
    /// nil if it cannot be read.
    package let value: Int?
    /// It can never be set.
    package let isReadOnly: Bool
    let identifier: UInt32
}

/// The controls of an open device.
struct VideoControls {
    let descriptor: Int32
    let path: String

    /// All that hold one number. A device has some dozens at most.
    func list() -> [VideoControl] {
        var result: [VideoControl] = []
        var next = v4l2_queryctrl()
        while result.count < 1000, unsafe hf_video_next_control(descriptor, &next) == 0 {
            let kinds = [
                V4L2_CTRL_TYPE_INTEGER, V4L2_CTRL_TYPE_BOOLEAN, V4L2_CTRL_TYPE_MENU, V4L2_CTRL_TYPE_INTEGER_MENU,
                V4L2_CTRL_TYPE_BITMASK,
            ].map(\.rawValue)
            guard kinds.contains(next.type), next.flags & UInt32(V4L2_CTRL_FLAG_DISABLED) == 0 else { continue }
            result.append(describe(next))
        }
        return result
    }

    func named(_ name: String) throws(CaptureError) -> VideoControl {
        let all = list()
        if let control = all.first(where: { $0.name == name }) { return control }
        let names = all.map(\.name).joined(separator: ", ")
        throw .control(path, "has no control '\(name)'; it has: \(names.isEmpty ? "none" : names)")
    }

    /// Sets them in their order, and once more if some did not take: one may unlock another. What the device made of
    /// them is in the result, a line for each that did not become what was asked.
    func apply(_ settings: [ControlSetting]) throws(CaptureError) -> [String] {
        guard !settings.isEmpty else { return [] }
        var remarks: [String] = []
        for _ in 0..<2 {
            remarks.removeAll()
            for setting in settings {
                if let remark = try apply(setting) { remarks.append(remark) }
            }
            if remarks.isEmpty { break }
        }
        return remarks
    }

    /// nil if the control now has the value.
    private func apply(_ setting: ControlSetting) throws(CaptureError) -> String? {
        let control = try named(setting.name)
        let range = "allowed: \(control.minimum)...\(control.maximum)"
        let failure = hf_video_set_control(descriptor, control.identifier, Int32(clamping: setting.value))
        guard failure == 0 else {
            if control.isReadOnly { return "control \(setting.name) can only be read" }
            let cause = CaptureError.system("set the control \(setting) (\(range))", path, -failure)
            if failure == -ENODEV { throw cause }
            return cause.description
        }
        let actual = read(control.identifier)
        guard let actual, actual != setting.value else { return nil }
        return "control \(setting.name) is \(actual), where \(setting.value) was asked for (\(range))"
    }

    func read(_ identifier: UInt32) -> Int? {
        var value: Int32 = 0
        return unsafe hf_video_get_control(descriptor, identifier, &value) == 0 ? Int(value) : nil
    }

    private func describe(_ control: v4l2_queryctrl) -> VideoControl {
        let flags = control.flags
        return VideoControl(
            name: Self.spelling(control), minimum: Int(control.minimum), maximum: Int(control.maximum),
            value: flags & UInt32(V4L2_CTRL_FLAG_WRITE_ONLY) == 0 ? read(control.id) : nil,
            isReadOnly: flags & UInt32(V4L2_CTRL_FLAG_READ_ONLY) != 0, identifier: control.id)
    }

    /// "White Balance, Automatic" is white_balance_automatic, as v4l2-ctl has it.
    private static func spelling(_ control: v4l2_queryctrl) -> String {
        var name = ""
        var isApart = false
        let bytes = unsafe withUnsafeBytes(of: control.name) { unsafe Array($0.prefix { $0 != 0 }) }
        for byte in bytes {
            let letter = Character(Unicode.Scalar(byte))
            if letter.isASCII, letter.isLetter || letter.isNumber {
                if isApart { name += "_" }
                isApart = false
                name += letter.lowercased()
            } else {
                isApart = !name.isEmpty
            }
        }
        return name
    }
}
