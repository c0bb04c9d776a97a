#include <new>
#include <stdexcept>
#include <string_view>
#include <vector>

#include <dnnl.h>
#include <fmt/format.h>
#include <omp.h>

#include "model/products.hpp"

namespace lockstep::model {
namespace {

static_assert(
    DNNL_CPU_THREADING_RUNTIME == DNNL_RUNTIME_OMP || DNNL_CPU_THREADING_RUNTIME == DNNL_RUNTIME_SEQ,
    "this oneDNN takes its threads from elsewhere than OpenMP: configure with -DLOCKSTEP_ONEDNN=OFF");

/// For as long as it lives, OpenMP gives this thread no others: a rank computes on one core, and what else
/// the program does with OpenMP stays as it is.
class OneThread {
  public:
    OneThread() : before_(::omp_get_max_threads()) { ::omp_set_num_threads(1); }
    ~OneThread() { ::omp_set_num_threads(before_); }
    OneThread(const OneThread&) = delete;
    OneThread& operator=(const OneThread&) = delete;

  private:
    int before_;
};

dnnl_dim_t dim(std::size_t value) {
    return static_cast<dnnl_dim_t>(value);
}

/// A row-major matrix, or its transpose: `rows` and `columns` are those of the factor.
struct Factor {
    const float* values;
    char is_transposed;  // 'T' or 'N'
    std::size_t row_length;
};

/// result (rows x columns) = left * right, summed over `depth` products.
void multiply(std::size_t rows, std::size_t columns, std::size_t depth, Factor left, Factor right,
              float* result) {
    const OneThread alone;
    const dnnl_status_t status = ::dnnl_sgemm(left.is_transposed, right.is_transposed, dim(rows),
                                              dim(columns), dim(depth), 1, left.values, dim(left.row_length),
                                              right.values, dim(right.row_length), 0, result, dim(columns));
    if (status == dnnl_out_of_memory) throw std::bad_alloc();
    if (status != dnnl_success)
        throw std::logic_error(fmt::format("oneDNN refuses a product with status {}", int{status}));
}

std::string_view kernels() {
    const auto isa = static_cast<unsigned>(::dnnl_get_effective_cpu_isa());
    const auto has = [&](unsigned set) { return (isa & set) == set; };
    if (has(dnnl_cpu_isa_avx512_core)) return "AVX-512";
    if (has(dnnl_cpu_isa_avx2)) return "AVX2";
    if (has(dnnl_cpu_isa_avx)) return "AVX";
    return "SSE4.1";
}

}  // namespace

/// It has kernels for one row and for more, and writes those of a kind when they are first called for.
void prepare_products() {
    constexpr std::size_t width = 64;
    const std::vector<float> factors(width * width);
    std::vector<float> result(width * width);
    for (const std::size_t batch : {std::size_t{1}, std::size_t{4}})
        for (const auto product : {forward_product, weight_product, backward_product})
            product({batch, width, width}, factors.data(), factors.data(), result.data());
}

std::string products_library() {
    const dnnl_version_t& version = *::dnnl_version();
    return fmt::format("oneDNN {}.{}.{} ({})", version.major, version.minor, version.patch, kernels());
}

void forward_product(const ProductShape& shape, const float* inputs, const float* weights, float* outputs) {
    multiply(shape.batch, shape.outputs, shape.inputs, {inputs, 'N', shape.inputs},
             {weights, 'T', shape.inputs}, outputs);
}

void weight_product(const ProductShape& shape, const float* errors, const float* inputs, float* gradient) {
    multiply(shape.outputs, shape.inputs, shape.batch, {errors, 'T', shape.outputs},
             {inputs, 'N', shape.inputs}, gradient);
}

void backward_product(const ProductShape& shape, const float* errors, const float* weights, float* back) {
    multiply(shape.batch, shape.inputs, shape.outputs, {errors, 'N', shape.outputs},
             {weights, 'N', shape.inputs}, back);
}

}  // namespace lockstep::model
