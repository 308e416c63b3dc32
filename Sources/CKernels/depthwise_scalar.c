// The truth about depthwise 3x3 convolutions and about the stem, their sibling with one input channel.
#include "arithmetic.h"
#include "kernels.h"
#include "layout_scalar.h"

size_t hf_depthwise_size_scalar(int32_t channels) { return hf_layout_scalar_size((size_t)channels, 9); }

void hf_pack_depthwise_scalar(void *packed, const int8_t *weight, hf_requantization after, int32_t channels) {
    hf_layout_scalar_pack(packed, weight, after, channels, 9);
}

void hf_depthwise_scalar(const hf_depthwise *layer, const uint8_t *input, hf_grid in_grid, uint8_t *output,
                         hf_grid out_grid, int32_t y0, int32_t y1) {
    hf_layout_scalar l = hf_layout_scalar_of(layer->packed, layer->channels);
    for (ptrdiff_t y = y0; y < y1; y++)
        for (ptrdiff_t x = 0; x < out_grid.width; x++) {
            const uint8_t *in = input + y * layer->stride * in_grid.row_stride +
                                x * layer->stride * in_grid.pixel_stride;
            uint8_t *out = output + y * out_grid.row_stride + x * out_grid.pixel_stride;
            for (int32_t c = 0; c < layer->channels; c++) {
                int32_t acc = l.bias[c];
                for (int32_t t = 0; t < 9; t++)
                    acc += hf_load(in[t / 3 * in_grid.row_stride + t % 3 * in_grid.pixel_stride + c]) *
                           l.weight[t * layer->channels + c];
                out[c] = hf_requantize8(acc, l.shift[c], l.multiplier[c], *l.zero_point);
            }
        }
}

size_t hf_stem_size_scalar(int32_t n) { return hf_layout_scalar_size((size_t)n, 9); }

void hf_pack_stem_scalar(void *packed, const int8_t *weight, hf_requantization after, int32_t n) {
    hf_layout_scalar_pack(packed, weight, after, n, 9);
}

void hf_stem_scalar(const hf_stem *layer, const uint8_t *input, hf_grid in_grid, uint8_t *output, hf_grid out_grid,
                    int32_t y0, int32_t y1) {
    hf_layout_scalar l = hf_layout_scalar_of(layer->packed, layer->n);
    for (ptrdiff_t y = y0; y < y1; y++)
        for (ptrdiff_t x = 0; x < out_grid.width; x++) {
            const uint8_t *in = input + 2 * y * in_grid.row_stride + 2 * x * in_grid.pixel_stride;
            uint8_t *out = output + y * out_grid.row_stride + x * out_grid.pixel_stride;
            for (int32_t n = 0; n < layer->n; n++) {
                int32_t acc = l.bias[n];
                for (int32_t t = 0; t < 9; t++)
                    acc += hf_load(in[t / 3 * in_grid.row_stride + t % 3 * in_grid.pixel_stride]) * l.weight[n * 9 + t];
                out[n] = hf_requantize8(acc, l.shift[n], l.multiplier[n], *l.zero_point);
            }
        }
}
