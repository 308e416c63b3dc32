#include "CJPEG.h"

// jpeglib.h needs stdio.h before it.
#include <stdio.h>

#include <jpeglib.h>
#include <setjmp.h>
#include <stdlib.h>

struct encoder {
    struct jpeg_compress_struct info; // first: libjpeg hands back its address
    struct jpeg_error_mgr errors;
    jmp_buf stop;
    unsigned char *output;
    unsigned long length;
};

static _Noreturn void on_error(j_common_ptr info) { longjmp(((struct encoder *)info)->stop, 1); }
static void on_message(j_common_ptr info, int level) { (void)info, (void)level; }

static void encode(struct encoder *encoder, const uint8_t *pixels, int width, int height, int quality) {
    j_compress_ptr info = &encoder->info;
    info->err = jpeg_std_error(&encoder->errors);
    encoder->errors.error_exit = on_error;
    encoder->errors.emit_message = on_message;
    jpeg_create_compress(info);
    jpeg_mem_dest(info, &encoder->output, &encoder->length);
    info->image_width = (JDIMENSION)width;
    info->image_height = (JDIMENSION)height;
    info->input_components = 1;
    info->in_color_space = JCS_GRAYSCALE;
    jpeg_set_defaults(info);
    jpeg_set_quality(info, quality, TRUE);
    jpeg_start_compress(info, TRUE);
    while (info->next_scanline < info->image_height) {
        JSAMPROW row = (JSAMPROW)pixels + (size_t)info->next_scanline * (size_t)width;
        jpeg_write_scanlines(info, &row, 1);
    }
    jpeg_finish_compress(info);
}

uint8_t *hf_jpeg_encode_grey(const uint8_t *pixels, int width, int height, int quality, size_t *count) {
    struct encoder *encoder = calloc(1, sizeof *encoder);
    if (!encoder) return NULL;
    int is_done = !setjmp(encoder->stop);
    if (is_done) encode(encoder, pixels, width, height, quality);
    jpeg_destroy_compress(&encoder->info);
    unsigned char *output = encoder->output;
    *count = encoder->length;
    free(encoder);
    if (is_done) return output;
    free(output);
    return NULL;
}
