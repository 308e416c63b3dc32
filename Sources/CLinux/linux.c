#define _GNU_SOURCE
#include "CLinux.h"

#include <alloca.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static const uint64_t second = 1000000000;

static uint64_t now(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (uint64_t)time.tv_sec * second + (uint64_t)time.tv_nsec;
}

uint64_t hf_monotonic_ns(void) { return now(CLOCK_MONOTONIC); }
uint64_t hf_realtime_ns(void) { return now(CLOCK_REALTIME); }

int hf_clock_synchronized(int64_t *maximum_error_us, int64_t *estimated_error_us) {
    struct timex time = {.modes = 0};
    int state = adjtimex(&time);
    if (state < 0) return -errno;
    *maximum_error_us = time.maxerror;
    *estimated_error_us = time.esterror;
    return state != TIME_ERROR && !(time.status & STA_UNSYNC);
}

void hf_sleep_until_ns(uint64_t deadline) {
    struct timespec time = {.tv_sec = (time_t)(deadline / second), .tv_nsec = (long)(deadline % second)};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == EINTR) {}
}

int hf_open(const char *path, int flags, mode_t mode) {
    int descriptor = open(path, flags, mode);
    return descriptor < 0 ? -errno : descriptor;
}

int hf_ioctl(int descriptor, unsigned long request, void *argument) {
    int result;
    do { result = ioctl(descriptor, request, argument); } while (result < 0 && errno == EINTR);
    return result < 0 ? -errno : result;
}

int hf_wait_readable(int descriptor, int timeout_ms) {
    struct pollfd ask = {.fd = descriptor, .events = POLLIN | POLLPRI};
    int result = poll(&ask, 1, timeout_ms);
    if (result < 0) return errno == EINTR ? 0 : -errno;
    if (result == 0) return 0;
    return ask.revents & (POLLERR | POLLHUP | POLLNVAL) ? -EIO : 1;
}

// 0 if the name is too long. A leading '@' stands for the NUL of an abstract name.
static socklen_t unix_address(struct sockaddr_un *address, const char *name) {
    size_t length = strlen(name);
    if (length == 0 || length >= sizeof address->sun_path) return 0;
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    memcpy(address->sun_path, name, length);
    int abstract = name[0] == '@';
    if (abstract) address->sun_path[0] = 0;
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + (abstract ? 0 : 1));
}

int hf_notify(const char *socket_name, const char *text) {
    struct sockaddr_un address;
    socklen_t size = unix_address(&address, socket_name);
    if (size == 0) return -EINVAL;
    int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;
    // A manager that does not read must not hold us up.
    ssize_t sent = sendto(descriptor, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT, (struct sockaddr *)&address,
                          size);
    int result = sent < 0 ? -errno : 0;
    close(descriptor);
    return result;
}

int hf_unix_socket_listener(const char *path) {
    struct sockaddr_un address;
    socklen_t size = unix_address(&address, path);
    if (size == 0) return -EINVAL;
    const int types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET};
    int code = 0;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        int descriptor = socket(AF_UNIX, types[i] | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (descriptor < 0) return -errno;
        code = connect(descriptor, (struct sockaddr *)&address, size) == 0 ? 0 : errno;
        close(descriptor);
        // It is of another type.
        if (code != EPROTOTYPE) break;
    }
    // A full backlog (EAGAIN) is somebody, too.
    if (code == 0 || code == EAGAIN) return 1;
    return code == ECONNREFUSED || code == ENOENT ? 0 : -code;
}

static void fill(sigset_t *set, const int *signals, size_t count) {
    sigemptyset(set);
    for (size_t i = 0; i < count; i++) sigaddset(set, signals[i]);
}

// Libraries start threads before main can block anything (OpenBLAS does): a signal that such a thread takes must
// neither end the program nor be lost.
static volatile sig_atomic_t caught[NSIG];

static void catch(int signal) { caught[signal] = 1; }

int hf_block_signals(const int *signals, size_t count) {
    sigset_t set;
    fill(&set, signals, count);
    struct sigaction action = {.sa_handler = catch, .sa_flags = SA_RESTART};
    for (size_t i = 0; i < count; i++) sigaction(signals[i], &action, NULL);
    return -pthread_sigmask(SIG_BLOCK, &set, NULL);
}

