#if defined(__aarch64__)
#include "convolution_neon.h"
#include "kernels.h"
#include "tile_neondot.h"

HF_DOTPROD static void panel(const hf_panel_neon *given, int32_t taps, int32_t k, const ptrdiff_t *tap_offset,
                             const hf_block *block, size_t count) {
    const hf_panel_neon panel = *given;  // a copy that no store can change
    for (size_t i = 0; i < count; i += HF_ROWS_NEONDOT) {
        hf_sums_neon sums[HF_ROWS_NEONDOT];
        hf_accumulate_neondot(sums, block->in + i, panel.weights, taps, k, tap_offset);
#pragma GCC unroll 8
        for (int r = 0; r < HF_ROWS_NEONDOT; r++) hf_finish_neon(&panel, sums[r], block->out[i + (size_t)r]);
    }
}

static const hf_variant_neon variant = {hf_run_size_neondot, hf_position_neondot, panel};
HF_DEFINE_CONVOLUTION_NEON(neondot, &variant)
#endif
