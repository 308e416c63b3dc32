// Takes patches out of pictures.
#include "patch.h"

enum { WIDEST = HF_PATCH_SIDE + 2 };

static void sample(const uint8_t *pixels, ptrdiff_t stride, int32_t x, int32_t y, const int32_t step[4], int32_t width,
                   int32_t *values) {
    const int32_t fine = 16 - HF_PATCH_FRACTION, half = 1 << (fine - 1);
    // The first sample is (width - 1) / 2 steps up and to the left of the middle.
    const int32_t left = x + half - (width - 1) * (step[0] + step[2]) / 2,
                  top = y + half - (width - 1) * (step[1] + step[3]) / 2;
    for (int32_t row = 0; row < width; row++)
        for (int32_t column = 0; column < width; column++) {
            const int32_t px = (left + column * step[0] + row * step[2]) >> fine,
                          py = (top + column * step[1] + row * step[3]) >> fine;
            values[row * width + column] = hf_patch_value(
                pixels + (py >> HF_PATCH_FRACTION) * stride + (px >> HF_PATCH_FRACTION), stride,
                px & (HF_PATCH_ONE - 1), py & (HF_PATCH_ONE - 1));
        }
}

// Apart from the filling, so that compilers vectorize it.
static hf_patch_moments moments(const hf_patch *p, int32_t count) {
    hf_patch_moments m = {0};
    for (int32_t i = 0; i < count; i++) {
        const int32_t v = p->value[i], x = p->x[i], y = p->y[i];
        m.v += v, m.x += x, m.y += y;
        m.vv += v * v, m.vx += v * x, m.vy += v * y;
        m.xx += x * x, m.xy += x * y, m.yy += y * y;
    }
    return m;
}

void hf_take_patch(const uint8_t *pixels, ptrdiff_t stride, int32_t x, int32_t y, const int32_t step[4], int32_t side,
                   hf_patch *patch) {
    int32_t values[WIDEST * WIDEST];
    const int32_t width = side + 2;
    sample(pixels, stride, x, y, step, width, values);
    for (int32_t row = 0; row < side; row++)
        for (int32_t column = 0; column < side; column++) {
            const int32_t *at = values + (row + 1) * width + column + 1;
            const int32_t i = row * side + column;
            patch->value[i] = (int16_t)at[0];
            patch->x[i] = (int16_t)(at[1] - at[-1]);
            patch->y[i] = (int16_t)(at[width] - at[-width]);
        }
    patch->side = side;
    patch->moments = moments(patch, side * side);
}
