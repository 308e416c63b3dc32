// Times every layer of HF-Net through the kernel tables. Usage: bench [-p PASSES] [-d DESCRIPTOR] [-g GLOBAL]
// [WIDTH HEIGHT [TABLE...]]
//
// Layers run in the network's order on a few activation buffers, so that caches see what they see in the program; data
// are random. A row gives the least CPU time of the passes, a total the median of theirs. The float parts of the
// network are not here.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "CKernelChecks.h"

enum { MAX_PASSES = 400, OPERATIONS = HF_ADD + 1 };
static const char *const operation_names[OPERATIONS] = {"stem", "1x1", "depthwise", "3x3", "add"};

typedef struct {
    hf_network_layer is;
    int32_t width, height;  // of the output
    int from, to;           // buffers
    void *packed;
    double macs, least;
} layer;

static layer layers[HF_NETWORK_LAYERS];
static size_t layer_count;
static uint8_t *buffers[8];

static void *make(size_t size) {
    uint8_t *p = aligned_alloc(HF_ALIGNMENT, (size + 4096 + 63) / 64 * 64);
    if (!p) abort();
    for (size_t i = 0; i < size + 4096; i++) p[i] = (uint8_t)rand();
    return p;
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

// Buffers: 0 and 1 hold the blocks' inputs and outputs in turn (6 and 7 those of coarse blocks), 2 and 3 what is
// expanded, 4 the trunk's end and 5 the heads' ends.
enum { EXPANDED = 2, FILTERED = 3, LOCAL = 4, HEAD = 5, COARSE = 6 };

static int coarse(const layer *l) { return l->is.is_local && l->is.shrink > 8; }
static int ends_trunk(const layer *l) { return l->is.is_local && !l[1].is.is_local && l[1].is.block >= 0; }

static void assign_buffers(void) {
    int at = 0, input = 0, fine = 0;  // what the next block reads, what this one reads, what the coarse branch left
    for (size_t i = 0; i < layer_count; i++) {
        layer *l = &layers[i];
        const int opens = i > 0 && l->is.block != l[-1].is.block;
        if (opens) input = at;
        if (opens && !coarse(l) && l->is.block >= 0 && coarse(l + 1)) fine = at;
        if (l->is.operation == HF_STEM) {
            l->from = EXPANDED, l->to = at;
        } else if (l->is.block < 0) {
            l->from = l->is.operation == HF_CONVOLUTION ? LOCAL : EXPANDED,
            l->to = l->is.output == HF_OUTPUT_INT16 ? HEAD : EXPANDED;
        } else if (l->is.output == HF_OUTPUT_INT16) {
            l->from = at, l->to = HEAD;
        } else if (l->is.operation == HF_DEPTHWISE) {
            l->from = opens ? input : EXPANDED, l->to = FILTERED;
        } else if (l->is.operation == HF_ADD) {
            l->from = l->is.stride == 2 ? at : input, l->to = at = l->is.stride == 2 ? fine : at;
        } else if (opens) {
            l->from = input, l->to = EXPANDED;
        } else {
            l->from = FILTERED, l->to = at = ends_trunk(l) ? LOCAL
                                             : coarse(l)   ? COARSE + l->is.block % 2
                                             : input == 0  ? 1
                                                           : 0;
        }
    }
}

static void build(int32_t width, int32_t height, int32_t descriptor) {
    hf_network_layer network[HF_NETWORK_LAYERS];
    layer_count = hf_network_layers(descriptor, network);
    for (size_t i = 0; i < layer_count; i++) {
        const hf_network_layer is = network[i];
        const int32_t w = (width + is.shrink - 1) / is.shrink, h = (height + is.shrink - 1) / is.shrink;
        const double depth = is.operation == HF_POINTWISE     ? is.k
                             : is.operation == HF_CONVOLUTION ? 9 * is.k
                             : is.operation == HF_ADD         ? 0
                                                              : 9;
        layers[i] = (layer){.is = is, .width = w, .height = h, .macs = depth * is.n * w * h};
    }
    assign_buffers();
}

static void pack(const hf_kernels *kernels, layer *l) {
    const int32_t depth = l->is.operation == HF_POINTWISE     ? l->is.k
                          : l->is.operation == HF_CONVOLUTION ? 9 * l->is.k
                                                              : 9;
    int8_t *weight = make((size_t)depth * (size_t)l->is.n);
    int32_t *bias = make((size_t)l->is.n * 4);
    uint8_t *shift = make((size_t)l->is.n);
    int16_t *multiplier = make((size_t)l->is.n * 2);
    for (int32_t i = 0; i < depth * l->is.n; i++) weight[i] = weight[i] == -128 ? 0 : weight[i];
    for (int32_t i = 0; i < l->is.n; i++) bias[i] %= 1 << 15, shift[i] = 6, multiplier[i] = 3000;
    const hf_requantization after = {bias, shift, multiplier, l->is.output == HF_OUTPUT_INT8 ? -128 : 0};
    const int32_t taps = l->is.operation == HF_CONVOLUTION ? 9 : 1;
    if (l->is.operation == HF_STEM) {
        kernels->pack_stem(l->packed = make(kernels->stem_size(l->is.n)), weight, after, l->is.n);
    } else if (l->is.operation == HF_DEPTHWISE) {
        kernels->pack_depthwise(l->packed = make(kernels->depthwise_size(l->is.n)), weight, after, l->is.n);
    } else if (l->is.operation != HF_ADD) {
        l->packed = make(kernels->convolution_size(taps, l->is.k, l->is.n));
        kernels->pack_convolution(l->packed, weight, after, l->is.output, taps, l->is.k, l->is.n);
    }
    free(weight), free(bias), free(shift), free(multiplier);
}

// Every picture has its border of one pixel in memory.
static hf_grid grid_of(int32_t width, int32_t bytes) { return (hf_grid){width, bytes, (ptrdiff_t)(width + 2) * bytes}; }
static uint8_t *inside(int buffer, hf_grid g) { return buffers[buffer] + HF_SLACK + g.row_stride + g.pixel_stride; }

// Each cell of the coarse picture to four of the finer one, in place.
static void add_to_fine(const hf_kernels *kernels, const layer *l) {
    const hf_grid coarse = grid_of((l->width + 1) / 2, l->is.k), fine = grid_of(l->width, l->is.k);
    const hf_grid every = {l->width / 2, 2 * fine.pixel_stride, 2 * fine.row_stride};
    for (int place = 0; place < 4; place++) {
        uint8_t *first = inside(l->to, fine) + place / 2 * fine.row_stride + place % 2 * fine.pixel_stride;
        kernels->add(inside(l->from, coarse), coarse, 3, 9000, first, every, -5, 8000, first, every, 1, l->is.n, 0,
                     l->height / 2);
    }
}

static void run(const hf_kernels *kernels, const layer *l) {
    const hf_grid in = grid_of(l->width * l->is.stride, l->is.k),
                  out = grid_of(l->width, l->is.n * (l->is.output == HF_OUTPUT_INT16 ? 2 : 1));
    const uint8_t *input = inside(l->from, in);
    uint8_t *output = inside(l->to, out);
    if (l->is.operation == HF_STEM) {
        hf_stem stem = {l->is.n, l->packed};
        kernels->stem(&stem, input, in, output, out, 0, l->height);
    } else if (l->is.operation == HF_DEPTHWISE) {
        hf_depthwise depthwise = {l->is.n, l->is.stride, l->packed};
        const uint8_t *first = l->is.stride == 1 ? input - in.row_stride - in.pixel_stride : input;
        hf_fill_border(inside(l->from, in), in, l->height * l->is.stride, l->is.k, -128);
        kernels->depthwise(&depthwise, first, in, output, out, 0, l->height);
    } else if (l->is.operation == HF_ADD && l->is.stride == 2) {
        add_to_fine(kernels, l);
    } else if (l->is.operation == HF_ADD) {
        kernels->add(input, in, 3, 9000, output, out, -5, 8000, output, out, 1, l->is.n, 0, l->height);
    } else {
        ptrdiff_t taps[9] = {0};
        for (int t = 0; l->is.operation == HF_CONVOLUTION && t < 9; t++)
            taps[t] = (t / 3 - 1) * in.row_stride + (t % 3 - 1) * in.pixel_stride;
        hf_convolution convolution = {l->is.operation == HF_CONVOLUTION ? 9 : 1, l->is.k, l->is.n, l->is.output,
                                      l->packed};
        if (l->is.operation == HF_CONVOLUTION) hf_fill_border(inside(l->from, in), in, l->height, l->is.k, -128);
        kernels->convolution(&convolution, input, in, taps, NULL, output, out, 0, (size_t)l->width * (size_t)l->height);
    }
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}
static double median(double *values, int count) {
    qsort(values, (size_t)count, sizeof *values, ascending);
    return values[count / 2];
}

static void row(const char *name, const char *shape, double macs, double ms) {
    printf("%-20s %-28s %8.3f ms %8.1f GMAC/s\n", name, shape, ms, macs / ms * 1e-6);
}

static void bench_network(const hf_kernels *kernels, int passes) {
    static double full[MAX_PASSES], local[MAX_PASSES];
    double by_operation[OPERATIONS] = {0}, macs[OPERATIONS] = {0}, all = 0;
    for (size_t i = 0; i < layer_count; i++) pack(kernels, &layers[i]), layers[i].least = 1e9;
    for (int pass = 0; pass < passes; pass++) {
        full[pass] = local[pass] = 0;
        for (size_t i = 0; i < layer_count; i++) {
            double start = now();
            run(kernels, &layers[i]);
            double time = now() - start;
            if (time < layers[i].least) layers[i].least = time;
            full[pass] += time, local[pass] += layers[i].is.is_local ? time : 0;
        }
    }
    for (size_t i = 0; i < layer_count; i++) {
        const layer *l = &layers[i];
        char shape[64];
        snprintf(shape, sizeof shape, "%s %d->%d /%d %dx%d", operation_names[l->is.operation], l->is.k, l->is.n,
                 l->is.stride, l->width, l->height);
        row(l->is.name, shape, l->macs, l->least);
        by_operation[l->is.operation] += l->least, macs[l->is.operation] += l->macs, all += l->macs;
        free(l->packed);
    }
    for (int i = 0; i < OPERATIONS; i++) row("sum of least", operation_names[i], macs[i], by_operation[i]);
    row("full, median", "", all, median(full, passes));
    printf("%-20s %-28s %8.3f ms\n", "full, least", "", full[0]);
    printf("%-20s %-28s %8.3f ms\n", "local, median", "", median(local, passes));
}

static void bench_dots(const hf_kernels *kernels, int passes, size_t global) {
    static double time[MAX_PASSES];
    enum { QUERIES = 1000, ROWS = 2000, D = 64, CELLS = 1200, CHANNELS = 72, VLAD = 32 * (CHANNELS + D) };
    int8_t *rows = make(global * VLAD + ROWS * D), *vector = make(VLAD + QUERIES * D);
    int32_t *out = make(4 * (global + ROWS));
    for (int pass = 0; pass < passes; pass++) {
        double start = now();
        kernels->dot_rows(rows, global, VLAD, vector, out);
        time[pass] = now() - start;
    }
    row("projection", "dot_rows 4352", (double)global * VLAD, median(time, passes));
    for (int pass = 0; pass < passes; pass++) {
        double start = now();
        for (int cluster = 0; cluster < 32; cluster++) kernels->dot_rows(rows, CHANNELS, CELLS, vector, out);
        time[pass] = now() - start;
    }
    row("VLAD of cells", "32 times dot_rows 1200", 32.0 * CHANNELS * CELLS, median(time, passes));
    uint32_t *landmark = make(ROWS * 4);
    hf_best *best = make(QUERIES * sizeof *best);
    void *scratch = make(kernels->match_scratch(D, ROWS));
    for (int pass = 0; pass < passes; pass++) {
        double start = now();
        kernels->match(vector, QUERIES, rows, landmark, ROWS, D, scratch, best);
        time[pass] = now() - start;
    }
    row("match", "1000 x 2000 x 64", 1.0 * QUERIES * ROWS * D, median(time, passes));
    uint32_t candidates[20];
    for (uint32_t i = 0; i < 20; i++) candidates[i] = i * 97;
    for (int pass = 0; pass < passes; pass++) {
        double start = now();
        for (int q = 0; q < QUERIES; q++)
            kernels->match_listed(vector + q * D, rows, landmark, candidates, 20, D, best + q);
        time[pass] = now() - start;
    }
    row("match_listed", "1000 x 20 x 128", 1.0 * QUERIES * 20 * D, median(time, passes));
    free(rows), free(vector), free(out), free(landmark), free(best), free(scratch);
}

// Products counted: those of the sums.
static void bench_patches(const hf_kernels *kernels, int passes) {
    static double taking[MAX_PASSES], holding[MAX_PASSES], halving[MAX_PASSES];
    enum { WIDTH = 640, HEIGHT = 480, PATCHES = 900 };
    static const int32_t step[4] = {1 << 16, 900, -900, 1 << 16};
    uint8_t *pixels = make(WIDTH * HEIGHT), *half = make(WIDTH * HEIGHT / 4);
    for (size_t i = 0; i < WIDTH * HEIGHT; i++) pixels[i] = (uint8_t)(i * 2654435761u >> 24);
    hf_patch patch;
    hf_patch_sums sums;
    for (int pass = 0; pass < passes; pass++) {
        double start = now();
        for (int i = 0; i < PATCHES; i++)
            hf_take_patch(pixels, WIDTH, (20 + i % 600) << 16, 100 << 16, step, HF_PATCH_SIDE, &patch);
        taking[pass] = now() - start;
        start = now();
        for (int i = 0; i < PATCHES; i++)
            kernels->patch_sums(pixels + i % 600 + WIDTH * (i % 400), WIDTH, i % 128, 17, &patch, &sums);
        holding[pass] = now() - start;
        start = now();
        kernels->halve(pixels, WIDTH, half, WIDTH / 2, HEIGHT / 2);
        halving[pass] = now() - start;
    }
    row("take patches", "900 of 8x8, any table", 0, median(taking, passes));
    row("hold patches", "900 of 8x8", 5.0 * 64 * PATCHES, median(holding, passes));
    row("halve", "640x480", 0, median(halving, passes));
    free(pixels), free(half);
}

int main(int count, char **arguments) {
    int passes = 25, i = 1;
    int32_t width = 640, height = 480, descriptor = 256, global = 4096;
    for (; i + 1 < count && arguments[i][0] == '-'; i += 2) {
        int value = atoi(arguments[i + 1]);
        if (arguments[i][1] == 'p') passes = value < MAX_PASSES ? value : MAX_PASSES;
        if (arguments[i][1] == 'd') descriptor = value;
        if (arguments[i][1] == 'g') global = value;
    }
    if (i + 1 < count) width = atoi(arguments[i]), height = atoi(arguments[i + 1]), i += 2;
    for (int b = 0; b < 8; b++)
        buffers[b] = make((size_t)(width / 2 + 4) * (size_t)(height / 2 + 4) * 144 + 2 * HF_SLACK);
    build(width, height, descriptor);
    for (size_t t = 0; hf_kernels_name(t); t++) {
        const char *name = hf_kernels_name(t);
        int wanted = i >= count;
        for (int a = i; a < count; a++) wanted |= strcmp(arguments[a], name) == 0;
        if (!wanted) continue;
        printf("-- %s, %dx%d, one thread --\n", name, width, height);
        bench_network(hf_kernels_named(name), passes);
        bench_dots(hf_kernels_named(name), passes, (size_t)global);
        bench_patches(hf_kernels_named(name), passes);
    }
}
