// Linux as Swift cannot see it: macros, variadic calls, and system calls that its C library module leaves out.
// Every function returns what the system call returns, or its negated errno.
#ifndef CLINUX_H
#define CLINUX_H

#include "background.h"
#include "connections.h"
#include "files.h"
#include "video.h"
#include "workers.h"

#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// CLOCK_MONOTONIC and CLOCK_REALTIME, nanoseconds.
uint64_t hf_monotonic_ns(void);
uint64_t hf_realtime_ns(void);
// adjtimex(2), read only: 1 if the wall clock is synchronized, 0 if not, or a negated errno; its errors in
// microseconds.
int hf_clock_synchronized(int64_t *maximum_error_us, int64_t *estimated_error_us);
// Sleeps until CLOCK_MONOTONIC reads `deadline`; a signal does not shorten it.
void hf_sleep_until_ns(uint64_t deadline);

int hf_open(const char *path, int flags, mode_t mode);
// Repeats the call when a signal interrupts it.
int hf_ioctl(int descriptor, unsigned long request, void *argument);
// 1 if readable, 0 after the time-out, or -EIO if poll(2) reports an error or a hang-up.
int hf_wait_readable(int descriptor, int timeout_ms);

// sd_notify(3): sends `text` to the socket of the service manager, whose name may begin with '@' (abstract).
int hf_notify(const char *socket_name, const char *text);
// Whether somebody listens on a Unix socket, of whatever type: 1; 0 if nobody does, or nothing is there; or a negated
// errno, as where this user may not ask.
int hf_unix_socket_listener(const char *path);

// Blocks these signals in this thread and in all that it starts later.
int hf_block_signals(const int *signals, size_t count);
// The next of these blocked signals, or 0 after the time-out.
int hf_wait_signal(const int *signals, size_t count, int timeout_ms);

// mlockall: what is mapped now and later stays in memory once it has been touched.
int hf_lock_memory(void);
// Whether so much may be locked: tried with memory that is not touched, and let go of. 0 or a negated errno.
int hf_try_lock_memory(size_t size);
// The user's limits: bytes that may be locked, and the SCHED_FIFO priority; UINT64_MAX for unlimited.
uint64_t hf_memory_lock_limit(void);
uint64_t hf_priority_limit(void);
// Gives freed memory back to the system.
void hf_trim_memory(void);
// Keeps freed memory from now on: else images of the same size cost a page fault for every 4 KiB, each time.
void hf_keep_memory(void);
// Starts a detached thread that calls body(context). priority: SCHED_FIFO, or 0 for the ordinary scheduler; cpus: where
// it may run, none for anywhere; name: at most 15 bytes. Its stack is in memory before the body begins.
int hf_start_thread(const char *name, int priority, const int *cpus, size_t cpu_count, void (*body)(void *),
                    void *context);
// Processors that this process may run on, at least 1.
int hf_usable_processors(void);
// How this thread is scheduled: its SCHED_FIFO priority, 0 for another policy; and the CPUs that it may run on, as the
// kernel writes such lists ("0-1,3"), as far as they fit into `size` bytes.
int hf_thread_scheduling(char *cpus, size_t size);
// Leaves at once, without running anything on the way out.
void hf_abandon(int status);

#endif
