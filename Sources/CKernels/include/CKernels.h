// The kernels of hfloc: int8 network layers, descriptor distances and image reduction. One table per instruction set,
// chosen once.
//
// Activations are int8 with a zero point (Model.md). In memory they are stored as `q ^ HF_ACTIVATION_XOR`: as unsigned
// bytes q + 128 on x86, whose dot product wants one unsigned operand, and as q itself elsewhere. Every variant on one
// machine uses the same memory format, the scalar truth included. A zero point is passed as q; the kernels store it in
// the memory format.
//
// A picture of activations lies in memory by rows, its pixels in a row, their channels together (NHWC), as an hf_grid
// says. Buffers that a kernel reads must have HF_SLACK readable bytes after their last pixel, and before the first one.
// Kernels write exactly the bytes of their output. No kernel allocates. Pointers never alias unless said.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)
#define HF_ACTIVATION_XOR 0x80
#else
#define HF_ACTIVATION_XOR 0x00
#endif
#define HF_SLACK 128      // bytes
#define HF_ALIGNMENT 64   // bytes; of packed weights and of every buffer's start
#define HF_MAX_DEPTH 2048 // products summed per output of a convolution

// Where pixel (x, y) of a picture starts: base + y * row_stride + x * pixel_stride, in bytes; `width` pixels a row.
typedef struct hf_grid {
    int32_t width;
    ptrdiff_t pixel_stride;
    ptrdiff_t row_stride;
} hf_grid;

// What follows an accumulation, per output channel; arrays of `n`. See "Integer arithmetic" in Model.md.
// shift <= 24, multiplier >= 0; |bias| plus the sum over weights of 255 |w| stays below 2^30.
typedef struct hf_requantization {
    const int32_t *bias;
    const uint8_t *shift;
    const int16_t *multiplier;
    int32_t zero_point;   // of the output, q; 0 for int16 output
} hf_requantization;

typedef enum hf_output { HF_OUTPUT_INT8 = 0, HF_OUTPUT_INT16 = 1 } hf_output;

// Convolutions at stride 1, 1x1 (taps = 1) or 3x3 (taps = 9), as a product over pixels: for each pixel, the input bytes
// of `taps` runs of `k` channels, each run `tap_offset[t]` bytes from the pixel's own; k a multiple of 4, taps * k <=
// HF_MAX_DEPTH, n any.
typedef struct hf_convolution {
    int32_t taps, k, n;
    hf_output output;
    const void *packed;   // as this table's `pack_convolution` laid it out
} hf_convolution;

typedef struct hf_depthwise {
    int32_t channels;     // a multiple of 8
    int32_t stride;       // 1 or 2
    const void *packed;
} hf_depthwise;

typedef struct hf_stem {
    int32_t n;            // output channels, a multiple of 8
    const void *packed;
} hf_stem;

// The two best dot products of a query descriptor, and whose they are.
typedef struct hf_best {
    int32_t index, dot;             // best observation: its index in the rows, or -1 (and INT32_MIN)
    int32_t second_dot;             // best among rows of another landmark than `index`'s; INT32_MIN if none
} hf_best;

// A square of a picture that is looked for in others, row by row: values in sixteenths of a grey level, less 128 levels
// (-2048 ... 2032); and their differences across and down, right less left and below less above: twice the gradient.
enum { HF_PATCH_SIDE = 8, HF_PATCH_COARSE = 4, HF_PATCH_FRACTION = 7 };
typedef struct hf_patch_moments {
    int32_t v, x, y, vv, vx, vy, xx, xy, yy;  // sums of the products of values and differences
} hf_patch_moments;
typedef struct hf_patch {
    int16_t value[HF_PATCH_SIDE * HF_PATCH_SIDE], x[HF_PATCH_SIDE * HF_PATCH_SIDE], y[HF_PATCH_SIDE * HF_PATCH_SIDE];
    int32_t side;                 // HF_PATCH_SIDE or HF_PATCH_COARSE; the arrays hold side * side numbers
    hf_patch_moments moments;
} hf_patch;
// Of a picture where a patch is held against it, c in the units of a patch's values: sums of c, c * c, and of c times
// the patch's values and differences.
typedef struct hf_patch_sums {
    int32_t c, cc, cv, cx, cy;
} hf_patch_sums;

