#include "support.h"

typedef struct shape {
    int32_t channels, width, height;
} shape;

// Around every variant's tiles.
static const shape shapes[] = {
    {8, 1, 1}, {16, 2, 1}, {24, 3, 2}, {24, 20, 5}, {32, 1, 3}, {56, 4, 3}, {64, 5, 4}, {72, 6, 5}, {120, 7, 2},
    {128, 2, 7}, {136, 3, 3}, {200, 3, 5},
};

// The shapes above, then those of the network's layers.
enum { TILE_SHAPES = sizeof shapes / sizeof *shapes, MOST_SHAPES = TILE_SHAPES + HF_NETWORK_LAYERS };
static size_t all_shapes(int stem, shape all[MOST_SHAPES]) {
    int32_t channels[HF_NETWORK_LAYERS];
    const size_t count = network_channels(stem ? HF_STEM : HF_DEPTHWISE, channels);
    memcpy(all, shapes, sizeof shapes);
    for (size_t i = 0; i < count; i++)
        all[TILE_SHAPES + i] = (shape){channels[i], 11 - (int32_t)i % 4, 3 + (int32_t)i % 5};
    return TILE_SHAPES + count;
}

static int check_case(const hf_kernels *kernels, const hf_kernels *truth, const shape *s, int stem, int32_t stride,
                      fill activations, fill weights, int extreme, random_source *r, char *message,
                      size_t message_size) {
    const int32_t n = s->channels, in_pixel = stem ? 1 : n + 8 * random_between(r, 0, 1),
                  out_pixel = n + 8 * random_between(r, 0, 1);
    const int32_t in_width = (s->width - 1) * stride + 3, in_height = (s->height - 1) * stride + 3;
    const hf_grid in_grid = {s->width * stride, in_pixel, in_width * in_pixel + random_between(r, 0, 9)};
    const hf_grid out_grid = {s->width, out_pixel, s->width * out_pixel + random_between(r, 0, 9)};
    guarded in = guarded_make((size_t)(in_height * in_grid.row_stride), 3);
    fill_activations(r, activations, in.start, in.size);
    int8_t *weight = aligned_make((size_t)n * 9);
    fill_weights(r, weights, weight, (size_t)n * 9);
    layer_constants c = constants_make(r, n, 9, HF_OUTPUT_INT8, extreme);

    guarded out[2];
    const hf_kernels *tables[2] = {truth, kernels};
    const int32_t y0 = random_between(r, 0, s->height), middle = random_between(r, y0, s->height);
    for (int v = 0; v < 2; v++) {
        const hf_kernels *t = tables[v];
        void *packed = aligned_make(stem ? t->stem_size(n) : t->depthwise_size(n));
        out[v] = guarded_make((size_t)(s->height * out_grid.row_stride), 4);
        for (int part = 0; part < 2; part++) {
            const int32_t from = part ? middle : y0, to = part ? s->height : middle;
            if (stem) {
                t->pack_stem(packed, weight, c.after, n);
                hf_stem layer = {n, packed};
                t->stem(&layer, in.start, in_grid, out[v].start, out_grid, from, to);
            } else {
                t->pack_depthwise(packed, weight, c.after, n);
                hf_depthwise layer = {n, stride, packed};
                t->depthwise(&layer, in.start, in_grid, out[v].start, out_grid, from, to);
            }
        }
        free(packed);
    }
    ptrdiff_t at = guarded_difference(out[0], out[1]);
    if (at != PTRDIFF_MAX)
        snprintf(message, message_size,
                 "%d channels, %dx%d, stride %d, rows %d %d, fills %d %d, extreme %d: byte %td differs", n, s->width,
                 s->height, stride, y0, middle, activations, weights, extreme, at);
    guarded_free(in), guarded_free(out[0]), guarded_free(out[1]);
    free(weight), constants_free(c);
    return at == PTRDIFF_MAX;
}

static size_t check(const hf_kernels *kernels, int stem, uint64_t seed, char *message, size_t message_size) {
    const hf_kernels *truth = hf_kernels_named("scalar");
    random_source r = {seed};
    shape all[MOST_SHAPES];
    const size_t shape_count = all_shapes(stem, all);
    size_t cases = 0;
    *message = 0;
    for (size_t i = 0; i < shape_count; i++)
        for (int variation = 0; variation < 24; variation++, cases++) {
            fill activations = variation < 8 ? RANDOM : (fill)random_between(&r, 0, FILLS - 1);
            fill weights = variation < 8 ? RANDOM : (fill)random_between(&r, 0, FILLS - 1);
            if (!check_case(kernels, truth, &all[i], stem, stem ? 2 : 1 + variation % 2, activations, weights,
                            variation % 3 == 2, &r, message, message_size))
                return cases;
        }
    return cases;
}

size_t hf_check_depthwise(const hf_kernels *kernels, uint64_t seed, char *message, size_t message_size) {
    return check(kernels, 0, seed, message, message_size);
}

size_t hf_check_stem(const hf_kernels *kernels, uint64_t seed, char *message, size_t message_size) {
    return check(kernels, 1, seed, message, message_size);
}
