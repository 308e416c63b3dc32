// The stem as a convolution of three taps (the rows of the window) of four channels (its columns, and one without
// weight).
#if defined(__x86_64__)
#include "convolution_avx512vnni.h"
#include "kernels.h"

size_t hf_stem_size_avx512vnni(int32_t n) { return hf_convolution_size_avx512vnni(3, 4, n); }

void hf_pack_stem_avx512vnni(void *packed, const int8_t *weight, hf_requantization after, int32_t n) {
    hf_pack_runs_vnni(packed, weight, after, HF_OUTPUT_INT8, 3, 4, 3, n);
}

void hf_stem_avx512vnni(const hf_stem *layer, const uint8_t *input, hf_grid in_grid, uint8_t *output, hf_grid out_grid,
                        int32_t y0, int32_t y1) {
    const ptrdiff_t rows[3] = {0, in_grid.row_stride, 2 * in_grid.row_stride};
    const size_t width = (size_t)out_grid.width, end = (size_t)y1 * width;
    hf_block block;
    for (size_t p = (size_t)y0 * width, filled; p < end; p += filled) {
        filled = hf_block_fill(&block, HF_BLOCK, input, in_grid, 2, NULL, output, out_grid, p, end);
        hf_convolve_block_vnni(layer->packed, HF_OUTPUT_INT8, 3, 4, layer->n, rows, &block, filled);
    }
}
#endif
