// Residual additions, 8 bytes at a time.
#if defined(__aarch64__)
#include "kernels.h"
#include "neon.h"

typedef struct {
    int8x8_t a_zero, b_zero;
    int16x8_t a_multiplier, b_multiplier, out_zero;
} constants;

HF_INLINE int16x8_t scale(int8x8_t q, int8x8_t zero, int16x8_t multiplier) {
    return vqrdmulhq_s16(vshlq_n_s16(vsubl_s8(q, zero), 7), multiplier);
}

static void run(const uint8_t *a, const uint8_t *b, uint8_t *out, ptrdiff_t count, const constants *k) {
    for (ptrdiff_t i = 0; i < count; i += 8) {
        const int16x8_t x = scale(vreinterpret_s8_u8(vld1_u8(a + i)), k->a_zero, k->a_multiplier);
        const int16x8_t y = scale(vreinterpret_s8_u8(vld1_u8(b + i)), k->b_zero, k->b_multiplier);
        const int16x8_t r = vaddq_s16(vrshrq_n_s16(vqaddq_s16(x, y), 5), k->out_zero);
        vst1_u8(out + i, vreinterpret_u8_s8(vqmovn_s16(r)));
    }
}

void hf_add_neon(const uint8_t *a, hf_grid a_grid, int32_t a_zero, int16_t a_multiplier, const uint8_t *b,
                 hf_grid b_grid, int32_t b_zero, int16_t b_multiplier, uint8_t *output, hf_grid out_grid,
                 int32_t out_zero, int32_t channels, int32_t y0, int32_t y1) {
    const constants k = {
        .a_zero = vdup_n_s8((int8_t)a_zero), .a_multiplier = vdupq_n_s16(a_multiplier),
        .b_zero = vdup_n_s8((int8_t)b_zero), .b_multiplier = vdupq_n_s16(b_multiplier),
        .out_zero = vdupq_n_s16((int16_t)out_zero),
    };
    const int dense = a_grid.pixel_stride == channels && b_grid.pixel_stride == channels &&
                      out_grid.pixel_stride == channels;
    const ptrdiff_t runs = dense ? 1 : out_grid.width, length = dense ? (ptrdiff_t)out_grid.width * channels : channels;
    for (ptrdiff_t y = y0; y < y1; y++)
        for (ptrdiff_t x = 0; x < runs; x++)
            run(a + y * a_grid.row_stride + x * a_grid.pixel_stride,
                b + y * b_grid.row_stride + x * b_grid.pixel_stride,
                output + y * out_grid.row_stride + x * out_grid.pixel_stride, length, &k);
}
#endif
