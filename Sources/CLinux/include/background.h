// A thread that does one thing, each time that it is asked to, while whoever asks goes on.
#ifndef CLINUX_BACKGROUND_H
#define CLINUX_BACKGROUND_H

#include <stdbool.h>
#include <stddef.h>

typedef struct hf_background hf_background;

// Starts the thread (see hf_start_thread: name, priority, cpus), which calls body(context) when it is asked. NULL where
// the system gives none.
hf_background *hf_background_start(const char *name, int priority, const int *cpus, size_t cpu_count,
                                   void (*body)(void *), void *context);
// Waits until the thread is idle, and ends it.
void hf_background_end(hf_background *background);
// Asks for a call; the thread must be idle. What was written before is seen by it. One system call; never waits.
void hf_background_ask(hf_background *background);
// Whether no call is asked for, or under way: what the last one wrote is seen.
bool hf_background_is_idle(const hf_background *background);
// Sleeps until it is idle.
void hf_background_wait(hf_background *background);

#endif
