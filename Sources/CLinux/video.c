#include "CLinux.h"

#include <errno.h>
#include <string.h>

static uint32_t type_of(int multiplanar) {
    return multiplanar ? V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE : V4L2_BUF_TYPE_VIDEO_CAPTURE;
}

int hf_video_query(int descriptor, struct hf_video_capability *capability) {
    struct v4l2_capability all = {0};
    int result = hf_ioctl(descriptor, VIDIOC_QUERYCAP, &all);
    memset(capability, 0, sizeof *capability);
    if (result < 0) return result;
    memcpy(capability->driver, all.driver, sizeof capability->driver - 1);
    memcpy(capability->card, all.card, sizeof capability->card - 1);
    capability->capabilities = all.capabilities & V4L2_CAP_DEVICE_CAPS ? all.device_caps : all.capabilities;
    return 0;
}

int hf_video_list_format(int descriptor, int multiplanar, uint32_t index, uint32_t *code) {
    struct v4l2_fmtdesc description = {.index = index, .type = type_of(multiplanar)};
    int result = hf_ioctl(descriptor, VIDIOC_ENUM_FMT, &description);
    *code = description.pixelformat;
    return result;
}

static void read_format(const struct v4l2_format *from, int multiplanar, struct hf_video_format *format) {
    if (multiplanar) {
        const struct v4l2_pix_format_mplane *pix = &from->fmt.pix_mp;
        *format = (struct hf_video_format){pix->width, pix->height, pix->pixelformat, pix->plane_fmt[0].bytesperline,
                                           pix->plane_fmt[0].sizeimage, pix->num_planes, pix->field};
    } else {
        const struct v4l2_pix_format *pix = &from->fmt.pix;
        *format = (struct hf_video_format){
            pix->width, pix->height, pix->pixelformat, pix->bytesperline, pix->sizeimage, 1, pix->field};
    }
}

int hf_video_get_format(int descriptor, int multiplanar, struct hf_video_format *format) {
    struct v4l2_format present = {.type = type_of(multiplanar)};
    int result = hf_ioctl(descriptor, VIDIOC_G_FMT, &present);
    if (result < 0) return result;
    read_format(&present, multiplanar, format);
    return 0;
}

int hf_video_set_format(int descriptor, int multiplanar, struct hf_video_format *format) {
    struct v4l2_format wanted = {.type = type_of(multiplanar)};
    int result = hf_ioctl(descriptor, VIDIOC_G_FMT, &wanted);
    if (result < 0) return result;
    if (multiplanar) {
        struct v4l2_pix_format_mplane *pix = &wanted.fmt.pix_mp;
        pix->pixelformat = format->code;
        if (format->width) pix->width = format->width, pix->height = format->height;
        pix->field = V4L2_FIELD_NONE;
        memset(pix->plane_fmt, 0, sizeof pix->plane_fmt);
    } else {
        struct v4l2_pix_format *pix = &wanted.fmt.pix;
        pix->pixelformat = format->code;
        if (format->width) pix->width = format->width, pix->height = format->height;
        pix->field = V4L2_FIELD_NONE;
        pix->bytesperline = pix->sizeimage = 0;
    }
    result = hf_ioctl(descriptor, VIDIOC_S_FMT, &wanted);
    if (result < 0) return result;
    read_format(&wanted, multiplanar, format);
    return format->planes >= 1 && format->planes <= VIDEO_MAX_PLANES ? 0 : -EINVAL;
}

struct v4l2_format hf_video_single_planar(const struct hf_video_format *format) {
    struct v4l2_format single = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE};
    single.fmt.pix = (struct v4l2_pix_format){.width = format->width,
                                              .height = format->height,
                                              .pixelformat = format->code,
                                              .field = format->field,
                                              .bytesperline = format->bytes_per_line,
                                              .sizeimage = format->image_size};
    return single;
}

int hf_video_set_period(int descriptor, int multiplanar, uint32_t *numerator, uint32_t *denominator) {
    struct v4l2_streamparm parameters = {.type = type_of(multiplanar)};
    struct v4l2_fract *period = &parameters.parm.capture.timeperframe, wanted = {*numerator, *denominator};
    *numerator = *denominator = 0;
    int result = hf_ioctl(descriptor, VIDIOC_G_PARM, &parameters);
    if (result < 0) return result;
    if (wanted.denominator && parameters.parm.capture.capability & V4L2_CAP_TIMEPERFRAME) {
        *period = wanted;
        result = hf_ioctl(descriptor, VIDIOC_S_PARM, &parameters);
        if (result < 0) return result;
    }
    *numerator = period->numerator;
    *denominator = period->denominator;
    return 0;
}

// Drivers of both kinds take the single-planar type here since Linux 4.13.
int hf_video_get_crop(int descriptor, int of_default, struct v4l2_rect *rectangle) {
    struct v4l2_selection selection = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
                                       .target = of_default ? V4L2_SEL_TGT_CROP_DEFAULT : V4L2_SEL_TGT_CROP};
    int result = hf_ioctl(descriptor, VIDIOC_G_SELECTION, &selection);
    *rectangle = selection.r;
    return result;
}

