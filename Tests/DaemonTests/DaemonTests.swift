import Testing

/// The daemon on a bench (``Bench``): every part of it, but no camera, no time, no thread and no signal.
///
/// Serialized: binding a socket sets the process's umask for a moment, and another test could make a file meanwhile.
@Suite("Daemon", .serialized)
struct DaemonTests {}
