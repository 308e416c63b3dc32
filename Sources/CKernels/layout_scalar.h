// How the scalar table packs a layer: as it is.
#ifndef HF_LAYOUT_SCALAR_H
#define HF_LAYOUT_SCALAR_H

#include <string.h>

#include "CKernels.h"

// bias[n], zero point, multiplier[n], shift[n], weight[n * depth].
typedef struct hf_layout_scalar {
    int32_t *bias, *zero_point;
    int16_t *multiplier;
    uint8_t *shift;
    int8_t *weight;
} hf_layout_scalar;

static inline hf_layout_scalar hf_layout_scalar_of(const void *packed, int32_t n) {
    hf_layout_scalar l;
    l.bias = (int32_t *)packed;
    l.zero_point = l.bias + n;
    l.multiplier = (int16_t *)(l.zero_point + 1);
    l.shift = (uint8_t *)(l.multiplier + n);
    l.weight = (int8_t *)(l.shift + n);
    return l;
}

static inline size_t hf_layout_scalar_size(size_t n, size_t depth) { return n * (4 + 2 + 1 + depth) + 4; }

static inline void hf_layout_scalar_pack(void *packed, const int8_t *weight, hf_requantization after, int32_t n,
                                         size_t depth) {
    hf_layout_scalar l = hf_layout_scalar_of(packed, n);
    memcpy(l.bias, after.bias, (size_t)n * sizeof *l.bias);
    *l.zero_point = after.zero_point;
    memcpy(l.multiplier, after.multiplier, (size_t)n * sizeof *l.multiplier);
    memcpy(l.shift, after.shift, (size_t)n);
    memcpy(l.weight, weight, (size_t)n * depth);
}

#endif
