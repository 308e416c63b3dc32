// The arithmetic of patches, one value at a time.
#ifndef HF_PATCH_H
#define HF_PATCH_H

#include "CKernels.h"

enum {
    HF_PATCH_ONE = 1 << HF_PATCH_FRACTION,  // of a pixel
    HF_PATCH_SHIFT = 2 * HF_PATCH_FRACTION - 4,
    HF_PATCH_ROUNDING = 1 << (HF_PATCH_SHIFT - 1),
    HF_PATCH_MIDDLE = 128 * 16,
};

// A picture between four pixels: sixteenths of a grey level, rounded half up, less 128 levels.
static inline int32_t hf_patch_value(const uint8_t *at, ptrdiff_t stride, int32_t u, int32_t v) {
    const int32_t above = at[0] * (HF_PATCH_ONE - u) + at[1] * u,
                  below = at[stride] * (HF_PATCH_ONE - u) + at[stride + 1] * u;
    return ((above * (HF_PATCH_ONE - v) + below * v + HF_PATCH_ROUNDING) >> HF_PATCH_SHIFT) - HF_PATCH_MIDDLE;
}

#endif
