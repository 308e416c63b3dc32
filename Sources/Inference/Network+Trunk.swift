internal import CKernels
internal import Features

/// Image reduction, and the convolutional trunk of both branches.
extension Network {
    /// Reduces and crops the image into the arena, in the kernels' memory format, with its border.
    func reduce(_ image: GreyImage) {
        precondition(
            image.width == input.imageWidth && image.height == input.imageHeight,
            "an image of another size: reconfigure")
        let map = memory.image
        let scratch = unsafe memory.values(memory.plan.reduceScratch, of: UInt8.self)
        unsafe image.pixels.withUnsafeBufferPointer { pixels in
            precondition(pixels.count >= image.width * image.height, "an image shorter than its size")
            unsafe hf_reduce(
                pixels.baseAddress, Int32(image.width), Int32(image.height), image.width, map.pixels,
                Int32(input.reducedWidth), Int32(input.reducedHeight), map.shape.rowStride, scratch)
        }
        let flip = 0x80 ^ UInt8(HF_ACTIVATION_XOR)  // q = I - 128
        if flip != 0 {
            for y in 0..<input.height {
                let row = unsafe map.row(y)
                for x in 0..<input.width { unsafe row[x] ^= flip }
            }
        }
        map.fillBorder(zeroPoint: 0)
        hasLocalFeatures = false
    }

    /// The input in the arena, until the first layers have used its memory, into an image of its size.
    func copyInput(into image: inout GreyImage) {
        let map = memory.image
        let (width, height) = (input.width, input.height)
        unsafe image.pixels.withUnsafeMutableBufferPointer { pixels in
            precondition(pixels.count >= width * height, "an image shorter than its size")
            for y in 0..<height {
                let from = unsafe map.row(y)
                let to = unsafe UnsafeMutableBufferPointer(rebasing: pixels[y * width..<(y + 1) * width])
                for x in 0..<width { unsafe to[x] = from[x] ^ (0x80 ^ UInt8(HF_ACTIVATION_XOR)) }
            }
        }
    }

    /// Layers 1 to 7.
    func runLocalTrunk(recorder: LayerRecorder?) {
        for index in HFNet.trunk.indices { blocks[index].run(on: team, recorder: recorder) }
        hasLocalFeatures = true
    }

    /// Layers 8 to 14.
    func runGlobalTrunk(recorder: LayerRecorder?) {
        for index in HFNet.trunk.count..<HFNet.blocks.count { blocks[index].run(on: team, recorder: recorder) }
    }
}
