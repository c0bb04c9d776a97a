// v put together from what several ranks hold of it.
#include <catch2/catch.hpp>

#include "run/assembly.hpp"
#include "tests/simulation/star.hpp"

using namespace lockstep;
using run::Assembly;
using run::Snapshot;

namespace {

Snapshot snapshot(Snapshot::Of of, double steps, double elapsed_s, const std::vector<float>& values,
                  std::size_t first = 0) {
    Snapshot made{of, steps, 10, elapsed_s, 0, base::FloatBuffer(values.size()), first};
    std::ranges::copy(values, made.values.data());
    return made;
}

Snapshot share(double steps, double elapsed_s, const std::vector<float>& values) {
    return snapshot(Snapshot::Of::share_of_mean, steps, elapsed_s, values);
}

Snapshot part(double steps, const std::vector<float>& values, std::size_t first) {
    return snapshot(Snapshot::Of::part, steps, 1, values, first);
}

std::vector<float> values_of(const Snapshot& one) {
    return {one.values.data(), one.values.data() + one.values.size()};
}

}  // namespace

TEST_CASE("the mean of all workers' shares is v, at the time of the last of them") {
    Assembly assembly(3, 2);
    for (const float value : {1.0F, 2.0F, 6.0F}) {
        Snapshot one = share(4, 0.5 * static_cast<double>(value), {value, -value});
        one.energy_J = 10 * static_cast<double>(value);
        assembly.add(one);
    }
    const auto all = assembly.snapshots();
    REQUIRE(all.size() == 1);
    CHECK(all[0].of == Snapshot::Of::shared);
    CHECK(values_of(all[0]) == std::vector<float>{3, -3});
    CHECK(all[0].steps == 4);
    CHECK(all[0].updates == 10);
    CHECK(all[0].elapsed_s == 3);
    CHECK(all[0].energy_J == 60);
}

TEST_CASE("a moment at which a share is missing leaves no snapshot, and others do not count as one") {
    Assembly assembly(2, 1);
    assembly.add(share(1, 1, {1}));
    assembly.add(share(2, 2, {3}));
    assembly.add(snapshot(Snapshot::Of::worker, 2, 2, {100}));
    assembly.add(snapshot(Snapshot::Of::shared, 2, 2, {100}));
    CHECK(assembly.snapshots().empty());
    assembly.add(share(1, 1, {5}));
    REQUIRE(assembly.snapshots().size() == 1);
    CHECK(assembly.snapshots()[0].steps == 1);
    CHECK(values_of(assembly.snapshots()[0]) == std::vector<float>{3});
}

TEST_CASE("servers' parts lie side by side, and all values have to be there") {
    Assembly assembly(5, 4);
    assembly.add(part(1, {3, 4}, 2));
    assembly.add(part(2, {7, 8}, 2));
    CHECK(assembly.snapshots().empty());
    assembly.add(part(1, {1, 2}, 0));
    REQUIRE(assembly.snapshots().size() == 1);
    CHECK(values_of(assembly.snapshots()[0]) == std::vector<float>{1, 2, 3, 4});
}

TEST_CASE("without arithmetic there are times and no values") {
    Assembly assembly(2, 3);
    assembly.add(share(1, 1, {}));
    CHECK(assembly.snapshots().empty());
    assembly.add(share(1, 2, {}));
    REQUIRE(assembly.snapshots().size() == 1);
    CHECK(assembly.snapshots()[0].values.size() == 0);
    CHECK(assembly.snapshots()[0].elapsed_s == 2);
}

/// 1e30 - 1e30 + 1 is 1 in the order of ranks and 0 in any other that begins with 1.
TEST_CASE("rank 0 gets all shares and adds them in the order of ranks") {
    const auto first = GENERATE(range<std::size_t>(0, 3));
    const auto ranks = support::simulate_values(support::star_of(3), [&](comm::Communicator& communicator) {
        const float mine[] = {1e30F, -1e30F, 1.0F};
        std::vector<Snapshot> own;
        own.push_back(share(1, 1, {mine[(communicator.rank() + first) % 3]}));
        if (communicator.rank() != 1) own.push_back(share(2, 2, {5}));
        std::vector<double> found;
        for (const Snapshot& v : run::assemble(communicator, 3, 1, own)) {
            found.push_back(v.steps);
            found.push_back(static_cast<double>(v.values.span()[0]));
        }
        return found;
    });
    const double sum = first == 0 ? 1 : 0;  // 1e30 - 1e30 + 1, -1e30 + 1 + 1e30, 1 + 1e30 - 1e30
    REQUIRE(ranks[0].size() == 2);
    CHECK(ranks[0][0] == 1);
    CHECK(ranks[0][1] == Approx(sum / 3));
    CHECK(ranks[1].empty());
    CHECK(ranks[2].empty());
}
