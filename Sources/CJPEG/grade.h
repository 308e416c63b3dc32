// Which of libjpeg's warnings leave a picture whole.
#ifndef GRADE_H
#define GRADE_H

#include "CJPEG.h"

// jpeglib.h needs stdio.h before it.
#include <stdio.h>

#include <jpeglib.h>

// The bytes of a picture, from its start marker.
struct picture {
    const uint8_t *bytes;
    size_t count;
    // The size and the tables before the first scan are known.
    int has_header;
};

#pragma GCC visibility push(hidden)

// The warning that libjpeg is about to give.
enum hf_jpeg_state grade_warning(j_decompress_ptr info, const struct picture *picture);
// The error that libjpeg is about to give: is the picture of a kind that it does not read?
int is_unsupported(j_common_ptr info);
// A restart marker is not the expected one: are there as many as there should be, so that only their numbers are wrong?
int every_restart_is_there(j_decompress_ptr info, const struct picture *picture);
// No table of the standard holds a zero; libjpeg does not mind.
int has_empty_quantization(j_decompress_ptr info);
// Zeros and fill bytes, which mean nothing anywhere between two markers.
int is_padding(const uint8_t *bytes, size_t count);

#pragma GCC visibility pop

#endif
