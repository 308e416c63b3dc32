// The convolution's packing and pixel loop, for the stem to share.
#ifndef HF_CONVOLUTION_AVX512VNNI_H
#define HF_CONVOLUTION_AVX512VNNI_H

#include "CKernels.h"

enum { HF_BLOCK_VNNI = 240 };  // pixels that one pass over the weights serves; a multiple of every tile's height

// Where the pixels of a block lie; padded to a full tile by repeating the last one, which is computed and written again.
typedef struct hf_block_vnni {
    const uint8_t *in[HF_BLOCK_VNNI + 16];
    uint8_t *out[HF_BLOCK_VNNI + 16];
} hf_block_vnni;

// Packs weight[n][taps][given] as if each run had k channels, the rest of them without weight.
void hf_pack_runs_vnni(void *packed, const int8_t *weight, hf_requantization after, hf_output output, int32_t taps, int32_t k,
                       int32_t given, int32_t n);

void hf_convolve_block_vnni(const void *packed, hf_output output, int32_t taps, int32_t k, int32_t n, const ptrdiff_t *tap_offset,
                            hf_block_vnni *block, size_t count);

#endif
