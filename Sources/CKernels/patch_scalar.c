// The truth about pictures of half the size, and patches held against pictures.
#include "kernels.h"
#include "patch.h"

void hf_halve_scalar(const uint8_t *pixels, ptrdiff_t stride, uint8_t *out, int32_t out_width, int32_t out_height) {
    for (ptrdiff_t y = 0; y < out_height; y++) {
        const uint8_t *a = pixels + 2 * y * stride, *b = a + stride;
        for (ptrdiff_t x = 0; x < out_width; x++)
            out[y * out_width + x] = (uint8_t)((a[2 * x] + a[2 * x + 1] + b[2 * x] + b[2 * x + 1] + 2) >> 2);
    }
}

void hf_patch_sums_scalar(const uint8_t *pixels, ptrdiff_t stride, int32_t u, int32_t v, const hf_patch *patch,
                          hf_patch_sums *sums) {
    hf_patch_sums s = {0};
    for (ptrdiff_t i = 0; i < patch->side * patch->side; i++) {
        const int32_t c = hf_patch_value(pixels + i / patch->side * stride + i % patch->side, stride, u, v);
        s.c += c, s.cc += c * c;
        s.cv += c * patch->value[i], s.cx += c * patch->x[i], s.cy += c * patch->y[i];
    }
    *sums = s;
}
