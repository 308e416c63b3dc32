#define _GNU_SOURCE
#include "CFakeCamera.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { most_buffers = 8, fault_none = 0, fault_unplug, fault_hang, fault_silence };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
    char path[256];
    int width, height, rate, padding;
    uint32_t format;
    const uint8_t *frames; // grey, from a file, or NULL: the pattern
    size_t frame_count;
    int fault, fault_away;
    uint32_t fault_frame;
    // What a test asked for.
    int flags, cuts, silent, unplugged, opened;
    uint32_t jump;
    uint64_t returns; // CLOCK_MONOTONIC ns; 0 if only a call plugs it in again
    // The open device.
    int descriptor, memory, streaming, buffers;
    size_t buffer_length;
    uint8_t *map;
    uint32_t sequence;
    int queued[most_buffers], queued_count;
    struct v4l2_buffer done[most_buffers];
    int done_count;
} camera = {.descriptor = -1, .memory = -1};

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void *map(void *address, size_t length, int protection, int flags, int descriptor, off_t offset) {
    if (descriptor >= 0 && descriptor == camera.descriptor) descriptor = camera.memory;
    return (void *)syscall(SYS_mmap, address, length, protection, flags, descriptor, offset);
}

uint8_t fake_camera_pattern(int x, int y, uint32_t sequence) { return (uint8_t)(3 * x + 5 * y + 7 * (int)(sequence & 0xffff)); }

static int is(const char *format) { return camera.format == v4l2_fourcc(format[0], format[1], format[2], format[3]); }
static int packed(void) { return is("YUYV") || is("YVYU") || is("UYVY") || is("VYUY"); }
static int pixel_bytes(void) { return packed() ? 2 : is("RGB3") ? 3 : 1; }
static size_t row_bytes(void) { return (size_t)(camera.width * pixel_bytes() + camera.padding); }
static size_t image_bytes(void) {
    size_t planes = row_bytes() * (size_t)camera.height;
    return is("NV12") || is("NV21") || is("YU12") || is("YV12") ? planes + planes / 2 : planes;
}

void fake_camera_configure(const char *path, int width, int height, const char *format, int rate) {
    pthread_mutex_lock(&lock);
    snprintf(camera.path, sizeof camera.path, "%s", path);
    camera.width = width;
    camera.height = height;
    camera.format = v4l2_fourcc(format[0], format[1], format[2], format[3]);
    camera.rate = rate;
    camera.padding = camera.flags = camera.cuts = camera.silent = camera.unplugged = camera.opened = 0;
    camera.jump = 0;
    camera.returns = 0;
    pthread_mutex_unlock(&lock);
}

#define SETTER(signature, statement)     \
    void signature {                     \
        pthread_mutex_lock(&lock);       \
        statement;                       \
        pthread_mutex_unlock(&lock);     \
    }
SETTER(fake_camera_pad_rows(int bytes), camera.padding = bytes)
SETTER(fake_camera_unplug(void), camera.unplugged = 1)
SETTER(fake_camera_plug(void), camera.unplugged = 0)
SETTER(fake_camera_flag(int count), camera.flags = count)
SETTER(fake_camera_cut(int count), camera.cuts = count)
SETTER(fake_camera_drop(int count), camera.jump += (uint32_t)count)
SETTER(fake_camera_silence(int silent), camera.silent = silent)
int fake_camera_opened(void) { return camera.opened; }

// The preloaded camera.
__attribute__((constructor)) static void configure_from_environment(void) {
    const char *path = getenv("FAKE_CAMERA"), *text;
    if (!path) return;
    int width = 640, height = 480;
    if ((text = getenv("FAKE_CAMERA_SIZE"))) sscanf(text, "%dx%d", &width, &height);
    const char *format = getenv("FAKE_CAMERA_FORMAT"), *rate = getenv("FAKE_CAMERA_RATE");
    fake_camera_configure(path, width, height, format && strlen(format) == 4 ? format : "GREY", rate ? atoi(rate) : 30);
    if ((text = getenv("FAKE_CAMERA_FRAMES"))) {
        int file = (int)syscall(SYS_openat, AT_FDCWD, text, O_RDONLY | O_CLOEXEC);
        off_t length = file < 0 ? 0 : lseek(file, 0, SEEK_END);
        camera.frame_count = (size_t)length / ((size_t)width * (size_t)height);
        if (camera.frame_count) camera.frames = map(NULL, (size_t)length, PROT_READ, MAP_PRIVATE, file, 0);
        if (file >= 0) syscall(SYS_close, file);
    }
    if ((text = getenv("FAKE_CAMERA_FAULT"))) {
        const char *kinds[] = {"", "unplug@", "hang@", "silence@"};
        for (int kind = 1; kind < 4; kind++)
            if (!strncmp(text, kinds[kind], strlen(kinds[kind]))) {
                camera.fault = kind;
                camera.fault_frame = (uint32_t)atoi(text + strlen(kinds[kind]));
            }
    }
    camera.fault_away = (text = getenv("FAKE_CAMERA_AWAY")) ? atoi(text) : 500;
}

