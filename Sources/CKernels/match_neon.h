// Dot products of signed bytes and best matches: what the NEON variants share.
#ifndef HF_MATCH_NEON_H
#define HF_MATCH_NEON_H

#include "best.h"
#include "neon.h"

// Rows as panels of 8, packed as a variant packs a run of weights of a convolution.
HF_INLINE void hf_pack_rows_neon(int8_t *packed, const int8_t *rows, size_t count, size_t d, size_t run_size,
                                 size_t (*position)(size_t k, size_t column, size_t i)) {
    memset(packed, 0, hf_round_up(count, HF_COLUMNS_NEON) / HF_COLUMNS_NEON * run_size);
    for (size_t r = 0; r < count; r++)
        for (size_t i = 0; i < d; i += 4)  // positions are consecutive in fours
            memcpy(packed + r / HF_COLUMNS_NEON * run_size + position(d, r % HF_COLUMNS_NEON, i), rows + r * d + i, 4);
}

// The first `valid` of 8 dot products, of rows `first` and on.
HF_INLINE void hf_update_neon(hf_best *best, const uint32_t *landmark, hf_sums_neon dots, int32_t first, size_t valid) {
    if (best->index >= 0 && vmaxvq_s32(vmaxq_s32(dots.low, dots.high)) <= best->second_dot) return;
    int32_t dot[HF_COLUMNS_NEON];
    vst1q_s32(dot, dots.low);
    vst1q_s32(dot + 4, dots.high);
    for (size_t i = 0; i < valid && i < HF_COLUMNS_NEON; i++)
        if (hf_best_admits(best, dot[i])) hf_best_insert(best, landmark, first + (int32_t)i, dot[i]);
}

// The functions of a variant, over its tile and its `dot4`, which gives the dot products of four rows with a vector.
#define HF_DEFINE_MATCH_NEON(isa, target, tile_rows)                                                                  \
    target void hf_dot_rows_##isa(const int8_t *rows, size_t count, size_t d, const int8_t *vector, int32_t *out) {   \
        for (size_t i = 0; i < count; i += 4) {                                                                       \
            const int8_t *row[4];                                                                                     \
            int32_t dot[4];                                                                                           \
            for (size_t r = 0; r < 4; r++) row[r] = rows + (i + r < count ? i + r : count - 1) * d;                   \
            vst1q_s32(dot, dot4(row, vector, d));                                                                     \
            memcpy(out + i, dot, (count - i < 4 ? count - i : 4) * sizeof *dot);                                      \
        }                                                                                                             \
    }                                                                                                                 \
    size_t hf_match_scratch_##isa(size_t d, size_t count) {                                                           \
        return hf_round_up(count, HF_COLUMNS_NEON) / HF_COLUMNS_NEON * hf_run_size_##isa(d);                          \
    }                                                                                                                 \
    target void hf_match_##isa(const int8_t *query, size_t queries, const int8_t *rows, const uint32_t *landmark,     \
                               size_t count, size_t d, void *scratch, hf_best *best) {                                \
        static const ptrdiff_t here = 0;                                                                              \
        const size_t run_size = hf_run_size_##isa(d);                                                                 \
        hf_pack_rows_neon(scratch, rows, count, d, run_size, hf_position_##isa);                                      \
        for (size_t q = 0; q < queries; q += tile_rows) {                                                             \
            const uint8_t *in[tile_rows];                                                                             \
            hf_best found[tile_rows];                                                                                 \
            for (size_t r = 0; r < tile_rows; r++) {                                                                  \
                in[r] = (const uint8_t *)query + (q + r < queries ? q + r : queries - 1) * d;                         \
                found[r] = hf_best_none();                                                                            \
            }                                                                                                         \
            const int8_t *panel = scratch;                                                                            \
            for (size_t i = 0; i < count; i += HF_COLUMNS_NEON, panel += run_size) {                                  \
                hf_sums_neon sums[tile_rows];                                                                         \
                hf_accumulate_##isa(sums, in, panel, 1, (int32_t)d, &here);                                           \
                for (size_t r = 0; r < tile_rows; r++)                                                                \
                    hf_update_neon(&found[r], landmark, sums[r], (int32_t)i, count - i);                              \
            }                                                                                                         \
            for (size_t r = 0; r < tile_rows && q + r < queries; r++) best[q + r] = found[r];                         \
        }                                                                                                             \
    }                                                                                                                 \
    target void hf_match_listed_##isa(const int8_t *query, const int8_t *rows, const uint32_t *landmark,              \
                                      const uint32_t *candidates, size_t count, size_t d, hf_best *best) {            \
        *best = hf_best_none();                                                                                       \
        for (size_t i = 0; i < count; i += 4) {                                                                       \
            const int8_t *row[4];                                                                                     \
            int32_t dot[4];                                                                                           \
            for (size_t r = 0; r < 4; r++) row[r] = rows + candidates[i + r < count ? i + r : count - 1] * d;         \
            vst1q_s32(dot, dot4(row, query, d));                                                                      \
            for (size_t r = 0; r < 4 && i + r < count; r++)                                                           \
                if (hf_best_admits(best, dot[r])) hf_best_insert(best, landmark, (int32_t)candidates[i + r], dot[r]); \
        }                                                                                                             \
    }

#endif
