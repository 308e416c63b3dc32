/// What a VLAD sum gathers: integers with one scale and zero point.
package struct VladRows: Sendable {
    /// Numbers of a row, a multiple of 8.
    package let channels: Int
    /// A real value is `(q - zeroPoint) * scale`.
    package let scale: Float
    /// The integer that stands for zero.
    package let zeroPoint: Int32
}

extension Model {
    /// The cells of layer 14.
    package var cellRows: VladRows {
        let layer = layer(HFNet.globalFeatures)
        return VladRows(channels: layer.outputChannels, scale: layer.scale, zeroPoint: layer.zeroPoint)
    }

    /// The local descriptors.
    package var keypointRows: VladRows {
        VladRows(channels: descriptorDimension, scale: 1 / Float(HFNet.descriptorScale), zeroPoint: 0)
    }
}
