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

#include "CKernels.h"

enum { MAX_LAYERS = 96, MAX_PASSES = 400 };
typedef enum { STEM, POINTWISE, DEPTHWISE, FULL, ADD } kind;
static const char *const kind_names[] = {"stem", "1x1", "depthwise", "3x3", "add"};

typedef struct {
    char name[32];
    kind kind;
    int32_t k, n, stride, width, height;  // of the output
    int from, to, with;                   // buffers
    hf_output output;
    int local;                            // belongs to the local branch
    void *packed;
    double macs, least;
} layer;

static layer layers[MAX_LAYERS];
static int layer_count;
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

static layer *push(const char *name, kind kind, int32_t k, int32_t n, int32_t stride, int32_t width, int32_t height,
                   int from, int to, int local) {
    layer *l = &layers[layer_count++];
    double depth = kind == POINTWISE ? k : kind == FULL ? 9 * k : kind == ADD ? 0 : 9;
    *l = (layer){.kind = kind, .k = k, .n = n, .stride = stride, .width = width, .height = height, .from = from,
                 .to = to, .local = local, .macs = depth * n * width * height, .least = 1e9};
    snprintf(l->name, sizeof l->name, "%s", name);
    return l;
}

// The inverted residuals, in their order: the coarse branch reads context2 and is added to it, the trunk's end and the
// global branch read layer 7.
static const struct { const char *name; int32_t expanded, out, stride; } blocks[] = {
    {"layer2", 24, 16, 1},    {"layer3", 96, 24, 2},    {"layer4", 144, 24, 1},   {"layer5", 144, 72, 2},
    {"layer6", 144, 80, 1},   {"context1", 144, 80, 1}, {"context2", 144, 80, 1}, {"coarse1", 144, 96, 2},
    {"coarse2", 192, 96, 1},  {"coarse3", 192, 96, 1},  {"coarse4", 192, 80, 1},  {"context3", 144, 80, 1},
    {"context4", 144, 80, 1}, {"layer7", 288, 96, 1},   {"layer8", 576, 48, 2},   {"layer9", 288, 48, 1},
    {"layer10", 288, 48, 1},  {"layer11", 288, 48, 1},  {"layer12", 288, 72, 1},  {"layer13", 432, 72, 1},
    {"layer14", 432, 72, 1},  {"layer15", 432, 120, 2}, {"layer16", 720, 120, 1}, {"layer17", 720, 120, 1},
    {"layer18", 720, 240, 1}};
enum { COARSE1 = 7, COARSE4 = 10, LAYER7 = 13, BLOCKS = sizeof blocks / sizeof *blocks };

static layer *push_part(int block, const char *part, kind kind, int32_t k, int32_t n, int32_t stride, int32_t width,
                        int32_t height, int from, int to) {
    char name[32];
    snprintf(name, sizeof name, "%s.%s", blocks[block].name, part);
    return push(name, kind, k, n, stride, width, height, from, to, block <= LAYER7);
}

