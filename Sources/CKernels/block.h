// The pixels that one pass over a convolution's weights serves.
#ifndef HF_BLOCK_H
#define HF_BLOCK_H

#include "CKernels.h"

enum {
    HF_BLOCK = 240,         // a multiple of every tile's height
    HF_BLOCK_PADDING = 16,  // at least every tile's height
};

// Where they lie. Past the last one it is repeated up to a full tile: computed and written again, which spares kernels a remainder.
typedef struct hf_block {
    const uint8_t *in[HF_BLOCK + HF_BLOCK_PADDING];
    uint8_t *out[HF_BLOCK + HF_BLOCK_PADDING];
} hf_block;

// At most `limit` of the output pixels first ..< end, as hf_kernels.convolution numbers them, with `step` input pixels between two;
// returns how many.
static inline size_t hf_block_fill(hf_block *block, size_t limit, const uint8_t *input, hf_grid in_grid, ptrdiff_t step,
                                   const int32_t *cells, void *output, hf_grid out_grid, size_t first, size_t end) {
    const size_t width = (size_t)out_grid.width, count = end - first < limit ? end - first : limit;
    ptrdiff_t x = (ptrdiff_t)(first % width), y = (ptrdiff_t)(first / width);
    for (size_t i = 0; i < count; i++) {
        ptrdiff_t in_x = x * step, in_y = y * step;
        if (cells) in_x = cells[first + i] % in_grid.width, in_y = cells[first + i] / in_grid.width;
        block->in[i] = input + in_y * in_grid.row_stride + in_x * in_grid.pixel_stride;
        block->out[i] = (uint8_t *)output + y * out_grid.row_stride + x * out_grid.pixel_stride;
        if (++x == out_grid.width) x = 0, y++;
    }
    for (size_t i = count; count > 0 && i < count + HF_BLOCK_PADDING; i++)
        block->in[i] = block->in[count - 1], block->out[i] = block->out[count - 1];
    return count;
}

#endif
