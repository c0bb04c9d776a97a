#include "blas.hpp"

#include <cstdlib>
#include <filesystem>

#include <dlfcn.h>
#include <unistd.h>

namespace lockstep::bench {
namespace {

template <typename Function>
Function find(void* library, const char* name) {
    return reinterpret_cast<Function>(::dlsym(library, name));
}

std::string kernels_of(void* library) {
    if (const auto core_name = find<char* (*)()>(library, "openblas_get_corename"))
        return std::string("OpenBLAS ") + core_name();
    const auto query_id = find<int (*)()>(library, "bli_arch_query_id");
    const auto id_name = find<const char* (*)(int)>(library, "bli_arch_string");
    return std::string("BLIS ") + (query_id && id_name ? id_name(query_id()) : "");
}

std::vector<Blas> load(const std::filesystem::path& library) {
    void* const handle = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) return {};
    const auto sgemm = find<Sgemm>(handle, "cblas_sgemm");
    if (sgemm == nullptr) return {};
    return {{kernels_of(handle), sgemm}};
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

}  // namespace

std::vector<Blas> load_blas() {
    const std::filesystem::path blis = LOCKSTEP_BLIS;
    const std::filesystem::path openblas = LOCKSTEP_OPENBLAS;
    std::vector<Blas> all;
    const auto add = [&](std::vector<Blas> found) { all.insert(all.end(), found.begin(), found.end()); };
    if (!blis.empty()) add(load(blis));
    const std::vector<Blas> detected = openblas.empty() ? std::vector<Blas>() : load(openblas);
    add(detected);
    if (!detected.empty() && detected.front().name != "OpenBLAS SkylakeX" &&
        __builtin_cpu_supports("avx512vl") != 0)
        add(load_copy(std::filesystem::canonical(openblas), "SkylakeX"));
    return all;
}

}  // namespace lockstep::bench
