// The truth about convolutions: every other variant equals this one bit for bit.
#include "arithmetic.h"
#include "kernels.h"
#include "layout_scalar.h"

size_t hf_convolution_size_scalar(int32_t taps, int32_t k, int32_t n) {
    return hf_layout_scalar_size((size_t)n, (size_t)taps * (size_t)k);
}

void hf_pack_convolution_scalar(void *packed, const int8_t *weight, hf_requantization after, hf_output output,
                                int32_t taps, int32_t k, int32_t n) {
    (void)output;
    hf_layout_scalar_pack(packed, weight, after, n, (size_t)taps * (size_t)k);
}

void hf_convolution_scalar(const hf_convolution *layer, const uint8_t *input, hf_grid in_grid,
                           const ptrdiff_t *tap_offset, const int32_t *cells, void *output, hf_grid out_grid,
                           size_t first, size_t count) {
    hf_layout_scalar l = hf_layout_scalar_of(layer->packed, layer->n);
    for (size_t p = first; p < first + count; p++) {
        size_t out_width = (size_t)out_grid.width, in_width = cells ? (size_t)in_grid.width : out_width;
        size_t from = cells ? (size_t)cells[p] : p;
        const uint8_t *in = input + (ptrdiff_t)(from / in_width) * in_grid.row_stride +
                            (ptrdiff_t)(from % in_width) * in_grid.pixel_stride;
        uint8_t *out = (uint8_t *)output + (ptrdiff_t)(p / out_width) * out_grid.row_stride +
                       (ptrdiff_t)(p % out_width) * out_grid.pixel_stride;
        const int8_t *w = l.weight;
        for (int32_t n = 0; n < layer->n; n++) {
            int32_t acc = l.bias[n];
            for (int32_t t = 0; t < layer->taps; t++, w += layer->k)
                for (int32_t k = 0; k < layer->k; k++) acc += hf_load(in[tap_offset[t] + k]) * w[k];
            if (layer->output == HF_OUTPUT_INT8)
                out[n] = hf_requantize8(acc, l.shift[n], l.multiplier[n], *l.zero_point);
            else
                ((int16_t *)(void *)out)[n] = (int16_t)hf_requantize(acc, l.shift[n], l.multiplier[n]);
        }
    }
}
