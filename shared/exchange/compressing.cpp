#include "exchange/compressing.hpp"

#include "compression/half.hpp"
#include "compression/low_rank.hpp"
#include "compression/qsgd.hpp"
#include "compression/sign.hpp"
#include "compression/top_k.hpp"
#include "option/values.hpp"

namespace lockstep::exchange {
namespace {

using Blocks = std::span<const base::Block>;
using Codec = std::unique_ptr<compression::Codec>;
using enum CompressionRow::Mean;
using enum comm::WireFormat;

Codec top_k(const Compressing& chosen, Blocks /*blocks*/) {
    return std::make_unique<compression::TopK>(chosen.top_k);
}
Codec qsgd(const Compressing& chosen, Blocks /*blocks*/) {
    return std::make_unique<compression::Qsgd>(static_cast<std::uint32_t>(chosen.levels));
}
Codec power_sgd(const Compressing& chosen, Blocks blocks) {
    return std::make_unique<compression::LowRank>(blocks, chosen.compression_rank);
}
template <typename Plain>
Codec make(const Compressing& /*chosen*/, Blocks /*blocks*/) {
    return std::make_unique<Plain>();
}

constexpr CompressionRow compressions[]{
    {"none", of_sums, float32, false, true, nullptr},
    {"top-k", of_codes, float32, true, false, top_k},
    {"qsgd", of_codes, float32, false, true, qsgd},
    {"sign", of_signs, float32, false, false, make<compression::Sign>},
    {"power-sgd", of_factors, float32, true, false, power_sgd},
    {"fp16", of_sums, float16, false, true, make<compression::Float16>},
    {"bf16", of_sums, bfloat16, false, true, make<compression::Bfloat16>},
};

/// Whether it is the one of that name.
auto is(std::string_view name) {
    return [=](const Compressing& chosen) { return chosen.compression.name() == name; };
}

}  // namespace

std::span<const CompressionRow> CompressionRow::all() {
    return compressions;
}

std::size_t Compressing::words(std::span<const base::Block> blocks, std::size_t values) const {
    const Codec one = codec(blocks);
    return one == nullptr ? values : one->words(values);
}

std::vector<option::Option<Compressing>> Compressing::options() {
    return {
        {"compression", option::choice(&Compressing::compression), "Of gradients on their way."},
        {"top-k", option::of(&Compressing::top_k, option::positive_real(1)),
         "Share of the values that top-k sends.", "with --compression top-k", is("top-k")},
        {"levels", option::of(&Compressing::levels, option::whole({1, 32767})), "Levels s of qsgd.",
         "with --compression qsgd", is("qsgd")},
        {"compression-rank", option::of(&Compressing::compression_rank, option::whole({1, 4096})),
         "Rank of power-sgd's factors.", "with --compression power-sgd", is("power-sgd")},
    };
}

}  // namespace lockstep::exchange
