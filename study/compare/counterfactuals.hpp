#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "result/result.hpp"
#include "study/compare/limit.hpp"

namespace lockstep::study {

/// A timing-only run that is to be made.
struct Probe {
    std::optional<Resource> resource;  ///< unset: nothing is ideal; see with_jolt()
    scenario::Config config;

    /// `with ideal latency`
    std::string name() const;
};

/// The counterfactual runs of one run, in rounds, and what each resource costs. They are nested so that no
/// cause counts twice: where stragglers have a cost, that of the server and of compute is of a run without
/// them; where the server has one too, those of bandwidth and latency are of one whose server is ideal. What
/// costs nothing is not put aside, so that no run is compared with one that takes longer than the actual one:
/// no cost exceeds its time.
///
/// Draws are the same in all of them, so that their differences are exact as long as all happens in the same
/// order. Where timing decides about the order of updates, chance remains: the actual run is repeated with
/// with_jolt(), and what its time varies by, but at least what a usual step computes, is noise.
class Counterfactuals {
  public:
    static constexpr std::size_t rounds = 3;

    /// Of a run that finished.
    explicit Counterfactuals(const result::Result& actual);

    /// Those of a round, after the times of the rounds before have been taken.
    std::vector<Probe> probes(std::size_t round) const;
    /// The time of one of them.
    void take(const Probe& probe, double time_s);
    Limit limit() const;

  private:
    /// What probes are compared with.
    struct Base {
        scenario::Config config;
        double time_s;
        std::vector<Resource> aside;  ///< ideal in it
    };

    const Base& base_of(Resource resource) const;
    void take_gain(Resource resource, const scenario::Config& config, double time_s);

    double time_s_;
    double noise_s_;
    double least_s_, most_s_;  ///< of the actual run and its repetitions
    double usual_step_;
    Base all_;     ///< of the server and compute, at first of everything
    Base served_;  ///< of the network
    std::vector<Gain> gains_;
};

/// Of a run whose order of updates depends on timing, how long the median worker computes for a step (of an
/// even number, the faster of the two in the middle), in seconds: whether somebody takes one more is chance.
/// Those that stopped, or took none, are left out, and so is waiting: a straggler's own steps are what it
/// costs, not chance. Otherwise 0.
double usual_step_s(const result::Result& result);

/// Mean of what --variability drew for the steps that the workers took.
double mean_step_factor(const result::Result& result);

}  // namespace lockstep::study
