// The system calls that the device answers for its path and its descriptor; all others go on to the kernel.
#define _GNU_SOURCE
#include "fake.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

void *map(void *address, size_t length, int protection, int flags, int descriptor, off_t offset) {
    if (descriptor >= 0 && descriptor == device.descriptor) descriptor = device.memory;
    return (void *)syscall(SYS_mmap, address, length, protection, flags, descriptor, offset);
}

static int result(int value) {
    if (value >= 0) return value;
    errno = -value;
    return -1;
}

static int ours(const char *path) { return device.path[0] && path && !strcmp(path, device.path); }

static int open_ours(int flags) {
    pthread_mutex_lock(&lock);
    int descriptor = device_open(flags);
    pthread_mutex_unlock(&lock);
    return result(descriptor);
}

static mode_t mode_of(int flags, va_list list) { return flags & (O_CREAT | __O_TMPFILE) ? va_arg(list, mode_t) : 0; }

#define OPEN(name)                                                                         \
    int name(const char *path, int flags, ...) {                                           \
        if (ours(path)) return open_ours(flags);                                           \
        va_list list;                                                                      \
        va_start(list, flags);                                                             \
        mode_t mode = mode_of(flags, list);                                                \
        va_end(list);                                                                      \
        return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);                      \
    }
OPEN(open)
OPEN(open64)

int ioctl(int descriptor, unsigned long request, ...) {
    va_list list;
    va_start(list, request);
    void *argument = va_arg(list, void *);
    va_end(list);
    if (descriptor < 0 || descriptor != device.descriptor)
        return (int)syscall(SYS_ioctl, descriptor, request, argument);
    pthread_mutex_lock(&lock);
    int value = device_answer(request, argument);
    pthread_mutex_unlock(&lock);
    return result(value);
}

void *mmap(void *address, size_t length, int protection, int flags, int descriptor, off_t offset) {
    return map(address, length, protection, flags, descriptor, offset);
}
void *mmap64(void *address, size_t length, int protection, int flags, int descriptor, off_t offset) {
    return map(address, length, protection, flags, descriptor, offset);
}

int close(int descriptor) {
    if (descriptor >= 0 && descriptor == device.descriptor) {
        pthread_mutex_lock(&lock);
        device_close();
        pthread_mutex_unlock(&lock);
    }
    return (int)syscall(SYS_close, descriptor) < 0 ? -1 : 0;
}
