// Depthwise 3x3 convolutions by dot products of four: the bytes of four neighbouring pixels are interleaved so that
// each 32-bit element holds one channel's run of four, of which a weight vector with a zero first or last uses three.
#if defined(__x86_64__)
#include "avx512vnni.h"
#include "kernels.h"

// Packed per 64 channels. Element i of lane l of group g is channel 16 l + 4 g + i: what byte and word interleaving
// make, and what packing the sums undoes.
typedef struct {
    int32_t bias[4][16], shift[4][16];
    int16_t multiplier[2][32];
    int8_t near[3][4][64];  // per tap row and group: weights of taps 0 1 2 and none
    int8_t far[3][4][64];   // none and 0 1 2: the next pixel's, from the same bytes
    int32_t zero;
    uint8_t padding[60];
} chunk;

static int32_t channel_of(int32_t group, int32_t element) { return element / 4 * 16 + group * 4 + element % 4; }

// With at most 32 channels, a row of adjacent pixels is also a row of half as many of twice the channels, which leaves
// fewer lanes idle: a second chunk is packed for that.
static int doubles(int32_t channels) { return 2 * channels <= 64; }

size_t hf_depthwise_size_avx512vnni(int32_t channels) {
    return (hf_round_up((size_t)channels, 64) / 64 + (size_t)doubles(channels)) * sizeof(chunk);
}

// Channels c0 and on, up to the count, which repeat with the given period.
static void pack_chunk(chunk *at, const int8_t *weight, hf_requantization after, int32_t c0, int32_t count,
                       int32_t period) {
    at->zero = after.zero_point + 128;
    for (int32_t g = 0; g < 4; g++)
        for (int32_t e = 0; e < 16; e++) {
            int32_t c = c0 + channel_of(g, e), sum = 0;
            if (c >= count) continue;
            c %= period;
            for (int32_t t = 0; t < 9; t++) {
                int8_t w = weight[t * period + c];
                at->near[t / 3][g][4 * e + t % 3] = w;
                at->far[t / 3][g][4 * e + t % 3 + 1] = w;
                sum += w;
            }
            at->bias[g][e] = hf_fold_vnni(after.bias[c], after.shift[c], sum);
            at->shift[g][e] = after.shift[c];
            at->multiplier[g / 2][e / 4 * 8 + g % 2 * 4 + e % 4] = after.multiplier[c];
        }
}

void hf_pack_depthwise_avx512vnni(void *packed, const int8_t *weight, hf_requantization after, int32_t channels) {
    chunk *at = packed;
    memset(packed, 0, hf_depthwise_size_avx512vnni(channels));
    for (int32_t c = 0; c < channels; c += 64) pack_chunk(at++, weight, after, c, channels, channels);
    if (doubles(channels)) pack_chunk(at, weight, after, 0, 2 * channels, channels);
}

HF_VNNI_INLINE __m512i requantize(const __m512i *a, const chunk *k, __m512i zero) {
    __m512i r[2];
#pragma GCC unroll 2
    for (int h = 0; h < 2; h++) {
        __m512i x = _mm512_srav_epi32(a[2 * h], _mm512_load_si512(k->shift[2 * h]));
        __m512i y = _mm512_srav_epi32(a[2 * h + 1], _mm512_load_si512(k->shift[2 * h + 1]));
        r[h] = _mm512_mulhrs_epi16(_mm512_packs_epi32(x, y), _mm512_load_si512(k->multiplier[h]));
        r[h] = _mm512_adds_epi16(r[h], zero);
    }
    return _mm512_packus_epi16(r[0], r[1]);
}

// Runs of four bytes, from pairs interleaved by bytes.
HF_VNNI_INLINE void interleave(__m512i v[4], __m512i low01, __m512i high01, __m512i low23, __m512i high23) {
    v[0] = _mm512_unpacklo_epi16(low01, low23);
    v[1] = _mm512_unpackhi_epi16(low01, low23);
    v[2] = _mm512_unpacklo_epi16(high01, high23);
    v[3] = _mm512_unpackhi_epi16(high01, high23);
}

// One row of output pixels of one chunk, four pixels at a time: two pairs, which share weights, and bytes where they
// meet.
HF_VNNI static void row_stride1(const chunk *k, __mmask64 channels, const uint8_t *in, ptrdiff_t pixel, ptrdiff_t row,
                                uint8_t *out, ptrdiff_t out_pixel, int32_t width) {
    const __m512i zero = _mm512_set1_epi16((int16_t)k->zero);
    for (int32_t x = 0; x < width; x += 4, in += 4 * pixel, out += 4 * out_pixel) {
        const __mmask64 m1 = x + 1 < width ? channels : 0, m2 = x + 2 < width ? channels : 0,
                        m3 = x + 3 < width ? channels : 0;
        __m512i a[4][4];  // pixel, group
#pragma GCC unroll 4
        for (int g = 0; g < 4; g++) a[0][g] = a[1][g] = a[2][g] = a[3][g] = _mm512_load_si512(k->bias[g]);
#pragma GCC unroll 3
        for (int r = 0; r < 3; r++) {
            const uint8_t *p = in + r * row;
            __m512i p0 = _mm512_maskz_loadu_epi8(channels, p), p1 = _mm512_maskz_loadu_epi8(channels, p + pixel);
            __m512i p2 = _mm512_maskz_loadu_epi8(channels, p + 2 * pixel),
                    p3 = _mm512_maskz_loadu_epi8(m1, p + 3 * pixel);
            __m512i p4 = _mm512_maskz_loadu_epi8(m2, p + 4 * pixel), p5 = _mm512_maskz_loadu_epi8(m3, p + 5 * pixel);
            __m512i low = _mm512_unpacklo_epi8(p2, p3), high = _mm512_unpackhi_epi8(p2, p3), v[4], u[4];
            interleave(v, _mm512_unpacklo_epi8(p0, p1), _mm512_unpackhi_epi8(p0, p1), low, high);
            interleave(u, low, high, _mm512_unpacklo_epi8(p4, p5), _mm512_unpackhi_epi8(p4, p5));
#pragma GCC unroll 4
            for (int g = 0; g < 4; g++) {
                __m512i near = _mm512_load_si512(k->near[r][g]), far = _mm512_load_si512(k->far[r][g]);
                a[0][g] = _mm512_dpbusd_epi32(a[0][g], v[g], near);
                a[1][g] = _mm512_dpbusd_epi32(a[1][g], v[g], far);
                a[2][g] = _mm512_dpbusd_epi32(a[2][g], u[g], near);
                a[3][g] = _mm512_dpbusd_epi32(a[3][g], u[g], far);
            }
        }
        _mm512_mask_storeu_epi8(out, channels, requantize(a[0], k, zero));
        _mm512_mask_storeu_epi8(out + out_pixel, m1, requantize(a[1], k, zero));
        _mm512_mask_storeu_epi8(out + 2 * out_pixel, m2, requantize(a[2], k, zero));
        _mm512_mask_storeu_epi8(out + 3 * out_pixel, m3, requantize(a[3], k, zero));
    }
}

