// The truth about residual additions.
#include "arithmetic.h"
#include "kernels.h"

void hf_add_scalar(const uint8_t *a, hf_grid a_grid, int32_t a_zero, int16_t a_multiplier, const uint8_t *b,
                   hf_grid b_grid, int32_t b_zero, int16_t b_multiplier, uint8_t *output, hf_grid out_grid,
                   int32_t out_zero, int32_t channels, int32_t y0, int32_t y1) {
    for (ptrdiff_t y = y0; y < y1; y++)
        for (ptrdiff_t x = 0; x < out_grid.width; x++) {
            const uint8_t *pa = a + y * a_grid.row_stride + x * a_grid.pixel_stride;
            const uint8_t *pb = b + y * b_grid.row_stride + x * b_grid.pixel_stride;
            uint8_t *out = output + y * out_grid.row_stride + x * out_grid.pixel_stride;
            for (int32_t c = 0; c < channels; c++) {
                int32_t ra = hf_multiply((hf_load(pa[c]) - a_zero) * 128, a_multiplier);
                int32_t rb = hf_multiply((hf_load(pb[c]) - b_zero) * 128, b_multiplier);
                out[c] = hf_store(hf_saturate8(((hf_saturate16(ra + rb) + 16) >> 5) + out_zero));
            }
        }
}
