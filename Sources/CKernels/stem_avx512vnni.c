// The stem as a convolution of three taps (the rows of the window) of four channels (its columns, and one without weight).
#if defined(__x86_64__)
#include "avx512vnni.h"
#include "convolution_avx512vnni.h"
#include "kernels.h"

size_t hf_stem_size_avx512vnni(int32_t n) { return hf_convolution_size_avx512vnni(3, 4, n); }

void hf_pack_stem_avx512vnni(void *packed, const int8_t *weight, hf_requantization after, int32_t n) {
    hf_pack_runs_vnni(packed, weight, after, HF_OUTPUT_INT8, 3, 4, 3, n);
}

void hf_stem_avx512vnni(const hf_stem *layer, const uint8_t *input, hf_grid in_grid, uint8_t *output, hf_grid out_grid, int32_t y0,
                        int32_t y1) {
    const ptrdiff_t rows[3] = {0, in_grid.row_stride, 2 * in_grid.row_stride};
    hf_block_vnni block;
    size_t filled = 0;
    for (ptrdiff_t y = y0; y < y1; y++)
        for (ptrdiff_t x = 0; x < out_grid.width; x++) {
            block.in[filled] = input + 2 * y * in_grid.row_stride + 2 * x * in_grid.pixel_stride;
            block.out[filled] = output + y * out_grid.row_stride + x * out_grid.pixel_stride;
            if (++filled < HF_BLOCK_VNNI && !(y + 1 == y1 && x + 1 == out_grid.width)) continue;
            hf_convolve_block_vnni(layer->packed, HF_OUTPUT_INT8, 3, 4, layer->n, rows, &block, filled);
            filled = 0;
        }
}
#endif
