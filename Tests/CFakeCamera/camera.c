// What a test does with the device.
#define _GNU_SOURCE
#include "fake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
struct device device = {.descriptor = -1, .memory = -1, .driver = "fake"};

uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

struct v4l2_rect whole(void) {
    return (struct v4l2_rect){0, 0, (uint32_t)device.picture.width, (uint32_t)device.picture.height};
}

void forget(void) {
    device.picture.part = whole();
    controls_reset();
}

int plugged(void) {
    if (device.unplugged && device.returns && now() >= device.returns) device.unplugged = 0;
    return !device.unplugged;
}

// A v4l2loopback device into which nobody writes has no format yet; with exclusive_caps=1 it is not even a capture
// device.
int unfed(void) {
    if (device.unfed && device.fed_from && now() >= device.fed_from) device.unfed = 0;
    return device.unfed;
}

uint32_t format_code(const char *name) {
    uint32_t code = v4l2_fourcc(name[0], name[1], name[2], name[3]);
    return strlen(name) > 4 ? code | 1u << 31 : code;
}

void fake_camera_configure(const char *path, int width, int height, const char *format, int rate) {
    pthread_mutex_lock(&lock);
    snprintf(device.path, sizeof device.path, "%s", path);
    strcpy(device.driver, "fake");
    device.picture = (struct picture){.width = width, .height = height, .format = format_code(format)};
    device.formats[0] = device.picture.format;
    device.formats[1] = 0;
    device.rate = rate;
    device.multiplanar = device.data_offset = device.crop_grain = 0;
    device.flags = device.cuts = device.silent = device.unplugged = device.failing = device.unfed = device.opened =
        device.started = 0;
    device.clock = V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
    device.clock_offset = 0;
    device.jump = 0;
    device.returns = device.fed_from = 0;
    forget();
    pthread_mutex_unlock(&lock);
}

#define SETTER(signature, statement)     \
    void signature {                     \
        pthread_mutex_lock(&lock);       \
        statement;                       \
        pthread_mutex_unlock(&lock);     \
    }
SETTER(fake_camera_driver(const char *name), snprintf(device.driver, sizeof device.driver, "%s", name))
SETTER(fake_camera_pad_rows(int bytes), device.picture.padding = bytes)
SETTER(fake_camera_multiplanar(int offset), device.multiplanar = 1; device.data_offset = offset)
SETTER(fake_camera_crops(int grain), device.crop_grain = grain)
SETTER(fake_camera_part(int *x, int *y, int *width, int *height), *x = device.picture.part.left;
       *y = device.picture.part.top; *width = (int)device.picture.part.width; *height = (int)device.picture.part.height)
SETTER(fake_camera_offers(const char *format), device.formats[1] = format_code(format))
SETTER(fake_camera_state(uint32_t *format, int *rate), *format = device.picture.format; *rate = device.rate)
SETTER(fake_camera_clock(uint32_t flags, int64_t offset_ns), device.clock = flags; device.clock_offset = offset_ns)
SETTER(fake_camera_unplug(void), device.unplugged = 1; forget())
SETTER(fake_camera_plug(void), device.unplugged = 0)
SETTER(fake_camera_flag(int count), device.flags = count)
SETTER(fake_camera_cut(int count), device.cuts = count)
SETTER(fake_camera_drop(int count), device.jump += (uint32_t)count)
SETTER(fake_camera_silence(int silent), device.silent = silent)
SETTER(fake_camera_fail(int code), device.failing = code)
SETTER(fake_camera_unfed(int how), device.unfed = how; if (how) strcpy(device.driver, "v4l2 loopback"))
int fake_camera_opened(void) { return device.opened; }
int fake_camera_started(void) { return device.started; }
uint64_t fake_camera_drawing_ns(void) { return device.drawing; }
int fake_camera_queued(void) { return device.queued_count; }

void fake_camera_jpeg(const uint8_t *bytes, int count) {
    static uint8_t *copy;
    pthread_mutex_lock(&lock);
    uint8_t *old = copy;
    copy = malloc((size_t)count + 4);
    for (int i = 0; i < 4; i++) copy[i] = (uint8_t)((uint32_t)count >> (8 * i));
    memcpy(copy + 4, bytes, (size_t)count);
    device.picture.frames = copy;
    device.picture.frame_count = 1;
    free(old);
    pthread_mutex_unlock(&lock);
}
