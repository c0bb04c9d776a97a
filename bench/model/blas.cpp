#include "blas.hpp"

#include <cstdlib>
#include <filesystem>

#include <dlfcn.h>
#include <unistd.h>

namespace lockstep::bench {
namespace {

#ifdef LOCKSTEP_OPENBLAS

std::vector<Blas> load(const std::filesystem::path& library) {
    void* const handle = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) return {};
    const auto sgemm = reinterpret_cast<Sgemm>(::dlsym(handle, "cblas_sgemm"));
    const auto core_name = reinterpret_cast<char* (*)()>(::dlsym(handle, "openblas_get_corename"));
    if (sgemm == nullptr || core_name == nullptr) return {};
    return {{core_name(), sgemm}};
}

/// OpenBLAS chooses once, when it is loaded; the loader tells libraries apart by file, so a copy chooses
/// anew.
std::vector<Blas> load_copy(const std::filesystem::path& library, const char* core_type) {
    const auto folder =
        std::filesystem::temp_directory_path() / ("lockstep-bench-" + std::to_string(::getpid()));
    std::filesystem::create_directory(folder);
    std::filesystem::copy_file(library, folder / "libopenblas.so");
    ::setenv("OPENBLAS_CORETYPE", core_type, 1);
    auto loaded = load(folder / "libopenblas.so");
    ::unsetenv("OPENBLAS_CORETYPE");
    std::filesystem::remove_all(folder);
    return loaded;
}

#endif

}  // namespace

std::vector<Blas> load_openblas() {
#ifdef LOCKSTEP_OPENBLAS
    auto found = load(LOCKSTEP_OPENBLAS);
    if (!found.empty() && found.front().kernels != "SkylakeX" && __builtin_cpu_supports("avx512vl") != 0)
        for (auto& blas : load_copy(std::filesystem::canonical(LOCKSTEP_OPENBLAS), "SkylakeX"))
            found.push_back(blas);
    return found;
#else
    return {};
#endif
}

}  // namespace lockstep::bench
