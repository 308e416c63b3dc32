internal import CKernels

/// The kernels of one instruction set that the network calls, as functions that are known to exist.
@safe struct KernelTable {
    let name: String
    let convolution: ConvolutionKernel
    let depthwise: DepthwiseKernel
    let stem: StemKernel
    let add: AddKernel
    let dotRows: DotRowsKernel
    let table: hf_kernels

    typealias ConvolutionKernel =
        @convention(c) (
            UnsafePointer<hf_convolution>?, UnsafePointer<UInt8>?, hf_grid, UnsafePointer<Int>?, UnsafePointer<Int32>?,
            UnsafeMutableRawPointer?, hf_grid, Int, Int
        ) -> Void
    typealias DepthwiseKernel =
        @convention(c) (
            UnsafePointer<hf_depthwise>?, UnsafePointer<UInt8>?, hf_grid, UnsafeMutablePointer<UInt8>?, hf_grid, Int32,
            Int32
        ) -> Void
    typealias StemKernel =
        @convention(c) (
            UnsafePointer<hf_stem>?, UnsafePointer<UInt8>?, hf_grid, UnsafeMutablePointer<UInt8>?, hf_grid, Int32,
            Int32
        ) -> Void
    typealias AddKernel =
        @convention(c) (
            UnsafePointer<UInt8>?, hf_grid, Int32, Int16, UnsafePointer<UInt8>?, hf_grid, Int32, Int16,
            UnsafeMutablePointer<UInt8>?, hf_grid, Int32, Int32, Int32, Int32
        ) -> Void
    typealias DotRowsKernel =
        @convention(c) (UnsafePointer<Int8>?, Int, Int, UnsafePointer<Int8>?, UnsafeMutablePointer<Int32>?) -> Void

    /// The table of that name; the machine's fastest for `nil`. `nil` if the machine has none of that name.
    init?(named name: String?) {
        let found = unsafe name.map { unsafe hf_kernels_named($0) } ?? hf_kernels_best()
        guard let table = unsafe found?.pointee, let text = unsafe table.name else { return nil }
        guard let convolution = unsafe table.convolution, let depthwise = unsafe table.depthwise,
            let stem = unsafe table.stem, let add = unsafe table.add, let dotRows = unsafe table.dot_rows
        else { return nil }
        self.name = unsafe String(cString: text)
        unsafe self.convolution = convolution
        unsafe self.depthwise = depthwise
        unsafe self.stem = stem
        unsafe self.add = add
        unsafe self.dotRows = dotRows
        unsafe self.table = table
    }

    /// Names of the tables this machine has, ascending in speed.
    static var available: [String] {
        var names: [String] = []
        while let name = unsafe hf_kernels_name(names.count) { names.append(unsafe String(cString: name)) }
        return names
    }
}
