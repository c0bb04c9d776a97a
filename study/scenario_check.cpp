#include "study/scenario_check.hpp"

#include "data/batch_order.hpp"
#include "data/source.hpp"
#include "scenario/validate.hpp"

namespace lockstep::study {

void check_scenario(const scenario::Invocation& invocation, World world) {
    const scenario::Config& config = invocation.config;
    if (world == World::real) scenario::require_real_world(invocation);
    scenario::validate(invocation);
    const data::DatasetShape shape = data::shape(config.data, config.train_samples, config.test_samples);
    [[maybe_unused]] const data::BatchOrder deals(config.partition, shape.train_samples, config.workers,
                                                  config.batch, config.seed);
}

}  // namespace lockstep::study
