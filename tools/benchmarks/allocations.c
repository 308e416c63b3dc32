// Counts the heap allocations of one thread of a program, preloaded (LD_PRELOAD), and writes the number to a file at
// each SIGUSR2.
//     COUNT_ALLOCATIONS   THREAD:FILE, the thread by its name (prctl(2), PR_SET_NAME)
// Without the variable everything is passed on uncounted. For tools/benchmarks/measure-daemon and the end-to-end tests.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *pointer, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static char wanted[16], file[4096];
static atomic_long count;

// The name of a thread is asked for at each of its first allocations, until it has been given one that is wanted; then
// once in a while.
static _Thread_local __attribute__((tls_model("initial-exec"))) int is_wanted, asked;

static void note(void) {
    if (!wanted[0]) return;
    if (!is_wanted && asked < 1000) {
        char name[16] = "";
        asked++;
        prctl(PR_GET_NAME, name);
        is_wanted = strcmp(name, wanted) == 0;
    }
    if (is_wanted) atomic_fetch_add_explicit(&count, 1, memory_order_relaxed);
}

void *malloc(size_t size) { note(); return __libc_malloc(size); }
void *calloc(size_t number, size_t size) { note(); return __libc_calloc(number, size); }
void *realloc(void *pointer, size_t size) { note(); return __libc_realloc(pointer, size); }
void *memalign(size_t alignment, size_t size) { note(); return __libc_memalign(alignment, size); }
void *aligned_alloc(size_t alignment, size_t size) { note(); return __libc_memalign(alignment, size); }
int posix_memalign(void **pointer, size_t alignment, size_t size) {
    note();
    *pointer = __libc_memalign(alignment, size);
    return *pointer ? 0 : ENOMEM;
}

static void answer(int signal) {
    (void)signal;
    int before = errno;
    // Only what a handler may call: no printf.
    char text[24];
    size_t at = sizeof text;
    text[--at] = '\n';
    for (long rest = atomic_load(&count); at > 0; rest /= 10) {
        text[--at] = (char)('0' + rest % 10);
        if (rest < 10) break;
    }
    int descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor >= 0) {
        if (write(descriptor, text + at, sizeof text - at) < 0) unlink(file);
        close(descriptor);
    }
    errno = before;
}

__attribute__((constructor)) static void start(void) {
    const char *order = getenv("COUNT_ALLOCATIONS");
    const char *colon = order ? strchr(order, ':') : NULL;
    if (!colon || colon - order >= (ptrdiff_t)sizeof wanted || strlen(colon + 1) >= sizeof file) return;
    strcpy(file, colon + 1);
    memcpy(wanted, order, (size_t)(colon - order));
    sigaction(SIGUSR2, &(struct sigaction){.sa_handler = answer, .sa_flags = SA_RESTART}, NULL);
}
