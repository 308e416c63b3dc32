// Depthwise 3x3 convolutions, 8 channels at a time: products of two taps in int16 (neither weight is -128, so they
// fit), widened.
#if defined(__aarch64__)
#include "kernels.h"
#include "neon.h"

// Packed per 8 channels.
typedef struct {
    hf_constants_neon constants;
    int8_t weight[9][8];
    int32_t zero, padding;
} chunk;

size_t hf_depthwise_size_neon(int32_t channels) { return (size_t)channels / 8 * sizeof(chunk); }

void hf_pack_depthwise_neon(void *packed, const int8_t *weight, hf_requantization after, int32_t channels) {
    chunk *k = packed;
    for (int32_t c = 0; c < channels; c++) {
        hf_pack_constants_neon(&k[c / 8].constants, c % 8, after, c);
        for (int32_t t = 0; t < 9; t++) k[c / 8].weight[t][c % 8] = weight[t * channels + c];
        k[c / 8].zero = after.zero_point;
    }
}

// One row of output pixels of one chunk.
static void run(const chunk *k, const int8_t *in, ptrdiff_t step, ptrdiff_t pixel, ptrdiff_t row, int8_t *out,
                ptrdiff_t out_pixel, int32_t width) {
    const int16x8_t zero = vdupq_n_s16((int16_t)k->zero);
    for (int32_t x = 0; x < width; x++, in += step, out += out_pixel) {
        hf_sums_neon sums = {vdupq_n_s32(0), vdupq_n_s32(0)};
#pragma GCC unroll 5
        for (int t = 0; t < 9; t += 2) {
            int16x8_t p = vmull_s8(vld1_s8(in + t / 3 * row + t % 3 * pixel), vld1_s8(k->weight[t]));
            if (t < 8)
                p = vmlal_s8(p, vld1_s8(in + (t + 1) / 3 * row + (t + 1) % 3 * pixel), vld1_s8(k->weight[t + 1]));
            sums.low = vaddw_s16(sums.low, vget_low_s16(p));
            sums.high = vaddw_high_s16(sums.high, p);
        }
        vst1_s8(out, vqmovn_s16(vqaddq_s16(hf_requantize_neon(sums, &k->constants), zero)));
    }
}

void hf_depthwise_neon(const hf_depthwise *layer, const uint8_t *input, hf_grid in_grid, uint8_t *output,
                       hf_grid out_grid, int32_t y0, int32_t y1) {
    for (int32_t y = y0; y < y1; y++) {
        const chunk *k = layer->packed;
        for (int32_t c = 0; c < layer->channels; c += 8, k++)
            run(k, (const int8_t *)input + y * layer->stride * in_grid.row_stride + c,
                layer->stride * in_grid.pixel_stride, in_grid.pixel_stride, in_grid.row_stride,
                (int8_t *)output + y * out_grid.row_stride + c, out_grid.pixel_stride, out_grid.width);
    }
}
#endif