// Buffers: 0 and 1 hold the blocks' inputs and outputs in turn (6 and 7 those of coarse blocks), 2 and 3 what is
// expanded, 4 layer 7's output and 5 the heads' ends.
static void build(int32_t width, int32_t height, int32_t descriptor) {
    int32_t w = (width + 1) / 2, h = (height + 1) / 2, in = 24, local_width = 0, local_height = 0;
    int32_t fine_width = 0, fine_height = 0;
    int at = 0, fine = 0;
    push("layer1", STEM, 1, 24, 2, w, h, 2, 0, 1);
    for (int i = 0; i < BLOCKS; i++) {
        const int32_t expanded = blocks[i].expanded, out = blocks[i].out, s = blocks[i].stride;
        const int coarse = i >= COARSE1 && i <= COARSE4;
        const int from = i == LAYER7 + 1 ? 4 : at, to = i == LAYER7 ? 4 : coarse ? 6 + i % 2 : 1 - at;
        if (i == COARSE1) fine = at, fine_width = w, fine_height = h;
        if (i > 0) push_part(i, "expand", POINTWISE, in, expanded, 1, w, h, from, 2);
        w = (w + s - 1) / s, h = (h + s - 1) / s;
        push_part(i, "depthwise", DEPTHWISE, expanded, expanded, s, w, h, i == 0 ? from : 2, 3);
        push_part(i, "project", POINTWISE, expanded, out, 1, w, h, 3, to);
        if (s == 1 && in == out) push_part(i, "add", ADD, in, in, 1, w, h, from, to)->with = to;
        in = out, at = to == 4 ? 1 - at : to;
        if (i == COARSE4) {
            w = fine_width, h = fine_height;
            push_part(i, "add", ADD, out, out, 2, w, h, at, fine);
            at = fine;
        }
        if (i == LAYER7) local_width = w, local_height = h;
    }
    push("vlad.memberships", POINTWISE, 240, 32, 1, w, h, at, 5, 0)->output = HF_OUTPUT_INT16;
    push("detector.hidden", FULL, 96, 128, 1, local_width, local_height, 4, 2, 1);
    push("detector.logits", POINTWISE, 128, 65, 1, local_width, local_height, 2, 5, 1)->output = HF_OUTPUT_INT16;
    push("descriptor.hidden", FULL, 96, 256, 1, local_width, local_height, 4, 3, 1);
    push("descriptor.map", POINTWISE, 256, descriptor, 1, local_width, local_height, 3, 5, 1)->output = HF_OUTPUT_INT16;
}

static void pack(const hf_kernels *kernels, layer *l) {
    const int32_t depth = l->kind == POINTWISE ? l->k : l->kind == FULL ? 9 * l->k : 9;
    int8_t *weight = make((size_t)depth * (size_t)l->n);
    int32_t *bias = make((size_t)l->n * 4);
    uint8_t *shift = make((size_t)l->n);
    int16_t *multiplier = make((size_t)l->n * 2);
    for (int32_t i = 0; i < depth * l->n; i++) weight[i] = weight[i] == -128 ? 0 : weight[i];
    for (int32_t i = 0; i < l->n; i++) bias[i] %= 1 << 15, shift[i] = 6, multiplier[i] = 3000;
    const hf_requantization after = {bias, shift, multiplier, l->output == HF_OUTPUT_INT8 ? -128 : 0};
    const int32_t taps = l->kind == FULL ? 9 : 1;
    if (l->kind == STEM) {
        kernels->pack_stem(l->packed = make(kernels->stem_size(l->n)), weight, after, l->n);
    } else if (l->kind == DEPTHWISE) {
        kernels->pack_depthwise(l->packed = make(kernels->depthwise_size(l->n)), weight, after, l->n);
    } else if (l->kind != ADD) {
        l->packed = make(kernels->convolution_size(taps, l->k, l->n));
        kernels->pack_convolution(l->packed, weight, after, l->output, taps, l->k, l->n);
    }
    free(weight), free(bias), free(shift), free(multiplier);
}

// Every picture has its border of one pixel in memory.
static hf_grid grid_of(int32_t width, int32_t bytes) { return (hf_grid){width, bytes, (ptrdiff_t)(width + 2) * bytes}; }
static uint8_t *inside(int buffer, hf_grid g) { return buffers[buffer] + HF_SLACK + g.row_stride + g.pixel_stride; }

// Each cell of the coarse picture to four of the finer one, in place.
static void add_to_fine(const hf_kernels *kernels, const layer *l) {
    const hf_grid coarse = grid_of((l->width + 1) / 2, l->k), fine = grid_of(l->width, l->k);
    const hf_grid every = {l->width / 2, 2 * fine.pixel_stride, 2 * fine.row_stride};
    for (int place = 0; place < 4; place++) {
        uint8_t *first = inside(l->to, fine) + place / 2 * fine.row_stride + place % 2 * fine.pixel_stride;
        kernels->add(inside(l->from, coarse), coarse, 3, 9000, first, every, -5, 8000, first, every, 1, l->n, 0,
                     l->height / 2);
    }
}

