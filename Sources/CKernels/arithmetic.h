// The integer arithmetic of Model.md, one value at a time.
#ifndef HF_ARITHMETIC_H
#define HF_ARITHMETIC_H

#include "CKernels.h"

static inline int32_t hf_clamp(int32_t value, int32_t low, int32_t high) {
    return value < low ? low : value > high ? high : value;
}
static inline int32_t hf_saturate8(int32_t value) { return hf_clamp(value, INT8_MIN, INT8_MAX); }
static inline int32_t hf_saturate16(int32_t value) { return hf_clamp(value, INT16_MIN, INT16_MAX); }

// A byte of a picture in memory <-> its q.
static inline int32_t hf_load(uint8_t byte) { return (int8_t)(byte ^ HF_ACTIVATION_XOR); }
static inline uint8_t hf_store(int32_t q) { return (uint8_t)((uint8_t)q ^ HF_ACTIVATION_XOR); }

// (a * b) / 2^15, rounded half up: sqrdmulh, pmulhrsw.
static inline int32_t hf_multiply(int32_t a, int32_t b) { return (a * b + 0x4000) >> 15; }

// t and r of Model.md. |acc| + 2^(shift-1) stays below 2^31.
static inline int32_t hf_requantize(int32_t acc, uint8_t shift, int16_t multiplier) {
    int32_t rounding = shift > 0 ? 1 << (shift - 1) : 0;
    return hf_multiply(hf_saturate16((acc + rounding) >> shift), multiplier);
}

static inline uint8_t hf_requantize8(int32_t acc, uint8_t shift, int16_t multiplier, int32_t zero_point) {
    return hf_store(hf_saturate8(hf_saturate16(hf_requantize(acc, shift, multiplier) + zero_point)));
}

static inline size_t hf_round_up(size_t value, size_t multiple) { return (value + multiple - 1) / multiple * multiple; }

#endif