typedef struct hf_kernels {
    const char *name;     // as HFLOC_KERNELS may say it: "scalar", and those in kernels.h

    // weight[n][taps][k]. Sizes in bytes; `packed` is HF_ALIGNMENT-aligned.
    size_t (*convolution_size)(int32_t taps, int32_t k, int32_t n);
    void (*pack_convolution)(void *packed, const int8_t *weight, hf_requantization after, hf_output output,
                             int32_t taps, int32_t k, int32_t n);
    // Output pixels first ..< first + count, numbered row by row by out_grid.width. Input pixel of output pixel p: the
    // same (x, y) in `input`, or, if `cells` is given, the pixel numbered cells[p] by in_grid.width. int16 outputs:
    // strides still count bytes. `output` may not alias `input`.
    void (*convolution)(const hf_convolution *layer, const uint8_t *input, hf_grid in_grid, const ptrdiff_t *tap_offset,
                        const int32_t *cells, void *output, hf_grid out_grid, size_t first, size_t count);

    // weight[9][channels]. `input` is the first tap of output pixel (0, 0): the border, holding the zero point, is in
    // memory. Output rows y0 ..< y1.
    size_t (*depthwise_size)(int32_t channels);
    void (*pack_depthwise)(void *packed, const int8_t *weight, hf_requantization after, int32_t channels);
    void (*depthwise)(const hf_depthwise *layer, const uint8_t *input, hf_grid in_grid, uint8_t *output,
                      hf_grid out_grid, int32_t y0, int32_t y1);

    // weight[n][9], one input channel, stride 2, input in memory format with its border as for depthwise (pixel_stride
    // 1).
    size_t (*stem_size)(int32_t n);
    void (*pack_stem)(void *packed, const int8_t *weight, hf_requantization after, int32_t n);
    void (*stem)(const hf_stem *layer, const uint8_t *input, hf_grid in_grid, uint8_t *output, hf_grid out_grid,
                 int32_t y0, int32_t y1);

    // Residual addition (Model.md) over rows y0 ..< y1 of `channels` each; output may alias b.
    void (*add)(const uint8_t *a, hf_grid a_grid, int32_t a_zero, int16_t a_multiplier, const uint8_t *b,
                hf_grid b_grid, int32_t b_zero, int16_t b_multiplier, uint8_t *output, hf_grid out_grid,
                int32_t out_zero, int32_t channels, int32_t y0, int32_t y1);

    // out[i] = sum over d of row[i][d] * vector[d], both signed int8 (no memory-format xor). d a multiple of 8; d *
    // 128 * 127 < 2^31. Here and below the vector, or query, holds no -128 (Model.md quantizes to -127 ... 127): that
    // lets two products share an int16. The projection of the global head, and the exact scan of retrieval.
    void (*dot_rows)(const int8_t *rows, size_t count, size_t d, const int8_t *vector, int32_t *out);

    // For each of `queries` descriptors the best rows (see hf_best); landmark[i] is the landmark that row i observes;
    // ties go to the lower index. `scratch` holds at least `match_scratch(d, count)` bytes, HF_ALIGNMENT-aligned. d a
    // multiple of 8, d <= 512.
    size_t (*match_scratch)(size_t d, size_t count);
    void (*match)(const int8_t *query, size_t queries, const int8_t *rows, const uint32_t *landmark, size_t count,
                  size_t d, void *scratch, hf_best *best);
    // The same over a list of rows: candidates[i] indexes rows and landmark; ties go to the earlier candidate. For
    // guided matching.
    void (*match_listed)(const int8_t *query, const int8_t *rows, const uint32_t *landmark, const uint32_t *candidates,
                         size_t count, size_t d, hf_best *best);

    // A picture of half the size: means of 2x2 pixels, rounded half up. The input has 2 * out_width columns and 2 *
    // out_height rows at least; the output's rows are packed.
    void (*halve)(const uint8_t *pixels, ptrdiff_t stride, uint8_t *out, int32_t out_width, int32_t out_height);
    // Sums of a patch and the picture under it, interpolated between `pixels`, the pixel under the patch's first, and
    // its neighbours: u and v in 1 / 2^HF_PATCH_FRACTION of a pixel, less than one. Reads side + 1 columns and rows.
    void (*patch_sums)(const uint8_t *pixels, ptrdiff_t stride, int32_t u, int32_t v, const hf_patch *patch,
                       hf_patch_sums *sums);
} hf_kernels;

// The table by name, or NULL if this machine (or this build) lacks it.
const hf_kernels *hf_kernels_named(const char *name);
// The fastest table this machine has, unless the environment variable HFLOC_KERNELS names another that it has too.
const hf_kernels *hf_kernels_best(void);
// The names of the tables this machine has, ascending in speed; NULL past the last.
const char *hf_kernels_name(size_t index);

// One-pixel border of `height` x `grid.width` pixels of `channels` bytes, filled with the zero point (memory format).
// `interior` is pixel (0, 0).
void hf_fill_border(uint8_t *interior, hf_grid grid, int32_t height, int32_t channels, int32_t zero_point);

// Area-averaging reduction of an 8-bit grey image (Model.md): never an enlargement. `scratch` holds
// hf_reduce_scratch(width, out_width) bytes.
size_t hf_reduce_scratch(int32_t width, int32_t out_width);
void hf_reduce(const uint8_t *pixels, int32_t width, int32_t height, ptrdiff_t stride, uint8_t *out, int32_t out_width,
               int32_t out_height, ptrdiff_t out_stride, void *scratch);

// Adds one to counts[i] where a picture breaks off between two lines: line[i] differs from before[i] by more than 8 and
// twice what the lines next to them, first and after, differ from them.
void hf_count_breaks(const uint8_t *first, const uint8_t *before, const uint8_t *line, const uint8_t *after,
                     uint8_t *counts, size_t count);

// Takes a patch out of a picture: `side` across and down, its middle at (x, y), a step across in it (step[0], step[1])
// and a step down (step[2], step[3]) pixels of the picture, all in 1 / 2^16 pixel. Reads what is within (side + 1) / 2
// steps of the middle, and the pixel beyond; the same for every table.
void hf_take_patch(const uint8_t *pixels, ptrdiff_t stride, int32_t x, int32_t y, const int32_t step[4], int32_t side,
                   hf_patch *patch);

#endif
