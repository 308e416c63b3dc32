#if defined(__aarch64__)
#include "convolution_neon.h"

#include "kernels.h"
#include "tile_neon.h"

// Packed: the zero point in 16 bytes, then per panel its constants (80 bytes) and weights[taps] in runs.
enum { START = 16 };

static size_t panel_size(const hf_variant_neon *v, int32_t taps, int32_t k) {
    return sizeof(hf_constants_neon) + (size_t)taps * v->run_size((size_t)k);
}

size_t hf_convolution_size_of(const hf_variant_neon *v, int32_t taps, int32_t k, int32_t n) {
    return START + hf_round_up((size_t)n, HF_COLUMNS_NEON) / HF_COLUMNS_NEON * panel_size(v, taps, k);
}

void hf_pack_runs_of(const hf_variant_neon *v, void *packed, const int8_t *weight, hf_requantization after,
                     int32_t taps, int32_t k, int32_t given, int32_t n) {
    memset(packed, 0, hf_convolution_size_of(v, taps, k, n));
    *(int32_t *)packed = after.zero_point;
    for (int32_t c = 0; c < n; c++) {
        uint8_t *panel = (uint8_t *)packed + START + (size_t)(c / HF_COLUMNS_NEON) * panel_size(v, taps, k);
        int8_t *runs = (int8_t *)panel + sizeof(hf_constants_neon);
        hf_pack_constants_neon((hf_constants_neon *)(void *)panel, c % HF_COLUMNS_NEON, after, c);
        for (int32_t t = 0; t < taps; t++)
            for (int32_t i = 0; i < given; i++)
                runs[(size_t)t * v->run_size((size_t)k) +
                     v->position((size_t)k, (size_t)c % HF_COLUMNS_NEON, (size_t)i)] =
                    weight[((size_t)c * (size_t)taps + (size_t)t) * (size_t)given + (size_t)i];
    }
}

static void convolve_block(const hf_variant_neon *v, const void *packed, hf_output output, int32_t taps, int32_t k,
                           int32_t n, const ptrdiff_t *tap_offset, const hf_block *block, size_t count) {
    const uint8_t *at = (const uint8_t *)packed + START;
    for (int32_t c = 0; c < n; c += HF_COLUMNS_NEON, at += panel_size(v, taps, k)) {
        const hf_panel_neon panel = {
            .constants = (const hf_constants_neon *)(const void *)at,
            .weights = (const int8_t *)at + sizeof(hf_constants_neon),
            .output = output,
            .first = c,
            .valid = n - c < HF_COLUMNS_NEON ? n - c : HF_COLUMNS_NEON,
            .zero_point = *(const int32_t *)packed,
        };
        v->panel(&panel, taps, k, tap_offset, block, count);
    }
}

void hf_convolution_of(const hf_variant_neon *v, const hf_convolution *layer, const uint8_t *input, hf_grid in_grid,
                       const ptrdiff_t *tap_offset, const int32_t *cells, void *output, hf_grid out_grid, size_t first,
                       size_t count) {
    // About 16 kB of input, which stays in the first cache between two panels.
    const size_t fitting = 16384 / (size_t)layer->k / 8 * 8,
                 limit = fitting < 16 ? 16 : fitting < HF_BLOCK ? fitting : HF_BLOCK;
    hf_block block;
    for (size_t p = first, end = first + count, filled; p < end; p += filled) {
        filled = hf_block_fill(&block, limit, input, in_grid, 1, cells, output, out_grid, p, end);
        convolve_block(v, layer->packed, layer->output, layer->taps, layer->k, layer->n, tap_offset, &block, filled);
    }
}

void hf_stem_of(const hf_variant_neon *v, const hf_stem *layer, const uint8_t *input, hf_grid in_grid, uint8_t *output,
                hf_grid out_grid, int32_t y0, int32_t y1) {
    const ptrdiff_t rows[3] = {0, in_grid.row_stride, 2 * in_grid.row_stride};
    const size_t width = (size_t)out_grid.width, end = (size_t)y1 * width;
    hf_block block;
    for (size_t p = (size_t)y0 * width, filled; p < end; p += filled) {
        filled = hf_block_fill(&block, HF_BLOCK, input, in_grid, 2, NULL, output, out_grid, p, end);
        convolve_block(v, layer->packed, HF_OUTPUT_INT8, 3, 4, layer->n, rows, &block, filled);
    }
}

static void panel(const hf_panel_neon *given, int32_t taps, int32_t k, const ptrdiff_t *tap_offset,
                  const hf_block *block, size_t count) {
    const hf_panel_neon panel = *given;  // a copy that no store can change
    for (size_t i = 0; i < count; i += HF_ROWS_NEON) {
        hf_sums_neon sums[HF_ROWS_NEON];
        hf_accumulate_neon(sums, block->in + i, panel.weights, taps, k, tap_offset);
#pragma GCC unroll 2
        for (int r = 0; r < HF_ROWS_NEON; r++) hf_finish_neon(&panel, sums[r], block->out[i + (size_t)r]);
    }
}

static const hf_variant_neon variant = {hf_run_size_neon, hf_position_neon, panel};
HF_DEFINE_CONVOLUTION_NEON(neon, &variant)
#endif