int hf_wait_signal(const int *signals, size_t count, int timeout_ms) {
    for (size_t i = 0; i < count; i++) {
        if (!caught[signals[i]]) continue;
        caught[signals[i]] = 0;
        return signals[i];
    }
    sigset_t set;
    fill(&set, signals, count);
    struct timespec timeout = {.tv_sec = timeout_ms / 1000, .tv_nsec = timeout_ms % 1000 * 1000000L};
    int signal = sigtimedwait(&set, NULL, &timeout);
    if (signal >= 0) return signal;
    return errno == EAGAIN || errno == EINTR ? 0 : -errno;
}

// On fault: without it every page of every library and every thread's whole stack would be brought in, 277 MB instead
// of 60.
int hf_lock_memory(void) { return mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) < 0 ? -errno : 0; }

int hf_try_lock_memory(size_t size) {
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return -errno;
    int result = mlock2(memory, size, MLOCK_ONFAULT) < 0 ? -errno : 0;
    munmap(memory, size);
    return result;
}

enum { prefaulted_stack = 512 * 1024 };

struct start {
    void (*body)(void *);
    void *context;
    char name[16];
};

static void prefault_stack(void) {
    volatile char *stack = alloca(prefaulted_stack);
    for (size_t i = 0; i < prefaulted_stack; i += 4096) stack[i] = 0;
}

static void *run(void *argument) {
    struct start start = *(struct start *)argument;
    free(argument);
    // By itself: its starter may not get to it for long, if they share a CPU.
    pthread_setname_np(pthread_self(), start.name);
    prefault_stack();
    start.body(start.context);
    return NULL;
}

int hf_usable_processors(void) {
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

int hf_start_thread(const char *name, int priority, const int *cpus, size_t cpu_count, void (*body)(void *),
                    void *context) {
    struct start *start = malloc(sizeof *start);
    if (!start) return -ENOMEM;
    *start = (struct start){.body = body, .context = context};
    strncpy(start->name, name, sizeof start->name - 1);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    int error = 0;
    if (priority > 0) {
        struct sched_param parameters = {.sched_priority = priority};
        pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED);
        pthread_attr_setschedpolicy(&attributes, SCHED_FIFO);
        error = pthread_attr_setschedparam(&attributes, &parameters);
    }
    if (!error && cpu_count) {
        cpu_set_t set;
        CPU_ZERO(&set);
        for (size_t i = 0; i < cpu_count; i++) {
            if (cpus[i] < 0 || cpus[i] >= CPU_SETSIZE) error = EINVAL;
            else CPU_SET(cpus[i], &set);
        }
        if (!error) error = pthread_attr_setaffinity_np(&attributes, sizeof set, &set);
    }
    pthread_t thread;
    if (!error) error = pthread_create(&thread, &attributes, run, start);
    pthread_attr_destroy(&attributes);
    if (error) free(start);
    return -error;
}

int hf_thread_scheduling(char *cpus, size_t size) {
    cpus[0] = 0;
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) {
        size_t length = 0;
        for (int first = 0; first < CPU_SETSIZE; first++) {
            if (!CPU_ISSET(first, &set)) continue;
            int last = first;
            while (last + 1 < CPU_SETSIZE && CPU_ISSET(last + 1, &set)) last++;
            char range[32];
            int count = snprintf(range, sizeof range, last > first ? "%s%d-%d" : "%s%d", length ? "," : "", first,
                                 last);
            if (length + (size_t)count >= size) break;
            memcpy(cpus + length, range, (size_t)count + 1);
            length += (size_t)count;
            first = last;
        }
    }
    int policy = sched_getscheduler(0);
    if (policy < 0) return -errno;
    struct sched_param parameters;
    if ((policy & ~SCHED_RESET_ON_FORK) != SCHED_FIFO) return 0;
    return sched_getparam(0, &parameters) < 0 ? -errno : parameters.sched_priority;
}

static uint64_t limit(int resource) {
    struct rlimit limit;
    if (getrlimit(resource, &limit) < 0) return 0;
    return limit.rlim_cur == RLIM_INFINITY ? UINT64_MAX : limit.rlim_cur;
}

uint64_t hf_memory_lock_limit(void) { return limit(RLIMIT_MEMLOCK); }
uint64_t hf_priority_limit(void) { return limit(RLIMIT_RTPRIO); }

void hf_trim_memory(void) { malloc_trim(0); }

void hf_keep_memory(void) {
    mallopt(M_MMAP_THRESHOLD, 32 << 20);  // The largest that there is.
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
}

void hf_abandon(int status) { _exit(status); }
