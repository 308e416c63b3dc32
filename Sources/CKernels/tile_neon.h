// A tile of 2 rows x 8 columns by ARMv8.0: products of eight bytes, then of eight more, in int16, added pairwise to
// int32. Two products fit int16 unless both are of -128 and -128; columns (or rows) without -128 exclude that.
#ifndef HF_TILE_NEON_H
#define HF_TILE_NEON_H

#include "neon.h"

enum { HF_ROWS_NEON = 2 };

// A run of k bytes of a column is padded to a multiple of 8 with zeros; the row's bytes past its run may be anything.
static inline size_t hf_run_size_neon(size_t k) { return HF_COLUMNS_NEON * hf_round_up(k, 8); }

// Where byte i of a run of k lies: [k / 16][8][16], then, if k % 16, [8][8].
static inline size_t hf_position_neon(size_t k, size_t column, size_t i) {
    const size_t width = i / 16 * 16 + 8 < hf_round_up(k, 8) ? 16 : 8;
    return i / 16 * 128 + column * width + i % 16;
}

HF_INLINE void hf_accumulate_neon(hf_sums_neon sums[HF_ROWS_NEON], const uint8_t *const *in, const int8_t *w,
                                  int32_t taps, int32_t k, const ptrdiff_t *tap_offset) {
    int32x4_t acc[HF_ROWS_NEON][8];
#pragma GCC unroll 8
    for (int c = 0; c < 8; c++) acc[0][c] = acc[1][c] = vdupq_n_s32(0);
    for (int32_t t = 0; t < taps; t++) {
        const int8_t *p = (const int8_t *)in[0] + tap_offset[t], *q = (const int8_t *)in[1] + tap_offset[t];
        int32_t i = 0;
        for (; i + 8 < k; i += 16, w += 128) {
            int8x16_t a = vld1q_s8(p + i);
            const int8x16_t b = vld1q_s8(q + i);
#pragma GCC unroll 8
            for (int c = 0; c < 8; c++) {
                const int8x16_t v = vld1q_s8(w + 16 * c);
                acc[0][c] = vpadalq_s16(acc[0][c], vmlal_high_s8(vmull_s8(vget_low_s8(a), vget_low_s8(v)), a, v));
                acc[1][c] = vpadalq_s16(acc[1][c], vmlal_high_s8(vmull_s8(vget_low_s8(b), vget_low_s8(v)), b, v));
                if (c % 2) HF_AFTER_NEON(a, acc[1][c], acc[0][c]);
            }
        }
        if (i < k) {
            const int8x8_t a = vld1_s8(p + i), b = vld1_s8(q + i);
#pragma GCC unroll 8
            for (int c = 0; c < 8; c++) {
                const int8x8_t v = vld1_s8(w + 8 * c);
                acc[0][c] = vpadalq_s16(acc[0][c], vmull_s8(a, v));
                acc[1][c] = vpadalq_s16(acc[1][c], vmull_s8(b, v));
            }
            w += 64;
        }
    }
#pragma GCC unroll 2
    for (int r = 0; r < HF_ROWS_NEON; r++) {
        int32x4_t *a = acc[r];
        sums[r].low = vpaddq_s32(vpaddq_s32(a[0], a[1]), vpaddq_s32(a[2], a[3]));
        sums[r].high = vpaddq_s32(vpaddq_s32(a[4], a[5]), vpaddq_s32(a[6], a[7]));
    }
}

#endif
