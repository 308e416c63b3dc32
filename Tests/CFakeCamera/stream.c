// Buffers on their way: queued, filled at each tick, handed out; and the faults of that.
#define _GNU_SOURCE
#include "fake.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

int device_open(int flags) {
    if (!plugged()) return -ENOENT;
    if (device.descriptor >= 0) return -EBUSY;
    device.descriptor = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | (flags & O_NONBLOCK ? TFD_NONBLOCK : 0));
    device.streaming = device.queued_count = device.done_count = device.buffers = device.failing = 0;
    device.opened++;
    return device.descriptor < 0 ? -errno : device.descriptor;
}

static void free_buffers(void) {
    if (device.map) munmap(device.map, device.buffer_length * (size_t)device.buffers);
    if (device.memory >= 0) syscall(SYS_close, device.memory);
    device.map = NULL;
    device.memory = -1;
    device.buffers = device.queued_count = device.done_count = 0;
}

void device_close(void) {
    free_buffers();
    device.descriptor = -1;
    device.streaming = 0;
}

static uint64_t period(void) { return 1000000000u / (uint64_t)device.rate; }

// Of the tick that is told now: a driver stamps a frame when it is there, however late it is asked for it.
static void finish_frame(void) {
    device.sequence += device.jump + 1;
    device.jump = 0;
    if (!device.queued_count) return; // dropped
    int index = device.queued[0];
    memmove(device.queued, device.queued + 1, sizeof *device.queued * (size_t)--device.queued_count);
    uint8_t *out = device.map + (size_t)index * device.buffer_length + device.data_offset;
    struct v4l2_buffer *buffer = &device.done[device.done_count++];
    memset(buffer, 0, sizeof *buffer);
    buffer->index = (uint32_t)index;
    uint64_t before = now();
    buffer->bytesused = (uint32_t)picture_draw(&device.picture, device.sequence, out);
    device.drawing += now() - before;
    buffer->sequence = device.sequence;
    buffer->flags = device.clock | V4L2_BUF_FLAG_DONE;
    uint64_t stamp = device.began + device.ticks * period() + (uint64_t)device.clock_offset;
    buffer->timestamp.tv_sec = (time_t)(stamp / 1000000000u);
    buffer->timestamp.tv_usec = (suseconds_t)(stamp % 1000000000u / 1000);
    if (device.flags > 0) device.flags--, buffer->flags |= V4L2_BUF_FLAG_ERROR;
    if (device.cuts > 0) device.cuts--, buffer->bytesused /= 2;
}

// Of faults that repeat, the next that passes by itself comes so many frames later. After some, the driver counts anew.
static void begin_next_fault(void) {
    static const int next[fault_kinds] = {
        [fault_flag] = fault_cut, [fault_cut] = fault_error, [fault_error] = fault_stall,
        [fault_stall] = fault_unplug, [fault_unplug] = fault_flag};
    int counts_on = device.fault == fault_flag || device.fault == fault_cut;
    device.fault_frame = device.fault_every + (counts_on ? device.sequence : 0);
    device.fault = device.fault_every ? next[device.fault] : fault_none;
}

// The fault that the environment asked for begins at its frame.
static void begin_fault(void) {
    if (device.fault == fault_none || device.sequence == UINT32_MAX || device.sequence < device.fault_frame) return;
    switch (device.fault) {
    case fault_unplug:
        device.unplugged = 1;
        forget();
        device.returns = now() + (uint64_t)device.fault_away * 1000000u;
        break;
    case fault_silence: device.silent = 1; break;
    case fault_stall: device.silent = 2; break;
    case fault_error: device.failing = EIO; break;
    case fault_flag: device.flags = 5; break;
    case fault_cut: device.cuts = 5; break;
    default:
        pthread_mutex_unlock(&lock);
        for (;;) pause();
    }
    begin_next_fault();
}

