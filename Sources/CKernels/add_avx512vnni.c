// Residual additions, 64 bytes at a time.
#if defined(__x86_64__)
#include "avx512vnni.h"
#include "kernels.h"

typedef struct {
    __m512i a_zero, a_multiplier, b_zero, b_multiplier, out_zero;  // int16
} constants;

HF_VNNI_INLINE __m512i scale(__m512i bytes, __m512i zero, __m512i multiplier) {
    return _mm512_mulhrs_epi16(_mm512_slli_epi16(_mm512_sub_epi16(bytes, zero), 7), multiplier);
}

HF_VNNI_INLINE __m512i sum(__m512i a, __m512i b, const constants *k) {
    __m512i r = _mm512_adds_epi16(scale(a, k->a_zero, k->a_multiplier), scale(b, k->b_zero, k->b_multiplier));
    // Saturated here, or to int8 below: the same.
    r = _mm512_srai_epi16(_mm512_adds_epi16(r, _mm512_set1_epi16(16)), 5);
    return _mm512_add_epi16(r, k->out_zero);
}

HF_VNNI static void run(const uint8_t *a, const uint8_t *b, uint8_t *out, ptrdiff_t count, const constants *k) {
    const __m512i none = _mm512_setzero_si512();
    for (ptrdiff_t i = 0; i < count; i += 64) {
        const __mmask64 mask = hf_mask_below(count - i);
        __m512i x = _mm512_maskz_loadu_epi8(mask, a + i), y = _mm512_maskz_loadu_epi8(mask, b + i);
        __m512i low = sum(_mm512_unpacklo_epi8(x, none), _mm512_unpacklo_epi8(y, none), k);
        __m512i high = sum(_mm512_unpackhi_epi8(x, none), _mm512_unpackhi_epi8(y, none), k);
        _mm512_mask_storeu_epi8(out + i, mask, _mm512_packus_epi16(low, high));
    }
}

HF_VNNI void hf_add_avx512vnni(const uint8_t *a, hf_grid a_grid, int32_t a_zero, int16_t a_multiplier, const uint8_t *b,
                               hf_grid b_grid, int32_t b_zero, int16_t b_multiplier, uint8_t *output, hf_grid out_grid,
                               int32_t out_zero, int32_t channels, int32_t y0, int32_t y1) {
    const constants k = {
        .a_zero = _mm512_set1_epi16((int16_t)(a_zero + 128)), .a_multiplier = _mm512_set1_epi16(a_multiplier),
        .b_zero = _mm512_set1_epi16((int16_t)(b_zero + 128)), .b_multiplier = _mm512_set1_epi16(b_multiplier),
        .out_zero = _mm512_set1_epi16((int16_t)(out_zero + 128)),
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
