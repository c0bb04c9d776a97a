#include "study/report/counterfactual_command.hpp"

#include <fmt/format.h>

#include "scenario/applicability.hpp"
#include "scenario/parse.hpp"

namespace lockstep::study {

std::string counterfactual_command(const result::Result& result) {
    const scenario::Config& config = result.config;
    if (result.provenance.world != "simulated" || scenario::replays_order(config) ||
        scenario::records_order(config))
        return {};
    scenario::Config plain = config;
    const scenario::Config usual;
    plain.out.clear();
    plain.events = usual.events;
    plain.paje.clear();
    plain.format = usual.format;
    plain.progress = usual.progress;
    std::string command =
        fmt::format("lockstep compare --methods {}:{}", config.method.name(), config.workers);
    for (const std::string& argument : scenario::to_arguments(plain, scenario::World::simulated)) {
        if (argument.starts_with("--method=")) continue;
        const bool is_plain = argument.find_first_not_of(
                                  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-=.,:/_+") ==
                              std::string::npos;
        if (is_plain) {
            command.append(1, ' ').append(argument);
            continue;
        }
        command += " '";
        for (const char letter : argument) {
            if (letter == '\'') command += "'\\'";
            command += letter;
        }
        command += '\'';
    }
    return command;
}

}  // namespace lockstep::study
