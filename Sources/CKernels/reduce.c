// Exact area averaging. A side of `n` pixels and its reduction of `m` are both divided into n * m / gcd^2 units, so
// that an input pixel is m/gcd and an output pixel n/gcd units long and all overlaps are integers; the mean is rounded
// half up.
#include <string.h>

#include "CKernels.h"

typedef struct {
    uint32_t in, out;  // units per input pixel, per output pixel
} ratio;

static ratio ratio_of(int32_t n, int32_t m) {
    uint32_t a = (uint32_t)n, b = (uint32_t)m;
    while (b) {
        uint32_t rest = a % b;
        a = b, b = rest;
    }
    return (ratio){.in = (uint32_t)m / a, .out = (uint32_t)n / a};
}

// x / divisor for x < 256 * divisor, by a multiplication where that is exact: for divisor < 2^24, as x * divisor < 2^56
// then.
typedef struct {
    uint64_t divisor, reciprocal;
} quotient;

static quotient quotient_of(uint64_t divisor) {
    return (quotient){divisor, divisor < 1u << 24 ? ((1ull << 56) - 1) / divisor + 1 : 0};
}

static inline uint8_t divide(uint64_t x, quotient q) {
    return (uint8_t)(q.reciprocal ? (x * q.reciprocal) >> 56 : x / q.divisor);
}

static void sum_rows(uint32_t *sum, const uint8_t *pixels, int32_t width, uint32_t weight, int first) {
    if (first)
        for (int32_t x = 0; x < width; x++) sum[x] = weight * pixels[x];
    else
        for (int32_t x = 0; x < width; x++) sum[x] += weight * pixels[x];
}

static void mean_pairs(const uint32_t *sum, quotient area, uint8_t *out, int32_t out_width) {
    for (int32_t x = 0; x < out_width; x++)
        out[x] = divide((uint64_t)sum[2 * x] + sum[2 * x + 1] + area.divisor / 2, area);
}

static void mean_columns(const uint32_t *sum, ratio side, quotient area, uint8_t *out, int32_t out_width) {
    uint32_t left = side.in;  // units of *sum not yet given to an output pixel
    for (int32_t x = 0; x < out_width; x++) {
        uint64_t total = area.divisor / 2;
        uint32_t need = side.out;
        while (need >= left) {
            total += (uint64_t)left * *sum++;
            need -= left;
            left = side.in;
        }
        if (need > 0) {
            total += (uint64_t)need * *sum;
            left -= need;
        }
        out[x] = divide(total, area);
    }
}

size_t hf_reduce_scratch(int32_t width, int32_t out_width) {
    (void)out_width;
    return (size_t)width * sizeof(uint32_t);
}

void hf_reduce(const uint8_t *pixels, int32_t width, int32_t height, ptrdiff_t stride, uint8_t *out, int32_t out_width,
               int32_t out_height, ptrdiff_t out_stride, void *scratch) {
    ratio across = ratio_of(width, out_width), down = ratio_of(height, out_height);
    quotient area = quotient_of((uint64_t)across.out * down.out);
    uint32_t *sum = scratch;
    uint32_t left = down.in;
    for (int32_t y = 0; y < out_height; y++, out += out_stride) {
        if (across.out == 1 && down.out == 1) {
            memcpy(out, pixels, (size_t)width);
            pixels += stride;
            continue;
        }
        uint32_t need = down.out;
        while (need > 0) {
            uint32_t part = need < left ? need : left;
            sum_rows(sum, pixels, width, part, need == down.out);
            need -= part, left -= part;
            if (left == 0) pixels += stride, left = down.in;
        }
        if (across.in == 1 && across.out == 2)
            mean_pairs(sum, area, out, out_width);
        else
            mean_columns(sum, across, area, out, out_width);
    }
}
