// The convolution's packing and pixel loop, for the stem to share.
#ifndef HF_CONVOLUTION_AVX512VNNI_H
#define HF_CONVOLUTION_AVX512VNNI_H

#include "block.h"

// Packs weight[n][taps][given] as if each run had k channels, the rest of them without weight.
void hf_pack_runs_vnni(void *packed, const int8_t *weight, hf_requantization after, hf_output output, int32_t taps,
                       int32_t k, int32_t given, int32_t n);

void hf_convolve_block_vnni(const void *packed, hf_output output, int32_t taps, int32_t k, int32_t n,
                            const ptrdiff_t *tap_offset, const hf_block *block, size_t count);

#endif
