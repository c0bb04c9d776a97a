// v where nobody holds all of it, as it is at one moment: by what the holders of one process tell, and put
// together afterwards from what ranks without a common memory kept.
#include "run/assembly.hpp"
#include "run/evaluation.hpp"
#include "run/joint_parameters.hpp"
#include "tests/simulation/star.hpp"
#include "tests/support/catch.hpp"

namespace test_assembly {

using namespace lockstep;
using run::Assembly;
using run::JointParameters;
using run::KeepingSchedule;
using run::Kept;
using run::Snapshot;

namespace {

/// 1 round an epoch: each step is due.
KeepingSchedule each_step() {
    return KeepingSchedule(run::EvaluationSchedule(1, 1));
}

scenario::Config config_of(scenario::Method method, std::size_t workers, std::size_t servers = 1) {
    scenario::Config config;
    config.method = method;
    config.workers = workers;
    config.servers = servers;
    return config;
}

/// Time, updates and first value of each snapshot.
std::vector<double> flat(const std::vector<Snapshot>& snapshots) {
    std::vector<double> all;
    for (const Snapshot& snapshot : snapshots) {
        all.push_back(snapshot.elapsed_s);
        all.push_back(static_cast<double>(snapshot.updates));
        for (const float value : snapshot.values.span()) all.push_back(static_cast<double>(value));
    }
    return all;
}

/// Inside a simulated rank, as all that journals do.
std::vector<double> in_a_rank(const std::function<std::vector<double>()>& body) {
    return support::simulate_values(support::star_of(1), [&](comm::Communicator&) { return body(); })[0];
}

Snapshot kept(Snapshot::Of of, std::uint64_t updates, double elapsed_s, const std::vector<float>& values) {
    Snapshot made{of, updates, elapsed_s, 0, base::FloatBuffer(values.size()), {.for_test = true}};
    std::ranges::copy(values, made.values.data());
    return made;
}

std::vector<Snapshot> list(auto... snapshots) {
    std::vector<Snapshot> all;
    (all.push_back(std::move(snapshots)), ...);
    return all;
}

constexpr auto share = Snapshot::Of::share_of_mean;

}  // namespace

TEST_CASE("v is what all workers have at the moment at which their steps are due on average") {
    const std::vector<double> found = in_a_rank([] {
        JointParameters v(config_of(scenario::Method("gossip"), 2), each_step());
        const float start[] = {8};
        v.begin(start);
        const auto hold = [&](std::size_t worker, std::uint64_t steps, float value, double at_s) {
            const float values[] = {value};
            v.hold({.holder = worker, .steps = steps, .values = values}, {at_s, 0});
        };
        hold(0, 1, 2, 1);
        hold(0, 2, 4, 2);   // two steps of two workers: due, and worker 1 still has 8
        hold(0, 2, 10, 3);  // it has averaged with somebody
        hold(0, 3, 6, 4);
        hold(1, 1, 0, 5);  // four steps: due
        hold(1, 2, 2, 6);
        hold(1, 3, 4, 7);  // the last of three each
        return flat(v.take_snapshots());
    });
    CHECK(found == std::vector<double>{2, 2, 6, 5, 4, 3, 7, 6, 5});
}

TEST_CASE("where workers meet v is what they agree on, and holds for those that have not gone on") {
    const std::vector<double> found = in_a_rank([] {
        JointParameters v(config_of(scenario::Method("local-sgd"), 3), each_step());
        const float start[] = {0};
        v.begin(start);
        const auto values = [](float value) { return std::vector<float>{value}; };
        v.hold({.holder = 0, .steps = 1, .values = values(3)}, {1, 0});
        v.hold({.holder = 1, .steps = 1, .values = values(6)}, {2, 0});
        v.hold({.holder = 2, .steps = 1, .values = values(9)}, {3, 0});  // mean 6
        v.hold({.holder = 2, .steps = 3, .values = values(7)}, {4, 0});  // has heard of v before worker 0
        v.agree(2, values(5), {5, 0});
        v.hold({.holder = 0, .steps = 3, .values = values(4)}, {6, 0});
        v.hold({.holder = 1, .steps = 3, .values = values(1)}, {7, 0});  // (4 + 1 + 7) / 3
        return flat(v.take_snapshots());
    });
    CHECK(found == std::vector<double>{3, 3, 6, 5, 6, 5, 7, 9, 4});
}

TEST_CASE("what is told late of v, when others have gone on from it, makes no moment that is passed") {
    const std::vector<double> found = in_a_rank([] {
        JointParameters v(config_of(scenario::Method("local-sgd"), 3), each_step());
        const float start[] = {0};
        v.begin(start);
        const auto hold = [&](std::size_t worker, std::uint64_t steps, float value, double at_s) {
            const float values[] = {value};
            v.hold({.holder = worker, .steps = steps, .values = values}, {at_s, 0});
        };
        hold(0, 1, 3, 1);
        hold(1, 1, 6, 2);
        hold(2, 1, 9, 3);  // mean 6
        hold(1, 3, 7, 4);  // they have met and gone on; worker 0, who is far, has not heard of v yet
        hold(2, 3, 8, 5);  // seven steps: a second moment
        hold(1, 4, 1, 6);
        hold(2, 4, 2, 7);  // nine: a third, (3 + 1 + 2) / 3
        hold(1, 9, 1, 8);  // fourteen: a fourth
        hold(2, 9, 2, 9);  // nineteen: a sixth, and none was a fifth
        const float met[] = {5};
        v.agree(2, met, {10, 0});
        v.agree(5, met, {11, 0});
        return flat(v.take_snapshots());
    });
    CHECK(found == std::vector<double>{3, 3, 6, 5, 7, 6, 7, 9, 2, 8, 14, 2, 9, 19, 2});
}

TEST_CASE("servers' parts lie side by side as they are at one moment, with the updates that v has had") {
    const std::vector<double> found = in_a_rank([] {
        JointParameters v(config_of(scenario::Method("by-arrival"), 5, 2), each_step());
        const float start[] = {1, 2, 3};
        v.begin(start);
        const std::vector<float> first{10, 20};
        const std::vector<float> second{30};
        const std::vector<float> later{11, 21};
        v.hold({.holder = 0, .steps = 1, .values = first, .first = 0, .updates = 5}, {1, 0});
        v.hold({.holder = 0, .steps = 1, .values = later, .first = 0, .updates = 6}, {2, 0});
        v.hold({.holder = 1, .steps = 1, .values = second, .first = 2}, {3, 0});
        return flat(v.take_snapshots());
    });
    CHECK(found == std::vector<double>{3, 6, 11, 21, 30});
}

/// The same steps as above, but of each worker only what it kept by its own steps.
TEST_CASE("without a common memory each holder counts with what it last kept by then") {
    const std::vector<float> start{8};
    Assembly assembly(config_of(scenario::Method("gossip"), 2), each_step(), start, {{1, 2, 4}, {5, 6, 7}},
                      {});
    assembly.add_holder(list(kept(share, 2, 1, {2}), kept(share, 4, 2, {4}), kept(share, 6, 4, {6})));
    assembly.add_holder(list(kept(share, 2, 5, {0}), kept(share, 4, 6, {2}), kept(share, 6, 7, {4})));
    CHECK(flat(assembly.snapshots()) == std::vector<double>{2, 2, 6, 5, 4, 3, 7, 6, 5});
}

TEST_CASE("what rank 0 kept of all of v stands, and workers have it from then on") {
    const std::vector<float> start{0};
    const auto of_rank_0 = list(kept(share, 2, 1, {3}), kept(Snapshot::Of::shared, 4, 2, {5}));
    Assembly assembly(config_of(scenario::Method("local-sgd"), 2), each_step(), start,
                      {{1, 2, 3}, {1.5, 2.5, 9}}, of_rank_0);
    assembly.add_holder(of_rank_0);  // it has not kept its third step
    assembly.add_holder(list(kept(share, 2, 1.5, {5}), kept(share, 6, 9, {7})));
    CHECK(flat(assembly.snapshots()) == std::vector<double>{1.5, 2, 4, 9, 6, 6});
}

TEST_CASE("rows are in order of updates: what a late rank tells was there before others went on from it") {
    auto rows = list(kept(share, 4, 1, {1}), kept(share, 12, 3, {3}), kept(share, 16, 6, {4}),
                     kept(Snapshot::Of::shared, 8, 4, {2}));
    run::put_in_order(rows);
    CHECK(flat(rows) == std::vector<double>{1, 4, 1, 3, 8, 2, 3, 12, 3, 6, 16, 4});
}

/// 1e30 - 1e30 + 1 is 1 in the order of ranks and 0 in any other that begins with 1.
TEST_CASE("rank 0 gets all shares and adds them in the order of ranks, and server's parts side by side") {
    const auto first = GENERATE(range<std::size_t>(0, 3));
    const auto ranks = support::simulate_values(support::star_of(3), [&](comm::Communicator& communicator) {
        const scenario::Config config = config_of(scenario::Method("gossip"), 3);
        run::Journal journal(communicator, config, each_step(), nullptr);
        journal.start();
        const float mine[] = {1e30F, -1e30F, 1.0F};
        journal.worker_share(1, std::span(&mine[(communicator.rank() + first) % 3], 1));
        journal.own_parameters(0, {});
        const float start[] = {0};
        return flat(run::assemble(communicator, config, each_step(), start, journal, {}));
    });
    const double sum = first == 0 ? 1 : 0;  // 1e30 - 1e30 + 1, -1e30 + 1 + 1e30, 1 + 1e30 - 1e30
    REQUIRE(ranks[0].size() == 3);
    CHECK(ranks[0][1] == 3);
    CHECK(ranks[0][2] == Approx(sum / 3));
    CHECK(ranks[1].empty());
    CHECK(ranks[2].empty());

    const auto served = support::simulate_values(support::star_of(3), [&](comm::Communicator& communicator) {
        const scenario::Config config = config_of(scenario::Method("by-arrival"), 1, 2);
        run::Journal journal(communicator, config, each_step(), nullptr);
        journal.start();
        const float start[] = {1, 2, 3};
        const float parts[] = {10, 20, 30};
        const std::size_t rank = communicator.rank();
        if (rank == 1) journal.server_share(1, 0, std::span(&parts[0], 2));
        if (rank == 2) journal.server_share(1, 2, std::span(&parts[2], 1));
        return flat(run::assemble(communicator, config, each_step(), start, journal, {}));
    });
    REQUIRE(served[0].size() == 5);
    CHECK(std::vector<double>(served[0].begin() + 1, served[0].end()) == std::vector<double>{1, 10, 20, 30});
}

}  // namespace test_assembly
