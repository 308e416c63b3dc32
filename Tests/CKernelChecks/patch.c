#include "support.h"

static int check_halve(const hf_kernels *kernels, const hf_kernels *truth, int32_t width, int32_t height, fill how,
                       random_source *r, char *message, size_t message_size) {
    const ptrdiff_t stride = 2 * width + random_between(r, 0, 5);
    // No byte more than the picture has.
    guarded pixels = guarded_make((size_t)((2 * height - 1) * stride + 2 * width), next_random(r));
    fill_signed(r, how, (int8_t *)pixels.start, pixels.size);
    guarded out[2] = {guarded_make((size_t)(width * height), 8), guarded_make((size_t)(width * height), 8)};
    truth->halve(pixels.start, stride, out[0].start, width, height);
    kernels->halve(pixels.start, stride, out[1].start, width, height);
    ptrdiff_t at = guarded_difference(out[0], out[1]);
    if (at != PTRDIFF_MAX)
        snprintf(message, message_size, "halve to %d x %d, fill %d: byte %td differs", width, height, how, at);
    guarded_free(out[0]), guarded_free(out[1]), guarded_free(pixels);
    return at == PTRDIFF_MAX;
}

static int check_sums(const hf_kernels *kernels, const hf_kernels *truth, int32_t side, fill how, fill other,
                      random_source *r, char *message, size_t message_size) {
    enum { WIDTH = 40, HEIGHT = 30 };
    static const int32_t step[4] = {1 << 16, 3000, -2000, 1 << 16};
    static const int32_t fractions[] = {0, 1, 63, 64, 127};
    uint8_t source[WIDTH * HEIGHT];
    const ptrdiff_t stride = side + 1 + random_between(r, 0, 9);
    guarded pixels = guarded_make((size_t)(side * stride + side + 1), next_random(r));
    fill_signed(r, how, (int8_t *)pixels.start, pixels.size), fill_signed(r, other, (int8_t *)source, sizeof source);
    hf_patch patch = {0};
    hf_take_patch(source, WIDTH, random_between(r, 15 << 16, 20 << 16), random_between(r, 12 << 16, 16 << 16), step,
                  side, &patch);
    int same = 1;
    for (size_t i = 0; i < 25 && same; i++) {
        const int32_t u = fractions[i % 5], v = fractions[i / 5];
        guarded out[2];
        for (int which = 0; which < 2; which++) {
            out[which] = guarded_make(sizeof(hf_patch_sums), 3);
            (which ? kernels : truth)
                ->patch_sums(pixels.start, stride, u, v, &patch, (hf_patch_sums *)(void *)out[which].start);
        }
        ptrdiff_t at = guarded_difference(out[0], out[1]);
        if (at != PTRDIFF_MAX)
            snprintf(message, message_size, "patch of %d, fills %d %d, at %d %d: byte %td differs", side, how, other, u,
                     v, at);
        guarded_free(out[0]), guarded_free(out[1]);
        same = at == PTRDIFF_MAX;
    }
    guarded_free(pixels);
    return same;
}

size_t hf_check_patch(const hf_kernels *kernels, uint64_t seed, char *message, size_t message_size) {
    static const int32_t widths[] = {1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 320};
    const hf_kernels *truth = hf_kernels_named("scalar");
    random_source r = {seed};
    size_t cases = 0;
    *message = 0;
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
        for (int how = 0; how < FILLS; how++, cases++)
            if (!check_halve(kernels, truth, widths[i], random_between(&r, 1, 5), (fill)how, &r, message, message_size))
                return cases;
    for (int32_t side = HF_PATCH_COARSE; side <= HF_PATCH_SIDE; side += HF_PATCH_SIDE - HF_PATCH_COARSE)
        for (int how = 0; how < FILLS * FILLS; how++, cases++)
            if (!check_sums(kernels, truth, side, (fill)(how % FILLS), (fill)(how / FILLS), &r, message, message_size))
                return cases;
    return cases;
}
