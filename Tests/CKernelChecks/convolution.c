#include "support.h"

typedef struct shape {
    int32_t taps, k, n, width, height;
} shape;

// Around every variant's tiles (up to 12 pixels, up to 80 channels), and two longer than any.
static const shape shapes[] = {
    {1, 4, 1, 1, 1}, {1, 4, 8, 3, 2}, {1, 8, 15, 4, 1}, {1, 12, 16, 5, 1}, {1, 16, 17, 7, 1}, {1, 20, 31, 8, 1},
    {1, 24, 32, 9, 1}, {1, 28, 33, 11, 1}, {1, 36, 47, 12, 1}, {1, 40, 48, 13, 1}, {1, 44, 49, 10, 1},
    {1, 60, 63, 6, 2}, {1, 64, 64, 5, 3}, {1, 68, 65, 4, 3}, {1, 8, 79, 3, 7}, {1, 8, 80, 2, 9}, {1, 8, 81, 1, 13},
    {1, 8, 96, 17, 2}, {1, 8, 111, 9, 1}, {1, 8, 112, 9, 1}, {1, 8, 113, 9, 1}, {1, 8, 128, 6, 1},
    {1, 8, 161, 5, 1}, {1, 8, 177, 6, 1}, {9, 4, 5, 3, 3}, {9, 8, 24, 5, 4}, {9, 12, 64, 6, 3}, {9, 96, 130, 11, 2},
    {1, 16, 96, 300, 2}, {1, 720, 240, 85, 1},
};

// The shapes above, then those of the network's layers, each once, in rows that get shorter as they do in the network.
enum { TILE_SHAPES = sizeof shapes / sizeof *shapes, MOST_SHAPES = TILE_SHAPES + 2 * HF_NETWORK_LAYERS };
static size_t all_shapes(shape all[MOST_SHAPES]) {
    size_t count = TILE_SHAPES;
    memcpy(all, shapes, sizeof shapes);
    for (int32_t descriptor = 128; descriptor <= 256; descriptor += 128) {
        hf_network_layer layers[HF_NETWORK_LAYERS];
        const size_t layer_count = hf_network_layers(descriptor, layers);
        for (size_t i = 0; i < layer_count; i++) {
            const hf_network_layer *l = &layers[i];
            if (l->operation != HF_POINTWISE && l->operation != HF_CONVOLUTION) continue;
            const shape s = {l->operation == HF_CONVOLUTION ? 9 : 1, l->k, l->n, 160 / l->shrink, 3};
            size_t known = TILE_SHAPES;
            while (known < count && memcmp(&all[known], &s, sizeof s)) known++;
            if (known == count) all[count++] = s;
        }
    }
    return count;
}

static int check_case(const hf_kernels *kernels, const hf_kernels *truth, const shape *s, hf_output output,
                      fill activations, fill weights, int extreme, int listed, random_source *r, char *message,
                      size_t message_size) {
    const int32_t bytes = output == HF_OUTPUT_INT16 ? 2 : 1, border = s->taps == 9;
    const int32_t in_pixel = s->k + 4 * random_between(r, 0, 2),
                  out_pixel = bytes * (s->n + random_between(r, 0, 1) * 3);
    const hf_grid in_grid = {s->width, in_pixel, (s->width + 2 * border) * in_pixel + 8 * random_between(r, 0, 1)};
    const hf_grid out_grid = {s->width, out_pixel, s->width * out_pixel + 4 * random_between(r, 0, 1)};
    const size_t depth = (size_t)s->taps * (size_t)s->k, pixels = (size_t)s->width * (size_t)s->height;

    guarded in = guarded_make((size_t)((s->height + 2 * border) * in_grid.row_stride), 1);
    fill_activations(r, activations, in.start, in.size);
    int8_t *weight = aligned_make(depth * (size_t)s->n);
    fill_weights(r, weights, weight, depth * (size_t)s->n);
    layer_constants c = constants_make(r, s->n, depth, output, extreme);
    ptrdiff_t offsets[9] = {0};
    for (int t = 0; t < s->taps; t++) offsets[t] = t / 3 * in_grid.row_stride + t % 3 * in_grid.pixel_stride;
    int32_t *cells = aligned_make(pixels * sizeof *cells);
    for (size_t i = 0; i < pixels; i++) cells[i] = random_between(r, 0, (int32_t)pixels - 1);

    guarded out[2];
    const hf_kernels *tables[2] = {truth, kernels};
    const size_t first = (size_t)random_between(r, 0, (int32_t)pixels - 1);
    const size_t count = (size_t)random_between(r, 0, (int32_t)(pixels - first));
    const size_t middle = (size_t)random_between(r, 0, (int32_t)count);
    for (int v = 0; v < 2; v++) {
        void *packed = aligned_make(tables[v]->convolution_size(s->taps, s->k, s->n));
        tables[v]->pack_convolution(packed, weight, c.after, output, s->taps, s->k, s->n);
        hf_convolution layer = {s->taps, s->k, s->n, output, packed};
        out[v] = guarded_make((size_t)(s->height * out_grid.row_stride), 2);
        if (listed) {  // a range in two parts, as two threads would do it
            tables[v]->convolution(&layer, in.start, in_grid, offsets, cells, out[v].start, out_grid, first, middle);
            tables[v]->convolution(&layer, in.start, in_grid, offsets, cells, out[v].start, out_grid, first + middle,
                                   count - middle);
        } else {
            tables[v]->convolution(&layer, in.start, in_grid, offsets, NULL, out[v].start, out_grid, 0, pixels);
        }
        free(packed);
    }
    ptrdiff_t at = guarded_difference(out[0], out[1]);
    if (at != PTRDIFF_MAX)
        snprintf(message, message_size,
                 "taps %d k %d n %d, %dx%d, int%d, fills %d %d, extreme %d, listed %d: byte %td differs", s->taps, s->k,
                 s->n, s->width, s->height, 8 * bytes, activations, weights, extreme, listed, at);
    guarded_free(in), guarded_free(out[0]), guarded_free(out[1]);
    free(weight), free(cells), constants_free(c);
    return at == PTRDIFF_MAX;
}

size_t hf_check_convolution(const hf_kernels *kernels, uint64_t seed, char *message, size_t message_size) {
    const hf_kernels *truth = hf_kernels_named("scalar");
    random_source r = {seed};
    shape all[MOST_SHAPES];
    const size_t shape_count = all_shapes(all);
    size_t cases = 0;
    *message = 0;
    for (size_t i = 0; i < shape_count; i++)
        for (int variation = 0; variation < 12; variation++, cases++) {
            fill activations = variation < 6 ? RANDOM : (fill)random_between(&r, 0, FILLS - 1);
            fill weights = variation < 6 ? RANDOM : (fill)random_between(&r, 0, FILLS - 1);
            if (!check_case(kernels, truth, &all[i], variation % 2 ? HF_OUTPUT_INT16 : HF_OUTPUT_INT8, activations,
                            weights, variation % 3 == 2, variation % 4 >= 2, &r, message, message_size))
                return cases;
        }
    return cases;
}
