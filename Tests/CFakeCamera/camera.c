#define _GNU_SOURCE
#include "fake.h"

#include <errno.h>
#include <fcntl.h>
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

enum { most_buffers = 8, most_planes = 2 };
enum { fault_none, fault_unplug, fault_hang, fault_silence, fault_stall, fault_error, fault_flag, fault_cut, fault_kinds };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
    char path[256], driver[16];
    struct picture picture;
    int rate, multiplanar, data_offset, crop_grain;
    uint32_t clock;
    int64_t clock_offset;
    int fault, fault_away;
    uint32_t fault_frame;
    // What a test asked for.
    int flags, cuts, silent, unplugged, failing, unfed, opened, started;
    uint32_t jump;
    uint64_t drawing;
    uint64_t returns; // CLOCK_MONOTONIC ns; 0 if only a call plugs it in again
    uint64_t fed_from; // CLOCK_MONOTONIC ns; 0 if only a call feeds it
    // The open device.
    int descriptor, memory, streaming, buffers;
    size_t buffer_length;
    uint8_t *map;
    uint32_t sequence;
    int queued[most_buffers], queued_count;
    struct v4l2_buffer done[most_buffers];
    int done_count;
} camera = {.descriptor = -1, .memory = -1, .driver = "fake"};

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void *map(void *address, size_t length, int protection, int flags, int descriptor, off_t offset) {
    if (descriptor >= 0 && descriptor == camera.descriptor) descriptor = camera.memory;
    return (void *)syscall(SYS_mmap, address, length, protection, flags, descriptor, offset);
}

static struct v4l2_rect whole(void) {
    return (struct v4l2_rect){0, 0, (uint32_t)camera.picture.width, (uint32_t)camera.picture.height};
}

// What a device forgets without power.
static void forget(void) {
    camera.picture.part = whole();
    controls_reset();
}

void fake_camera_configure(const char *path, int width, int height, const char *format, int rate) {
    pthread_mutex_lock(&lock);
    snprintf(camera.path, sizeof camera.path, "%s", path);
    strcpy(camera.driver, "fake");
    uint32_t code = v4l2_fourcc(format[0], format[1], format[2], format[3]);
    camera.picture = (struct picture){.width = width, .height = height, .format = strlen(format) > 4 ? code | 1u << 31 : code};
    camera.rate = rate;
    camera.multiplanar = camera.data_offset = camera.crop_grain = 0;
    camera.flags = camera.cuts = camera.silent = camera.unplugged = camera.failing = camera.unfed = camera.opened = camera.started = 0;
    camera.clock = V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
    camera.clock_offset = 0;
    camera.jump = 0;
    camera.returns = camera.fed_from = 0;
    forget();
    pthread_mutex_unlock(&lock);
}

#define SETTER(signature, statement)     \
    void signature {                     \
        pthread_mutex_lock(&lock);       \
        statement;                       \
        pthread_mutex_unlock(&lock);     \
    }
SETTER(fake_camera_driver(const char *name), snprintf(camera.driver, sizeof camera.driver, "%s", name))
SETTER(fake_camera_pad_rows(int bytes), camera.picture.padding = bytes)
SETTER(fake_camera_multiplanar(int offset), camera.multiplanar = 1; camera.data_offset = offset)
SETTER(fake_camera_crops(int grain), camera.crop_grain = grain)
SETTER(fake_camera_part(int *x, int *y, int *width, int *height), *x = camera.picture.part.left; *y = camera.picture.part.top;
       *width = (int)camera.picture.part.width; *height = (int)camera.picture.part.height)
SETTER(fake_camera_clock(uint32_t flags, int64_t offset_ns), camera.clock = flags; camera.clock_offset = offset_ns)
SETTER(fake_camera_unplug(void), camera.unplugged = 1; forget())
SETTER(fake_camera_plug(void), camera.unplugged = 0)
SETTER(fake_camera_flag(int count), camera.flags = count)
SETTER(fake_camera_cut(int count), camera.cuts = count)
SETTER(fake_camera_drop(int count), camera.jump += (uint32_t)count)
SETTER(fake_camera_silence(int silent), camera.silent = silent)
SETTER(fake_camera_fail(int code), camera.failing = code)
SETTER(fake_camera_unfed(int how), camera.unfed = how; if (how) strcpy(camera.driver, "v4l2 loopback"))
int fake_camera_opened(void) { return camera.opened; }
int fake_camera_started(void) { return camera.started; }
uint64_t fake_camera_drawing_ns(void) { return camera.drawing; }
int fake_camera_queued(void) { return camera.queued_count; }

