internal import CLinux

/// What the items of one job are, for a ``WorkerTeam``: a small value that lives on its caller's stack while they run.
public protocol TeamTask {
    /// Does item `item`, on any thread, beside other items. `worker` tells apart the threads that do so at the same
    /// time: 0 is the caller's, the others are below the team's ``WorkerTeam/threads``. Memory of a worker's own is
    /// indexed by it.
    func run(item: Int, worker: Int)
}

extension TeamTask {
    fileprivate static func run(_ task: UnsafeRawPointer, item: Int, worker: Int) {
        unsafe task.assumingMemoryBound(to: Self.self).pointee.run(item: item, worker: worker)
    }
}

/// Threads that share the items of one job after another with whoever calls: rows of a layer, queries of a match.
///
/// Made once, for a thread that has frames to work on. Between the jobs of a frame its threads spin, for 50 µs at most;
/// then they sleep until the next job, which costs one system call. A job itself allocates nothing and takes no lock.
/// Which thread does which item is left open, and a thread that the system does not run is not waited for unless it
/// holds an item: items must depend on nothing but their number.
@safe public final class WorkerTeam {
    private let team: OpaquePointer?
    /// Threads, the caller's among them: 1 does all by itself.
    public let threads: Int

    /// - Parameters:
    ///   - threads: wanted, the caller's among them; there are fewer where the system gives no more.
    ///   - priority: of the others, SCHED_FIFO: below the caller's and above 0, or 0 for the ordinary scheduler.
    ///   - processors: where the others may run; none for anywhere.
    public init(threads: Int, priority: Int = 0, processors: [Int] = []) {
        let cpus = processors.map(Int32.init)
        unsafe team =
            threads > 1 ? hf_team_start(Int32(threads - 1), Int32(priority), cpus, cpus.count) : nil
        self.threads = unsafe team.map { unsafe Int(hf_team_threads($0)) } ?? 1
    }

    deinit { unsafe hf_team_end(team) }

    /// Runs each of `items` items of `task` once, and returns when all are done.
    ///
    /// Several threads may call it: while the helpers have a job of another one's, the caller does its items alone.
    /// Both are worker 0 then, so that their tasks must not share a worker's memory.
    public func run(_ items: Int, _ task: some TeamTask) {
        guard let team = unsafe team else {
            for item in 0..<items { task.run(item: item, worker: 0) }
            return
        }
        unsafe withUnsafePointer(to: task) { pointer in
            var job = unsafe Job(task: UnsafeRawPointer(pointer), type: type(of: task))
            unsafe withUnsafeMutablePointer(to: &job) { job in
                unsafe hf_team_run(
                    team, Int32(items),
                    { job, item, worker in
                        guard let job = unsafe job?.assumingMemoryBound(to: Job.self).pointee else { return }
                        unsafe job.type.run(job.task, item: Int(item), worker: Int(worker))
                    }, job)
            }
        }
    }

    @safe private struct Job {
        let task: UnsafeRawPointer
        let type: any TeamTask.Type
    }
}
