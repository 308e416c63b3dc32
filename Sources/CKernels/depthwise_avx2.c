// Depthwise 3x3 convolutions, 16 channels at a time: two taps of a channel are neighbours in an int16 pair, and five
// pairs (the last half empty) make the nine taps.
#if defined(__x86_64__)
#include "avx2.h"
#include "kernels.h"

// Packed per 16 channels. Element i of lane l of half h is channel 8 l + 4 h + i: what interleaving words makes, and
// what packing the sums undoes.
typedef struct {
    int32_t bias[2][8], shift[2][8];
    int16_t multiplier[16];
    int16_t weight[5][2][16];  // pair of taps, half
    int32_t zero;
    uint8_t padding[28];
} chunk;

enum { CHUNK = 16 };

size_t hf_depthwise_size_avx2(int32_t channels) { return hf_round_up((size_t)channels, CHUNK) / CHUNK * sizeof(chunk); }

void hf_pack_depthwise_avx2(void *packed, const int8_t *weight, hf_requantization after, int32_t channels) {
    chunk *at = packed;
    memset(packed, 0, hf_depthwise_size_avx2(channels));
    for (int32_t c0 = 0; c0 < channels; c0 += CHUNK, at++) {
        at->zero = after.zero_point + 128;
        for (int32_t i = 0; i < CHUNK && c0 + i < channels; i++) {
            const int32_t c = c0 + i, h = i % 8 / 4, e = i / 8 * 4 + i % 4;
            int32_t sum = 0;
            for (int32_t t = 0; t < 9; t++) {
                at->weight[t / 2][h][2 * e + t % 2] = weight[t * channels + c];
                sum += weight[t * channels + c];
            }
            at->bias[h][e] = hf_fold_avx2(after.bias[c], after.shift[c]) - 128 * sum;
            at->shift[h][e] = after.shift[c];
            at->multiplier[i] = after.multiplier[c];
        }
    }
}

HF_AVX2_INLINE __m256i line(const void *at) { return _mm256_load_si256((const __m256i *)at); }
HF_AVX2_INLINE __m256i widen(const uint8_t *at) {
    return _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(const void *)at));
}

// One row of output pixels of one chunk, of which the first 8 or all 16 channels are stored.
HF_AVX2 static void run(const chunk *k, int32_t channels, const uint8_t *in, ptrdiff_t step, ptrdiff_t pixel,
                        ptrdiff_t row, uint8_t *out, ptrdiff_t out_pixel, int32_t width) {
    const __m256i zero = _mm256_set1_epi16((int16_t)k->zero);
    for (int32_t x = 0; x < width; x++, in += step, out += out_pixel) {
        __m256i low = line(k->bias[0]), high = line(k->bias[1]);
#pragma GCC unroll 5
        for (int p = 0; p < 5; p++) {
            const int a = 2 * p, b = p < 4 ? 2 * p + 1 : a;  // the last pair's second tap has no weight
            __m256i u = widen(in + a / 3 * row + a % 3 * pixel), v = widen(in + b / 3 * row + b % 3 * pixel);
            low = _mm256_add_epi32(low, _mm256_madd_epi16(_mm256_unpacklo_epi16(u, v), line(k->weight[p][0])));
            high = _mm256_add_epi32(high, _mm256_madd_epi16(_mm256_unpackhi_epi16(u, v), line(k->weight[p][1])));
        }
        __m256i t = _mm256_packs_epi32(_mm256_srav_epi32(low, line(k->shift[0])),
                                       _mm256_srav_epi32(high, line(k->shift[1])));
        __m256i r = _mm256_adds_epi16(_mm256_mulhrs_epi16(t, line(k->multiplier)), zero);
        __m128i q = _mm256_castsi256_si128(_mm256_permute4x64_epi64(_mm256_packus_epi16(r, r), 0xd8));
        if (channels >= CHUNK)
            _mm_storeu_si128((__m128i *)(void *)out, q);
        else
            _mm_storel_epi64((__m128i *)(void *)out, q);
    }
}

void hf_depthwise_avx2(const hf_depthwise *layer, const uint8_t *input, hf_grid in_grid, uint8_t *output,
                       hf_grid out_grid, int32_t y0, int32_t y1) {
    for (int32_t y = y0; y < y1; y++) {
        const chunk *k = layer->packed;
        for (int32_t c = 0; c < layer->channels; c += CHUNK, k++)
            run(k, layer->channels - c, input + y * layer->stride * in_grid.row_stride + c,
                layer->stride * in_grid.pixel_stride, in_grid.pixel_stride, in_grid.row_stride,
                output + y * out_grid.row_stride + c, out_grid.pixel_stride, out_grid.width);
    }
}
#endif
