internal import CKernels
internal import Features
internal import Geometry

/// The kernels of patches, which look at no pixel beyond a picture.
@safe struct PatchKernels {
    private let table: UnsafePointer<hf_kernels>

    /// A table of the machine; the fastest for nil.
    init?(named name: String? = nil) {
        guard let found = unsafe name.map({ unsafe hf_kernels_named($0) }) ?? hf_kernels_best() else { return nil }
        unsafe table = found
    }

    /// Means of 2x2 pixels; a last odd column or row is left out.
    func halve(_ image: GreyImage, into half: inout GreyImage) {
        let (width, height) = (image.width / 2, image.height / 2)
        guard width > 0, height > 0 else { return }
        precondition(half.width == width && half.height == height, "a half of another size")
        precondition(image.pixels.count >= image.width * image.height && half.pixels.count >= width * height)
        unsafe image.pixels.withUnsafeBufferPointer { pixels in
            unsafe half.pixels.withUnsafeMutableBufferPointer { out in
                unsafe table.pointee.halve(
                    pixels.baseAddress, image.width, out.baseAddress, Int32(width), Int32(height))
            }
        }
    }

    /// Takes a patch out of a picture; false, and `patch` is as before, where it reaches beyond.
    ///
    /// - Parameters:
    ///   - patch: gets it.
    ///   - side: values across and down.
    ///   - image: the picture.
    ///   - middle: of the patch, pixels.
    ///   - warp: a step across the patch and one down it, pixels.
    func take(
        _ patch: UnsafeMutablePointer<hf_patch>, side: Int32, from image: GreyImage, at middle: Vector2, warp: PatchWarp
    ) -> Bool {
        let extent = (abs(warp.across) + abs(warp.down)) * (0.5 * Double(side + 1)) + 0.01
        let (low, high) = (middle - extent, middle + extent)
        guard low.x >= 0, low.y >= 0, high.x <= Double(image.width - 2), high.y <= Double(image.height - 2) else {
            return false
        }
        precondition(image.pixels.count >= image.width * image.height)
        let steps: InlineArray<4, Int32> = [
            Self.fixed(warp.across.x), Self.fixed(warp.across.y), Self.fixed(warp.down.x), Self.fixed(warp.down.y),
        ]
        unsafe image.pixels.withUnsafeBufferPointer { pixels in
            unsafe steps.span.withUnsafeBufferPointer { steps in
                unsafe hf_take_patch(
                    pixels.baseAddress, image.width, Self.fixed(middle.x), Self.fixed(middle.y), steps.baseAddress,
                    side, patch)
            }
        }
        return true
    }

    /// Holds a patch against a picture as near to a place as the kernels go, 1 / 128 pixel; nil where it reaches
    /// beyond.
    ///
    /// - Parameters:
    ///   - patch: that was taken.
    ///   - image: the picture.
    ///   - middle: of the patch in it, pixels; finite.
    /// - Returns: the sums, and where the middle really was.
    @inline(__always)
    func hold(_ patch: UnsafePointer<hf_patch>, against image: GreyImage, at middle: Vector2)
        -> (sums: hf_patch_sums, middle: Vector2)?
    {
        let half = 0.5 * Double(unsafe patch.pointee.side - 1)
        let first = ((middle - half) * Self.parts).rounded(.toNearestOrEven)
        let side = Int(unsafe patch.pointee.side)
        guard first.x >= 0, first.y >= 0, first.x < Self.parts * Double(image.width - side),
            first.y < Self.parts * Double(image.height - side)
        else { return nil }
        let (x, y) = (Int(first.x), Int(first.y))
        var sums = hf_patch_sums()
        precondition(image.pixels.count >= image.width * image.height)
        unsafe image.pixels.withUnsafeBufferPointer { pixels in
            // The guard above: the last row and column that the kernel reads are of the picture.
            let at = unsafe pixels.baseAddress.map { unsafe $0 + (y >> Self.bits) * image.width + (x >> Self.bits) }
            unsafe table.pointee.patch_sums(
                at, image.width, Int32(x & Self.mask), Int32(y & Self.mask), patch, &sums)
        }
        return (sums, first / Self.parts + half)
    }

    private static let bits = Int(HF_PATCH_FRACTION)
    private static let mask = 1 << bits - 1
    private static let parts = Double(1 << bits)

    private static func fixed(_ value: Double) -> Int32 { Int32((value * 65536).rounded()) }
}

/// Steps in a picture for one across a patch, and one down it, pixels.
struct PatchWarp {
    var across: Vector2
    var down: Vector2

    static let identity = PatchWarp(across: Vector2(1, 0), down: Vector2(0, 1))
}

/// Component by component.
private func abs(_ v: Vector2) -> Vector2 { v.replacing(with: -v, where: v .< 0) }
