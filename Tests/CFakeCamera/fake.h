// What the parts of the fake camera share.
#ifndef FAKE_H
#define FAKE_H

#include "CFakeCamera.h"

#include <linux/videodev2.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/types.h>

struct picture {
    // Of the whole frame; and the part that is delivered.
    int width, height;
    struct v4l2_rect part;
    uint32_t format;
    // Bytes behind the pixels of each row.
    int padding;
    // Grey frames, or JPEG images behind their lengths; NULL: the pattern.
    const uint8_t *frames;
    size_t frame_count;
};

#pragma GCC visibility push(hidden)

// Bytes per row, of the first plane, and of the second (0: there is none).
size_t picture_row_bytes(const struct picture *picture);
size_t picture_bytes(const struct picture *picture);
size_t picture_second_plane(const struct picture *picture);
// Writes the first plane, and returns its length: shorter than picture_bytes for a JPEG.
size_t picture_draw(const struct picture *picture, uint32_t sequence, uint8_t *out);

// Answers for VIDIOC_QUERYCTRL, G_CTRL and S_CTRL; -ENOTTY for every other request.
int controls_answer(unsigned long request, void *argument);
void controls_reset(void);

enum { most_buffers = 8, most_planes = 2 };
enum {
    fault_none, fault_unplug, fault_hang, fault_silence, fault_stall, fault_error, fault_flag, fault_cut, fault_kinds
};

extern pthread_mutex_t lock;
// The one device. Whoever uses it holds the lock.
extern struct device {
    char path[256], driver[16];
    struct picture picture;
    int rate, multiplanar, data_offset, crop_grain;
    uint32_t formats[2]; // The second: 0 if it has but one.
    uint32_t clock;
    int64_t clock_offset;
    int fault, fault_away;
    uint32_t fault_frame, fault_every;
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
    uint64_t began, ticks; // since the stream was started: CLOCK_MONOTONIC ns, and how many periods of the rate
    int queued[most_buffers], queued_count;
    struct v4l2_buffer done[most_buffers];
    int done_count;
} device;

// CLOCK_MONOTONIC, nanoseconds.
uint64_t now(void);
// mmap(2), which the device answers for its own descriptor.
void *map(void *address, size_t length, int protection, int flags, int descriptor, off_t offset);
// The whole frame.
struct v4l2_rect whole(void);
// The code of a format's name, as fake_camera_configure takes it.
uint32_t format_code(const char *name);
// What a device forgets without power.
void forget(void);
// Is it there? It may have come back meanwhile.
int plugged(void);
// Nobody writes to the loopback device yet: 1 or 2, see fake_camera_unfed.
int unfed(void);

// What the system calls do, all with the lock held; a negated errno for a failure.
int device_open(int flags);
void device_close(void);
int device_answer(unsigned long request, void *argument);
int buffers_request(struct v4l2_requestbuffers *request);
int buffers_query(struct v4l2_buffer *buffer);
int buffers_queue(struct v4l2_buffer *buffer);
int buffers_dequeue(struct v4l2_buffer *buffer);
int stream_start(int streaming);

#pragma GCC visibility pop

#endif
