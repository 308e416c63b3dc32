#define _GNU_SOURCE
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void descriptor_path(char *path, size_t size, int descriptor) {
    snprintf(path, size, "/proc/self/fd/%d", descriptor);
}

int hf_open_unnamed(const char *folder) {
    int descriptor = open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
    if (descriptor < 0) return -errno;
    char path[32];
    descriptor_path(path, sizeof path, descriptor);
    // Without /proc it would have to stay without a name.
    struct stat named, opened;
    if (stat(path, &named) != 0 || fstat(descriptor, &opened) != 0 || named.st_ino != opened.st_ino) {
        close(descriptor);
        return -ENOENT;
    }
    flock(descriptor, LOCK_EX | LOCK_NB);
    return descriptor;
}

int hf_name_file(int descriptor, const char *path) {
    char source[32];
    descriptor_path(source, sizeof source, descriptor);
    return linkat(AT_FDCWD, source, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0 ? 0 : -errno;
}

int hf_open_temporary(const char *path) {
    int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0) return -errno;
    // Who tidies up may have been quicker than the lock, and has removed it: as if the name were taken.
    struct stat status;
    int refused = flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (!refused && fstat(descriptor, &status) == 0 && status.st_nlink > 0) return descriptor;
    close(descriptor);
    return -EEXIST;
}

int hf_lock_folder(const char *path) {
    int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor < 0) return -1;
    struct stat status;
    int isOurs = fstat(descriptor, &status) == 0 && status.st_uid == geteuid()
              && flock(descriptor, LOCK_EX | LOCK_NB) == 0;
    if (isOurs) return descriptor;
    close(descriptor);
    return -1;
}

int hf_remove_stale(const char *path) {
    int descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0) return 0;
    struct stat status;
    int isStale = fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode)
               && flock(descriptor, LOCK_EX | LOCK_NB) == 0 && unlink(path) == 0;
    close(descriptor);
    return isStale;
}

enum { FILES = 16 };
// A path is whole before it is said to be there, and stays while it is.
static char paths[FILES][PATH_MAX];
static atomic_int states[FILES];
enum { FREE, TAKEN, THERE };

// An entry of a folder, as the kernel gives it: opendir may not be called from a handler of signals.
struct entry {
    uint64_t inode;
    int64_t offset;
    uint16_t length;
    uint8_t kind;
    char name[];
};

static int remove_entries(int folder) {
    static _Alignas(struct entry) char bytes[1 << 15];
    int removed = 0;
    for (long count; (count = syscall(SYS_getdents64, folder, bytes, sizeof bytes)) > 0;)
        for (long at = 0; at < count; at += ((struct entry *)(bytes + at))->length)
            removed += unlinkat(folder, ((struct entry *)(bytes + at))->name, 0) == 0;
    return removed;
}

static void remove_folder(const char *path) {
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0) return;
    // What is removed moves what comes behind it.
    while (remove_entries(folder) > 0) lseek(folder, 0, SEEK_SET);
    close(folder);
    rmdir(path);
}

static void remove_files(int signal_number) {
    int saved = errno;
    for (int i = 0; i < FILES; i++)
        if (atomic_load(&states[i]) == THERE && unlink(paths[i]) != 0 && errno == EISDIR) remove_folder(paths[i]);
    errno = saved;
    // Comes again as soon as this returns, and ends the process as if nobody had handled it.
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

static void handle(int signal_number, void (*handler)(int)) {
    struct sigaction old, action = {.sa_handler = handler};
    if (sigaction(signal_number, NULL, &old) != 0) return;
    if ((old.sa_flags & SA_SIGINFO) != 0 || old.sa_handler != SIG_DFL) return;
    sigaction(signal_number, &action, NULL);
}

int hf_remove_on_signal(const char *path) {
    if (strlen(path) >= PATH_MAX) return -1;
    for (int i = 0; i < FILES; i++) {
        int expected = FREE;
        if (!atomic_compare_exchange_strong(&states[i], &expected, TAKEN)) continue;
        strcpy(paths[i], path);
        atomic_store(&states[i], THERE);
        const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
        for (size_t s = 0; s < sizeof signals / sizeof *signals; s++) handle(signals[s], remove_files);
        return i;
    }
    return -1;
}

void hf_release_file(int number) {
    if (number >= 0 && number < FILES) atomic_store(&states[number], FREE);
}

int hf_is_writable(int descriptor) {
    int flags = fcntl(descriptor, F_GETFL);
    if (flags < 0) return 0;
    errno = EBADF;
    return (flags & O_ACCMODE) != O_RDONLY;
}

int hf_duplicate(int descriptor) { return fcntl(descriptor, F_DUPFD_CLOEXEC, 0); }

void hf_wait_writable(int descriptor) {
    struct pollfd item = {.fd = descriptor, .events = POLLOUT};
    poll(&item, 1, -1);
}

void hf_occupy_standard_descriptors(void) {
    for (int number = STDIN_FILENO; number <= STDERR_FILENO; number++) {
        if (fcntl(number, F_GETFD) >= 0) continue;
        // Takes the lowest number that is free, which is this one.
        int access = number == STDIN_FILENO ? O_WRONLY : O_RDONLY;
        if (open("/dev/null", access) < 0) open("/", O_RDONLY | O_DIRECTORY);
    }
}

void hf_ignore_size_signal(void) { handle(SIGXFSZ, SIG_IGN); }

static char guard_text[256];
static int guard_status;

static void end_by_mapping(int signal_number) {
    (void)signal_number;
    ssize_t written = write(STDERR_FILENO, guard_text, strlen(guard_text));
    (void)written;
    _exit(guard_status);
}

void hf_guard_mappings(const char *text, int status) {
    snprintf(guard_text, sizeof guard_text, "%s", text);
    guard_status = status;
    // In place of the runtime's handler, too, which would print where it happened and leave a core dump.
    struct sigaction action = {.sa_handler = end_by_mapping};
    sigaction(SIGBUS, &action, NULL);
}

void hf_end_by_closed_pipe(void) {
    signal(SIGPIPE, SIG_DFL);
    raise(SIGPIPE);
}
