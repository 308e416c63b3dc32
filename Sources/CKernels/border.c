#include <string.h>

#include "arithmetic.h"

static void fill(uint8_t *pixel, ptrdiff_t step, int32_t count, int32_t channels, uint8_t value) {
    if (step == channels) {
        memset(pixel, value, (size_t)count * (size_t)channels);
        return;
    }
    for (int32_t i = 0; i < count; i++) memset(pixel + i * step, value, (size_t)channels);
}

void hf_fill_border(uint8_t *interior, hf_grid grid, int32_t height, int32_t channels, int32_t zero_point) {
    uint8_t value = hf_store(zero_point);
    uint8_t *corner = interior - grid.pixel_stride - grid.row_stride;
    fill(corner, grid.pixel_stride, grid.width + 2, channels, value);
    fill(corner + (height + 1) * grid.row_stride, grid.pixel_stride, grid.width + 2, channels, value);
    fill(corner + grid.row_stride, grid.row_stride, height, channels, value);
    fill(corner + grid.row_stride + (grid.width + 1) * grid.pixel_stride, grid.row_stride, height, channels, value);
}
