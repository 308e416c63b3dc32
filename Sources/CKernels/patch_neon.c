// Pictures of half the size, 16 pixels at a time; patches held against pictures, 8 values at a time.
#if defined(__aarch64__)
#include "kernels.h"
#include "neon.h"
#include "patch.h"

HF_INLINE uint8x8_t halved(const uint8_t *a, const uint8_t *b) {
    return vrshrn_n_u16(vpadalq_u8(vpaddlq_u8(vld1q_u8(a)), vld1q_u8(b)), 2);
}

void hf_halve_neon(const uint8_t *pixels, ptrdiff_t stride, uint8_t *out, int32_t out_width, int32_t out_height) {
    for (ptrdiff_t y = 0; y < out_height; y++, out += out_width) {
        const uint8_t *a = pixels + 2 * y * stride, *b = a + stride;
        ptrdiff_t x = 0;
        for (; x + 8 <= out_width; x += 8) vst1_u8(out + x, halved(a + 2 * x, b + 2 * x));
        for (; x < out_width; x++)
            out[x] = (uint8_t)((a[2 * x] + a[2 * x + 1] + b[2 * x] + b[2 * x + 1] + 2) >> 2);
    }
}

// Between two pixels of a row: at most 255 * 128.
HF_INLINE uint16x8_t across(uint8x8_t left, uint8x8_t right, uint8x8_t u0, uint8x8_t u1) {
    return vmlal_u8(vmull_u8(left, u0), right, u1);
}

HF_INLINE int16x8_t down(uint16x8_t above, uint16x8_t below, uint16_t v) {
    const uint16_t v0 = (uint16_t)(HF_PATCH_ONE - v);
    uint32x4_t low = vmlal_n_u16(vmull_n_u16(vget_low_u16(above), v0), vget_low_u16(below), v),
               high = vmlal_n_u16(vmull_n_u16(vget_high_u16(above), v0), vget_high_u16(below), v);
    uint16x8_t values = vcombine_u16(vrshrn_n_u32(low, HF_PATCH_SHIFT), vrshrn_n_u32(high, HF_PATCH_SHIFT));
    return vsubq_s16(vreinterpretq_s16_u16(values), vdupq_n_s16(HF_PATCH_MIDDLE));
}

typedef struct {
    int32x4_t c, cc, cv, cx, cy;
} sums8;

HF_INLINE int32x4_t dot(int32x4_t sum, int16x8_t a, int16x8_t b) {
    return vmlal_high_s16(vmlal_s16(sum, vget_low_s16(a), vget_low_s16(b)), a, b);
}

HF_INLINE void add(sums8 *s, int16x8_t c, const hf_patch *patch, int at) {
    s->c = vpadalq_s16(s->c, c);
    s->cc = dot(s->cc, c, c);
    s->cv = dot(s->cv, c, vld1q_s16(patch->value + at));
    s->cx = dot(s->cx, c, vld1q_s16(patch->x + at));
    s->cy = dot(s->cy, c, vld1q_s16(patch->y + at));
}

// Four pixels of this row, and four of the next.
HF_INLINE uint8x8_t pixels4(const uint8_t *at, ptrdiff_t stride) {
    uint8_t rows[8];
    memcpy(rows, at, 4), memcpy(rows + 4, at + stride, 4);
    return vld1_u8(rows);
}

void hf_patch_sums_neon(const uint8_t *pixels, ptrdiff_t stride, int32_t u, int32_t v, const hf_patch *patch,
                        hf_patch_sums *sums) {
    const uint8x8_t u1 = vdup_n_u8((uint8_t)u), u0 = vdup_n_u8((uint8_t)(HF_PATCH_ONE - u));
    const uint16_t weight = (uint16_t)v;
    sums8 s = {vdupq_n_s32(0), vdupq_n_s32(0), vdupq_n_s32(0), vdupq_n_s32(0), vdupq_n_s32(0)};
    if (patch->side == HF_PATCH_SIDE) {
        uint16x8_t above = across(vld1_u8(pixels), vld1_u8(pixels + 1), u0, u1);
        for (int row = 0; row < HF_PATCH_SIDE; row++) {
            const uint8_t *next = pixels + (row + 1) * stride;
            uint16x8_t below = across(vld1_u8(next), vld1_u8(next + 1), u0, u1);
            add(&s, down(above, below, weight), patch, row * HF_PATCH_SIDE);
            above = below;
        }
    } else {
        for (int row = 0; row < HF_PATCH_COARSE; row += 2, pixels += 2 * stride) {
            const uint8_t *next = pixels + stride;
            uint16x8_t above = across(pixels4(pixels, stride), pixels4(pixels + 1, stride), u0, u1),
                       below = across(pixels4(next, stride), pixels4(next + 1, stride), u0, u1);
            add(&s, down(above, below, weight), patch, row * HF_PATCH_COARSE);
        }
    }
    *sums = (hf_patch_sums){vaddvq_s32(s.c), vaddvq_s32(s.cc), vaddvq_s32(s.cv), vaddvq_s32(s.cx), vaddvq_s32(s.cy)};
}
#endif
