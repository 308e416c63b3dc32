// Residual additions, 16 bytes at a time.
#if defined(__x86_64__)
#include "avx2.h"
#include "kernels.h"

typedef struct {
    __m256i a_zero, a_multiplier, b_zero, b_multiplier, out_zero;  // int16
} constants;

HF_AVX2_INLINE __m256i scale(__m128i bytes, __m256i zero, __m256i multiplier) {
    return _mm256_mulhrs_epi16(_mm256_slli_epi16(_mm256_sub_epi16(_mm256_cvtepu8_epi16(bytes), zero), 7), multiplier);
}

HF_AVX2_INLINE __m128i sum(__m128i a, __m128i b, const constants *k) {
    __m256i r = _mm256_adds_epi16(scale(a, k->a_zero, k->a_multiplier), scale(b, k->b_zero, k->b_multiplier));
    // Saturated here, or to int8 below: the same.
    r = _mm256_srai_epi16(_mm256_adds_epi16(r, _mm256_set1_epi16(16)), 5);
    r = _mm256_add_epi16(r, k->out_zero);
    return _mm_packus_epi16(_mm256_castsi256_si128(r), _mm256_extracti128_si256(r, 1));
}

// A multiple of 8 bytes.
HF_AVX2 static void run(const uint8_t *a, const uint8_t *b, uint8_t *out, ptrdiff_t count, const constants *k) {
    ptrdiff_t i = 0;
    for (; i + 16 <= count; i += 16) {
        __m128i x = _mm_loadu_si128((const __m128i *)(const void *)(a + i)),
                y = _mm_loadu_si128((const __m128i *)(const void *)(b + i));
        _mm_storeu_si128((__m128i *)(void *)(out + i), sum(x, y, k));
    }
    if (i < count) {
        __m128i x = _mm_loadl_epi64((const __m128i *)(const void *)(a + i)),
                y = _mm_loadl_epi64((const __m128i *)(const void *)(b + i));
        _mm_storel_epi64((__m128i *)(void *)(out + i), sum(x, y, k));
    }
}

HF_AVX2 void hf_add_avx2(const uint8_t *a, hf_grid a_grid, int32_t a_zero, int16_t a_multiplier, const uint8_t *b,
                         hf_grid b_grid, int32_t b_zero, int16_t b_multiplier, uint8_t *output, hf_grid out_grid,
                         int32_t out_zero, int32_t channels, int32_t y0, int32_t y1) {
    const constants k = {
        .a_zero = _mm256_set1_epi16((int16_t)(a_zero + 128)), .a_multiplier = _mm256_set1_epi16(a_multiplier),
        .b_zero = _mm256_set1_epi16((int16_t)(b_zero + 128)), .b_multiplier = _mm256_set1_epi16(b_multiplier),
        .out_zero = _mm256_set1_epi16((int16_t)(out_zero + 128)),
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
