#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

#include "result/checkpoint_folder.hpp"
#include "run/checkpoint/checkpoints.hpp"
#include "run/problem.hpp"
#include "scenario/config.hpp"
#include "tests/support/temporary_folder.hpp"

namespace lockstep::test {

/// A timing-only run of two workers with two steps an epoch, whose checkpoints go into a folder of its own;
/// `wall_s` is what its wall clock says.
struct KeptRun {
    KeptRun(const char* method, std::optional<scenario::CheckpointInterval> every, std::size_t epochs)
        : config(config_of(method, every, epochs, folder.path)), problem(run::read_problem(config)) {}
    KeptRun(const KeptRun&) = delete;
    KeptRun& operator=(const KeptRun&) = delete;

    run::Checkpoints checkpoints(std::string_view world) {
        return {config, problem, "test", world, [this] { return wall_s; }};
    }
    std::optional<result::FoundCheckpoint> newest() const { return result::newest_checkpoint(folder.path); }

    support::TemporaryFolder folder;
    scenario::Config config;
    run::Problem problem;
    double wall_s = 1000;

  private:
    static scenario::Config config_of(const char* method, std::optional<scenario::CheckpointInterval> every,
                                      std::size_t epochs, const std::filesystem::path& to) {
        scenario::Config made;
        made.method = scenario::Method(method);
        made.workers = 2;
        made.numerics = scenario::Numerics::none;
        made.train_samples = 100;
        made.test_samples = 20;
        made.batch = 25;
        made.epochs = epochs;
        made.checkpoint = to.string();
        made.checkpoint_every = every;
        return made;
    }
};

}  // namespace lockstep::test
