// Video4Linux without its unions and macros, and without the difference between its single-planar and its multi-planar
// half: only the first plane is looked at, which holds the intensities of every format that hfloc reads itself.
//
// Every function returns 0 or a negated errno. `multiplanar` is 0 or 1.
// Source: https://docs.kernel.org/userspace-api/media/v4l/v4l2.html
#ifndef CLINUX_VIDEO_H
#define CLINUX_VIDEO_H

#include <linux/videodev2.h>
#include <stdint.h>

struct hf_video_capability {
    char driver[16], card[32];
    // V4L2_CAP_*, of this node.
    uint32_t capabilities;
};
int hf_video_query(int descriptor, struct hf_video_capability *capability);

struct hf_video_format {
    uint32_t width, height;
    // The four-character code.
    uint32_t code;
    // Of the first plane.
    uint32_t bytes_per_line, image_size;
    // Buffers that make up a frame.
    uint32_t planes;
    // V4L2_FIELD_*.
    uint32_t field;
};
// The code of the index-th format that the device lists.
int hf_video_list_format(int descriptor, int multiplanar, uint32_t index, uint32_t *code);
// The present format.
int hf_video_get_format(int descriptor, int multiplanar, struct hf_video_format *format);
// Asks for a code and a size (0: the present one), progressive and without padding, and says what the device then has.
int hf_video_set_format(int descriptor, int multiplanar, struct hf_video_format *format);
// The same format for a program that knows single-planar formats only (libv4lconvert).
struct v4l2_format hf_video_single_planar(const struct hf_video_format *format);

// Asks for a period (0/0: the present one), and says which it is; 0/0 if the device does not know.
int hf_video_set_period(int descriptor, int multiplanar, uint32_t *numerator, uint32_t *denominator);

// The rectangle of V4L2_SEL_TGT_CROP or V4L2_SEL_TGT_CROP_DEFAULT; and sets the former, and says what it then is.
int hf_video_get_crop(int descriptor, int of_default, struct v4l2_rect *rectangle);
int hf_video_set_crop(int descriptor, struct v4l2_rect *rectangle);

// Controls of at most 32 bits. `next` describes the first whose identifier is above `control->id`.
int hf_video_next_control(int descriptor, struct v4l2_queryctrl *control);
int hf_video_get_control(int descriptor, uint32_t identifier, int32_t *value);
int hf_video_set_control(int descriptor, uint32_t identifier, int32_t value);
extern const uint32_t HF_EXPOSURE_AUTO, HF_EXPOSURE_ABSOLUTE, HF_EXPOSURE_DYNAMIC_RATE, HF_GAIN_AUTO, HF_GAIN,
    HF_WHITE_BALANCE_AUTO, HF_WHITE_BALANCE, HF_FOCUS_AUTO, HF_FOCUS_ABSOLUTE;

struct hf_video_buffer {
    uint32_t index, sequence;
    // V4L2_BUF_FLAG_*.
    uint32_t flags;
    // Of the first plane: the frame's bytes begin at data_offset; length and offset are for mmap.
    uint32_t bytes_used, data_offset, length, offset;
    // Of the clock that the flags name.
    uint64_t stamp_ns;
};
// Gets `count` mappable buffers, and says how many there are.
int hf_video_request_buffers(int descriptor, int multiplanar, uint32_t *count);
int hf_video_query_buffer(int descriptor, int multiplanar, uint32_t index, struct hf_video_buffer *buffer);
int hf_video_queue_buffer(int descriptor, int multiplanar, uint32_t index, uint32_t planes);
// -EAGAIN if none is ready.
int hf_video_dequeue_buffer(int descriptor, int multiplanar, struct hf_video_buffer *buffer);
int hf_video_stream(int descriptor, int multiplanar, int on);

#endif
