#include "tests/contract/exchange_reference.hpp"

namespace lockstep::contract {
namespace {

/// `untouched`: nobody has changed v since it was received; then v + (w - v) is w.
void apply(const scenario::Config& config, Vector& v, const Vector& w, const Vector& received,
           bool untouched) {
    const auto beta = static_cast<float>(config.beta);
    for (std::size_t i = 0; i < v.size(); ++i) {
        if (config.update == scenario::UpdateRule::mix) v[i] = (1 - beta) * v[i] + beta * w[i];
        if (config.update == scenario::UpdateRule::replace) v[i] = w[i];
        if (config.update == scenario::UpdateRule::delta)
            v[i] = untouched ? w[i] : v[i] + (w[i] - received[i]);
    }
}

}  // namespace

std::vector<Vector> serial_reference(const support::Job& job) {
    std::vector<Vector> after;
    Vector w = job.start;
    for (std::uint64_t step = 0; step < job.steps; ++step) {
        support::descend(job.gradient, 0, step, w);
        after.push_back(w);
    }
    return after;
}

Rotation rotation_reference(const scenario::Config& config, const support::Job& job) {
    Rotation rotation;
    rotation.w.resize(config.workers);
    Vector v = job.start;
    std::vector<Vector> received(config.workers, job.start);
    for (std::uint64_t step = 0; step < job.steps; ++step) {
        for (std::size_t worker = 0; worker < config.workers; ++worker) {
            Vector w = received[worker];
            support::descend(job.gradient, worker, step, w);
            apply(config, v, w, received[worker], config.workers == 1 || step + worker == 0);
            received[worker] = v;
            rotation.w[worker].push_back(v);
        }
        rotation.v.push_back(v);
    }
    return rotation;
}

std::vector<std::vector<double>> averaging_reference(std::size_t workers, const support::Job& job) {
    std::vector<std::vector<double>> after;
    std::vector<double> v(job.start.begin(), job.start.end());
    for (std::uint64_t step = 0; step < job.steps; ++step) {
        for (std::size_t i = 0; i < v.size(); ++i) {
            double gradient = 0;
            for (std::size_t worker = 0; worker < workers; ++worker)
                gradient += static_cast<double>(job.gradient(worker, step, i, static_cast<float>(v[i])));
            v[i] -= gradient / static_cast<double>(workers);
        }
        after.push_back(v);
    }
    return after;
}

std::vector<double> sum_of_gradients(std::size_t workers, const support::Job& job) {
    std::vector<double> sum(job.start.size());
    for (std::size_t worker = 0; worker < workers; ++worker)
        for (std::uint64_t step = 0; step < job.steps; ++step)
            for (std::size_t i = 0; i < sum.size(); ++i)
                sum[i] += static_cast<double>(job.gradient(worker, step, i, 0));
    return sum;
}

}  // namespace lockstep::contract
