// The pixels that one pass over a convolution's weights serves.
#ifndef HF_BLOCK_H
#define HF_BLOCK_H

#include "CKernels.h"

enum {
    HF_BLOCK = 240,         // a multiple of every tile's height
    HF_BLOCK_PADDING = 16,  // at least every tile's height
};

// Where they lie. Past the last one it is repeated up to a full tile: computed and written again, which spares kernels
// a remainder.
typedef struct hf_block {
    const uint8_t *in[HF_BLOCK + HF_BLOCK_PADDING];
    uint8_t *out[HF_BLOCK + HF_BLOCK_PADDING];
} hf_block;

// At most `limit` of the output pixels first ..< end, as hf_kernels.convolution numbers them, with `step` input pixels
// between two; returns how many.
static inline size_t hf_block_fill(hf_block *block, size_t limit, const uint8_t *input, hf_grid in_grid, ptrdiff_t step,
                                   const int32_t *cells, void *output, hf_grid out_grid, size_t first, size_t end) {
    const size_t width = (size_t)out_grid.width, count = end - first < limit ? end - first : limit;
    size_t x = first % width;
    ptrdiff_t y = (ptrdiff_t)(first / width);
    for (size_t i = 0; i < count; x = 0, y++) {  // a piece of a row
        const size_t stop = count - i < width - x ? count : i + width - x;
        const uint8_t *in = input + y * step * in_grid.row_stride + (ptrdiff_t)x * step * in_grid.pixel_stride;
        uint8_t *out = (uint8_t *)output + y * out_grid.row_stride + (ptrdiff_t)x * out_grid.pixel_stride;
        for (; i < stop; i++, in += step * in_grid.pixel_stride, out += out_grid.pixel_stride)
            block->in[i] = in, block->out[i] = out;
    }
    for (size_t i = 0; cells && i < count; i++) {
        const ptrdiff_t cell = cells[first + i];
        block->in[i] = input + cell / in_grid.width * in_grid.row_stride + cell % in_grid.width * in_grid.pixel_stride;
    }
    for (size_t i = count; count > 0 && i < count + HF_BLOCK_PADDING; i++)
        block->in[i] = block->in[count - 1], block->out[i] = block->out[count - 1];
    return count;
}

#endif
