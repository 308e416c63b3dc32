#include "fake.h"

#include <string.h>

uint8_t fake_camera_pattern(int x, int y, uint32_t sequence) {
    return (uint8_t)(3 * x + 5 * y + 7 * (int)(sequence & 0xffff));
}

static int is(const struct picture *picture, const char *names) {
    char name[5];
    memcpy(name, &picture->format, 4);
    name[3] &= 0x7f;
    name[4] = 0;
    return strstr(names, name) != NULL;
}
static int compressed(const struct picture *picture) { return is(picture, "MJPG JPEG"); }
static int wide(const struct picture *picture) { return is(picture, "Y10 |Y12 |Y14 |Y16 "); }

// Bytes of `count` pixels in a row of the first plane.
static size_t pixel_bytes(const struct picture *picture, size_t count) {
    if (is(picture, "YUYV YVYU UYVY VYUY") || wide(picture)) return 2 * count;
    if (is(picture, "RGB3")) return 3 * count;
    if (is(picture, "Y10P")) return count / 4 * 5 + count % 4;
    if (is(picture, "Y12P")) return count / 2 * 3 + count % 2;
    return count;
}

size_t picture_row_bytes(const struct picture *picture) {
    return pixel_bytes(picture, picture->part.width) + (size_t)picture->padding;
}

size_t picture_bytes(const struct picture *picture) {
    size_t plane = picture_row_bytes(picture) * picture->part.height;
    if (compressed(picture)) return 2 * plane + 4096;
    if (is(picture, "NV12 NV21 YU12 YV12")) return plane + plane / 2;
    if (is(picture, "NV16 NV61 422P")) return 2 * plane;
    if (is(picture, "NV24 NV42")) return 3 * plane;
    return plane;
}

// Of three planes the third is taken for a part of the second.
size_t picture_second_plane(const struct picture *picture) {
    size_t plane = picture_row_bytes(picture) * picture->part.height;
    if (is(picture, "NM12 NM21 YM12 YM21")) return plane / 2;
    if (is(picture, "NM16 NM61 YM16 YM61")) return plane;
    return is(picture, "YM24 YM42") ? 2 * plane : 0;
}

static uint8_t intensity(const struct picture *picture, uint32_t sequence, int x, int y) {
    x += picture->part.left;
    y += picture->part.top;
    if (!picture->frames) return fake_camera_pattern(x, y, sequence);
    size_t frame = sequence % picture->frame_count;
    return picture->frames[(frame * (size_t)picture->height + (size_t)y) * (size_t)picture->width + (size_t)x];
}

// Where the intensity of a row's x-th pixel lies. The low bits of a wide one are ones, which must not round anything
// up.
enum place { bytes, words, big_words, colours };
struct layout {
    enum place place;
    int bits, offset;
};
static struct layout layout_of(const struct picture *picture) {
    if (wide(picture))
        return (struct layout){picture->format >> 31 ? big_words : words,
                               is(picture, "Y10 ") ? 10 : is(picture, "Y12 ") ? 12 : is(picture, "Y14 ") ? 14 : 16, 0};
    return (struct layout){is(picture, "RGB3") ? colours : bytes, 8, is(picture, "UYVY VYUY")};
}

static void draw_pixel(struct layout layout, uint8_t *at, uint8_t value) {
    unsigned word = ((unsigned)value << (layout.bits - 8)) | ((1u << (layout.bits - 8)) - 1);
    switch (layout.place) {
    case bytes: at[layout.offset] = value; break;
    case words: at[0] = (uint8_t)word, at[1] = (uint8_t)(word >> 8); break;
    case big_words: at[1] = (uint8_t)word, at[0] = (uint8_t)(word >> 8); break;
    case colours: memset(at, value, 3); break;
    }
}

static size_t copy_jpeg(const struct picture *picture, uint32_t sequence, uint8_t *out) {
    const uint8_t *at = picture->frames;
    if (!at) return 0;
    for (size_t skip = sequence % picture->frame_count;; skip--) {
        size_t length = (size_t)at[0] | (size_t)at[1] << 8 | (size_t)at[2] << 16 | (size_t)at[3] << 24;
        if (!skip) {
            if (length > picture_bytes(picture)) length = picture_bytes(picture);
            memcpy(out, at + 4, length);
            return length;
        }
        at += 4 + length;
    }
}

size_t picture_draw(const struct picture *picture, uint32_t sequence, uint8_t *out) {
    if (compressed(picture)) return copy_jpeg(picture, sequence, out);
    size_t length = picture_bytes(picture), row_bytes = picture_row_bytes(picture);
    struct layout layout = layout_of(picture);
    // Pixels of `whole` bytes, `group` of them followed by a byte of low bits.
    size_t whole = pixel_bytes(picture, 1), group = is(picture, "Y10P") ? 4 : is(picture, "Y12P") ? 2 : SIZE_MAX;
    memset(out, 128, length);
    for (size_t y = 0; y < picture->part.height; y++)
        for (size_t x = 0; x < picture->part.width; x++)
            draw_pixel(layout, out + y * row_bytes + x * whole + x / group,
                       intensity(picture, sequence, (int)x, (int)y));
    return length;
}
