// The convolution's packing and pixel loop, for the stem to share.
#ifndef HF_CONVOLUTION_AVX2_H
#define HF_CONVOLUTION_AVX2_H

#include "block.h"

// As many pixels as the stage holds at this depth.
size_t hf_block_limit_avx2(int32_t taps, int32_t k);

// Packs weight[n][taps][given] as if each run had k channels, the rest of them without weight.
void hf_pack_runs_avx2(void *packed, const int8_t *weight, hf_requantization after, hf_output output, int32_t taps,
                       int32_t k, int32_t given, int32_t n);

void hf_convolve_block_avx2(const void *packed, hf_output output, int32_t taps, int32_t k, int32_t n,
                            const ptrdiff_t *tap_offset, const hf_block *block, size_t count);

#endif