// One row of output pixels of one chunk, two pixels at a time: the third column of the first is the first of the
// second.
HF_VNNI static void row_stride2(const chunk *k, __mmask64 channels, const uint8_t *in, ptrdiff_t pixel, ptrdiff_t row,
                                uint8_t *out, ptrdiff_t out_pixel, int32_t width) {
    const __m512i zero = _mm512_set1_epi16((int16_t)k->zero);
    for (int32_t x = 0; x < width; x += 2, in += 4 * pixel, out += 2 * out_pixel) {
        const __mmask64 next = x + 1 < width ? channels : 0;
        __m512i a[2][4];
#pragma GCC unroll 4
        for (int g = 0; g < 4; g++) a[0][g] = a[1][g] = _mm512_load_si512(k->bias[g]);
#pragma GCC unroll 3
        for (int r = 0; r < 3; r++) {
            const uint8_t *p = in + r * row;
            __m512i p0 = _mm512_maskz_loadu_epi8(channels, p), p1 = _mm512_maskz_loadu_epi8(channels, p + pixel);
            __m512i p2 = _mm512_maskz_loadu_epi8(channels, p + 2 * pixel),
                    p3 = _mm512_maskz_loadu_epi8(next, p + 3 * pixel);
            __m512i p4 = _mm512_maskz_loadu_epi8(next, p + 4 * pixel);
            __m512i low = _mm512_unpacklo_epi8(p2, p3), high = _mm512_unpackhi_epi8(p2, p3), v[4], u[4];
            interleave(v, _mm512_unpacklo_epi8(p0, p1), _mm512_unpackhi_epi8(p0, p1), low, high);
            interleave(u, low, high, _mm512_unpacklo_epi8(p4, p4), _mm512_unpackhi_epi8(p4, p4));
#pragma GCC unroll 4
            for (int g = 0; g < 4; g++) {
                __m512i w = _mm512_load_si512(k->near[r][g]);
                a[0][g] = _mm512_dpbusd_epi32(a[0][g], v[g], w);
                a[1][g] = _mm512_dpbusd_epi32(a[1][g], u[g], w);
            }
        }
        _mm512_mask_storeu_epi8(out, channels, requantize(a[0], k, zero));
        _mm512_mask_storeu_epi8(out + out_pixel, next, requantize(a[1], k, zero));
    }
}

// One row at stride 1 of `channels` adjacent bytes a pixel: pairs of pixels are two apart, as pixels are at stride 2.
static void row_doubled(const chunk *chunks, int32_t channels, const uint8_t *in, ptrdiff_t row, uint8_t *out,
                        int32_t width) {
    const int32_t pairs = width / 2;
    row_stride2(&chunks[1], hf_mask_below(2 * channels), in, channels, row, out, 2 * channels, pairs);
    if (width % 2)
        row_stride2(&chunks[0], hf_mask_below(channels), in + 2 * pairs * channels, channels, row,
                    out + 2 * pairs * channels, channels, 1);
}

void hf_depthwise_avx512vnni(const hf_depthwise *layer, const uint8_t *input, hf_grid in_grid, uint8_t *output,
                             hf_grid out_grid, int32_t y0, int32_t y1) {
    const int32_t channels = layer->channels, stride = layer->stride;
    const int dense = in_grid.pixel_stride == channels && out_grid.pixel_stride == channels;
    const int doubled = stride == 1 && dense && doubles(channels);
    for (int32_t y = y0; y < y1; y++) {
        const chunk *k = layer->packed;
        const uint8_t *in = input + y * stride * in_grid.row_stride;
        uint8_t *out = output + y * out_grid.row_stride;
        if (doubled) {
            row_doubled(k, channels, in, in_grid.row_stride, out, out_grid.width);
            continue;
        }
        for (int32_t c = 0; c < channels; c += 64, k++, in += 64, out += 64) {
            const __mmask64 mask = hf_mask_below(channels - c);
            if (stride == 1)
                row_stride1(k, mask, in, in_grid.pixel_stride, in_grid.row_stride, out, out_grid.pixel_stride,
                            out_grid.width);
            else
                row_stride2(k, mask, in, in_grid.pixel_stride, in_grid.row_stride, out, out_grid.pixel_stride,
                            out_grid.width);
        }
    }
}
#endif
