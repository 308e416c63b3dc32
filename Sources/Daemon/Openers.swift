package import Capture
package import Configuration

/// How the daemon opens what its configuration names, and in this order. A test opens something smaller.
package struct Openers {
    package var sockets: (DaemonConfiguration, Session) throws -> Sockets
    package var pipeline: PipelineMaker
    package var source: (DaemonConfiguration, CameraFile) throws -> any FrameSource

    package init(
        sockets: @escaping (DaemonConfiguration, Session) throws -> Sockets, pipeline: @escaping PipelineMaker,
        source: @escaping (DaemonConfiguration, CameraFile) throws -> any FrameSource
    ) {
        self.sockets = sockets
        self.pipeline = pipeline
        self.source = source
    }

    /// What is there.
    ///
    /// - Parameter environment: the program's variables, for systemd's credentials.
    package static func real(environment: [String: String]) -> Openers {
        Openers(
            sockets: { configuration, session in
                try Sockets(configuration, session: session, keys: Keys(environment: environment))
            },
            pipeline: { (configuration, session) throws(StartupError) in
                try Pipeline(configuration, session: session)
            },
            source: { configuration, file in try configuration.openSource(for: file) })
    }
}

/// Opens and checks the files, and makes a pipeline of them. Runs on any thread.
package typealias PipelineMaker = @Sendable (DaemonConfiguration, Session) throws(StartupError) -> Pipeline
