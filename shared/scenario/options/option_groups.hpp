#pragma once

#include <vector>

#include "scenario/options/options.hpp"

namespace lockstep::scenario {

/// The parts of the table options().
std::vector<Option> method_options();
std::vector<Option> exchange_options();
std::vector<Option> data_options();
std::vector<Option> model_options();
std::vector<Option> training_options();
std::vector<Option> measure_options();
std::vector<Option> processor_options();
std::vector<Option> network_options();
std::vector<Option> message_options();
std::vector<Option> simulation_options();
std::vector<Option> output_options();

}  // namespace lockstep::scenario
