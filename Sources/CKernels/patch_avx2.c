// Pictures of half the size, 32 pixels at a time; patches held against pictures, 16 values at a time.
#if defined(__x86_64__)
#include "avx2.h"
#include "kernels.h"
#include "patch.h"

HF_AVX2_INLINE __m256i halved(const uint8_t *a, const uint8_t *b) {
    const __m256i ones = _mm256_set1_epi8(1);
    __m256i sum = _mm256_add_epi16(
        _mm256_maddubs_epi16(_mm256_loadu_si256((const __m256i *)(const void *)a), ones),
        _mm256_maddubs_epi16(_mm256_loadu_si256((const __m256i *)(const void *)b), ones));
    return _mm256_srli_epi16(_mm256_add_epi16(sum, _mm256_set1_epi16(2)), 2);
}

HF_AVX2 void hf_halve_avx2(const uint8_t *pixels, ptrdiff_t stride, uint8_t *out, int32_t out_width,
                           int32_t out_height) {
    for (ptrdiff_t y = 0; y < out_height; y++, out += out_width) {
        const uint8_t *a = pixels + 2 * y * stride, *b = a + stride;
        ptrdiff_t x = 0;
        for (; x + 32 <= out_width; x += 32) {
            __m256i bytes = _mm256_packus_epi16(halved(a + 2 * x, b + 2 * x), halved(a + 2 * x + 32, b + 2 * x + 32));
            _mm256_storeu_si256((__m256i *)(void *)(out + x), _mm256_permute4x64_epi64(bytes, 0xd8));
        }
        for (; x < out_width; x++)
            out[x] = (uint8_t)((a[2 * x] + a[2 * x + 1] + b[2 * x] + b[2 * x + 1] + 2) >> 2);
    }
}

HF_AVX2_INLINE __m128i pixels8(const uint8_t *at) {
    return _mm_cvtepu8_epi16(_mm_loadl_epi64((const __m128i *)(const void *)at));
}

// Four pixels of this row, and four of the next.
HF_AVX2_INLINE __m128i pixels4(const uint8_t *at, ptrdiff_t stride) {
    int32_t row[2];
    memcpy(row, at, 4), memcpy(row + 1, at + stride, 4);
    return _mm_cvtepu8_epi16(_mm_set_epi32(0, 0, row[1], row[0]));
}

// Between two pixels of a row: at most 255 * 128.
HF_AVX2_INLINE __m128i across(__m128i left, __m128i right, __m128i u0, __m128i u1) {
    return _mm_add_epi16(_mm_mullo_epi16(left, u0), _mm_mullo_epi16(right, u1));
}

// Between rows above and below; `weights` alternate.
HF_AVX2_INLINE __m256i down(__m256i above, __m256i below, __m256i weights) {
    const __m256i rounding = _mm256_set1_epi32(HF_PATCH_ROUNDING);
    __m256i low = _mm256_madd_epi16(_mm256_unpacklo_epi16(above, below), weights),
            high = _mm256_madd_epi16(_mm256_unpackhi_epi16(above, below), weights);
    low = _mm256_srai_epi32(_mm256_add_epi32(low, rounding), HF_PATCH_SHIFT);
    high = _mm256_srai_epi32(_mm256_add_epi32(high, rounding), HF_PATCH_SHIFT);
    return _mm256_sub_epi16(_mm256_packs_epi32(low, high), _mm256_set1_epi16(HF_PATCH_MIDDLE));
}

typedef struct {
    __m256i c, cc, cv, cx, cy;
} sums16;

HF_AVX2_INLINE __m256i load(const int16_t *at) { return _mm256_loadu_si256((const __m256i *)(const void *)at); }

HF_AVX2_INLINE void add(sums16 *s, __m256i c, const hf_patch *patch, int at) {
    s->c = _mm256_add_epi32(s->c, _mm256_madd_epi16(c, _mm256_set1_epi16(1)));
    s->cc = _mm256_add_epi32(s->cc, _mm256_madd_epi16(c, c));
    s->cv = _mm256_add_epi32(s->cv, _mm256_madd_epi16(c, load(patch->value + at)));
    s->cx = _mm256_add_epi32(s->cx, _mm256_madd_epi16(c, load(patch->x + at)));
    s->cy = _mm256_add_epi32(s->cy, _mm256_madd_epi16(c, load(patch->y + at)));
}

HF_AVX2_INLINE __m128i folded(__m256i a) {
    return _mm_add_epi32(_mm256_castsi256_si128(a), _mm256_extracti128_si256(a, 1));
}

HF_AVX2_INLINE void write(const sums16 *s, hf_patch_sums *sums) {
    int32_t four[4];
    __m128i pairs = _mm_hadd_epi32(_mm_hadd_epi32(folded(s->c), folded(s->cc)),
                                   _mm_hadd_epi32(folded(s->cv), folded(s->cx)));
    __m128i last = folded(s->cy);
    last = _mm_hadd_epi32(last, last), last = _mm_hadd_epi32(last, last);
    _mm_storeu_si128((__m128i *)(void *)four, pairs);
    *sums = (hf_patch_sums){four[0], four[1], four[2], four[3], _mm_cvtsi128_si32(last)};
}

HF_AVX2 void hf_patch_sums_avx2(const uint8_t *pixels, ptrdiff_t stride, int32_t u, int32_t v, const hf_patch *patch,
                                hf_patch_sums *sums) {
    const __m128i u1 = _mm_set1_epi16((int16_t)u), u0 = _mm_set1_epi16((int16_t)(HF_PATCH_ONE - u));
    const __m256i weights = _mm256_set1_epi32(v << 16 | (HF_PATCH_ONE - v));
    sums16 s = {_mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256(),
                _mm256_setzero_si256()};
    if (patch->side == HF_PATCH_SIDE) {
        __m128i first = across(pixels8(pixels), pixels8(pixels + 1), u0, u1);
#pragma GCC unroll 4
        for (int row = 0; row < HF_PATCH_SIDE; row += 2) {
            const uint8_t *next = pixels + (row + 1) * stride, *last = next + stride;
            __m128i second = across(pixels8(next), pixels8(next + 1), u0, u1),
                    third = across(pixels8(last), pixels8(last + 1), u0, u1);
            add(&s, down(_mm256_set_m128i(second, first), _mm256_set_m128i(third, second), weights), patch,
                row * HF_PATCH_SIDE);
            first = third;
        }
    } else {
        const uint8_t *next = pixels + stride, *half = pixels + 2 * stride;
        __m128i a = across(pixels4(pixels, stride), pixels4(pixels + 1, stride), u0, u1),
                b = across(pixels4(next, stride), pixels4(next + 1, stride), u0, u1),
                c = across(pixels4(half, stride), pixels4(half + 1, stride), u0, u1),
                d = across(pixels4(half + stride, stride), pixels4(half + stride + 1, stride), u0, u1);
        add(&s, down(_mm256_set_m128i(c, a), _mm256_set_m128i(d, b), weights), patch, 0);
    }
    write(&s, sums);
}
#endif
