// Depthwise 3x3 convolutions by dot products of four: the bytes of four neighbouring pixels are interleaved so that
// each 32-bit element holds one channel's run of four, of which a weight vector with a zero first or last uses three.
#if defined(__aarch64__)
#include "kernels.h"
#include "neon.h"

// Packed per 16 channels, in order; group g holds channels 4 g to 4 g + 3.
typedef struct {
    hf_constants_neon constants[2];
    int8_t near[3][4][16];  // per tap row and group: weights of taps 0 1 2 and none
    int8_t far[3][4][16];   // none and 0 1 2: the next pixel's, from the same bytes
    int32_t zero, padding[3];
} chunk;

enum { CHUNK = 16 };

size_t hf_depthwise_size_neondot(int32_t channels) {
    return hf_round_up((size_t)channels, CHUNK) / CHUNK * sizeof(chunk);
}

void hf_pack_depthwise_neondot(void *packed, const int8_t *weight, hf_requantization after, int32_t channels) {
    chunk *chunks = packed;
    memset(packed, 0, hf_depthwise_size_neondot(channels));
    for (int32_t c = 0; c < channels; c++) {
        chunk *k = &chunks[c / CHUNK];
        const int32_t i = c % CHUNK;
        hf_pack_constants_neon(&k->constants[i / 8], i % 8, after, c);
        for (int32_t t = 0; t < 9; t++) {
            k->near[t / 3][i / 4][i % 4 * 4 + t % 3] = weight[t * channels + c];
            k->far[t / 3][i / 4][i % 4 * 4 + t % 3 + 1] = weight[t * channels + c];
        }
        k->zero = after.zero_point;
    }
}

HF_INLINE void interleave(int8x16_t v[4], int8x16_t p0, int8x16_t p1, int8x16_t p2, int8x16_t p3) {
    const int16x8_t low01 = vreinterpretq_s16_s8(vzip1q_s8(p0, p1)), high01 = vreinterpretq_s16_s8(vzip2q_s8(p0, p1));
    const int16x8_t low23 = vreinterpretq_s16_s8(vzip1q_s8(p2, p3)), high23 = vreinterpretq_s16_s8(vzip2q_s8(p2, p3));
    v[0] = vreinterpretq_s8_s16(vzip1q_s16(low01, low23));
    v[1] = vreinterpretq_s8_s16(vzip2q_s16(low01, low23));
    v[2] = vreinterpretq_s8_s16(vzip1q_s16(high01, high23));
    v[3] = vreinterpretq_s8_s16(vzip2q_s16(high01, high23));
}

// Branches around stores would make the compiler move sums into them, and spill. So everything is stored always, what
// is not wanted where what is wanted follows: a chunk's missing upper half below its lower half here, missing pixels
// and rows further down.
HF_INLINE void finish(const chunk *k, const int32x4_t a[4], int8_t *out, ptrdiff_t upper) {
    const int16x8_t zero = vdupq_n_s16((int16_t)k->zero);
    const int16x8_t high = hf_requantize_neon((hf_sums_neon){a[2], a[3]}, &k->constants[1]);
    const int16x8_t low = hf_requantize_neon((hf_sums_neon){a[0], a[1]}, &k->constants[0]);
    vst1_s8(out + upper, vqmovn_s16(vqaddq_s16(high, zero)));
    vst1_s8(out, vqmovn_s16(vqaddq_s16(low, zero)));
}

// Two rows of output pixels (or one, if `second` is 0) of one chunk, two pixels at a time.
HF_DOTPROD static void rows_stride1(const chunk *k, ptrdiff_t upper, const int8_t *in, ptrdiff_t pixel, ptrdiff_t row,
                                    int8_t *out, ptrdiff_t out_pixel, ptrdiff_t out_row, int32_t width, int second) {
    for (int32_t x = 0; x < width; x += 2, in += 2 * pixel, out += 2 * out_pixel) {
        const ptrdiff_t right = x + 1 < width ? out_pixel : 0, below = second ? out_row : 0;
        int32x4_t a[2][2][4];  // row, pixel, group
#pragma GCC unroll 4
        for (int g = 0; g < 4; g++) a[0][0][g] = a[0][1][g] = a[1][0][g] = a[1][1][g] = vdupq_n_s32(0);
#pragma GCC unroll 4
        for (int r = 0; r < 4; r++) {
            const int8_t *p = in + (r < 3 || second ? r : 2) * row;
            int8x16_t v[4];
            interleave(v, vld1q_s8(p), vld1q_s8(p + pixel), vld1q_s8(p + 2 * pixel),
                       vld1q_s8(p + (right ? 3 : 2) * pixel));
#pragma GCC unroll 2
            for (int i = 0; i < 2; i++) {
                const int t = r - i;
                if (t < 0 || t > 2) continue;
#pragma GCC unroll 4
                for (int g = 0; g < 4; g++) {
                    a[i][0][g] = vdotq_s32(a[i][0][g], v[g], vld1q_s8(k->near[t][g]));
                    a[i][1][g] = vdotq_s32(a[i][1][g], v[g], vld1q_s8(k->far[t][g]));
                }
            }
        }
        finish(k, a[1][1], out + below + right, upper);
        finish(k, a[1][0], out + below, upper);
        finish(k, a[0][1], out + right, upper);
        finish(k, a[0][0], out, upper);
    }
}

HF_DOTPROD static void row_stride2(const chunk *k, ptrdiff_t upper, const int8_t *in, ptrdiff_t pixel, ptrdiff_t row,
                                   int8_t *out, ptrdiff_t out_pixel, int32_t width) {
    for (int32_t x = 0; x < width; x++, in += 2 * pixel, out += out_pixel) {
        int32x4_t a[4];
#pragma GCC unroll 4
        for (int g = 0; g < 4; g++) a[g] = vdupq_n_s32(0);
#pragma GCC unroll 3
        for (int r = 0; r < 3; r++) {
            const int8_t *p = in + r * row;
            const int8x16_t last = vld1q_s8(p + 2 * pixel);
            int8x16_t v[4];
            interleave(v, vld1q_s8(p), vld1q_s8(p + pixel), last, last);
#pragma GCC unroll 4
            for (int g = 0; g < 4; g++) a[g] = vdotq_s32(a[g], v[g], vld1q_s8(k->near[r][g]));
        }
        finish(k, a, out, upper);
    }
}

void hf_depthwise_neondot(const hf_depthwise *layer, const uint8_t *input, hf_grid in_grid, uint8_t *output,
                          hf_grid out_grid, int32_t y0, int32_t y1) {
    for (int32_t y = y0; y < y1; y += layer->stride == 1 ? 2 : 1) {
        const chunk *k = layer->packed;
        for (int32_t c = 0; c < layer->channels; c += CHUNK, k++) {
            const int8_t *in = (const int8_t *)input + y * layer->stride * in_grid.row_stride + c;
            int8_t *out = (int8_t *)output + y * out_grid.row_stride + c;
            const ptrdiff_t upper = layer->channels - c > 8 ? 8 : 0;
            if (layer->stride == 1)
                rows_stride1(k, upper, in, in_grid.pixel_stride, in_grid.row_stride, out, out_grid.pixel_stride,
                             out_grid.row_stride, out_grid.width, y + 1 < y1);
            else
                row_stride2(k, upper, in, in_grid.pixel_stride, in_grid.row_stride, out, out_grid.pixel_stride,
                            out_grid.width);
        }
    }
}
#endif
