// Convolutions as outer products on widened activations: a block of pixels is staged as int16 once, then tiles of 6
// pixels x 16 output channels (12 x 8 for a last odd group of 8) stay in registers.
#if defined(__x86_64__)
#include "convolution_avx2.h"

#include "avx2.h"
#include "kernels.h"

// Packed: the zero point in a line of 32 bytes, then a panel per group of 16 (a last one of 8) output channels: biases
// and shifts (a line a vector of 8 each), multipliers (a line), then int16 weights[taps * k / 2][vectors][8][2].
enum {
    LINE = HF_LINE_AVX2,
    MAX_BLOCK = 96,  // pixels: more leave the caches between two panels
};

static int32_t panel_vectors(int32_t left) { return left > 8 ? 2 : 1; }
static size_t constants_size(int32_t vectors) { return (size_t)(2 * vectors + 1) * LINE; }
static size_t panel_size(int32_t vectors, size_t depth) {
    return constants_size(vectors) + depth / 2 * (size_t)vectors * LINE;
}

// The output channel of a panel that element i of 128-bit lane l of vector j accumulates: saturating packs within lanes
// then leave 16 channels in order.
static int32_t channel_of(int32_t vectors, int32_t j, int32_t l, int32_t i) { return 4 * vectors * l + 4 * j + i; }

size_t hf_convolution_size_avx2(int32_t taps, int32_t k, int32_t n) {
    size_t size = LINE;
    for (int32_t n0 = 0, vectors; n0 < n; n0 += 8 * vectors) {
        vectors = panel_vectors(n - n0);
        size += panel_size(vectors, (size_t)taps * (size_t)k);
    }
    return size;
}

static void pack_panel(uint8_t *panel, const int8_t *weight, hf_requantization after, int32_t taps, int32_t k,
                       int32_t given, int32_t n, int32_t n0, int32_t vectors) {
    const size_t depth = (size_t)taps * (size_t)k;
    int32_t *bias = (int32_t *)(void *)panel, *shift = bias + 8 * vectors;
    int16_t *multiplier = (int16_t *)(shift + 8 * vectors), *w = (int16_t *)(void *)(panel + constants_size(vectors));
    memset(panel, 0, panel_size(vectors, depth));
    for (int32_t lane = 0; lane < 8 * vectors; lane++) {
        int32_t j = lane / 8, l = lane % 8 / 4, i = lane % 4, c = n0 + channel_of(vectors, j, l, i);
        if (c >= n) continue;
        for (int32_t t = 0; t < taps; t++)
            for (int32_t at = 0; at < given; at++) {
                size_t d = (size_t)t * (size_t)k + (size_t)at;
                w[(d / 2 * (size_t)vectors * 8 + (size_t)lane) * 2 + d % 2] =
                    weight[((size_t)c * (size_t)taps + (size_t)t) * (size_t)given + (size_t)at];
            }
        bias[lane] = hf_fold_avx2(after.bias[c], after.shift[c]);
        shift[lane] = after.shift[c];
        int16_t *to = multiplier + 8 * l + i;  // as packing two vectors, or two pixels' one, orders them
        to[4 * j] = after.multiplier[c];
        if (vectors == 1) to[4] = after.multiplier[c];
    }
}

void hf_pack_runs_avx2(void *packed, const int8_t *weight, hf_requantization after, hf_output output, int32_t taps,
                       int32_t k, int32_t given, int32_t n) {
    uint8_t *panel = (uint8_t *)packed + LINE;
    memset(packed, 0, LINE);
    *(int32_t *)packed = after.zero_point + 128 * (output == HF_OUTPUT_INT8);
    for (int32_t n0 = 0, vectors; n0 < n; n0 += 8 * vectors) {
        vectors = panel_vectors(n - n0);
        pack_panel(panel, weight, after, taps, k, given, n, n0, vectors);
        panel += panel_size(vectors, (size_t)taps * (size_t)k);
    }
}

void hf_pack_convolution_avx2(void *packed, const int8_t *weight, hf_requantization after, hf_output output,
                              int32_t taps, int32_t k, int32_t n) {
    hf_pack_runs_avx2(packed, weight, after, output, taps, k, k, n);
}

