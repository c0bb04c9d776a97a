#include "sim/simulation.hpp"

#include <stdexcept>
#include <string_view>

#include <fmt/format.h>
#include <mpi.h>
#include <simgrid/Exception.hpp>
#include <simgrid/s4u.hpp>
#include <smpi/smpi.h>
#include <unistd.h>

#include "base/error.hpp"
#include "sim/last_words.hpp"
#include "sim/mpi/simulated_transport.hpp"
#include "sim/platform/energy.hpp"
#include "sim/platform/placement.hpp"
#include "sim/platform/prepared_engine.hpp"
#include "sim/processor.hpp"
#include "sim/simgrid_version.hpp"
#include "sim/standstill_watch.hpp"
#include "sim/trace_file.hpp"
#include "sim/world.hpp"

namespace lockstep::sim {
namespace {

namespace s4u = simgrid::s4u;
constexpr const char* instance = "lockstep";

base::EnvironmentError network_failure(const Rank& rank) {
    return base::EnvironmentError(
        fmt::format("the network failed while rank {} was communicating, at {:.9g} s of simulated time",
                    rank.number, s4u::Engine::get_clock()));
}

/// What was looked for was not there: a fault of ours or of the engine's, which says no more than `map::at`.
base::EnvironmentError missing_entry(const Rank& rank, std::string_view doing,
                                     const std::out_of_range& error) {
    return base::EnvironmentError(fmt::format(
        "rank {} has not found what it looked for ({}) when it {}, at {:.9g} s of simulated time: a fault of "
        "this program or of SimGrid",
        rank.number, error.what(), doing, s4u::Engine::get_clock()));
}

std::exception_ptr error_of(Rank& rank, const Program& program) {
    std::string_view doing = "entered MPI";
    try {
        MPI_Init(nullptr, nullptr);
        doing = "ran its program";
        {
            comm::Communicator communicator(make_transport(rank));
            program(communicator);
        }
        doing = "left MPI";
        MPI_Finalize();
        rank.finished = true;
        ++rank.world.finished_ranks;
        rank.world.departure.wait();  // the engine gives up on a message to a rank that is gone
        return nullptr;
    } catch (const simgrid::NetworkFailureException&) {
        // Its message is lost with what was turned off: it waits for ever.
        if (rank.world.breakdowns != nullptr && !rank.world.breakdowns->none()) return nullptr;
        return std::make_exception_ptr(network_failure(rank));
    } catch (const simgrid::Exception& error) {
        return std::make_exception_ptr(base::EnvironmentError(
            fmt::format("SimGrid stopped rank {} at {:.9g} s of simulated time: {}", rank.number,
                        s4u::Engine::get_clock(), one_line(error.what()))));
    } catch (const std::out_of_range& error) {
        return std::make_exception_ptr(missing_entry(rank, doing, error));
    } catch (const std::exception&) {  // but not SimGrid's own signal that a rank is being stopped
        return std::current_exception();
    }
}

void run_rank(Rank& rank, const Program& program) {
    smpi_process_set_user_data(&rank);
    const std::exception_ptr error = error_of(rank, program);
    if (!error && rank.finished) return;
    while (!error) s4u::this_actor::suspend();  // it has to be there for those who send to it
    if (!rank.world.error) rank.world.error = error;
    s4u::Actor::kill_all();
}

/// What happens to the hosts of a platform file, whose profiles may change them.
void watch_hosts(World& world, std::vector<Rank>& ranks, const std::vector<s4u::Host*>& hosts) {
    grid::on_switching_hosts([&](const s4u::Host& host) {
        for (std::size_t i = 0; i < ranks.size(); ++i)
            if (hosts[i] == &host && !host.is_on() && !ranks[i].finished) world.lost_ranks.push_back(i);
    });
    s4u::Host::on_speed_change_cb([&](const s4u::Host& host) {
        for (std::size_t i = 0; i < ranks.size(); ++i)
            if (hosts[i] == &host) speed_changed(ranks[i], host);
    });
}

void start_ranks(World& world, std::vector<Rank>& ranks, const std::vector<s4u::Host*>& hosts,
                 const Program& program) {
    SMPI_app_instance_register(instance, nullptr, static_cast<int>(hosts.size()));
    const std::vector<double> slowdowns = rank_slowdowns(world.config);
    for (std::size_t i = 0; i < hosts.size(); ++i) {
        ranks.push_back({world, i, slowdowns[i], {}});
        if (i < world.config.workers) ranks[i].slowness = scenario::Slowness(world.config, i);
    }
    for (std::size_t i = 0; i < hosts.size(); ++i) {
        s4u::ActorPtr actor = s4u::Actor::init(fmt::format("rank-{}", i), hosts[i]);
        actor->set_property("instance_id", instance);
        actor->set_property("rank", std::to_string(i));
        actor->start([&rank = ranks[i], &program] { run_rank(rank, program); });
    }
}

run::Standstill standstill(const World& world, const std::vector<Rank>& ranks,
                           const std::vector<s4u::Host*>& hosts) {
    const bool has_broken_down = world.breakdowns != nullptr && !world.breakdowns->none();
    if (world.stopped_ranks == 0 && world.lost_ranks.empty() && !has_broken_down)
        throw base::EnvironmentError(fmt::format(
            "deadlock in the simulation at {:.9g} s: {} of {} ranks wait for messages that nobody sends",
            s4u::Engine::get_clock(), hosts.size() - world.finished_ranks, hosts.size()));
    run::Standstill found{has_broken_down ? world.breakdowns->description() : "", world.lost_ranks};
    for (const Rank& rank : ranks)
        if (rank.speed_returns) found.stopped_ranks.push_back(rank.number);
    return found;
}

}  // namespace

std::optional<run::Standstill> simulate(const scenario::Config& config, const Program& program,
                                        std::string_view name) {
    turn_giving_up_into_one_line(
        fmt::format(
            "{}: {}the simulator gave up: ", name,
            scenario::has_platform_file(config) ? fmt::format("--platform {}: ", config.platform) : ""),
        STDERR_FILENO, static_cast<int>(base::ExitStatus::environment));
    std::optional<TraceFile> trace;
    if (!config.paje.empty()) trace.emplace(config.paje);
    PreparedEngine prepared(config, trace ? trace->pipe() : "");
    const std::vector<s4u::Host*>& hosts = prepared.hosts();

    World world(config);
    world.platform = prepared.platform();
    world.link_meters = prepared.link_meters();
    world.queues = &prepared.queues();
    world.breakdowns = prepared.breakdowns();
    std::vector<Rank> ranks;
    ranks.reserve(hosts.size());
    SMPI_init();
    start_ranks(world, ranks, hosts, program);
    std::optional<StandstillWatch> watch;
    if (world.breakdowns != nullptr) {
        watch_hosts(world, ranks, hosts);
        watch.emplace(world, hosts);
    }
    // Ranks that are being unwound cannot ask for it.
    if (measures_energy(config))
        s4u::Engine::on_deadlock_cb(
            [&world] { world.energy_at_standstill = energy_now(*world.link_meters); });
    prepared.engine().run();

    if (world.error) std::rethrow_exception(world.error);
    if (trace) trace->commit();
    if (world.finished_ranks < hosts.size()) return standstill(world, ranks, hosts);
    SMPI_finalize();
    return std::nullopt;
}

}  // namespace lockstep::sim
