#include "run/load_problem.hpp"

#include <utility>

#include "run/replay/order.hpp"

namespace lockstep::run {

Problem load_problem(const scenario::Config& config, std::shared_ptr<const data::Dataset> dataset) {
    Problem problem = read_problem(config, std::move(dataset));
    if (scenario::replays_order(config))
        problem.replayed = std::make_shared<const result::Order>(load_order(config, problem));
    return problem;
}

}  // namespace lockstep::run