int hf_video_set_crop(int descriptor, struct v4l2_rect *rectangle) {
    struct v4l2_selection selection = {
        .type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .target = V4L2_SEL_TGT_CROP, .r = *rectangle};
    int result = hf_ioctl(descriptor, VIDIOC_S_SELECTION, &selection);
    *rectangle = selection.r;
    return result;
}

int hf_video_next_control(int descriptor, struct v4l2_queryctrl *control) {
    control->id |= V4L2_CTRL_FLAG_NEXT_CTRL;
    return hf_ioctl(descriptor, VIDIOC_QUERYCTRL, control);
}

int hf_video_get_control(int descriptor, uint32_t identifier, int32_t *value) {
    struct v4l2_control control = {.id = identifier};
    int result = hf_ioctl(descriptor, VIDIOC_G_CTRL, &control);
    *value = control.value;
    return result;
}

int hf_video_set_control(int descriptor, uint32_t identifier, int32_t value) {
    struct v4l2_control control = {.id = identifier, .value = value};
    return hf_ioctl(descriptor, VIDIOC_S_CTRL, &control);
}

const uint32_t HF_EXPOSURE_AUTO = V4L2_CID_EXPOSURE_AUTO, HF_EXPOSURE_ABSOLUTE = V4L2_CID_EXPOSURE_ABSOLUTE,
               HF_EXPOSURE_DYNAMIC_RATE = V4L2_CID_EXPOSURE_AUTO_PRIORITY, HF_GAIN_AUTO = V4L2_CID_AUTOGAIN,
               HF_GAIN = V4L2_CID_GAIN, HF_WHITE_BALANCE_AUTO = V4L2_CID_AUTO_WHITE_BALANCE,
               HF_WHITE_BALANCE = V4L2_CID_WHITE_BALANCE_TEMPERATURE, HF_FOCUS_AUTO = V4L2_CID_FOCUS_AUTO,
               HF_FOCUS_ABSOLUTE = V4L2_CID_FOCUS_ABSOLUTE;

int hf_video_request_buffers(int descriptor, int multiplanar, uint32_t *count) {
    struct v4l2_requestbuffers request = {.count = *count, .type = type_of(multiplanar), .memory = V4L2_MEMORY_MMAP};
    int result = hf_ioctl(descriptor, VIDIOC_REQBUFS, &request);
    *count = request.count;
    return result;
}

static struct v4l2_buffer prepare(int multiplanar, uint32_t index, struct v4l2_plane *planes, uint32_t count) {
    struct v4l2_buffer buffer = {.index = index, .type = type_of(multiplanar), .memory = V4L2_MEMORY_MMAP};
    if (multiplanar) {
        memset(planes, 0, sizeof *planes * VIDEO_MAX_PLANES);
        buffer.m.planes = planes;
        buffer.length = count;
    }
    return buffer;
}

static void read_buffer(const struct v4l2_buffer *from, int multiplanar, struct hf_video_buffer *buffer) {
    int64_t seconds = from->timestamp.tv_sec, microseconds = from->timestamp.tv_usec;
    *buffer = (struct hf_video_buffer){
        .index = from->index,
        .sequence = from->sequence,
        .flags = from->flags,
        .stamp_ns =
            seconds < 0 || microseconds < 0 ? 0 : (uint64_t)seconds * 1000000000u + (uint64_t)microseconds * 1000u,
    };
    if (multiplanar) {
        const struct v4l2_plane *plane = from->m.planes;
        buffer->bytes_used = plane->bytesused;
        buffer->data_offset = plane->data_offset;
        buffer->length = plane->length;
        buffer->offset = plane->m.mem_offset;
    } else {
        buffer->bytes_used = from->bytesused;
        buffer->length = from->length;
        buffer->offset = from->m.offset;
    }
}

int hf_video_query_buffer(int descriptor, int multiplanar, uint32_t index, struct hf_video_buffer *buffer) {
    struct v4l2_plane planes[VIDEO_MAX_PLANES];
    struct v4l2_buffer asked = prepare(multiplanar, index, planes, VIDEO_MAX_PLANES);
    int result = hf_ioctl(descriptor, VIDIOC_QUERYBUF, &asked);
    if (result >= 0) read_buffer(&asked, multiplanar, buffer);
    return result;
}

int hf_video_queue_buffer(int descriptor, int multiplanar, uint32_t index, uint32_t count) {
    struct v4l2_plane planes[VIDEO_MAX_PLANES];
    struct v4l2_buffer buffer = prepare(multiplanar, index, planes, count);
    return hf_ioctl(descriptor, VIDIOC_QBUF, &buffer);
}

int hf_video_dequeue_buffer(int descriptor, int multiplanar, struct hf_video_buffer *buffer) {
    struct v4l2_plane planes[VIDEO_MAX_PLANES];
    struct v4l2_buffer taken = prepare(multiplanar, 0, planes, VIDEO_MAX_PLANES);
    int result = hf_ioctl(descriptor, VIDIOC_DQBUF, &taken);
    if (result >= 0) read_buffer(&taken, multiplanar, buffer);
    return result;
}

int hf_video_stream(int descriptor, int multiplanar, int on) {
    int type = (int)type_of(multiplanar);
    return hf_ioctl(descriptor, on ? VIDIOC_STREAMON : VIDIOC_STREAMOFF, &type);
}