static void run(const hf_kernels *kernels, const layer *l) {
    const hf_grid in = grid_of(l->width * l->stride, l->k),
                  out = grid_of(l->width, l->n * (l->output == HF_OUTPUT_INT16 ? 2 : 1));
    const uint8_t *input = inside(l->from, in);
    uint8_t *output = inside(l->to, out);
    if (l->kind == STEM) {
        hf_stem stem = {l->n, l->packed};
        kernels->stem(&stem, input, in, output, out, 0, l->height);
    } else if (l->kind == DEPTHWISE) {
        hf_depthwise depthwise = {l->n, l->stride, l->packed};
        const uint8_t *first = l->stride == 1 ? input - in.row_stride - in.pixel_stride : input;
        hf_fill_border(inside(l->from, in), in, l->height * l->stride, l->k, -128);
        kernels->depthwise(&depthwise, first, in, output, out, 0, l->height);
    } else if (l->kind == ADD && l->stride == 2) {
        add_to_fine(kernels, l);
    } else if (l->kind == ADD) {
        kernels->add(input, in, 3, 9000, inside(l->with, out), out, -5, 8000, output, out, 1, l->n, 0, l->height);
    } else {
        ptrdiff_t taps[9] = {0};
        for (int t = 0; l->kind == FULL && t < 9; t++)
            taps[t] = (t / 3 - 1) * in.row_stride + (t % 3 - 1) * in.pixel_stride;
        hf_convolution convolution = {l->kind == FULL ? 9 : 1, l->k, l->n, l->output, l->packed};
        if (l->kind == FULL) hf_fill_border(inside(l->from, in), in, l->height, l->k, -128);
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
    double by_kind[5] = {0}, macs[5] = {0}, all = 0;
    for (int i = 0; i < layer_count; i++) pack(kernels, &layers[i]), layers[i].least = 1e9;
    for (int pass = 0; pass < passes; pass++) {
        full[pass] = local[pass] = 0;
        for (int i = 0; i < layer_count; i++) {
            double start = now();
            run(kernels, &layers[i]);
            double time = now() - start;
            if (time < layers[i].least) layers[i].least = time;
            full[pass] += time, local[pass] += layers[i].local ? time : 0;
        }
    }
    for (int i = 0; i < layer_count; i++) {
        const layer *l = &layers[i];
        char shape[64];
        snprintf(shape, sizeof shape, "%s %d->%d /%d %dx%d", kind_names[l->kind], l->k, l->n, l->stride, l->width,
                 l->height);
        row(l->name, shape, l->macs, l->least);
        by_kind[l->kind] += l->least, macs[l->kind] += l->macs, all += l->macs;
        free(l->packed);
    }
    for (int i = 0; i < 5; i++) row("sum of least", kind_names[i], macs[i], by_kind[i]);
    row("full, median", "", all, median(full, passes));
    printf("%-20s %-28s %8.3f ms\n", "full, least", "", full[0]);
    printf("%-20s %-28s %8.3f ms\n", "local, median", "", median(local, passes));
}

static void bench_dots(const hf_kernels *kernels, int passes, size_t global) {
    static double time[MAX_PASSES];
    enum { QUERIES = 1000, ROWS = 2000, D = 128, VLAD = 7680 };
    int8_t *rows = make(global * VLAD + ROWS * D), *vector = make(VLAD + QUERIES * D);
    int32_t *out = make(4 * (global + ROWS));
    for (int pass = 0; pass < passes; pass++) {
        double start = now();
        kernels->dot_rows(rows, global, VLAD, vector, out);
        time[pass] = now() - start;
    }
    row("projection", "dot_rows 7680", (double)global * VLAD, median(time, passes));
    uint32_t *landmark = make(ROWS * 4);
    hf_best *best = make(QUERIES * sizeof *best);
    void *scratch = make(kernels->match_scratch(D, ROWS));
    for (int pass = 0; pass < passes; pass++) {
        double start = now();
        kernels->match(vector, QUERIES, rows, landmark, ROWS, D, scratch, best);
        time[pass] = now() - start;
    }
    row("match", "1000 x 2000 x 128", 1.0 * QUERIES * ROWS * D, median(time, passes));
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
    }
}
