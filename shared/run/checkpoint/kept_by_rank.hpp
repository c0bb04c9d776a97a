#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "backend/backend.hpp"
#include "base/packing.hpp"
#include "events/activity_totals.hpp"
#include "events/message_log.hpp"
#include "exchange/arrival.hpp"
#include "exchange/leg.hpp"
#include "run/network_training.hpp"

namespace lockstep::run {

/// Where a run began: at its first step, or, with other workers than had trained before, in its midst.
struct Beginning {
    std::uint64_t step = 0;  ///< of each worker
    double elapsed_s = 0;    ///< by then
    std::optional<backend::Energy> energy;
    std::string before;    ///< who had trained: `4 workers until epoch 2.50`; empty where nobody had
    std::vector<float> v;  ///< what they had come to; else there is nothing

    friend void visit_fields(auto& archive, base::ConstOrNot<Beginning> auto& beginning) {
        archive("step", beginning.step);
        archive("elapsed_s", beginning.elapsed_s);
        archive("energy", beginning.energy);
        archive("v", beginning.v);
        archive("before", beginning.before);
    }
};

/// All that one rank goes on from, but for its journal.
struct KeptByRank {
    Beginning beginning;
    exchange::Memory memory;
    NetworkTraining::State training;
    events::MessageLog messages;  ///< by a clock that starts with the run
    std::vector<events::ActivityRow> activities;
    std::vector<exchange::Arrival> arrivals;
    backend::ResourceUse used;
    backend::Passed passed;
    bool has_journal = true;  ///< which follows

    friend void visit_fields(auto& archive, base::ConstOrNot<KeptByRank> auto& kept) {
        archive("beginning", kept.beginning);
        archive("memory", kept.memory);
        archive("training", kept.training);
        archive("messages", kept.messages);
        archive("activities", kept.activities);
        archive("arrivals", kept.arrivals);
        archive("used", kept.used);
        archive("passed", kept.passed);
        archive("has_journal", kept.has_journal);
    }
};

}  // namespace lockstep::run