// The runs of one pixel as q in int16.
HF_AVX2_INLINE void stage_pixel(int16_t *to, const uint8_t *in, int32_t taps, int32_t k, const ptrdiff_t *tap_offset) {
    const __m256i zero = _mm256_set1_epi16(128);
    for (int32_t t = 0; t < taps; t++, to += k) {
        const uint8_t *from = in + tap_offset[t];
        int32_t i = 0;
        for (; i + 16 <= k; i += 16) {
            __m256i wide = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(const void *)(from + i)));
            _mm256_storeu_si256((__m256i *)(void *)(to + i), _mm256_sub_epi16(wide, zero));
        }
        for (; i < k; i += 4) {
            __m128i wide = _mm_cvtepu8_epi16(_mm_loadu_si32(from + i));
            _mm_storel_epi64((__m128i *)(void *)(to + i), _mm_sub_epi16(wide, _mm256_castsi256_si128(zero)));
        }
    }
}

// What a panel needs after accumulation.
typedef struct {
    const uint8_t *panel;
    __m256i zero;  // int16
    ptrdiff_t first;
    int32_t valid;
    hf_output output;
} epilogue;

// `size` bytes, of at most 32, of `bytes`.
HF_AVX2_INLINE void store(uint8_t *out, __m256i bytes, size_t size) {
    if (size == 32) {
        _mm256_storeu_si256((__m256i *)(void *)out, bytes);
    } else if (size == 16) {
        _mm_storeu_si128((__m128i *)(void *)out, _mm256_castsi256_si128(bytes));
    } else if (size == 8) {
        _mm_storel_epi64((__m128i *)(void *)out, _mm256_castsi256_si128(bytes));
    } else {
        uint8_t staged[32];
        _mm256_storeu_si256((__m256i *)(void *)staged, bytes);
        memcpy(out, staged, size);
    }
}

// Two accumulators, shifted by lines x and y, as int16 results.
HF_AVX2_INLINE __m256i requantize(__m256i a, int x, __m256i b, int y, const int vectors, const epilogue *e) {
    const __m256i *shift = (const __m256i *)(const void *)(e->panel + LINE * vectors);
    __m256i t = _mm256_packs_epi32(_mm256_srav_epi32(a, shift[x]), _mm256_srav_epi32(b, shift[y]));
    return _mm256_adds_epi16(_mm256_mulhrs_epi16(t, shift[vectors]), e->zero);
}

HF_AVX2_INLINE void finish16(const hf_tile_avx2 *t, const epilogue *e, uint8_t *const *out) {  // 6 pixels x 16 channels
    const __m256i *a = t->acc;
#pragma GCC unroll 3
    for (int r = 0; r < 6; r += 2, a += 4) {
        __m256i x = requantize(a[0], 0, a[1], 1, 2, e), y = requantize(a[2], 0, a[3], 1, 2, e);
        if (e->output == HF_OUTPUT_INT8) {
            __m256i q = _mm256_permute4x64_epi64(_mm256_packus_epi16(x, y), 0xd8);
            store(out[r] + e->first, q, (size_t)e->valid);
            store(out[r + 1] + e->first, _mm256_permute4x64_epi64(q, 0xee), (size_t)e->valid);
        } else {
            store(out[r] + 2 * e->first, x, 2 * (size_t)e->valid);
            store(out[r + 1] + 2 * e->first, y, 2 * (size_t)e->valid);
        }
    }
}

