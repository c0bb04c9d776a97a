#pragma once

#include <string>
#include <vector>

namespace lockstep::bench {

using Sgemm = void (*)(int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha,
                       const float* a, int lda, const float* b, int ldb, float beta, float* c, int ldc);

struct Blas {
    std::string kernels;  ///< the processor whose kernels it runs, in OpenBLAS's own naming
    Sgemm sgemm;
};

/// OpenBLAS as it detects this machine, and once more with its AVX-512 kernels where the machine has AVX-512
/// and OpenBLAS has not chosen them by itself (0.3.21 does not know AMD's processors from 2022 on). Empty
/// where the build found no OpenBLAS. Never unloaded.
std::vector<Blas> load_openblas();

}  // namespace lockstep::bench
