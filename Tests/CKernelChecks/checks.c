#include "CKernelChecks.h"

static const hf_named_check checks[] = {
    {"convolution", hf_check_convolution}, {"depthwise", hf_check_depthwise}, {"stem", hf_check_stem},
    {"add", hf_check_add},                 {"dot_rows", hf_check_dot_rows},   {"match", hf_check_match},
    {"patch", hf_check_patch},
};

const hf_named_check *hf_check_at(size_t index) {
    return index < sizeof checks / sizeof *checks ? &checks[index] : NULL;
}
