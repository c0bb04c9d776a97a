#include "tests/contract/exchange/server_reference.hpp"

#include <algorithm>
#include <cmath>

namespace lockstep::contract {
namespace {

/// As dc-asgd corrects the gradient of one value, taken where v was `w`.
float compensated(const scenario::Config& config, float gradient, float v, float w, float& mean_square) {
    const auto lambda = static_cast<float>(config.compensation);
    const float square = gradient * gradient;
    if (config.method != scenario::Method("dc-asgd") || config.compensation == 0) return gradient;
    if (config.compensation_rule == exchange::Compensation::constant)
        return gradient + lambda * square * (v - w);
    const auto decay = static_cast<float>(config.compensation_decay);
    mean_square = decay * mean_square + (1.0F - decay) * square;
    return gradient + lambda / std::sqrt(mean_square + 1e-7F) * square * (v - w);
}

/// 1 / max(1, staleness), or 1.
float weight_of(const scenario::Config& config, const exchange::Update& update) {
    if (config.step_size == scenario::StepSize("constant")) return 1;
    const std::uint64_t staleness = update.version_applied - update.version_read;
    return staleness > 1 ? 1.0F / static_cast<float>(staleness) : 1.0F;
}

}  // namespace

std::vector<Contributions> by_version(const support::ExchangeRun& run) {
    std::vector<Contributions> versions;
    for (const exchange::Update& update : run.updates) {
        versions.resize(std::max<std::size_t>(versions.size(), update.version_applied + 1));
        versions[update.version_applied].push_back(update);
    }
    return versions;
}

std::vector<Vector> replay_gradients(const scenario::Config& config, const support::Job& job,
                                     const support::ExchangeRun& run) {
    std::vector<Vector> v{job.start};
    Vector mean_square(job.start.size());
    for (const Contributions& contributions : by_version(run)) {
        Vector next = v.back();
        for (std::size_t i = 0; i < next.size(); ++i) {
            float sum = 0;
            for (const exchange::Update& update : contributions) {
                const float read = v.at(update.version_read)[i];
                const float gradient = compensated(config, job.gradient(update.worker, update.step, i, read),
                                                   next[i], read, mean_square[i]);
                sum += weight_of(config, update) * gradient;
            }
            next[i] -= contributions.size() == 1
                           ? sum
                           : sum * static_cast<float>(1.0 / static_cast<double>(contributions.size()));
        }
        v.push_back(next);
    }
    return v;
}

std::vector<Vector> replay_compressed(const scenario::Config& config, const support::Job& job,
                                      const support::ExchangeRun& run) {
    Senders senders(config, job);
    std::vector<Vector> v{job.start};
    Vector mean_square(job.start.size());
    for (const Contributions& contributions : by_version(run)) {
        Vector next = v.back();
        Vector sum(next.size());
        std::uint64_t steps = 0;
        for (const exchange::Update& update : contributions) {
            const Vector& read = v.at(update.version_read);
            Vector gradient(next.size());
            for (std::size_t i = 0; i < next.size(); ++i)
                gradient[i] = job.gradient(update.worker, update.step, i, read[i]);
            const Vector sent = senders.sent(update.worker, update.step, gradient);
            for (std::size_t i = 0; i < next.size(); ++i)
                sum[i] += compensated(config, sent[i], next[i], read[i], mean_square[i]);
            steps += update.step;
        }
        combine(config, sum, contributions.size());
        const std::uint64_t step =
            config.method == scenario::Method("backup-workers") ? v.size() - 1 : steps / contributions.size();
        const float rate = senders.receiver_rate(job.rate(step));
        for (std::size_t i = 0; i < next.size(); ++i) next[i] -= rate * sum[i];
        v.push_back(next);
    }
    return v;
}

std::vector<Vector> mean_reference(const scenario::Config& config, const support::Job& job) {
    std::vector<Vector> after;
    Vector v = job.start;
    Vector velocity(v.size());
    const bool has_momentum = config.optimiser == scenario::OptimiserRule("momentum");
    for (std::uint64_t step = 0; step < job.steps; ++step) {
        for (std::size_t i = 0; i < v.size(); ++i) {
            float sum = job.gradient(0, step, i, v[i]);
            for (std::size_t worker = 1; worker < config.workers; ++worker)
                sum += job.gradient(worker, step, i, v[i]);
            const float mean = sum * static_cast<float>(1.0 / static_cast<double>(config.workers));
            velocity[i] = (has_momentum ? static_cast<float>(config.momentum) * velocity[i] : 0.0F) - mean;
            v[i] += velocity[i];
        }
        after.push_back(v);
    }
    return after;
}

Vector final_v(const scenario::Config& config, const support::ExchangeRun& run) {
    if (scenario::server_count(config) <= 1) return run.final_v();
    Vector v;
    for (std::size_t rank = config.workers; rank < run.shares.size(); ++rank)
        if (const auto& parts = run.shares[rank]; !parts.empty())
            v.insert(v.end(), parts.back().values.begin(), parts.back().values.end());
    return v;
}

std::vector<double> start_minus_applied(const support::Job& job, const support::ExchangeRun& run) {
    std::vector<double> v(job.start.begin(), job.start.end());
    for (const exchange::Update& update : run.updates)
        for (std::size_t i = 0; i < v.size(); ++i)
            v[i] -= static_cast<double>(job.gradient(update.worker, update.step, i, 0));
    return v;
}

}  // namespace lockstep::contract