void fake_camera_jpeg(const uint8_t *bytes, int count) {
    static uint8_t *copy;
    pthread_mutex_lock(&lock);
    uint8_t *old = copy;
    copy = malloc((size_t)count + 4);
    for (int i = 0; i < 4; i++) copy[i] = (uint8_t)((uint32_t)count >> (8 * i));
    memcpy(copy + 4, bytes, (size_t)count);
    camera.picture.frames = copy;
    camera.picture.frame_count = 1;
    free(old);
    pthread_mutex_unlock(&lock);
}

// Frames of one size, or images behind their lengths.
static size_t count_frames(const uint8_t *bytes, size_t length, const struct picture *picture) {
    if (picture->format != V4L2_PIX_FMT_MJPEG) return length / ((size_t)picture->width * (size_t)picture->height);
    size_t count = 0;
    for (size_t at = 0; at + 4 <= length; count++)
        at += 4 + ((size_t)bytes[at] | (size_t)bytes[at + 1] << 8 | (size_t)bytes[at + 2] << 16 | (size_t)bytes[at + 3] << 24);
    return count;
}

static void read_frames(const char *path) {
    int file = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    size_t length = (size_t)lseek(file, 0, SEEK_END);
    const uint8_t *bytes = map(NULL, length, PROT_READ, MAP_PRIVATE, file, 0);
    syscall(SYS_close, file);
    if (bytes == MAP_FAILED) return;
    camera.picture.frame_count = count_frames(bytes, length, &camera.picture);
    if (camera.picture.frame_count) camera.picture.frames = bytes;
}

static void read_fault(const char *text) {
    static const char *const names[fault_kinds] = {"", "unplug@", "hang@", "silence@", "stall@", "error@", "flag@", "cut@"};
    for (int kind = 1; kind < fault_kinds; kind++)
        if (!strncmp(text, names[kind], strlen(names[kind]))) {
            camera.fault = kind;
            camera.fault_frame = (uint32_t)atoi(text + strlen(names[kind]));
        }
}

// The preloaded camera.
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
    camera.fault_away = (text = getenv("FAKE_CAMERA_AWAY")) ? atoi(text) : 500;
    if ((text = getenv("FAKE_CAMERA_WRITER"))) {
        camera.unfed = 1;
        camera.fed_from = now() + (uint64_t)atoi(text) * 1000000u;
        strcpy(camera.driver, "v4l2 loopback");
    }
}

static int plugged(void) {
    if (camera.unplugged && camera.returns && now() >= camera.returns) camera.unplugged = 0;
    return !camera.unplugged;
}

// A v4l2loopback device into which nobody writes has no format yet; with exclusive_caps=1 it is not even a capture device.
static int unfed(void) {
    if (camera.unfed && camera.fed_from && now() >= camera.fed_from) camera.unfed = 0;
    return camera.unfed;
}

static int open_device(int flags) {
    if (!plugged()) return -ENOENT;
    if (camera.descriptor >= 0) return -EBUSY;
    camera.descriptor = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | (flags & O_NONBLOCK ? TFD_NONBLOCK : 0));
    camera.streaming = camera.queued_count = camera.done_count = camera.buffers = camera.failing = 0;
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

static void finish_frame(void) {
    camera.sequence += camera.jump + 1;
    camera.jump = 0;
    if (!camera.queued_count) return; // dropped
    int index = camera.queued[0];
    memmove(camera.queued, camera.queued + 1, sizeof *camera.queued * (size_t)--camera.queued_count);
    uint8_t *out = camera.map + (size_t)index * camera.buffer_length + camera.data_offset;
    struct v4l2_buffer *buffer = &camera.done[camera.done_count++];
    memset(buffer, 0, sizeof *buffer);
    buffer->index = (uint32_t)index;
    uint64_t before = now();
    buffer->bytesused = (uint32_t)picture_draw(&camera.picture, camera.sequence, out);
    camera.drawing += now() - before;
    buffer->sequence = camera.sequence;
    buffer->flags = camera.clock | V4L2_BUF_FLAG_DONE;
    uint64_t stamp = now() + (uint64_t)camera.clock_offset;
    buffer->timestamp.tv_sec = (time_t)(stamp / 1000000000u);
    buffer->timestamp.tv_usec = (suseconds_t)(stamp % 1000000000u / 1000);
    if (camera.flags > 0) camera.flags--, buffer->flags |= V4L2_BUF_FLAG_ERROR;
    if (camera.cuts > 0) camera.cuts--, buffer->bytesused /= 2;
}

