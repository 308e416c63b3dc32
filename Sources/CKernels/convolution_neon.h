// Convolutions over a tile of some height x 8 output channels: what the NEON variants share, and where they differ.
#ifndef HF_CONVOLUTION_NEON_H
#define HF_CONVOLUTION_NEON_H

#include "block.h"
#include "neon.h"

// A panel of 8 output channels.
typedef struct {
    const hf_constants_neon *constants;
    const int8_t *weights;
    hf_output output;
    ptrdiff_t first;      // its first output channel
    int32_t valid;        // its output channels
    int32_t zero_point;
} hf_panel_neon;

// A variant: how it packs a run of weights and what it does with a panel.
typedef struct {
    size_t (*run_size)(size_t k);
    size_t (*position)(size_t k, size_t column, size_t i);
    void (*panel)(const hf_panel_neon *panel, int32_t taps, int32_t k, const ptrdiff_t *tap_offset,
                  const hf_block *block, size_t count);
} hf_variant_neon;

size_t hf_convolution_size_of(const hf_variant_neon *variant, int32_t taps, int32_t k, int32_t n);
// Packs weight[n][taps][given] as if each run had k channels, the rest of them without weight.
void hf_pack_runs_of(const hf_variant_neon *variant, void *packed, const int8_t *weight, hf_requantization after,
                     int32_t taps, int32_t k, int32_t given, int32_t n);
void hf_convolution_of(const hf_variant_neon *variant, const hf_convolution *layer, const uint8_t *input,
                       hf_grid in_grid, const ptrdiff_t *tap_offset, const int32_t *cells, void *output,
                       hf_grid out_grid, size_t first, size_t count);
// The stem is a convolution of three taps (the rows of the window) of four channels (its columns, and one without
// weight).
void hf_stem_of(const hf_variant_neon *variant, const hf_stem *layer, const uint8_t *input, hf_grid in_grid,
                uint8_t *output, hf_grid out_grid, int32_t y0, int32_t y1);

HF_INLINE void hf_finish_neon(const hf_panel_neon *panel, hf_sums_neon sums, uint8_t *out) {
    const int16x8_t r = hf_requantize_neon(sums, panel->constants);
    if (panel->output == HF_OUTPUT_INT8) {
        const int8x8_t q = vqmovn_s16(vqaddq_s16(r, vdupq_n_s16((int16_t)panel->zero_point)));
        int8_t staged[8], *to = panel->valid == 8 ? (int8_t *)out + panel->first : staged;
        vst1_s8(to, q);
        if (to == staged) memcpy(out + panel->first, staged, (size_t)panel->valid);
    } else {
        int16_t staged[8], *to = panel->valid == 8 ? (int16_t *)(void *)out + panel->first : staged;
        vst1q_s16(to, r);
        if (to == staged) memcpy(out + 2 * panel->first, staged, 2 * (size_t)panel->valid);
    }
}

// The families of a variant.
#define HF_DEFINE_CONVOLUTION_NEON(isa, variant)                                                                       \
    size_t hf_convolution_size_##isa(int32_t taps, int32_t k, int32_t n) {                                             \
        return hf_convolution_size_of(variant, taps, k, n);                                                            \
    }                                                                                                                  \
    void hf_pack_convolution_##isa(void *packed, const int8_t *weight, hf_requantization after, hf_output output,      \
                                   int32_t taps, int32_t k, int32_t n) {                                               \
        (void)output;                                                                                                  \
        hf_pack_runs_of(variant, packed, weight, after, taps, k, k, n);                                                \
    }                                                                                                                  \
    void hf_convolution_##isa(const hf_convolution *layer, const uint8_t *input, hf_grid in_grid,                      \
                              const ptrdiff_t *tap_offset, const int32_t *cells, void *output, hf_grid out_grid,       \
                              size_t first, size_t count) {                                                            \
        hf_convolution_of(variant, layer, input, in_grid, tap_offset, cells, output, out_grid, first, count);          \
    }                                                                                                                  \
    size_t hf_stem_size_##isa(int32_t n) { return hf_convolution_size_of(variant, 3, 4, n); }                          \
    void hf_pack_stem_##isa(void *packed, const int8_t *weight, hf_requantization after, int32_t n) {                  \
        hf_pack_runs_of(variant, packed, weight, after, 3, 4, 3, n);                                                   \
    }                                                                                                                  \
    void hf_stem_##isa(const hf_stem *layer, const uint8_t *input, hf_grid in_grid, uint8_t *output, hf_grid out_grid, \
                       int32_t y0, int32_t y1) {                                                                       \
        hf_stem_of(variant, layer, input, in_grid, output, out_grid, y0, y1);                                          \
    }

#endif
