// The ioctls of the device: what it is, its formats, its part.
#define _GNU_SOURCE
#include "fake.h"

#include <errno.h>
#include <string.h>

// A request for the size of the whole or of the part gives that; any other gives the part.
static int set_format(struct v4l2_format *format, int sets) {
    struct picture *picture = &device.picture;
    uint32_t width = device.multiplanar ? format->fmt.pix_mp.width : format->fmt.pix.width;
    uint32_t height = device.multiplanar ? format->fmt.pix_mp.height : format->fmt.pix.height;
    uint32_t code = device.multiplanar ? format->fmt.pix_mp.pixelformat : format->fmt.pix.pixelformat;
    if (sets && device.buffers) return -EBUSY;
    if (sets && code && (code == device.formats[0] || code == device.formats[1])) picture->format = code;
    if (sets && width == (uint32_t)picture->width && height == (uint32_t)picture->height) picture->part = whole();
    memset(&format->fmt, 0, sizeof format->fmt);
    if (device.multiplanar) {
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
    if (!device.crop_grain) return -ENOTTY;
    struct v4l2_rect *part = &device.picture.part, *asked = &selection->r;
    if (!sets) {
        *asked = selection->target == V4L2_SEL_TGT_CROP ? *part : whole();
        return 0;
    }
    if (device.buffers) return -EBUSY;
    asked->left -= asked->left % device.crop_grain;
    asked->top -= asked->top % device.crop_grain;
    asked->width -= asked->width % (uint32_t)device.crop_grain;
    asked->height -= asked->height % (uint32_t)device.crop_grain;
    *part = *asked;
    return 0;
}

int device_answer(unsigned long request, void *argument) {
    if (!plugged()) return -ENODEV;
    switch (request) {
    case VIDIOC_QUERYCAP: {
        struct v4l2_capability *capability = argument;
        memset(capability, 0, sizeof *capability);
        memcpy(capability->driver, device.driver, sizeof device.driver);
        capability->device_caps = V4L2_CAP_STREAMING |
                                  (device.multiplanar ? V4L2_CAP_VIDEO_CAPTURE_MPLANE : V4L2_CAP_VIDEO_CAPTURE);
        if (unfed() == 2) capability->device_caps = V4L2_CAP_STREAMING | V4L2_CAP_VIDEO_OUTPUT;
        capability->capabilities = capability->device_caps | V4L2_CAP_DEVICE_CAPS;
        return 0;
    }
    case VIDIOC_ENUM_FMT: {
        struct v4l2_fmtdesc *description = argument;
        if (description->index > 1 || !device.formats[description->index] || unfed()) return -EINVAL;
        description->pixelformat = device.formats[description->index];
        return 0;
    }
    case VIDIOC_G_FMT: return unfed() ? -EINVAL : set_format(argument, 0);
    case VIDIOC_S_FMT: return unfed() ? -EINVAL : set_format(argument, 1);
    case VIDIOC_G_PARM:
    case VIDIOC_S_PARM: {
        struct v4l2_captureparm *capture = &((struct v4l2_streamparm *)argument)->parm.capture;
        struct v4l2_fract asked = capture->timeperframe;
        if (request == VIDIOC_S_PARM && device.formats[1] && asked.numerator)
            device.rate = (int)(asked.denominator / asked.numerator);
        capture->capability = V4L2_CAP_TIMEPERFRAME;
        capture->timeperframe = (struct v4l2_fract){1, (uint32_t)device.rate};
        return 0;
    }
    case VIDIOC_G_SELECTION: return select_part(argument, 0);
    case VIDIOC_S_SELECTION: return select_part(argument, 1);
    case VIDIOC_REQBUFS: return buffers_request(argument);
    case VIDIOC_QUERYBUF: return buffers_query(argument);
    case VIDIOC_QBUF: return buffers_queue(argument);
    case VIDIOC_DQBUF: return buffers_dequeue(argument);
    case VIDIOC_STREAMON: return device.buffers ? stream_start(1) : -EINVAL;
    case VIDIOC_STREAMOFF: return stream_start(0);
    default: return controls_answer(request, argument);
    }
}
