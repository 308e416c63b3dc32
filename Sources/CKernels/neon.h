// What the NEON kernels share.
#ifndef HF_NEON_H
#define HF_NEON_H

#include <arm_neon.h>
#include <string.h>

#include "arithmetic.h"

#define HF_INLINE static inline __attribute__((always_inline))
#define HF_DOTPROD __attribute__((target("arch=armv8.2-a+dotprod")))

// Makes `value`, as compilers see it, depend on two sums: else they schedule all of a tile's products before its sums,
// and spill.
#define HF_AFTER_NEON(value, sum1, sum2) __asm__("" : "+w"(value) : "w"(sum1), "w"(sum2))

enum { HF_COLUMNS_NEON = 8 };  // output channels, or rows of descriptors, of a panel

// The dot products of one row with a panel's columns.
typedef struct {
    int32x4_t low, high;
} hf_sums_neon;

// What an accumulator starts with: the bias and what the rounding shift adds.
static inline int32_t hf_fold_neon(int32_t bias, uint8_t shift) { return bias + (shift > 0 ? 1 << (shift - 1) : 0); }

// Requantization of 8 channels; `shift` is negative, for vshl.
typedef struct {
    int32_t bias[8], shift[8];
    int16_t multiplier[8];
} hf_constants_neon;

static inline void hf_pack_constants_neon(hf_constants_neon *k, int32_t i, hf_requantization after, int32_t channel) {
    k->bias[i] = hf_fold_neon(after.bias[channel], after.shift[channel]);
    k->shift[i] = -(int32_t)after.shift[channel];
    k->multiplier[i] = after.multiplier[channel];
}

// int16 results of sums that started at zero.
HF_INLINE int16x8_t hf_requantize_neon(hf_sums_neon s, const hf_constants_neon *k) {
    int32x4_t low = vshlq_s32(vaddq_s32(s.low, vld1q_s32(k->bias)), vld1q_s32(k->shift));
    int32x4_t high = vshlq_s32(vaddq_s32(s.high, vld1q_s32(k->bias + 4)), vld1q_s32(k->shift + 4));
    return vqrdmulhq_s16(vqmovn_high_s32(vqmovn_s32(low), high), vld1q_s16(k->multiplier));
}

#endif
