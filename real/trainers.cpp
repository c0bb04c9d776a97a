#include "real/trainers.hpp"

#include <memory>
#include <utility>

#include <fmt/format.h>

#include "backend/backend.hpp"
#include "base/process/program.hpp"
#include "comm/mpi/mpi_transport.hpp"
#include "real/neighbours.hpp"
#include "real/watchful_transport.hpp"
#include "scenario/processors.hpp"

namespace lockstep::real {

comm::Communicator trainers(const scenario::Config& config, std::string_view program, Waits waits,
                            RankWatch* watch) {
    auto transport = comm::duplicate_world();
    const auto [ranks, cores, hosts, processes] = neighbours();
    // Emulated processors sleep most of the time, if they are slow enough: whether they were is seen
    // afterwards.
    if (ranks > cores && transport->rank() == 0 && !scenario::emulates_all_speeds(config))
        base::print_message(fmt::format(
            "{}: warning: {} ranks share {} of {}: the times measured mean nothing", program, ranks,
            cores == 1 ? "one core" : fmt::format("the {} cores", cores), backend::describe().host));
    const bool naps = ranks > cores && scenario::emulates_processors(config);
    if (naps || waits == Waits::watched)
        transport = std::make_unique<WatchfulTransport>(std::move(transport),
                                                        Waiting{naps, config.rank_timeout_s, hosts, watch});
    return comm::Communicator(std::move(transport));
}

}  // namespace lockstep::real
