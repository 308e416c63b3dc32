// futex(2) between threads of one process.
#ifndef CLINUX_FUTEX_H
#define CLINUX_FUTEX_H

#include <linux/futex.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

// Sleeps while the 32 bits at `word` are `seen`; may return earlier.
static inline void hf_futex_wait(void *word, uint32_t seen) {
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
}

// Wakes as many of those that sleep on `word`.
static inline void hf_futex_wake(void *word, int count) {
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
}

#endif
