#include "study/compare/counterfactuals.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "scenario/processors.hpp"

namespace lockstep::study {
namespace {

using scenario::Config;

constexpr std::size_t repetitions = 4;

bool is_of_network(Resource resource) {
    return resource == Resource::bandwidth || resource == Resource::latency;
}

std::size_t round_of(Resource resource) {
    return resource == Resource::straggler ? 0 : is_of_network(resource) ? 2 : 1;
}

}  // namespace

std::string Probe::name() const {
    return resource ? fmt::format("with ideal {}", study::name(*resource)) : "once more";
}

Counterfactuals::Counterfactuals(const result::Result& actual)
    : time_s_(actual.summary.elapsed_s),
      noise_s_(usual_step_s(actual)),
      least_s_(time_s_),
      most_s_(time_s_),
      usual_step_(mean_step_factor(actual)),
      all_{timing_only_run(actual.config), time_s_, {}},
      served_(all_) {}

const Counterfactuals::Base& Counterfactuals::base_of(Resource resource) const {
    return is_of_network(resource) ? served_ : all_;
}

std::vector<Probe> Counterfactuals::probes(std::size_t round) const {
    std::vector<Probe> all;
    if (round == 0 && !scenario::is_deterministic(all_.config))
        for (std::size_t i = 0; i < repetitions; ++i)
            all.push_back({{}, with_jolt(all_.config, i % all_.config.workers)});
    for (const Resource resource : all_resources) {
        const Config& before = base_of(resource).config;
        if (round_of(resource) == round && can_be_ideal(resource, before))
            all.push_back({resource, with_ideal(resource, before, usual_step_)});
    }
    return all;
}

void Counterfactuals::take(const Probe& probe, double time_s) {
    if (probe.resource) return take_gain(*probe.resource, probe.config, time_s);
    least_s_ = std::min(least_s_, time_s);
    most_s_ = std::max(most_s_, time_s);
    noise_s_ = std::max(noise_s_, most_s_ - least_s_);
}

void Counterfactuals::take_gain(Resource resource, const Config& config, double time_s) {
    const Base& before = base_of(resource);
    const Gain gain{resource, before.time_s, time_s, before.aside};
    const auto place = std::ranges::upper_bound(gains_, gain.resource, {}, &Gain::resource);
    gains_.insert(place, gain);
    if (gain.saved_s() < std::max(worth_telling * time_s_, noise_s_)) return;
    if (resource != Resource::straggler && resource != Resource::server) return;
    Base after{config, time_s, before.aside};
    after.aside.push_back(resource);
    if (resource == Resource::straggler) all_ = after;
    served_ = std::move(after);
}

Limit Counterfactuals::limit() const {
    return find_limit(time_s_, noise_s_, gains_);
}

double usual_step_s(const result::Result& result) {
    std::vector<double> steps_s;
    for (const result::Worker& worker : result.workers)
        if (!worker.is_server && !worker.stopped && worker.steps > 0)
            steps_s.push_back(worker.compute_s / static_cast<double>(worker.steps));
    if (scenario::is_deterministic(result.config) || steps_s.empty()) return 0;
    const auto middle = steps_s.begin() + static_cast<std::ptrdiff_t>((steps_s.size() - 1) / 2);
    std::ranges::nth_element(steps_s, middle);
    return *middle;
}

double mean_step_factor(const result::Result& result) {
    double sum = 0;
    double steps = 0;
    for (std::size_t rank = 0; rank < std::min(result.config.workers, result.workers.size()); ++rank) {
        const std::uint64_t taken = result.workers[rank].steps;
        for (std::uint64_t step = 0; step < taken; ++step)
            sum += scenario::step_time_factor(result.config, rank, step);
        steps += static_cast<double>(taken);
    }
    return steps > 0 ? sum / steps : 1;
}

}  // namespace lockstep::study
