#if defined(__aarch64__)
#include "kernels.h"
#include "match_neon.h"
#include "tile_neondot.h"

HF_DOTPROD HF_INLINE int32x4_t dot4(const int8_t *const row[4], const int8_t *vector, size_t d) {
    int32x4_t acc[4];
#pragma GCC unroll 4
    for (int r = 0; r < 4; r++) acc[r] = vdupq_n_s32(0);
    size_t i = 0;
    for (; i + 16 <= d; i += 16) {
        const int8x16_t v = vld1q_s8(vector + i);
#pragma GCC unroll 4
        for (int r = 0; r < 4; r++) acc[r] = vdotq_s32(acc[r], v, vld1q_s8(row[r] + i));
    }
    if (i < d) {
        const int8x16_t v = vcombine_s8(vld1_s8(vector + i), vdup_n_s8(0));
#pragma GCC unroll 4
        for (int r = 0; r < 4; r++) acc[r] = vdotq_s32(acc[r], v, vcombine_s8(vld1_s8(row[r] + i), vdup_n_s8(0)));
    }
    return vpaddq_s32(vpaddq_s32(acc[0], acc[1]), vpaddq_s32(acc[2], acc[3]));
}

HF_DEFINE_MATCH_NEON(neondot, HF_DOTPROD, HF_ROWS_NEONDOT)
#endif
