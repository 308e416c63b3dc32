// Without _GNU_SOURCE, which declares the functions below with another type for addresses.
#include "connections.h"

#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

// Listeners are opened at the start, and have low numbers.
enum { most_listeners = 4096 };
static _Atomic unsigned char gates[most_listeners];
static _Atomic uint32_t turned_away[most_listeners];
static _Atomic int first_reserved = INT_MAX;
// Given up for a moment to take a connection for which there is no descriptor, and to close it.
static _Atomic int spare = -1;

uint64_t hf_raise_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit)) return 0;
    struct rlimit raised = {.rlim_cur = limit.rlim_max, .rlim_max = limit.rlim_max};
    if (limit.rlim_cur < limit.rlim_max && !setrlimit(RLIMIT_NOFILE, &raised)) return raised.rlim_cur;
    return limit.rlim_cur;
}

static int any_descriptor(void) { return eventfd(0, EFD_CLOEXEC); }

int hf_free_descriptors(int most) {
    int *descriptors = calloc((size_t)most + 1, sizeof *descriptors), count = 0;
    while (descriptors && count < most && (descriptors[count] = any_descriptor()) >= 0) count++;
    for (int i = 0; i < count; i++) close(descriptors[i]);
    free(descriptors);
    return count;
}

void hf_reserve_descriptors(int first) {
    atomic_store(&first_reserved, first);
    if (atomic_load(&spare) < 0) atomic_store(&spare, any_descriptor());
}

void hf_gate_listener(int listener, int is_closed) {
    if (listener >= 0 && listener < most_listeners) atomic_store(&gates[listener], (unsigned char)(is_closed != 0));
}

uint32_t hf_turned_away(int listener) {
    return listener >= 0 && listener < most_listeners ? atomic_load(&turned_away[listener]) : 0;
}

static int turn_away(int listener, int connection) {
    if (connection >= 0) close(connection);
    if (listener >= 0 && listener < most_listeners) atomic_fetch_add(&turned_away[listener], 1);
    errno = ECONNABORTED;
    return -1;
}

static int accept_without_descriptor(int listener) {
    int saved = atomic_exchange(&spare, -1);
    if (saved >= 0) close(saved);
    int connection = (int)syscall(SYS_accept4, listener, NULL, NULL, SOCK_CLOEXEC);
    int result = turn_away(listener, connection);
    if (saved >= 0) atomic_store(&spare, any_descriptor());
    errno = ECONNABORTED;
    return result;
}

int accept4(int listener, struct sockaddr *address, socklen_t *length, int flags);
int accept4(int listener, struct sockaddr *address, socklen_t *length, int flags) {
    int connection = (int)syscall(SYS_accept4, listener, address, length, flags);
    if (connection < 0) return errno == EMFILE || errno == ENFILE ? accept_without_descriptor(listener) : -1;
    int is_gated = listener >= 0 && listener < most_listeners && atomic_load(&gates[listener]);
    return is_gated || connection >= atomic_load(&first_reserved) ? turn_away(listener, connection) : connection;
}

int accept(int listener, struct sockaddr *restrict address, socklen_t *restrict length) {
    return accept4(listener, address, length, 0);
}
