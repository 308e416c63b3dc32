// Counts the heap allocations of one thread, so that a test can show that a warm frame makes none.
//
// The test program's malloc family is this target's; it forwards to glibc's and counts only between begin and end on
// the calling thread.
#ifndef CALLOCATIONCOUNTER_H
#define CALLOCATIONCOUNTER_H

#include <stdint.h>

// Starts counting on this thread, from zero.
void hf_allocations_begin(void);
// Stops counting on this thread; the number of allocations (malloc, calloc, realloc, aligned ones) since begin.
int64_t hf_allocations_end(void);
// 0 where counting is impossible (a sanitizer owns the allocator, or the C library is not glibc): `end` then always
// says 0.
int32_t hf_allocations_counted(void);

#endif
