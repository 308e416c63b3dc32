// OpenBLAS: the C interface of BLAS, and the few LAPACK routines the project calls.
//
// libopenblas-dev carries LAPACK but not the header lapacke.h (another package), so the Fortran symbols are declared
// here. Matrices are column-major. Each character argument has its length as a hidden argument at the end (gfortran).
#ifndef HFLOC_COPENBLAS_SHIM_H
#define HFLOC_COPENBLAS_SHIM_H

#include <cblas.h>
#include <stddef.h>
#include <stdint.h>

// Cholesky factor of a symmetric positive definite matrix; info > 0 is the order of the minor that is not positive.
void dpotrf_(const char *uplo, const int32_t *n, double *a, const int32_t *lda, int32_t *info, size_t uplo_length);

// Solves A X = B with the factor of dpotrf_.
void dpotrs_(const char *uplo, const int32_t *n, const int32_t *nrhs, const double *a, const int32_t *lda, double *b,
             const int32_t *ldb, int32_t *info, size_t uplo_length);

// Inverse of A from the factor of dpotrf_; only the named triangle is written.
void dpotri_(const char *uplo, const int32_t *n, double *a, const int32_t *lda, int32_t *info, size_t uplo_length);

#endif
