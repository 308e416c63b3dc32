#include "CAllocationCounter.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define HF_SANITIZED 1
#endif
#endif

// Initial-exec: reading the counter must itself never allocate.
#define HF_LOCAL static _Thread_local __attribute__((tls_model("initial-exec")))
HF_LOCAL int64_t counted;
HF_LOCAL int32_t counting;

void hf_allocations_begin(void) {
    counted = 0;
    counting = 1;
}

int64_t hf_allocations_end(void) {
    counting = 0;
    return counted;
}

#if defined(__GLIBC__) && !defined(HF_SANITIZED)

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *pointer, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

int32_t hf_allocations_counted(void) { return 1; }

void *malloc(size_t size) {
    counted += counting;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    counted += counting;
    return __libc_calloc(count, size);
}

void *realloc(void *pointer, size_t size) {
    counted += counting;
    return __libc_realloc(pointer, size);
}

void *memalign(size_t alignment, size_t size) {
    counted += counting;
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    counted += counting;
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **pointer, size_t alignment, size_t size) {
    counted += counting;
    if (alignment < sizeof(void *) || (alignment & (alignment - 1)) != 0) return EINVAL;
    void *const memory = __libc_memalign(alignment, size);
    if (memory == NULL) return ENOMEM;
    *pointer = memory;
    return 0;
}

#else

int32_t hf_allocations_counted(void) { return 0; }

#endif
