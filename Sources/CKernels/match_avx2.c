// Dot products of signed bytes, widened to int16.
#if defined(__x86_64__)
#include "avx2.h"
#include "best.h"
#include "kernels.h"

enum { PANEL_ROWS = 16, TILE_QUERIES = 6, MAX_QUERIES = 192 };

HF_AVX2_INLINE __m256i widen(const int8_t *at) {
    return _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(const void *)at));
}

HF_AVX2_INLINE __m128i dot4(const int8_t *const row[4], const int8_t *vector, size_t d) {
    __m256i acc[4];
#pragma GCC unroll 4
    for (int r = 0; r < 4; r++) acc[r] = _mm256_setzero_si256();
    size_t i = 0;
    for (; i + 16 <= d; i += 16) {
        __m256i v = widen(vector + i);
#pragma GCC unroll 4
        for (int r = 0; r < 4; r++) acc[r] = _mm256_add_epi32(acc[r], _mm256_madd_epi16(v, widen(row[r] + i)));
    }
    if (i < d) {
        __m256i v = _mm256_cvtepi8_epi16(_mm_loadl_epi64((const __m128i *)(const void *)(vector + i)));
#pragma GCC unroll 4
        for (int r = 0; r < 4; r++) {
            __m256i w = _mm256_cvtepi8_epi16(_mm_loadl_epi64((const __m128i *)(const void *)(row[r] + i)));
            acc[r] = _mm256_add_epi32(acc[r], _mm256_madd_epi16(v, w));
        }
    }
    __m256i sums = _mm256_hadd_epi32(_mm256_hadd_epi32(acc[0], acc[1]), _mm256_hadd_epi32(acc[2], acc[3]));
    return _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
}

HF_AVX2 void hf_dot_rows_avx2(const int8_t *rows, size_t count, size_t d, const int8_t *vector, int32_t *out) {
    for (size_t i = 0; i < count; i += 4) {
        const int8_t *row[4];
        int32_t dot[4];
        for (size_t r = 0; r < 4; r++) row[r] = rows + (i + r < count ? i + r : count - 1) * d;
        _mm_storeu_si128((__m128i *)(void *)dot, dot4(row, vector, d));
        memcpy(out + i, dot, (count - i < 4 ? count - i : 4) * sizeof *dot);
    }
}

// The rows as panels of 16: where their dot products start, then int16[d / 2][16][2].
static size_t panel_size(size_t d) { return PANEL_ROWS * (sizeof(int32_t) + d * sizeof(int16_t)); }
size_t hf_match_scratch_avx2(size_t d, size_t count) {
    return hf_round_up(count, PANEL_ROWS) / PANEL_ROWS * panel_size(d);
}

static void pack_panel(uint8_t *panel, const int8_t *rows, size_t count, size_t d) {
    int32_t *start = (int32_t *)(void *)panel;
    int16_t *values = (int16_t *)(start + PANEL_ROWS);
    if (count < PANEL_ROWS) memset(values, 0, PANEL_ROWS * d * sizeof *values);
    // No row: the least dot product, never admitted.
    for (size_t r = 0; r < PANEL_ROWS; r++) start[r] = r < count ? 0 : INT32_MIN;
    for (size_t r = 0; r < count && r < PANEL_ROWS; r++)
        for (size_t i = 0; i < d; i += 2) {
            values[i * PANEL_ROWS + 2 * r] = rows[r * d + i];
            values[i * PANEL_ROWS + 2 * r + 1] = rows[r * d + i + 1];
        }
}

HF_AVX2_INLINE void update(hf_best *best, const uint32_t *landmark, __m256i low, __m256i high, int32_t first) {
    const __m256i second = _mm256_set1_epi32(best->second_dot);
    uint32_t better = (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpgt_epi32(low, second))) |
                      (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpgt_epi32(high, second))) << 8;
    if (!better) return;
    int32_t dot[PANEL_ROWS];
    _mm256_storeu_si256((__m256i *)(void *)dot, low);
    _mm256_storeu_si256((__m256i *)(void *)(dot + 8), high);
    for (; better; better &= better - 1) {
        int32_t i = __builtin_ctz(better);
        if (hf_best_admits(best, dot[i])) hf_best_insert(best, landmark, first + i, dot[i]);
    }
}

HF_AVX2 void hf_match_avx2(const int8_t *query, size_t queries, const int8_t *rows, const uint32_t *landmark,
                           size_t count, size_t d, void *scratch, hf_best *best) {
    int16_t stage[HF_STAGE_AVX2];
    hf_best found[MAX_QUERIES];
    const size_t fitting = HF_STAGE_AVX2 / d / TILE_QUERIES * TILE_QUERIES,
                 limit = fitting < MAX_QUERIES ? fitting : MAX_QUERIES;
    for (size_t i = 0, p = 0; i < count; i += PANEL_ROWS, p++)
        pack_panel((uint8_t *)scratch + p * panel_size(d), rows + i * d, count - i, d);
    for (size_t q = 0; q < queries; q += limit) {
        const size_t here = queries - q < limit ? queries - q : limit, padded = hf_round_up(here, TILE_QUERIES);
        for (size_t r = 0; r < padded; r++) {
            const int8_t *from = query + (q + (r < here ? r : here - 1)) * d;
            for (size_t i = 0; i < d; i++) stage[r * d + i] = from[i];
            found[r] = hf_best_none();
        }
        const uint8_t *panel = scratch;
        for (size_t i = 0; i < count; i += PANEL_ROWS, panel += panel_size(d))
            for (size_t r = 0; r < here; r += TILE_QUERIES) {
                hf_tile_avx2 t;
                hf_accumulate_avx2(&t, TILE_QUERIES, 2, panel, panel + PANEL_ROWS * sizeof(int32_t), stage + r * d, d);
#pragma GCC unroll 6
                for (int s = 0; s < TILE_QUERIES; s++)
                    update(&found[r + (size_t)s], landmark, t.acc[2 * s], t.acc[2 * s + 1], (int32_t)i);
            }
        memcpy(best + q, found, here * sizeof *found);
    }
}

HF_AVX2 void hf_match_listed_avx2(const int8_t *query, const int8_t *rows, const uint32_t *landmark,
                                  const uint32_t *candidates, size_t count, size_t d, hf_best *best) {
    *best = hf_best_none();
    for (size_t i = 0; i < count; i += 4) {
        const int8_t *row[4];
        int32_t dot[4];
        for (size_t r = 0; r < 4; r++) row[r] = rows + candidates[i + r < count ? i + r : count - 1] * d;
        _mm_storeu_si128((__m128i *)(void *)dot, dot4(row, query, d));
        for (size_t r = 0; r < 4 && i + r < count; r++)
            if (hf_best_admits(best, dot[r])) hf_best_insert(best, landmark, (int32_t)candidates[i + r], dot[r]);
    }
}
#endif