// The buffer's places: its first plane at the begin, its second behind it.
static void describe_buffer(struct v4l2_buffer *buffer, uint32_t index, uint32_t used) {
    uint32_t offset = index * (uint32_t)device.buffer_length;
    if (!device.multiplanar) {
        buffer->length = (uint32_t)device.buffer_length;
        buffer->m.offset = offset;
        buffer->bytesused = used;
        return;
    }
    uint32_t second = (uint32_t)picture_second_plane(&device.picture), first = (uint32_t)device.buffer_length - second;
    buffer->length = second ? 2 : 1;
    buffer->m.planes[0] = (struct v4l2_plane){.bytesused = used ? used + (uint32_t)device.data_offset : 0,
                                              .length = first,
                                              .m.mem_offset = offset,
                                              .data_offset = (uint32_t)device.data_offset};
    if (second)
        buffer->m.planes[1] = (struct v4l2_plane){
            .bytesused = second, .length = second, .m.mem_offset = offset + first};
}

// As the kernel checks it.
static int is_right(const struct v4l2_buffer *buffer) {
    uint32_t type = device.multiplanar ? V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE : V4L2_BUF_TYPE_VIDEO_CAPTURE;
    uint32_t planes = picture_second_plane(&device.picture) ? 2 : 1;
    return buffer->type == type && buffer->memory == V4L2_MEMORY_MMAP
        && (!device.multiplanar || (buffer->m.planes && buffer->length >= planes));
}

int buffers_dequeue(struct v4l2_buffer *buffer) {
    begin_fault();
    if (!plugged()) return -ENODEV;
    if (!device.streaming || !is_right(buffer)) return -EINVAL;
    if (device.failing) return -device.failing;
    uint64_t ticks = 0;
    if (syscall(SYS_read, device.descriptor, &ticks, sizeof ticks) == sizeof ticks)
        for (; ticks; ticks--) {
            device.ticks++;
            if (!device.silent) finish_frame();
        }
    if (!device.done_count) return -EAGAIN;
    struct v4l2_buffer first = device.done[0];
    memmove(device.done, device.done + 1, sizeof first * (size_t)--device.done_count);
    first.type = buffer->type;
    first.memory = buffer->memory;
    first.m = buffer->m;
    describe_buffer(&first, first.index, first.bytesused);
    *buffer = first;
    return 0;
}

int buffers_request(struct v4l2_requestbuffers *request) {
    if (device.streaming) return -EBUSY;
    free_buffers();
    device.buffers = request->count > most_buffers ? most_buffers : (int)request->count;
    request->count = (uint32_t)device.buffers;
    device.buffer_length = (picture_bytes(&device.picture) + (size_t)device.data_offset +
                            picture_second_plane(&device.picture) + 4095) &
                           ~(size_t)4095;
    device.memory = memfd_create("fake-camera", MFD_CLOEXEC);
    size_t length = device.buffer_length * (size_t)device.buffers;
    if (ftruncate(device.memory, (off_t)length)) return -ENOMEM;
    device.map = map(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, device.memory, 0);
    return 0;
}

int buffers_query(struct v4l2_buffer *buffer) {
    if (buffer->index >= (uint32_t)device.buffers || !is_right(buffer)) return -EINVAL;
    describe_buffer(buffer, buffer->index, 0);
    return 0;
}

int buffers_queue(struct v4l2_buffer *buffer) {
    if (buffer->index >= (uint32_t)device.buffers || device.queued_count == device.buffers || !is_right(buffer))
        return -EINVAL;
    for (int i = 0; i < device.queued_count; i++)
        if (device.queued[i] == (int)buffer->index) return -EINVAL;
    device.queued[device.queued_count++] = (int)buffer->index;
    return 0;
}

int stream_start(int streaming) {
    struct itimerspec timer = {0};
    if (streaming) {
        timer.it_interval.tv_sec = (time_t)(period() / 1000000000u);
        timer.it_interval.tv_nsec = (long)(period() % 1000000000u);
        timer.it_value = timer.it_interval;
    }
    device.streaming = streaming;
    device.started += streaming;
    if (streaming && device.silent == 2) device.silent = 0;
    device.sequence = UINT32_MAX;
    device.queued_count = streaming ? device.queued_count : 0;
    device.done_count = 0;
    device.began = now();
    device.ticks = 0;
    return timerfd_settime(device.descriptor, 0, &timer, NULL) ? -errno : 0;
}
