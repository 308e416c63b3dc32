// The tables, and which of them this machine can run.
#include <stdlib.h>
#include <string.h>
#if defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#endif

#include "kernels.h"

#define CONVOLUTION(isa)                                                                                     \
    .convolution_size = hf_convolution_size_##isa, .pack_convolution = hf_pack_convolution_##isa,            \
    .convolution = hf_convolution_##isa
#define DEPTHWISE(isa)                                                                                       \
    .depthwise_size = hf_depthwise_size_##isa, .pack_depthwise = hf_pack_depthwise_##isa,                    \
    .depthwise = hf_depthwise_##isa
#define STEM(isa) .stem_size = hf_stem_size_##isa, .pack_stem = hf_pack_stem_##isa, .stem = hf_stem_##isa
#define ADD(isa) .add = hf_add_##isa
#define MATCH(isa)                                                                                           \
    .dot_rows = hf_dot_rows_##isa, .match_scratch = hf_match_scratch_##isa, .match = hf_match_##isa,         \
    .match_listed = hf_match_listed_##isa
#define PATCH(isa) .halve = hf_halve_##isa, .patch_sums = hf_patch_sums_##isa

typedef struct {
    hf_kernels kernels;
    int (*available)(void);
} variant;

static int always(void) { return 1; }
#if defined(__aarch64__)
static int has_neondot(void) {
#if defined(__linux__)
    return getauxval(AT_HWCAP) >> 20 & 1;  // HWCAP_ASIMDDP
#else
    return 0;
#endif
}
#elif defined(__x86_64__)
static int has_avx2(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2");
}
static int has_avx512vnni(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vnni");
}
#endif

#define VARIANT(isa, has, convolution, depthwise, stem, add, match, patch)                                   \
    {{.name = #isa, CONVOLUTION(convolution), DEPTHWISE(depthwise), STEM(stem), ADD(add), MATCH(match),      \
      PATCH(patch)},                                                                                         \
     has},
static const variant variants[] = {HF_TABLES(VARIANT)};
enum { VARIANTS = sizeof variants / sizeof *variants };

static const hf_kernels *at(size_t index) {
    for (size_t i = 0; i < VARIANTS; i++)
        if (variants[i].available() && index-- == 0) return &variants[i].kernels;
    return NULL;
}

const char *hf_kernels_name(size_t index) {
    const hf_kernels *kernels = at(index);
    return kernels ? kernels->name : NULL;
}

const hf_kernels *hf_kernels_named(const char *name) {
    for (size_t i = 0;; i++) {
        const hf_kernels *kernels = at(i);
        if (!kernels || strcmp(kernels->name, name) == 0) return kernels;
    }
}

const hf_kernels *hf_kernels_best(void) {
    const char *wanted = getenv("HFLOC_KERNELS");
    const hf_kernels *best = wanted ? hf_kernels_named(wanted) : NULL;
    if (best) return best;
    for (size_t i = 0; at(i); i++) best = at(i);
    return best;
}
