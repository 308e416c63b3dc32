// JPEG pictures as cameras of many kinds encode them, from grey rows.
#ifndef CJPEGFIXTURES_H
#define CJPEGFIXTURES_H

#include <stddef.h>
#include <stdint.h>

struct jpeg_fixture {
    int width, height;
    // 1: grey; 3: with colours; 4: CMYK.
    int components;
    // Pixels of the intensities to one of the colours, across and down.
    int across, down;
    int quality;
    // Blocks between two restart markers; 0: there are none.
    int restart_interval;
    int is_progressive;
};

// To be freed.
uint8_t *jpeg_fixture_encode(const struct jpeg_fixture *fixture, const uint8_t *pixels, size_t *count);

#endif
