internal import CLinux

/// A detached thread of the ordinary scheduler.
enum Worker {
    /// Starts the body on a thread of its own; false if the system has none left.
    @discardableResult
    static func start(_ name: String, _ body: @escaping @Sendable () -> Void) -> Bool {
        let box = unsafe Unmanaged.passRetained(Body(run: body))
        let result = unsafe hf_start_thread(
            name, 0, nil, 0, { unsafe Worker.run($0) }, box.toOpaque())
        if result != 0 { unsafe box.release() }
        return result == 0
    }

    private static func run(_ context: UnsafeMutableRawPointer?) {
        guard let context = unsafe context else { return }
        unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
    }

    private final class Body {
        let run: @Sendable () -> Void

        init(run: @escaping @Sendable () -> Void) { self.run = run }
    }
}
