// What the AVX-512 VNNI kernels share.
#ifndef HF_AVX512VNNI_H
#define HF_AVX512VNNI_H

#include <immintrin.h>
#include <string.h>

#include "arithmetic.h"

#define HF_VNNI __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni")))
#define HF_VNNI_INLINE \
    static inline __attribute__((always_inline, target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni")))

// Activations arrive as q + 128, so an accumulator must start at bias - 128 * sum of its weights; it also starts with
// what the rounding shift adds, and the output zero point rises by 128.
static inline int32_t hf_fold_vnni(int32_t bias, uint8_t shift, int32_t weight_sum) {
    return bias - 128 * weight_sum + (shift > 0 ? 1 << (shift - 1) : 0);
}

// Four channels of each of 16 pixels' or taps' bytes against one activation dword.
HF_VNNI_INLINE __m512i hf_broadcast4_vnni(const void *bytes) {
    int32_t four;
    memcpy(&four, bytes, sizeof four);
    return _mm512_set1_epi32(four);
}

// The bits below `count`, at most 64 of them.
static inline uint64_t hf_mask_below(int64_t count) {
    return count >= 64 ? ~0ull : count <= 0 ? 0 : (1ull << count) - 1;
}

#endif
