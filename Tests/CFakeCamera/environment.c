// The preloaded device.
#define _GNU_SOURCE
#include "fake.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

// Frames of one size, or images behind their lengths.
static size_t count_frames(const uint8_t *bytes, size_t length, const struct picture *picture) {
    if (picture->format != V4L2_PIX_FMT_MJPEG) return length / ((size_t)picture->width * (size_t)picture->height);
    size_t count = 0;
    for (size_t at = 0; at + 4 <= length; count++)
        at += 4 + ((size_t)bytes[at] | (size_t)bytes[at + 1] << 8 | (size_t)bytes[at + 2] << 16 |
                   (size_t)bytes[at + 3] << 24);
    return count;
}

static void read_frames(const char *path) {
    int file = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    size_t length = (size_t)lseek(file, 0, SEEK_END);
    const uint8_t *bytes = map(NULL, length, PROT_READ, MAP_PRIVATE, file, 0);
    syscall(SYS_close, file);
    if (bytes == MAP_FAILED) return;
    device.picture.frame_count = count_frames(bytes, length, &device.picture);
    if (device.picture.frame_count) device.picture.frames = bytes;
}

static void read_fault(const char *text) {
    static const char *const names[fault_kinds] = {
        "", "unplug@", "hang@", "silence@", "stall@", "error@", "flag@", "cut@"};
    for (int kind = 1; kind < fault_kinds; kind++)
        if (!strncmp(text, names[kind], strlen(names[kind]))) {
            device.fault = kind;
            device.fault_frame = (uint32_t)atoi(text + strlen(names[kind]));
        }
}

// The preloaded device.
__attribute__((constructor)) static void configure_from_environment(void) {
    const char *path = getenv("FAKE_CAMERA"), *text;
    if (!path) return;
    int width = 640, height = 480;
    if ((text = getenv("FAKE_CAMERA_SIZE"))) sscanf(text, "%dx%d", &width, &height);
    const char *format = getenv("FAKE_CAMERA_FORMAT"), *rate = getenv("FAKE_CAMERA_RATE");
    fake_camera_configure(path, width, height, format && strlen(format) >= 4 ? format : "GREY", rate ? atoi(rate) : 30);
    if (getenv("FAKE_CAMERA_MPLANE")) fake_camera_multiplanar(0);
    if (getenv("FAKE_CAMERA_CROP")) fake_camera_crops(1);
    if ((text = getenv("FAKE_CAMERA_FRAMES"))) read_frames(text);
    if ((text = getenv("FAKE_CAMERA_FAULT"))) read_fault(text);
    if ((text = getenv("FAKE_CAMERA_EVERY"))) device.fault_every = (uint32_t)atoi(text);
    if ((text = getenv("FAKE_CAMERA_LATE"))) {
        device.unplugged = 1;
        device.returns = now() + (uint64_t)atoi(text) * 1000000u;
    }
    device.fault_away = (text = getenv("FAKE_CAMERA_AWAY")) ? atoi(text) : 500;
    if ((text = getenv("FAKE_CAMERA_WRITER"))) {
        device.unfed = 1;
        device.fed_from = now() + (uint64_t)atoi(text) * 1000000u;
        strcpy(device.driver, "v4l2 loopback");
    }
}
