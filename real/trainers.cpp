#include "real/trainers.hpp"

#include <algorithm>
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
namespace {

/// Emulated processors sleep most of the time, if they are slow enough: whether they were is seen afterwards.
bool naps(const scenario::Config& config) {
    const Neighbours all = neighbours();
    return all.ranks > all.cores && scenario::emulates_processors(config);
}

}  // namespace

comm::Communicator trainers(const scenario::Config& config, std::string_view program, Waits waits,
                            RankWatch* watch) {
    auto transport = comm::duplicate_world();
    const auto [ranks, cores, hosts, processes] = neighbours();
    if (ranks > cores && transport->rank() == 0 && !scenario::emulates_all_speeds(config))
        base::print_message(fmt::format(
            "{}: warning: {} ranks share {} of {}: the times measured mean nothing", program, ranks,
            cores == 1 ? "one core" : fmt::format("the {} cores", cores), backend::describe().host));
    if (naps(config) || waits == Waits::watched)
        transport = std::make_unique<WatchfulTransport>(
            std::move(transport), Waiting{naps(config), config.rank_timeout_s, hosts, watch});
    return comm::Communicator(std::move(transport));
}

comm::Communicator patient_ranks(const scenario::Config& config) {
    const double most_s = std::max(config.rank_timeout_s, scenario::Config().rank_timeout_s);
    return comm::Communicator(std::make_unique<WatchfulTransport>(
        comm::duplicate_world(), Waiting{naps(config), most_s, neighbours().hosts, nullptr}));
}

}  // namespace lockstep::real