// The fault that the environment asked for begins at its frame, once.
static void begin_fault(void) {
    if (camera.fault == fault_none || camera.sequence == UINT32_MAX || camera.sequence < camera.fault_frame) return;
    switch (camera.fault) {
    case fault_unplug:
        camera.unplugged = 1;
        forget();
        camera.returns = now() + (uint64_t)camera.fault_away * 1000000u;
        break;
    case fault_silence: camera.silent = 1; break;
    case fault_stall: camera.silent = 2; break;
    case fault_error: camera.failing = EIO; break;
    case fault_flag: camera.flags = 5; break;
    case fault_cut: camera.cuts = 5; break;
    default:
        pthread_mutex_unlock(&lock);
        for (;;) pause();
    }
    camera.fault = fault_none;
}

// The buffer's places: its first plane at the begin, its second behind it.
static void describe_buffer(struct v4l2_buffer *buffer, uint32_t index, uint32_t used) {
    uint32_t offset = index * (uint32_t)camera.buffer_length;
    if (!camera.multiplanar) {
        buffer->length = (uint32_t)camera.buffer_length;
        buffer->m.offset = offset;
        buffer->bytesused = used;
        return;
    }
    uint32_t second = (uint32_t)picture_second_plane(&camera.picture), first = (uint32_t)camera.buffer_length - second;
    buffer->length = second ? 2 : 1;
    buffer->m.planes[0] = (struct v4l2_plane){.bytesused = used ? used + (uint32_t)camera.data_offset : 0,
                                              .length = first,
                                              .m.mem_offset = offset,
                                              .data_offset = (uint32_t)camera.data_offset};
    if (second) buffer->m.planes[1] = (struct v4l2_plane){.bytesused = second, .length = second, .m.mem_offset = offset + first};
}

// As the kernel checks it.
static int is_right(const struct v4l2_buffer *buffer) {
    uint32_t type = camera.multiplanar ? V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE : V4L2_BUF_TYPE_VIDEO_CAPTURE;
    uint32_t planes = picture_second_plane(&camera.picture) ? 2 : 1;
    return buffer->type == type && buffer->memory == V4L2_MEMORY_MMAP
        && (!camera.multiplanar || (buffer->m.planes && buffer->length >= planes));
}

static int dequeue(struct v4l2_buffer *buffer) {
    begin_fault();
    if (!plugged()) return -ENODEV;
    if (!camera.streaming || !is_right(buffer)) return -EINVAL;
    if (camera.failing) return -camera.failing;
    uint64_t ticks = 0;
    if (syscall(SYS_read, camera.descriptor, &ticks, sizeof ticks) == sizeof ticks && !camera.silent)
        for (; ticks; ticks--) finish_frame();
    if (!camera.done_count) return -EAGAIN;
    struct v4l2_buffer first = camera.done[0];
    memmove(camera.done, camera.done + 1, sizeof first * (size_t)--camera.done_count);
    first.type = buffer->type;
    first.memory = buffer->memory;
    first.m = buffer->m;
    describe_buffer(&first, first.index, first.bytesused);
    *buffer = first;
    return 0;
}

static int request_buffers(struct v4l2_requestbuffers *request) {
    if (camera.streaming) return -EBUSY;
    free_buffers();
    camera.buffers = request->count > most_buffers ? most_buffers : (int)request->count;
    request->count = (uint32_t)camera.buffers;
    camera.buffer_length = (picture_bytes(&camera.picture) + (size_t)camera.data_offset + picture_second_plane(&camera.picture) + 4095)
                         & ~(size_t)4095;
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
    camera.started += streaming;
    if (streaming && camera.silent == 2) camera.silent = 0;
    camera.sequence = UINT32_MAX;
    camera.queued_count = streaming ? camera.queued_count : 0;
    camera.done_count = 0;
    return timerfd_settime(camera.descriptor, 0, &timer, NULL) ? -errno : 0;
}

