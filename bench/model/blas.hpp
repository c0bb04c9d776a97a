#pragma once

#include <string>
#include <vector>

namespace lockstep::bench {

using Sgemm = void (*)(int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha,
                       const float* a, int lda, const float* b, int ldb, float beta, float* c, int ldc);

struct Blas {
    std::string name;  ///< with the processor whose kernels it runs, in the library's own naming
    Sgemm sgemm;
};

/// The libraries that the build found: BLIS and OpenBLAS as they detect this machine, and OpenBLAS once more
/// with its AVX-512 kernels where the machine has AVX-512 and OpenBLAS has not chosen them by itself (0.3.21
/// does not know AMD's processors from 2022 on). Never unloaded.
std::vector<Blas> load_blas();

}  // namespace lockstep::bench
