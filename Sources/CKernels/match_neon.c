#if defined(__aarch64__)
#include "match_neon.h"

#include "kernels.h"
#include "tile_neon.h"

HF_INLINE int32x4_t dot4(const int8_t *const row[4], const int8_t *vector, size_t d) {
    int32x4_t acc[4];
#pragma GCC unroll 4
    for (int r = 0; r < 4; r++) acc[r] = vdupq_n_s32(0);
    size_t i = 0;
    for (; i + 16 <= d; i += 16) {
        const int8x16_t v = vld1q_s8(vector + i);
#pragma GCC unroll 4
        for (int r = 0; r < 4; r++) {
            const int8x16_t w = vld1q_s8(row[r] + i);
            acc[r] = vpadalq_s16(acc[r], vmlal_high_s8(vmull_s8(vget_low_s8(v), vget_low_s8(w)), v, w));
        }
    }
    if (i < d) {
        const int8x8_t v = vld1_s8(vector + i);
#pragma GCC unroll 4
        for (int r = 0; r < 4; r++) acc[r] = vpadalq_s16(acc[r], vmull_s8(v, vld1_s8(row[r] + i)));
    }
    return vpaddq_s32(vpaddq_s32(acc[0], acc[1]), vpaddq_s32(acc[2], acc[3]));
}

HF_DEFINE_MATCH_NEON(neon, , HF_ROWS_NEON)
#endif
