#include <cstring>
#include <vector>

#include "base/vector_math.hpp"
#include "problem.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep;

namespace {

/// Parameters after ten steps, every buffer `shift` floats behind a 64-byte boundary, on a heap moved by
/// `moved` bytes.
std::vector<float> trained(const model::Architecture& architecture, std::size_t shift, std::size_t moved) {
    const std::vector<char> displacement(moved);
    const test::Problem problem(architecture, 19);
    const std::vector<char> more(moved / 3 + 1);
    base::FloatBuffer parameters(problem.parameters.size() + shift);
    base::FloatBuffer images(problem.images.size() + shift);
    base::copy(parameters.span().subspan(shift), problem.parameters);
    base::copy(images.span().subspan(shift), problem.images);
    model::Workspace workspace(problem.network, 19 + moved % 5);
    const model::Batch batch{images.span().subspan(shift), problem.labels};
    for (int i = 0; i < 10; ++i)
        problem.network.step(parameters.span().subspan(shift), batch, 0.5F, workspace);
    const auto result = parameters.span().subspan(shift);
    return {result.begin(), result.end()};
}

}  // namespace

TEST_CASE("results depend on values, not on addresses or the workspace's capacity") {
    auto kinds = test::all_kinds();
    kinds.push_back({49, {30}, 10});
    for (const auto& kind : kinds) {
        INFO(test::describe(kind));
        const auto expected = trained(kind, 0, 0);
        for (const std::size_t moved : {1U, 64U, 1000U, 4160U, 300003U})
            for (const std::size_t shift : {0U, 16U, 48U, 1U, 5U}) {
                INFO("heap moved by " << moved << ", buffers by " << shift);
                const auto computed = trained(kind, shift, moved);
                CHECK(std::memcmp(expected.data(), computed.data(), expected.size() * sizeof(float)) == 0);
            }
    }
}

TEST_CASE("a workspace keeps nothing between calls") {
    for (const auto& kind : test::all_kinds()) {
        INFO(test::describe(kind));
        const test::Problem problem(kind, 8);
        base::FloatBuffer fresh(problem.network.parameter_count());
        base::FloatBuffer used(problem.network.parameter_count());
        model::Workspace first(problem.network, 30);
        problem.network.gradient(problem.parameters, problem.batch(), fresh, first);

        model::Workspace second(problem.network, 30);
        const test::Problem other(kind, 30, 2);
        problem.network.evaluate(other.parameters, other.batch(), second);
        problem.network.gradient(other.parameters, other.batch(), used, second);
        problem.network.gradient(problem.parameters, problem.batch(), used, second);
        CHECK(std::memcmp(fresh.data(), used.data(), fresh.size() * sizeof(float)) == 0);
    }
}
