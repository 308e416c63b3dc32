// Every kernel family of every instruction set, as dispatch.c puts them into tables.
#ifndef HF_KERNELS_H
#define HF_KERNELS_H

#include "CKernels.h"

#define HF_DECLARE_CONVOLUTION(isa)                                                                               \
    size_t hf_convolution_size_##isa(int32_t taps, int32_t k, int32_t n);                                         \
    void hf_pack_convolution_##isa(void *packed, const int8_t *weight, hf_requantization after, hf_output output, \
                                   int32_t taps, int32_t k, int32_t n);                                           \
    void hf_convolution_##isa(const hf_convolution *layer, const uint8_t *input, hf_grid in_grid,                 \
                              const ptrdiff_t *tap_offset, const int32_t *cells, void *output, hf_grid out_grid,  \
                              size_t first, size_t count);

#define HF_DECLARE_DEPTHWISE(isa)                                                                                \
    size_t hf_depthwise_size_##isa(int32_t channels);                                                            \
    void hf_pack_depthwise_##isa(void *packed, const int8_t *weight, hf_requantization after, int32_t channels); \
    void hf_depthwise_##isa(const hf_depthwise *layer, const uint8_t *input, hf_grid in_grid, uint8_t *output,   \
                            hf_grid out_grid, int32_t y0, int32_t y1);

#define HF_DECLARE_STEM(isa)                                                                                         \
    size_t hf_stem_size_##isa(int32_t n);                                                                            \
    void hf_pack_stem_##isa(void *packed, const int8_t *weight, hf_requantization after, int32_t n);                 \
    void hf_stem_##isa(const hf_stem *layer, const uint8_t *input, hf_grid in_grid, uint8_t *output, hf_grid out_grid, \
                       int32_t y0, int32_t y1);

#define HF_DECLARE_ADD(isa)                                                                                     \
    void hf_add_##isa(const uint8_t *a, hf_grid a_grid, int32_t a_zero, int16_t a_multiplier, const uint8_t *b, \
                      hf_grid b_grid, int32_t b_zero, int16_t b_multiplier, uint8_t *output, hf_grid out_grid,  \
                      int32_t out_zero, int32_t channels, int32_t y0, int32_t y1);

#define HF_DECLARE_MATCH(isa)                                                                               \
    void hf_dot_rows_##isa(const int8_t *rows, size_t count, size_t d, const int8_t *vector, int32_t *out); \
    size_t hf_match_scratch_##isa(size_t d, size_t count);                                                  \
    void hf_match_##isa(const int8_t *query, size_t queries, const int8_t *rows, const uint32_t *landmark,  \
                        size_t count, size_t d, void *scratch, hf_best *best);                              \
    void hf_match_listed_##isa(const int8_t *query, const int8_t *rows, const uint32_t *landmark,           \
                               const uint32_t *candidates, size_t count, size_t d, hf_best *best);

#define HF_DECLARE_PATCH(isa)                                                                                          \
    void hf_halve_##isa(const uint8_t *pixels, ptrdiff_t stride, uint8_t *out, int32_t out_width, int32_t out_height); \
    void hf_patch_sums_##isa(const uint8_t *pixels, ptrdiff_t stride, int32_t u, int32_t v, const hf_patch *patch,     \
                             hf_patch_sums *sums);

// The tables, ascending in speed: name, whether this machine has the instruction set (dispatch.c), and whose kernels it
// takes for convolution, depthwise, stem, add, match and patch. A new instruction set is a line here, its check there,
// a file for each family that it speeds up, and the processors that tools/kernels/test-arm emulates.
#if defined(__aarch64__)
#define HF_TABLES(X)                                                                                                 \
    X(scalar, always, scalar, scalar, scalar, scalar, scalar, scalar)                                                \
    X(neon, always, neon, neon, neon, neon, neon, neon)                                                              \
    X(neondot, has_neondot, neondot, neondot, neondot, neon, neondot, neon)
#elif defined(__x86_64__)
#define HF_TABLES(X)                                                                                                 \
    X(scalar, always, scalar, scalar, scalar, scalar, scalar, scalar)                                                \
    X(avx2, has_avx2, avx2, avx2, avx2, avx2, avx2, avx2)                                                            \
    X(avx512vnni, has_avx512vnni, avx512vnni, avx512vnni, avx512vnni, avx512vnni, avx512vnni, avx2)
#else
#define HF_TABLES(X) X(scalar, always, scalar, scalar, scalar, scalar, scalar, scalar)
#endif

#define HF_DECLARE(name, has, convolution, depthwise, stem, add, match, patch)                                       \
    HF_DECLARE_CONVOLUTION(convolution)                                                                              \
    HF_DECLARE_DEPTHWISE(depthwise)                                                                                  \
    HF_DECLARE_STEM(stem)                                                                                            \
    HF_DECLARE_ADD(add)                                                                                              \
    HF_DECLARE_MATCH(match)                                                                                          \
    HF_DECLARE_PATCH(patch)
HF_TABLES(HF_DECLARE)

#endif
