// Compression as a plain program: what every worker sends, one after the other, and what all make of it.
#include <memory>
#include <optional>

#include "compression/half.hpp"
#include "compression/low_rank.hpp"
#include "compression/power_sgd.hpp"
#include "compression/qsgd.hpp"
#include "compression/sign.hpp"
#include "compression/top_k.hpp"
#include "exchange/optimiser.hpp"
#include "tests/contract/comm/collective_reference.hpp"
#include "tests/contract/exchange/exchange_reference.hpp"

namespace lockstep::contract {
namespace {

using scenario::Compression;
using scenario::Config;

auto sum_by(const scenario::Collective& collective) {
    if (collective == "ring") return ring_sum;
    if (collective == "recursive-doubling") return recursive_doubling_sum;
    if (collective == "rabenseifner") return rabenseifner_sum;
    if (collective == "flat") return flat_sum;
    return tree_sum;
}

float as_float16(float value) {
    compression::round_to_float16({&value, 1});
    return value;
}
float as_bfloat16(float value) {
    compression::round_to_bfloat16({&value, 1});
    return value;
}

void divide(Vector& sum, std::size_t workers) {
    const auto share = static_cast<float>(1.0 / static_cast<double>(workers));
    if (workers > 1)
        for (float& value : sum) value *= share;
}

Vector mean_in_16_bits(const Config& config, const Vectors& gradients) {
    const bool ieee = config.compression == Compression("fp16");
    Vector sum = sum_by(config.collective)(gradients, ieee ? as_float16 : as_bfloat16);
    divide(sum, config.workers);
    return sum;
}

base::FloatBuffer aligned(const Vector& values) {
    base::FloatBuffer buffer(values.size());
    std::copy(values.begin(), values.end(), buffer.data());
    return buffer;
}

std::unique_ptr<compression::Codec> codec_of(const Config& config, const base::Block& block) {
    const Compression& code = config.compression;
    if (code == "top-k") return std::make_unique<compression::TopK>(config.top_k);
    if (code == "qsgd") return std::make_unique<compression::Qsgd>(static_cast<std::uint32_t>(config.levels));
    if (code == "sign") return std::make_unique<compression::Sign>();
    if (code == "power-sgd")
        return std::make_unique<compression::LowRank>(std::span(&block, 1), config.compression_rank);
    if (code == "fp16") return std::make_unique<compression::Float16>();
    if (code == "bf16") return std::make_unique<compression::Bfloat16>();
    return nullptr;
}

/// Sums factors; what is subtracted from each worker's vector is what all have got.
Vector mean_of_factors(const Config& config, Vectors& vectors, compression::PowerSgd& power) {
    const auto mean = [&](std::size_t length, auto factors_of) {
        Vectors factors;
        for (const Vector& vector : vectors) {
            base::FloatBuffer buffer(length);
            factors_of(aligned(vector), buffer);
            factors.emplace_back(buffer.data(), buffer.data() + length);
        }
        Vector sum = sum_by(config.collective)(factors, as_it_is);
        divide(sum, config.workers);
        return aligned(sum);
    };
    base::FloatBuffer left = mean(power.layout().left_values(), [&](const auto& vector, auto& factors) {
        power.left_factors(vector, factors);
    });
    power.orthonormalise(left);
    const base::FloatBuffer right =
        mean(power.layout().right_values(),
             [&](const auto& vector, auto& factors) { power.right_factors(vector, left, factors); });
    base::FloatBuffer result(vectors[0].size());
    power.decode(left, right, result);
    power.warm_start(right);
    for (Vector& vector : vectors)
        for (std::size_t i = 0; i < vector.size(); ++i) vector[i] -= result.data()[i];
    return {result.data(), result.data() + result.size()};
}

bool feeds_back(const Config& config) {
    return config.compression == Compression("top-k") || config.compression == Compression("power-sgd");
}

Vectors gradients_at(std::span<const float> at, const Config& config, const support::Job& job,
                     std::uint64_t step) {
    Vectors gradients(config.workers);
    for (std::size_t worker = 0; worker < config.workers; ++worker)
        for (std::size_t i = 0; i < at.size(); ++i)
            gradients[worker].push_back(job.gradient(worker, step, i, at[i]));
    return gradients;
}

}  // namespace

Senders::Senders(const Config& config, const support::Job& job)
    : config_(config), job_(job), block_(job.block()), owes_(feeds_back(config)) {
    owed_.assign(config.workers, Vector(job.start.size()));
    for (std::size_t worker = 0; worker < config.workers; ++worker)
        codecs_.push_back(codec_of(config, block_));
}

Vector Senders::sent(std::size_t worker, std::uint64_t step, const Vector& gradient) {
    compression::Codec& codec = *codecs_[worker];
    Vector& owed = owed_[worker];
    Vector vector = gradient;
    if (owes_)
        for (std::size_t i = 0; i < vector.size(); ++i) vector[i] = owed[i] + job_.rate(step) * gradient[i];
    base::RandomStream draws(config_.seed, base::Purpose::compression, static_cast<std::uint32_t>(worker),
                             static_cast<std::uint32_t>(step));
    base::FloatBuffer code(codec.words(vector.size()));
    base::FloatBuffer result(vector.size());
    codec.encode(aligned(vector), draws, code);
    codec.decode(code, result);
    if (owes_)
        for (std::size_t i = 0; i < vector.size(); ++i) owed[i] = vector[i] - result.data()[i];
    return {result.data(), result.data() + result.size()};
}

void combine(const Config& config, Vector& sum, std::size_t count) {
    if (config.compression != Compression("sign")) return divide(sum, count);
    for (float& value : sum) value = value > 0 ? 1.0F : value < 0 ? -1.0F : 0.0F;
}

Compressed compressed_reference(const Config& config, const support::Job& job) {
    const base::Block block = job.block();
    compression::PowerSgd power({&block, 1}, config.compression_rank,
                                {config.seed, base::Purpose::compression});
    Senders senders(config, job);
    const auto optimiser = config.Optimising::make(job.start.size());
    Compressed run;
    run.owed.resize(feeds_back(config) ? config.workers : 0);
    Vectors owed(config.workers, Vector(job.start.size()));
    Vector v = job.start;
    for (std::uint64_t step = 0; step < job.steps; ++step) {
        const Vectors gradients = gradients_at(optimiser->look_ahead(v), config, job, step);
        Vector mean(v.size());
        if (config.compression == Compression("power-sgd")) {
            for (std::size_t worker = 0; worker < config.workers; ++worker)
                for (std::size_t i = 0; i < v.size(); ++i)
                    owed[worker][i] += job.rate(step) * gradients[worker][i];
            mean = mean_of_factors(config, owed, power);
        } else if (config.compression == Compression("fp16") || config.compression == Compression("bf16")) {
            mean = mean_in_16_bits(config, gradients);
        } else {
            for (std::size_t worker = 0; worker < config.workers; ++worker) {
                const Vector sent = senders.sent(worker, step, gradients[worker]);
                for (std::size_t i = 0; i < v.size(); ++i) mean[i] += sent[i];
                owed[worker] = senders.owed(worker);
            }
            combine(config, mean, config.workers);
        }
        optimiser->apply(v, mean, senders.receiver_rate(job.rate(step)));
        run.v.push_back(v);
        for (std::size_t worker = 0; worker < run.owed.size(); ++worker)
            run.owed[worker].push_back(owed[worker]);
    }
    return run;
}

}  // namespace lockstep::contract