static int plugged(void) {
    if (camera.unplugged && camera.returns && now() >= camera.returns) camera.unplugged = 0;
    return !camera.unplugged;
}

static int open_device(int flags) {
    if (!plugged()) return -ENOENT;
    if (camera.descriptor >= 0) return -EBUSY;
    camera.descriptor = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | (flags & O_NONBLOCK ? TFD_NONBLOCK : 0));
    camera.streaming = camera.queued_count = camera.done_count = camera.buffers = 0;
    camera.opened++;
    return camera.descriptor < 0 ? -errno : camera.descriptor;
}

static void free_buffers(void) {
    if (camera.map) munmap(camera.map, camera.buffer_length * (size_t)camera.buffers);
    if (camera.memory >= 0) syscall(SYS_close, camera.memory);
    camera.map = NULL;
    camera.memory = -1;
    camera.buffers = camera.queued_count = camera.done_count = 0;
}

static void close_device(void) {
    free_buffers();
    camera.descriptor = -1;
    camera.streaming = 0;
}

static uint8_t intensity(int x, int y) {
    if (!camera.frames) return fake_camera_pattern(x, y, camera.sequence);
    size_t frame = camera.sequence % camera.frame_count;
    return camera.frames[(frame * (size_t)camera.height + (size_t)y) * (size_t)camera.width + (size_t)x];
}

static void draw(uint8_t *out) {
    int step = pixel_bytes(), offset = is("UYVY") || is("VYUY"), colours = is("RGB3") ? 3 : 1;
    memset(out, 128, image_bytes());
    for (int y = 0; y < camera.height; y++)
        for (int x = 0; x < camera.width; x++)
            memset(out + (size_t)y * row_bytes() + (size_t)(x * step + offset), intensity(x, y), (size_t)colours);
}

static void finish_frame(void) {
    camera.sequence += camera.jump + 1;
    camera.jump = 0;
    if (!camera.queued_count) return; // dropped
    int index = camera.queued[0];
    memmove(camera.queued, camera.queued + 1, sizeof *camera.queued * (size_t)--camera.queued_count);
    draw(camera.map + (size_t)index * camera.buffer_length);
    struct v4l2_buffer *buffer = &camera.done[camera.done_count++];
    memset(buffer, 0, sizeof *buffer);
    uint64_t stamp = now();
    buffer->index = (uint32_t)index;
    buffer->bytesused = (uint32_t)image_bytes();
    buffer->sequence = camera.sequence;
    buffer->flags = V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC | V4L2_BUF_FLAG_DONE;
    buffer->timestamp.tv_sec = (time_t)(stamp / 1000000000u);
    buffer->timestamp.tv_usec = (suseconds_t)(stamp % 1000000000u / 1000);
    if (camera.flags > 0) camera.flags--, buffer->flags |= V4L2_BUF_FLAG_ERROR;
    if (camera.cuts > 0) camera.cuts--, buffer->bytesused /= 2;
}

// The fault that the environment asked for begins at its frame, once.
static void begin_fault(void) {
    if (camera.fault == fault_none || camera.sequence == UINT32_MAX || camera.sequence < camera.fault_frame) return;
    if (camera.fault == fault_unplug) {
        camera.unplugged = 1;
        camera.returns = now() + (uint64_t)camera.fault_away * 1000000u;
    } else if (camera.fault == fault_silence) {
        camera.silent = 1;
    } else {
        pthread_mutex_unlock(&lock);
        for (;;) pause();
    }
    camera.fault = fault_none;
}

static int dequeue(struct v4l2_buffer *buffer) {
    begin_fault();
    if (!plugged()) return -ENODEV;
    if (!camera.streaming) return -EINVAL;
    uint64_t ticks = 0;
    if (syscall(SYS_read, camera.descriptor, &ticks, sizeof ticks) == sizeof ticks && !camera.silent)
        for (; ticks; ticks--) finish_frame();
    if (!camera.done_count) return -EAGAIN;
    struct v4l2_buffer first = camera.done[0];
    memmove(camera.done, camera.done + 1, sizeof first * (size_t)--camera.done_count);
    first.type = buffer->type;
    first.memory = buffer->memory;
    first.length = (uint32_t)camera.buffer_length;
    first.m.offset = first.index * (uint32_t)camera.buffer_length;
    *buffer = first;
    return 0;
}

