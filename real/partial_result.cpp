#include "real/partial_result.hpp"

#include <exception>
#include <utility>

#include <fmt/format.h>

#include "base/process/program.hpp"
#include "real/neighbours.hpp"
#include "result/files.hpp"
#include "run/aborted_run.hpp"
#include "run/command.hpp"
#include "scenario/applicability.hpp"
#include "scenario/processors.hpp"

namespace lockstep::real {

bool leaves_partial_result(const scenario::Config& config, std::size_t rank) {
    const bool waits_in_library = scenario::applies("collective", config) && config.collective == "library";
    return !config.out.empty() && config.checkpoint.empty() && scenario::rank_count(config) > 1 &&
           !waits_in_library && rank == run::rank_with_v(config);
}

void leave_partial_result(const scenario::Config& config, const run::Problem& problem,
                          run::SurvivorReport survivor, const std::string& cause,
                          const std::string& started_utc, double wall_s, std::string_view program) {
    const Neighbours here = neighbours();
    try {
        result::Result result =
            run::summarise_aborted(config, problem, std::move(survivor), {cause, here.hosts});
        run::add_provenance(result, "real", started_utc, wall_s);
        // Of emulated processors nobody knows any more whether they kept pace.
        result.provenance.oversubscribed = here.ranks > here.cores && !scenario::emulates_all_speeds(config);
        result::write_run(result, config.out);
    } catch (const std::exception& error) {
        base::print_message(fmt::format("{}: warning: {}", program, error.what()));
    }
}

}  // namespace lockstep::real
