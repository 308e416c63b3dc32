// OpenBLAS: the C interface of BLAS.
#ifndef HFLOC_COPENBLAS_SHIM_H
#define HFLOC_COPENBLAS_SHIM_H

#include <cblas.h>

#endif