// A request for the size of the whole or of the part gives that; any other gives the part.
static int set_format(struct v4l2_format *format, int sets) {
    struct picture *picture = &camera.picture;
    uint32_t width = camera.multiplanar ? format->fmt.pix_mp.width : format->fmt.pix.width;
    uint32_t height = camera.multiplanar ? format->fmt.pix_mp.height : format->fmt.pix.height;
    if (sets && camera.buffers) return -EBUSY;
    if (sets && width == (uint32_t)picture->width && height == (uint32_t)picture->height) picture->part = whole();
    memset(&format->fmt, 0, sizeof format->fmt);
    if (camera.multiplanar) {
        struct v4l2_pix_format_mplane *pix = &format->fmt.pix_mp;
        pix->width = picture->part.width;
        pix->height = picture->part.height;
        pix->pixelformat = picture->format;
        pix->field = V4L2_FIELD_NONE;
        pix->num_planes = picture_second_plane(picture) ? 2 : 1;
        pix->plane_fmt[0].bytesperline = (uint32_t)picture_row_bytes(picture);
        pix->plane_fmt[0].sizeimage = (uint32_t)picture_bytes(picture);
    } else {
        struct v4l2_pix_format *pix = &format->fmt.pix;
        pix->width = picture->part.width;
        pix->height = picture->part.height;
        pix->pixelformat = picture->format;
        pix->field = V4L2_FIELD_NONE;
        pix->bytesperline = (uint32_t)picture_row_bytes(picture);
        pix->sizeimage = (uint32_t)picture_bytes(picture);
    }
    return 0;
}

static int select_part(struct v4l2_selection *selection, int sets) {
    if (!camera.crop_grain) return -ENOTTY;
    struct v4l2_rect *part = &camera.picture.part, *asked = &selection->r;
    if (!sets) {
        *asked = selection->target == V4L2_SEL_TGT_CROP ? *part : whole();
        return 0;
    }
    if (camera.buffers) return -EBUSY;
    asked->left -= asked->left % camera.crop_grain;
    asked->top -= asked->top % camera.crop_grain;
    asked->width -= asked->width % (uint32_t)camera.crop_grain;
    asked->height -= asked->height % (uint32_t)camera.crop_grain;
    *part = *asked;
    return 0;
}

static int answer(unsigned long request, void *argument) {
    if (!plugged()) return -ENODEV;
    switch (request) {
    case VIDIOC_QUERYCAP: {
        struct v4l2_capability *capability = argument;
        memset(capability, 0, sizeof *capability);
        memcpy(capability->driver, camera.driver, sizeof camera.driver);
        capability->device_caps = V4L2_CAP_STREAMING | (camera.multiplanar ? V4L2_CAP_VIDEO_CAPTURE_MPLANE : V4L2_CAP_VIDEO_CAPTURE);
        if (unfed() == 2) capability->device_caps = V4L2_CAP_STREAMING | V4L2_CAP_VIDEO_OUTPUT;
        capability->capabilities = capability->device_caps | V4L2_CAP_DEVICE_CAPS;
        return 0;
    }
    case VIDIOC_ENUM_FMT: {
        struct v4l2_fmtdesc *description = argument;
        if (description->index || unfed()) return -EINVAL;
        description->pixelformat = camera.picture.format;
        return 0;
    }
    case VIDIOC_G_FMT: return unfed() ? -EINVAL : set_format(argument, 0);
    case VIDIOC_S_FMT: return unfed() ? -EINVAL : set_format(argument, 1);
    case VIDIOC_G_PARM:
    case VIDIOC_S_PARM: {
        struct v4l2_captureparm *capture = &((struct v4l2_streamparm *)argument)->parm.capture;
        capture->capability = V4L2_CAP_TIMEPERFRAME;
        capture->timeperframe = (struct v4l2_fract){1, (uint32_t)camera.rate};
        return 0;
    }
    case VIDIOC_G_SELECTION: return select_part(argument, 0);
    case VIDIOC_S_SELECTION: return select_part(argument, 1);
    case VIDIOC_REQBUFS: return request_buffers(argument);
    case VIDIOC_QUERYBUF: {
        struct v4l2_buffer *buffer = argument;
        if (buffer->index >= (uint32_t)camera.buffers || !is_right(buffer)) return -EINVAL;
        describe_buffer(buffer, buffer->index, 0);
        return 0;
    }
    case VIDIOC_QBUF: {
        struct v4l2_buffer *buffer = argument;
        if (buffer->index >= (uint32_t)camera.buffers || camera.queued_count == camera.buffers || !is_right(buffer)) return -EINVAL;
        for (int i = 0; i < camera.queued_count; i++)
            if (camera.queued[i] == (int)buffer->index) return -EINVAL;
        camera.queued[camera.queued_count++] = (int)buffer->index;
        return 0;
    }
    case VIDIOC_DQBUF: return dequeue(argument);
    case VIDIOC_STREAMON: return camera.buffers ? start(1) : -EINVAL;
    case VIDIOC_STREAMOFF: return start(0);
    default: return controls_answer(request, argument);
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
