#include "CJPEG.h"

#include "grade.h"

#include <setjmp.h>
#include <string.h>

struct decoder {
    struct jpeg_decompress_struct info; // first: libjpeg hands back its address
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    struct picture picture;
    struct hf_jpeg_report *report;
    jmp_buf stop;
};

static void note(struct decoder *decoder, enum hf_jpeg_state state, const char *reason) {
    struct hf_jpeg_report *report = decoder->report;
    if (report->state >= state) return;
    report->state = state;
    strncpy(report->reason, reason, sizeof report->reason - 1);
}

static _Noreturn void stop_for(struct decoder *decoder, enum hf_jpeg_state state, const char *reason) {
    note(decoder, state, reason);
    longjmp(decoder->stop, 1);
}

// libjpeg fills in what it cannot read: a warning that is not known to be harmless ends the work, as an error does.
static void on_message(j_common_ptr info, int level) {
    struct decoder *decoder = (struct decoder *)info;
    if (level >= 0) return; // a trace
    char text[JMSG_LENGTH_MAX];
    info->err->format_message(info, text);
    enum hf_jpeg_state state = grade_warning((j_decompress_ptr)info, &decoder->picture);
    if (state == hf_jpeg_broken) stop_for(decoder, state, text);
    note(decoder, state, text);
}

static _Noreturn void on_error(j_common_ptr info) {
    char text[JMSG_LENGTH_MAX];
    info->err->format_message(info, text);
    enum hf_jpeg_state state = is_unsupported(info) ? hf_jpeg_unsupported : hf_jpeg_broken;
    stop_for((struct decoder *)info, state, text);
}

// A few bytes can promise thousands of scans over a large picture, each of which takes its time.
static void on_progress(j_common_ptr info) {
    if (((j_decompress_ptr)info)->input_scan_number > 100)
        stop_for((struct decoder *)info, hf_jpeg_broken, "it has more than 100 scans");
}

static boolean on_lost_restart(j_decompress_ptr info, int desired) {
    struct decoder *decoder = (struct decoder *)info;
    if (!every_restart_is_there(info, &decoder->picture)) return jpeg_resync_to_restart(info, desired);
    note(decoder, hf_jpeg_recovered, "its restart markers are numbered wrong");
    info->unread_marker = 0;
    return TRUE;
}

static void open_picture(struct decoder *decoder, const uint8_t *bytes, size_t count) {
    j_decompress_ptr info = &decoder->info;
    info->err = jpeg_std_error(&decoder->errors);
    decoder->errors.error_exit = on_error;
    decoder->errors.emit_message = on_message;
    jpeg_create_decompress(info);
    decoder->progress.progress_monitor = on_progress;
    info->progress = &decoder->progress;
    ptrdiff_t start = hf_jpeg_start(bytes, count);
    if (start < 0) stop_for(decoder, hf_jpeg_broken, "no start-of-image marker");
    if (start > 0) note(decoder, hf_jpeg_recovered, "bytes before its start");
    decoder->picture.bytes = bytes + start;
    decoder->picture.count = count - (size_t)start;
    jpeg_mem_src(info, (unsigned char *)decoder->picture.bytes, (unsigned long)decoder->picture.count);
    info->src->resync_to_restart = on_lost_restart;
    jpeg_read_header(info, TRUE);
    decoder->picture.has_header = 1;
    decoder->report->width = (int)info->image_width;
    decoder->report->height = (int)info->image_height;
    if (info->jpeg_color_space == JCS_CMYK || info->jpeg_color_space == JCS_YCCK)
        stop_for(decoder, hf_jpeg_foreign, "it is a CMYK JPEG");
}

static void decode_rows(struct decoder *decoder, int reduction, uint8_t *pixels, size_t capacity) {
    j_decompress_ptr info = &decoder->info;
    info->out_color_space = JCS_GRAYSCALE;
    info->scale_num = 1;
    info->scale_denom = (unsigned)reduction;
    jpeg_start_decompress(info);
    if (has_empty_quantization(info)) stop_for(decoder, hf_jpeg_broken, "a quantization table holds a zero");
    size_t stride = info->output_width;
    if (stride * info->output_height > capacity) stop_for(decoder, hf_jpeg_broken, "it is larger than promised");
    while (info->output_scanline < info->output_height) {
        JSAMPROW row = pixels + info->output_scanline * stride;
        jpeg_read_scanlines(info, &row, 1);
    }
    jpeg_finish_decompress(info);
    const uint8_t *end = info->src->next_input_byte;
    if (!is_padding(end, info->src->bytes_in_buffer)) note(decoder, hf_jpeg_recovered, "bytes behind its end");
}

void hf_jpeg_read_header(const uint8_t *bytes, size_t count, struct hf_jpeg_report *report) {
    struct decoder decoder = {.report = report};
    memset(report, 0, sizeof *report);
    if (!setjmp(decoder.stop)) open_picture(&decoder, bytes, count);
    jpeg_destroy_decompress(&decoder.info);
}

void hf_jpeg_decode_grey(const uint8_t *bytes, size_t count, int reduction, uint8_t *pixels, size_t capacity,
                         struct hf_jpeg_report *report) {
    struct decoder decoder = {.report = report};
    memset(report, 0, sizeof *report);
    if (!setjmp(decoder.stop)) {
        open_picture(&decoder, bytes, count);
        decode_rows(&decoder, reduction, pixels, capacity);
    }
    jpeg_destroy_decompress(&decoder.info);
}
