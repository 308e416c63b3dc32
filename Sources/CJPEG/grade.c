#include "grade.h"

#include <jerror.h>
#include <string.h>

// Extraneous bytes of webcams are a few before each restart marker; so many in all restart intervals together are taken
// for theirs. More, and the decoder has lost its place in damaged data.
enum { most_extraneous = 64 };

int is_padding(const uint8_t *bytes, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (bytes[i] != 0 && bytes[i] != 0xFF) return 0;
    return 1;
}

static size_t restart_intervals(j_decompress_ptr info) {
    size_t units = (size_t)info->MCUs_per_row * info->MCU_rows_in_scan, interval = info->restart_interval;
    return interval ? (units + interval - 1) / interval : 1;
}

// Where the picture has no end marker, libjpeg reads one of its own, from memory of its own.
static size_t bytes_read(j_decompress_ptr info, const struct picture *picture) {
    uintptr_t start = (uintptr_t)picture->bytes, next = (uintptr_t)info->src->next_input_byte;
    return next >= start && next - start <= picture->count ? next - start : picture->count;
}

// libjpeg counts a scan's bytes that it skipped until it has to look for a marker.
static enum hf_jpeg_state grade_extraneous(j_decompress_ptr info, const struct picture *picture) {
    size_t skipped = (size_t)info->err->msg_parm.i[0];
    size_t read = bytes_read(info, picture);
    if (read >= skipped && is_padding(picture->bytes + read - skipped, skipped)) return hf_jpeg_recovered;
    size_t intervals = picture->has_header ? restart_intervals(info) : 1;
    return skipped <= most_extraneous * intervals ? hf_jpeg_recovered : hf_jpeg_broken;
}

enum hf_jpeg_state grade_warning(j_decompress_ptr info, const struct picture *picture) {
    switch (info->err->msg_code) {
    case JWRN_EXTRANEOUS_DATA: return grade_extraneous(info, picture);
    case JWRN_ADOBE_XFORM: // of a colour transform that does not matter to the intensities
    case JWRN_NOT_SEQUENTIAL: // numbers that only progressive pictures need
        return hf_jpeg_recovered;
    case JWRN_JPEG_EOF:
        // The end marker alone may be missing: were it more, JWRN_HIT_MARKER would follow. Of several scans, whole ones
        // may be.
        return picture->has_header && !jpeg_has_multiple_scans(info) ? hf_jpeg_recovered : hf_jpeg_broken;
    default: return hf_jpeg_broken;
    }
}

int is_unsupported(j_common_ptr info) {
    switch (info->err->msg_code) {
    case JERR_SOF_UNSUPPORTED:
    case JERR_BAD_PRECISION:
    case JERR_EMPTY_IMAGE: // its height would come behind the first scan
    case JERR_ARITH_NOTIMPL: return 1;
    case JERR_UNKNOWN_MARKER: return info->err->msg_parm.i[0] == 0xF7; // JPEG-LS
    default: return 0;
    }
}

// Behind the next segment of a header; 0 if there is none.
static size_t after_segment(const struct picture *picture, size_t at) {
    const uint8_t *bytes = picture->bytes;
    while (at + 1 < picture->count && bytes[at] == 0xFF && bytes[at + 1] == 0xFF) at++;
    if (at + 4 > picture->count || bytes[at] != 0xFF) return 0;
    size_t next = at + 2 + ((size_t)bytes[at + 2] << 8 | bytes[at + 3]);
    return next <= picture->count ? next : 0;
}

static int is_scan(const struct picture *picture, size_t at) {
    while (at + 1 < picture->count && picture->bytes[at] == 0xFF && picture->bytes[at + 1] == 0xFF) at++;
    return at + 1 < picture->count && picture->bytes[at] == 0xFF && picture->bytes[at + 1] == 0xDA;
}

// Restart markers from here to the next marker of another kind.
static size_t count_restarts(const struct picture *picture, size_t at) {
    size_t count = 0;
    const uint8_t *end = picture->bytes + picture->count, *next = picture->bytes + at;
    while (next + 1 < end && (next = memchr(next, 0xFF, (size_t)(end - next - 1)))) {
        uint8_t code = next[1];
        if (code >= 0xD0 && code <= 0xD7) count++;
        else if (code != 0 && code != 0xFF) break;
        next += code == 0xFF ? 1 : 2;
    }
    return count;
}

int every_restart_is_there(j_decompress_ptr info, const struct picture *picture) {
    int marker = info->unread_marker;
    if (marker < 0xD0 || marker > 0xD7 || jpeg_has_multiple_scans(info)) return 0;
    size_t at = 2;
    while (at && !is_scan(picture, at)) at = after_segment(picture, at);
    if (at) at = after_segment(picture, at);
    return at && count_restarts(picture, at) + 1 == restart_intervals(info);
}

int has_empty_quantization(j_decompress_ptr info) {
    // Without a table there is no picture: libjpeg has said so.
    const JQUANT_TBL *table = info->comp_info[0].quant_table;
    for (int i = 0; table && i < DCTSIZE2; i++)
        if (table->quantval[i] == 0) return 1;
    return 0;
}

// Most bytes of rubbish before a picture; a picture in another file, such as a preview, lies further in.
enum { most_rubbish = 64 };

ptrdiff_t hf_jpeg_start(const uint8_t *bytes, size_t count) {
    size_t at = 0, rubbish = 0;
    while (at + 2 < count && !(bytes[at] == 0xFF && bytes[at + 1] == 0xD8 && bytes[at + 2] == 0xFF)) {
        if (bytes[at] != 0 && bytes[at] != 0xFF && ++rubbish > most_rubbish) return -1;
        at++;
    }
    if (at + 2 >= count) return -1;
    // Behind the last of start markers that follow one another, with fill bytes between them or none.
    for (size_t next = at + 2;; next++) {
        while (next + 1 < count && bytes[next] == 0xFF && bytes[next + 1] == 0xFF) next++;
        if (next + 2 >= count || bytes[next] != 0xFF || bytes[next + 1] != 0xD8) return (ptrdiff_t)at;
        at = next++;
    }
}
