// What the parts of the fake camera share.
#ifndef FAKE_H
#define FAKE_H

#include "CFakeCamera.h"

#include <linux/videodev2.h>
#include <stddef.h>

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

// Bytes per row, of the first plane, and of the second (0: there is none).
size_t picture_row_bytes(const struct picture *picture);
size_t picture_bytes(const struct picture *picture);
size_t picture_second_plane(const struct picture *picture);
// Writes the first plane, and returns its length: shorter than picture_bytes for a JPEG.
size_t picture_draw(const struct picture *picture, uint32_t sequence, uint8_t *out);

// Answers for VIDIOC_QUERYCTRL, G_CTRL and S_CTRL; -ENOTTY for every other request.
int controls_answer(unsigned long request, void *argument);
void controls_reset(void);

#endif
