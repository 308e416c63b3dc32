// A tile of 8 rows x 8 columns by the dot product of four bytes (ARMv8.2 sdot), the row's four broadcast from a lane.
#ifndef HF_TILE_NEONDOT_H
#define HF_TILE_NEONDOT_H

#include "neon.h"

enum { HF_ROWS_NEONDOT = 8 };

static inline size_t hf_run_size_neondot(size_t k) { return HF_COLUMNS_NEON * k; }

// Where byte i of a run of k lies: [k / 4][8][4].
static inline size_t hf_position_neondot(size_t k, size_t column, size_t i) {
    (void)k;
    return i / 4 * 32 + column * 4 + i % 4;
}

#define HF_STEP(lane, bytes, dot)                                                                       \
    do {                                                                                                \
        const int8x16_t low = vld1q_s8(w), high = vld1q_s8(w + 16);                                     \
        w += 32;                                                                                        \
        _Pragma("GCC unroll 8") for (int r = 0; r < HF_ROWS_NEONDOT; r++) {                             \
            sums[r].low = dot(sums[r].low, low, bytes[r], lane);                                        \
            sums[r].high = dot(sums[r].high, high, bytes[r], lane);                                     \
        }                                                                                               \
    } while (0)

HF_DOTPROD HF_INLINE void hf_accumulate_neondot(hf_sums_neon sums[HF_ROWS_NEONDOT], const uint8_t *const *in,
                                                const int8_t *w, int32_t taps, int32_t k, const ptrdiff_t *tap_offset) {
#pragma GCC unroll 8
    for (int r = 0; r < HF_ROWS_NEONDOT; r++) sums[r].low = sums[r].high = vdupq_n_s32(0);
    for (int32_t t = 0; t < taps; t++) {
        const ptrdiff_t at = tap_offset[t];
        int32_t i = 0;
        for (; i + 16 <= k; i += 16) {
            int8x16_t a[HF_ROWS_NEONDOT];
#pragma GCC unroll 8
            for (int r = 0; r < HF_ROWS_NEONDOT; r++) a[r] = vld1q_s8((const int8_t *)in[r] + at + i);
            HF_STEP(0, a, vdotq_laneq_s32);
            HF_STEP(1, a, vdotq_laneq_s32);
            HF_STEP(2, a, vdotq_laneq_s32);
            HF_STEP(3, a, vdotq_laneq_s32);
        }
        for (; i < k; i += 8) {
            int8x8_t a[HF_ROWS_NEONDOT];
#pragma GCC unroll 8
            for (int r = 0; r < HF_ROWS_NEONDOT; r++) a[r] = vld1_s8((const int8_t *)in[r] + at + i);
            HF_STEP(0, a, vdotq_lane_s32);
            if (i + 4 < k) HF_STEP(1, a, vdotq_lane_s32);
        }
    }
}
#undef HF_STEP

#endif
