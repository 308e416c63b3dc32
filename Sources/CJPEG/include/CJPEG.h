// Grey images from JPEG, and back, by libjpeg-turbo's own interface. Its TurboJPEG interface keeps only the text of the
// last of a frame's warnings, so that a damaged picture could pass for one with a few odd bytes.
//
// Nothing here jumps over the caller's frames, keeps anything between two calls, or writes to standard error.
#ifndef CJPEG_H
#define CJPEG_H

#include <stddef.h>
#include <stdint.h>

enum hf_jpeg_state {
    // As the standard wants it.
    hf_jpeg_whole,
    // Every pixel is there, beside bytes that no JPEG should have.
    hf_jpeg_recovered,
    // Damaged, cut off, or no JPEG.
    hf_jpeg_broken,
    // Of colours that have no intensity: CMYK.
    hf_jpeg_foreign,
    // Of a kind that libjpeg does not read: lossless, hierarchical, of 12 bits, without a height.
    hf_jpeg_unsupported,
};

struct hf_jpeg_report {
    enum hf_jpeg_state state;
    // Of the whole picture; 0 if its header could not be read.
    int width, height;
    // The first reason for a state other than whole; empty otherwise.
    char reason[200];
};

// Where the JPEG begins in a frame: behind padding (zeros, fill bytes), or at most 64 other bytes, and start markers
// that are repeated. -1: there is none.
ptrdiff_t hf_jpeg_start(const uint8_t *bytes, size_t count);

// Reads the header only: the size.
void hf_jpeg_read_header(const uint8_t *bytes, size_t count, struct hf_jpeg_report *report);

// Decodes the intensities: rows of ceil(width / reduction) pixels, tightly packed. `reduction` is 1, 2, 4 or 8, and is
// done by the inverse transform. Without memory for all of them (`capacity` bytes) the picture counts as broken.
// Bytes without a Huffman table, as of motion JPEG, take the standard's.
void hf_jpeg_decode_grey(const uint8_t *bytes, size_t count, int reduction, uint8_t *pixels, size_t capacity,
                         struct hf_jpeg_report *report);

// Encodes grey rows. What it returns is to be freed; NULL if there is no memory.
uint8_t *hf_jpeg_encode_grey(const uint8_t *pixels, int width, int height, int quality, size_t *count);

#endif
