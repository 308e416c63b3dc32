// The part of openblas that hfloc uses.
#include <cblas.h>