static int request_buffers(struct v4l2_requestbuffers *request) {
    if (camera.streaming) return -EBUSY;
    free_buffers();
    camera.buffers = request->count > most_buffers ? most_buffers : (int)request->count;
    request->count = (uint32_t)camera.buffers;
    camera.buffer_length = (image_bytes() + 4095) & ~(size_t)4095;
    camera.memory = memfd_create("fake-camera", MFD_CLOEXEC);
    size_t length = camera.buffer_length * (size_t)camera.buffers;
    if (ftruncate(camera.memory, (off_t)length)) return -ENOMEM;
    camera.map = map(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, camera.memory, 0);
    return 0;
}

static int start(int streaming) {
    struct itimerspec timer = {0};
    if (streaming) timer.it_interval.tv_nsec = timer.it_value.tv_nsec = 1000000000L / camera.rate;
    if (streaming && camera.rate == 1) timer.it_interval.tv_sec = timer.it_value.tv_sec = 1, timer.it_interval.tv_nsec = timer.it_value.tv_nsec = 0;
    camera.streaming = streaming;
    camera.sequence = UINT32_MAX;
    camera.queued_count = streaming ? camera.queued_count : 0;
    camera.done_count = 0;
    return timerfd_settime(camera.descriptor, 0, &timer, NULL) ? -errno : 0;
}

static int answer(unsigned long request, void *argument) {
    if (!plugged()) return -ENODEV;
    switch (request) {
    case VIDIOC_QUERYCAP: {
        struct v4l2_capability *capability = argument;
        memset(capability, 0, sizeof *capability);
        strcpy((char *)capability->driver, "fake");
        capability->device_caps = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
        capability->capabilities = capability->device_caps | V4L2_CAP_DEVICE_CAPS;
        return 0;
    }
    case VIDIOC_ENUM_FMT: {
        struct v4l2_fmtdesc *description = argument;
        if (description->index) return -EINVAL;
        description->pixelformat = camera.format;
        return 0;
    }
    case VIDIOC_G_FMT:
    case VIDIOC_S_FMT: {
        struct v4l2_pix_format *pix = &((struct v4l2_format *)argument)->fmt.pix;
        memset(pix, 0, sizeof *pix);
        pix->width = (uint32_t)camera.width;
        pix->height = (uint32_t)camera.height;
        pix->pixelformat = camera.format;
        pix->field = V4L2_FIELD_NONE;
        pix->bytesperline = (uint32_t)row_bytes();
        pix->sizeimage = (uint32_t)image_bytes();
        return 0;
    }
    case VIDIOC_G_PARM:
    case VIDIOC_S_PARM: {
        struct v4l2_captureparm *capture = &((struct v4l2_streamparm *)argument)->parm.capture;
        capture->capability = V4L2_CAP_TIMEPERFRAME;
        capture->timeperframe = (struct v4l2_fract){1, (uint32_t)camera.rate};
        return 0;
    }
    case VIDIOC_REQBUFS: return request_buffers(argument);
    case VIDIOC_QUERYBUF: {
        struct v4l2_buffer *buffer = argument;
        if (buffer->index >= (uint32_t)camera.buffers) return -EINVAL;
        buffer->length = (uint32_t)camera.buffer_length;
        buffer->m.offset = buffer->index * (uint32_t)camera.buffer_length;
        return 0;
    }
    case VIDIOC_QBUF: {
        struct v4l2_buffer *buffer = argument;
        if (buffer->index >= (uint32_t)camera.buffers || camera.queued_count == camera.buffers) return -EINVAL;
        for (int i = 0; i < camera.queued_count; i++)
            if (camera.queued[i] == (int)buffer->index) return -EINVAL;
        camera.queued[camera.queued_count++] = (int)buffer->index;
        return 0;
    }
    case VIDIOC_DQBUF: return dequeue(argument);
    case VIDIOC_STREAMON: return camera.buffers ? start(1) : -EINVAL;
    case VIDIOC_STREAMOFF: return start(0);
    default: return -ENOTTY;
    }
}

static int result(int value) {
    if (value >= 0) return value;
    errno = -value;
    return -1;
}

static int ours(const char *path) { return camera.path[0] && path && !strcmp(path, camera.path); }

static int open_ours(int flags) {
    pthread_mutex_lock(&lock);
    int descriptor = open_device(flags);
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
    if (descriptor < 0 || descriptor != camera.descriptor) return (int)syscall(SYS_ioctl, descriptor, request, argument);
    pthread_mutex_lock(&lock);
    int value = answer(request, argument);
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
    if (descriptor >= 0 && descriptor == camera.descriptor) {
        pthread_mutex_lock(&lock);
        close_device();
        pthread_mutex_unlock(&lock);
    }
    return (int)syscall(SYS_close, descriptor) < 0 ? -1 : 0;
}
