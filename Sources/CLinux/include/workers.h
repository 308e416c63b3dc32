// Threads that share the items of one job after another, with a caller who takes part: made once, told apart from a
// pool by what they cost while they wait for the next job of the same frame, which is nothing but a few loads.
#ifndef CLINUX_WORKERS_H
#define CLINUX_WORKERS_H

#include <stddef.h>

typedef struct hf_team hf_team;
// Does one item of a job. `worker` is 0 in the caller, 1 and up in the others: each worker does one item at a time.
typedef void (*hf_team_item)(void *context, int item, int worker);

// Starts `helpers` threads beside the caller's (see hf_start_thread: priority, cpus), or fewer where the system gives
// no more. NULL where there is no memory.
hf_team *hf_team_start(int helpers, int priority, const int *cpus, size_t cpu_count);
// Ends the threads, waits for them, and frees the team. No job may be running.
void hf_team_end(hf_team *team);
// Threads that it has, the caller's among them.
int hf_team_threads(const hf_team *team);
// Calls body(context, i, worker) for each i in 0..<items, each once, and returns when all calls have returned: what the
// calls wrote is seen by the caller. While the helpers have another thread's job, the caller makes all calls itself, as
// worker 0, which that thread is too. Neither allocates nor locks; one system call where a helper sleeps. Helpers that
// the system does not run are not waited for, but for an item that they hold.
void hf_team_run(hf_team *team, int items, hf_team_item body, void *context);

#endif