HF_AVX2_INLINE void finish8(const hf_tile_avx2 *t, const epilogue *e, uint8_t *const *out) {  // 12 pixels x 8 channels
    const __m256i pairs = _mm256_setr_epi32(0, 1, 4, 5, 2, 3, 6, 7), fours = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    const __m256i *a = t->acc;
#pragma GCC unroll 3
    for (int r = 0; r < 12; r += 4, a += 4) {
        __m256i x = requantize(a[0], 0, a[1], 0, 1, e), y = requantize(a[2], 0, a[3], 0, 1, e);
        if (e->output == HF_OUTPUT_INT8) {
            __m256i q = _mm256_permutevar8x32_epi32(_mm256_packus_epi16(x, y), fours);
            store(out[r] + e->first, q, (size_t)e->valid);
            store(out[r + 1] + e->first, _mm256_permute4x64_epi64(q, 1), (size_t)e->valid);
            store(out[r + 2] + e->first, _mm256_permute4x64_epi64(q, 2), (size_t)e->valid);
            store(out[r + 3] + e->first, _mm256_permute4x64_epi64(q, 3), (size_t)e->valid);
        } else {
            x = _mm256_permutevar8x32_epi32(x, pairs), y = _mm256_permutevar8x32_epi32(y, pairs);
            store(out[r] + 2 * e->first, x, 2 * (size_t)e->valid);
            store(out[r + 1] + 2 * e->first, _mm256_permute4x64_epi64(x, 0xee), 2 * (size_t)e->valid);
            store(out[r + 2] + 2 * e->first, y, 2 * (size_t)e->valid);
            store(out[r + 3] + 2 * e->first, _mm256_permute4x64_epi64(y, 0xee), 2 * (size_t)e->valid);
        }
    }
}

#define PANEL(rows, vectors, channels)                                                                           \
    static HF_AVX2 __attribute__((noinline)) void panel_##rows##x##channels(                                     \
        const epilogue *given, const int16_t *stage, size_t depth, uint8_t *const *out, size_t count) {          \
        const epilogue e = *given; /* a copy that no store can change */                                         \
        for (size_t i = 0; i < count; i += rows) {                                                               \
            hf_tile_avx2 t;                                                                                      \
            hf_accumulate_avx2(&t, rows, vectors, e.panel, e.panel + constants_size(vectors), stage + i * depth, \
                               depth);                                                                           \
            finish##channels(&t, &e, out + i);                                                                   \
        }                                                                                                        \
    }
PANEL(6, 2, 16)
PANEL(12, 1, 8)

size_t hf_block_limit_avx2(int32_t taps, int32_t k) {
    size_t limit = HF_STAGE_AVX2 / ((size_t)taps * (size_t)k) / 12 * 12;
    return limit < MAX_BLOCK ? limit : MAX_BLOCK;
}

HF_AVX2 void hf_convolve_block_avx2(const void *packed, hf_output output, int32_t taps, int32_t k, int32_t n,
                                    const ptrdiff_t *tap_offset, const hf_block *block, size_t count) {
    int16_t stage[HF_STAGE_AVX2];
    const size_t depth = (size_t)taps * (size_t)k, padded = hf_round_up(count, 12);
    for (size_t i = 0; i < padded; i++) stage_pixel(stage + i * depth, block->in[i], taps, k, tap_offset);
    epilogue e = {.panel = (const uint8_t *)packed + LINE,
                  .zero = _mm256_set1_epi16((int16_t)*(const int32_t *)packed),
                  .output = output};
    for (int32_t n0 = 0, vectors; n0 < n; n0 += 8 * vectors) {
        vectors = panel_vectors(n - n0);
        e.first = n0, e.valid = n - n0 < 8 * vectors ? n - n0 : 8 * vectors;
        if (vectors == 2)
            panel_6x16(&e, stage, depth, block->out, count);
        else
            panel_12x8(&e, stage, depth, block->out, count);
        e.panel += panel_size(vectors, depth);
    }
}

void hf_convolution_avx2(const hf_convolution *layer, const uint8_t *input, hf_grid in_grid,
                         const ptrdiff_t *tap_offset, const int32_t *cells, void *output, hf_grid out_grid,
                         size_t first, size_t count) {
    const size_t limit = hf_block_limit_avx2(layer->taps, layer->k);
    hf_block block;
    for (size_t p = first, end = first + count, filled; p < end; p += filled) {
        filled = hf_block_fill(&block, limit, input, in_grid, 1, cells, output, out_grid, p, end);
        hf_convolve_block_avx2(layer->packed, layer->output, layer->taps, layer->k, layer->n, tap_offset, &block,
                               filled);
    }
}
#endif
