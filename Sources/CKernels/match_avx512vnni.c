// Dot products of signed bytes: one side is offset to unsigned (q + 128) for vpdpbusd, and 128 times the other's sum
// taken off.
#if defined(__x86_64__)
#include "best.h"
#include "kernels.h"
#include "tile_avx512vnni.h"

enum {
    PANEL_ROWS = 64,
    TILE_QUERIES = 5,
    STAGE = 24576,      // bytes of queries that one pass over the rows serves
    MAX_QUERIES = 240,  // and how many of them
};

HF_VNNI_INLINE __m512i offset(__m512i bytes) { return _mm512_xor_si512(bytes, _mm512_set1_epi8((char)0x80)); }

// Sums of the elements of four vectors.
HF_VNNI_INLINE __m128i sums(const __m512i a[4]) {
    __m512i x = _mm512_add_epi32(_mm512_unpacklo_epi32(a[0], a[1]), _mm512_unpackhi_epi32(a[0], a[1]));
    __m512i y = _mm512_add_epi32(_mm512_unpacklo_epi32(a[2], a[3]), _mm512_unpackhi_epi32(a[2], a[3]));
    __m512i z = _mm512_add_epi32(_mm512_unpacklo_epi64(x, y), _mm512_unpackhi_epi64(x, y));
    __m256i half = _mm256_add_epi32(_mm512_castsi512_si256(z), _mm512_extracti64x4_epi64(z, 1));
    return _mm_add_epi32(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
}

HF_VNNI_INLINE __m128i dot4(const int8_t *const row[4], const int8_t *vector, size_t d) {
    const __m512i all128 = _mm512_set1_epi8((char)0x80);
    __m512i acc[4], over[4];
#pragma GCC unroll 4
    for (int r = 0; r < 4; r++) acc[r] = over[r] = _mm512_setzero_si512();
    for (size_t i = 0; i < d; i += 64) {
        const __mmask64 mask = hf_mask_below((int64_t)(d - i));
        __m512i v = offset(_mm512_maskz_loadu_epi8(mask, vector + i));
#pragma GCC unroll 4
        for (int r = 0; r < 4; r++) {
            __m512i w = _mm512_maskz_loadu_epi8(mask, row[r] + i);
            acc[r] = _mm512_dpbusd_epi32(acc[r], v, w);
            over[r] = _mm512_dpbusd_epi32(over[r], all128, w);
        }
    }
#pragma GCC unroll 4
    for (int r = 0; r < 4; r++) acc[r] = _mm512_sub_epi32(acc[r], over[r]);
    return sums(acc);
}

HF_VNNI void hf_dot_rows_avx512vnni(const int8_t *rows, size_t count, size_t d, const int8_t *vector, int32_t *out) {
    for (size_t i = 0; i < count; i += 4) {
        const int8_t *row[4];
        for (size_t r = 0; r < 4; r++) row[r] = rows + (i + r < count ? i + r : count - 1) * d;
        _mm_mask_storeu_epi32(out + i, (__mmask8)(hf_mask_below((int64_t)(count - i)) & 15), dot4(row, vector, d));
    }
}

// The rows as panels of 64: where their dot products start, then bytes[d / 4][64][4].
size_t hf_match_scratch_avx512vnni(size_t d, size_t count) {
    return hf_round_up(count, PANEL_ROWS) / PANEL_ROWS * PANEL_ROWS * (sizeof(int32_t) + d);
}

HF_VNNI static void pack_panel(uint8_t *panel, const int8_t *rows, size_t count, size_t d) {
    int32_t *start = (int32_t *)(void *)panel, *bytes = start + PANEL_ROWS;
    if (count < PANEL_ROWS) memset(bytes, 0, PANEL_ROWS * d);
    for (size_t r = 0; r < count && r < PANEL_ROWS; r++)
        for (size_t i = 0; i < d / 4; i++) memcpy(&bytes[i * PANEL_ROWS + r], rows + r * d + 4 * i, 4);
    for (size_t r = 0; r < PANEL_ROWS; r += 16) {
        __m512i over = _mm512_setzero_si512();
        for (size_t i = 0; i < d / 4; i++)
            over = _mm512_dpbusd_epi32(over, _mm512_set1_epi8((char)0x80),
                                       _mm512_load_si512(&bytes[i * PANEL_ROWS + r]));
        // No row: the least dot product, never admitted.
        __mmask16 rest = (__mmask16)~hf_mask_below((int64_t)count - (int64_t)r);
        over = _mm512_sub_epi32(_mm512_setzero_si512(), over);
        _mm512_store_si512(start + r, _mm512_mask_mov_epi32(over, rest, _mm512_set1_epi32(INT32_MIN)));
    }
}

HF_VNNI_INLINE void update(hf_best *best, const uint32_t *landmark, const __m512i dots[4], int32_t first) {
    const __m512i second = _mm512_set1_epi32(best->second_dot);
    const __m512i most = _mm512_max_epi32(_mm512_max_epi32(dots[0], dots[1]), _mm512_max_epi32(dots[2], dots[3]));
    if (!_mm512_cmpgt_epi32_mask(most, second)) return;
    uint64_t better = 0;
    int32_t dot[PANEL_ROWS];
#pragma GCC unroll 4
    for (int j = 0; j < 4; j++) {
        better |= (uint64_t)_mm512_cmpgt_epi32_mask(dots[j], second) << (16 * j);
        _mm512_storeu_si512(dot + 16 * j, dots[j]);
    }
    for (; better; better &= better - 1) {
        int32_t i = __builtin_ctzll(better);
        if (hf_best_admits(best, dot[i])) hf_best_insert(best, landmark, first + i, dot[i]);
    }
}

// A panel, whose rows are `first` and on, against a tile's queries.
HF_VNNI static void match_tile(hf_best *found, const uint8_t *queries, const uint8_t *panel, const uint32_t *landmark,
                               int32_t first, size_t d) {
    static const ptrdiff_t here = 0;
    const uint8_t *in[TILE_QUERIES];
    hf_tile_vnni t;
#pragma GCC unroll 5
    for (size_t r = 0; r < TILE_QUERIES; r++) in[r] = queries + r * d;
    hf_accumulate_vnni(&t, TILE_QUERIES, 4, panel, panel + PANEL_ROWS * sizeof(int32_t), 1, (int32_t)d, &here, in);
#pragma GCC unroll 5
    for (int r = 0; r < TILE_QUERIES; r++) update(&found[r], landmark, &t.acc[4 * r], first);
}

HF_VNNI void hf_match_avx512vnni(const int8_t *query, size_t queries, const int8_t *rows, const uint32_t *landmark,
                                 size_t count, size_t d, void *scratch, hf_best *best) {
    const size_t panel_size = PANEL_ROWS * (sizeof(int32_t) + d);
    for (size_t i = 0, p = 0; i < count; i += PANEL_ROWS, p++)
        pack_panel((uint8_t *)scratch + p * panel_size, rows + i * d, count - i, d);
    uint8_t stage[STAGE];
    hf_best found[MAX_QUERIES];
    const size_t fitting = STAGE / d / TILE_QUERIES * TILE_QUERIES,
                 limit = fitting < MAX_QUERIES ? fitting : MAX_QUERIES;
    for (size_t q = 0; q < queries; q += limit) {
        const size_t here = queries - q < limit ? queries - q : limit, padded = hf_round_up(here, TILE_QUERIES);
        for (size_t r = 0; r < padded; r++) {
            const int8_t *from = query + (q + (r < here ? r : here - 1)) * d;
            for (size_t i = 0; i < d; i++) stage[r * d + i] = (uint8_t)from[i] ^ 0x80;
            found[r] = hf_best_none();
        }
        const uint8_t *panel = scratch;
        for (size_t i = 0; i < count; i += PANEL_ROWS, panel += panel_size)
            for (size_t r = 0; r < here; r += TILE_QUERIES)
                match_tile(&found[r], stage + r * d, panel, landmark, (int32_t)i, d);
        memcpy(best + q, found, here * sizeof *found);
    }
}

HF_VNNI void hf_match_listed_avx512vnni(const int8_t *query, const int8_t *rows, const uint32_t *landmark,
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
