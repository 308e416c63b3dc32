#include "CJPEGFixtures.h"

// jpeglib.h needs stdio.h before it.
#include <stdio.h>

#include <jpeglib.h>
#include <stdlib.h>

static J_COLOR_SPACE space(int components) {
    return components == 1 ? JCS_GRAYSCALE : components == 3 ? JCS_YCbCr : JCS_CMYK;
}

static void configure(j_compress_ptr info, const struct jpeg_fixture *fixture) {
    info->image_width = (JDIMENSION)fixture->width;
    info->image_height = (JDIMENSION)fixture->height;
    info->input_components = fixture->components;
    info->in_color_space = space(fixture->components);
    jpeg_set_defaults(info);
    jpeg_set_quality(info, fixture->quality, TRUE);
    info->restart_interval = (unsigned)fixture->restart_interval;
    if (fixture->components == 3) {
        info->comp_info[0].h_samp_factor = fixture->across;
        info->comp_info[0].v_samp_factor = fixture->down;
    }
    if (fixture->is_progressive) jpeg_simple_progression(info);
}

uint8_t *jpeg_fixture_encode(const struct jpeg_fixture *fixture, const uint8_t *pixels, size_t *count) {
    struct jpeg_compress_struct info;
    struct jpeg_error_mgr errors;
    unsigned char *output = NULL;
    unsigned long length = 0;
    info.err = jpeg_std_error(&errors);
    jpeg_create_compress(&info);
    jpeg_mem_dest(&info, &output, &length);
    configure(&info, fixture);
    jpeg_start_compress(&info, TRUE);
    uint8_t *line = malloc((size_t)(fixture->width * fixture->components));
    while (line && info.next_scanline < info.image_height) {
        const uint8_t *grey = pixels + (size_t)info.next_scanline * (size_t)fixture->width;
        for (int x = 0; x < fixture->width; x++) {
            uint8_t *at = line + x * fixture->components;
            at[0] = grey[x];
            for (int c = 1; c < fixture->components; c++) at[c] = (uint8_t)(60 + 50 * c);
        }
        jpeg_write_scanlines(&info, &line, 1);
    }
    free(line);
    jpeg_finish_compress(&info);
    jpeg_destroy_compress(&info);
    *count = length;
    return output;
}
