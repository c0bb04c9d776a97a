// What batch systems allow, and the words by which launchers hear of it.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "study/launch/allocation.hpp"
#include "study/launch/rank_launcher.hpp"
#include "study/launch/temporary_folder.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/study/refusal.hpp"

using namespace lockstep::study;
using Catch::Matchers::ContainsSubstring;
using Kind = RankLauncher::Kind;
using Slots = std::vector<std::size_t>;
using Words = std::vector<std::string>;

namespace {

using Environment = std::map<std::string, std::string>;

/// The variables of batch systems for the time of a test.
class Variables {
  public:
    explicit Variables(const Environment& values) {
        for (const char* name : names) {
            const char* before = std::getenv(name);
            if (before != nullptr) before_[name] = before;
            ::unsetenv(name);
        }
        for (const auto& [name, value] : values) ::setenv(name.c_str(), value.c_str(), 1);
    }
    Variables(const Variables&) = delete;
    Variables& operator=(const Variables&) = delete;
    ~Variables() {
        for (const char* name : names) ::unsetenv(name);
        for (const auto& [name, value] : before_) ::setenv(name.c_str(), value.c_str(), 1);
    }

  private:
    static constexpr const char* names[]{"SLURM_JOB_ID", "SLURM_TASKS_PER_NODE", "PBS_JOBID", "PBS_NODEFILE"};
    Environment before_;
};

Slots slots_of_slurm(const std::string& tasks) {
    const Variables variables(Environment{{"SLURM_JOB_ID", "17"}, {"SLURM_TASKS_PER_NODE", tasks}});
    return find_allocation().value().slots;
}

Words words_of(Kind kind, const Placement& placement, const Words& users = {}) {
    return launcher_words({kind, "/launcher", ""}, 3, placement, users);
}

bool has(const Words& words, const Words& part) {
    return std::ranges::search(words, part).begin() != words.end();
}

}  // namespace

TEST_CASE("Slurm's tasks of each host are read") {
    CHECK(slots_of_slurm("4") == Slots{4});
    CHECK(slots_of_slurm("2(x3)") == Slots{2, 2, 2});
    CHECK(slots_of_slurm("2(x2),1,3(x1)") == Slots{2, 2, 1, 3});
    for (const char* wrong : {"x", "2(x", "2(x)", "2(x2", "2(x2)3", "0", "2,,1", "2(x0)", "-1", " 2",
                              "2(x99999999999)", "18446744073709551615,1"})
        CHECK_THAT(lockstep::test::refusal([&] { slots_of_slurm(wrong); }),
                   ContainsSubstring("SLURM_TASKS_PER_NODE: given '" + std::string(wrong) + "'"));
}

TEST_CASE("without a job there is no allocation") {
    const Variables none(Environment{});
    CHECK_FALSE(find_allocation());
    const Variables variables(Environment{{"SLURM_TASKS_PER_NODE", "4"}});
    CHECK_FALSE(find_allocation());
}

TEST_CASE("an allocation has a name, and room") {
    const Variables variables(Environment{{"SLURM_JOB_ID", "17"}, {"SLURM_TASKS_PER_NODE", "2(x2),1"}});
    const auto allocation = find_allocation();
    REQUIRE(allocation);
    CHECK(allocation->name == "Slurm's job 17 (SLURM_TASKS_PER_NODE=2(x2),1)");
    CHECK(allocation->ranks() == 5);
    CHECK(allocation->host_file.empty());
}

TEST_CASE("PBS names a host for each slot") {
    const TemporaryFolder folder;
    const std::string file = (folder.path() / "nodes").string();
    std::ofstream(file) << "b\nb\na\nb\nc\n";
    const Variables variables(Environment{{"PBS_JOBID", "9.server"}, {"PBS_NODEFILE", file}});
    const auto allocation = find_allocation();
    REQUIRE(allocation);
    CHECK(allocation->slots == Slots{3, 1, 1});
    CHECK(allocation->host_file == file);
    CHECK_THAT(allocation->name, ContainsSubstring("9.server"));
    std::ofstream{file};
    CHECK_THAT(lockstep::test::refusal([] { find_allocation(); }), ContainsSubstring("names no host"));
    std::filesystem::resize_file(file, (1U << 24U) + 1);
    CHECK_THAT(lockstep::test::refusal([] { find_allocation(); }),
               ContainsSubstring("PBS_NODEFILE: " + file + ": given '16777217 bytes'"));
    std::filesystem::remove(file);
    CHECK_THAT(lockstep::test::refusal([] { find_allocation(); }),
               ContainsSubstring("PBS_NODEFILE: given '" + file + "'"));
}

TEST_CASE("ranks are spread over hosts where there is a choice") {
    const Allocation four{"", {2, 2}, ""};
    CHECK(four.ranks_per_host(1) == 1);
    CHECK(four.ranks_per_host(2) == 1);
    CHECK(four.ranks_per_host(3) == 2);
    CHECK_FALSE(four.ranks_per_host(4));
    CHECK_FALSE(Allocation{"", {8}, ""}.ranks_per_host(2));
    CHECK(Allocation{"", {5, 1}, ""}.ranks_per_host(2) == 1);
    CHECK_FALSE(Allocation{"", {5, 1}, ""}.ranks_per_host(3));
}

TEST_CASE("each launcher hears of the placement in its own words") {
    const Placement placement{false, 2, "nodes"};
    const Words open_mpi = words_of(Kind::open_mpi, placement);
    CHECK(has(open_mpi, {"--hostfile", "nodes"}));
    CHECK(has(open_mpi, {"--map-by", "ppr:2:node"}));
    CHECK_FALSE(has(open_mpi, {"--oversubscribe"}));
    const Words hydra = words_of(Kind::hydra, placement);
    CHECK(has(hydra, {"-f", "nodes"}));
    CHECK(has(hydra, {"-ppn", "2"}));
    CHECK(words_of(Kind::srun, placement) == Words{"/launcher", "-n", "3"});
    CHECK(has(words_of(Kind::open_mpi, {true, std::nullopt, ""}), {"--oversubscribe"}));
}

TEST_CASE("the user's own words decide") {
    const Placement placement{true, 2, ""};
    CHECK_FALSE(has(words_of(Kind::open_mpi, placement, {"--map-by", "core"}), {"ppr:2:node"}));
    CHECK_FALSE(has(words_of(Kind::open_mpi, placement, {"-map-by", "core"}), {"ppr:2:node"}));
    CHECK_FALSE(has(words_of(Kind::open_mpi, placement, {"--rankfile", "file"}), {"ppr:2:node"}));
    CHECK_FALSE(has(words_of(Kind::open_mpi, placement, {"--pernode"}), {"ppr:2:node"}));
    CHECK(has(words_of(Kind::open_mpi, placement, {"--rank-by", "node"}), {"ppr:2:node"}));
    CHECK_FALSE(has(words_of(Kind::open_mpi, placement, {"--nooversubscribe"}), {"--oversubscribe"}));
    CHECK_FALSE(has(words_of(Kind::hydra, placement, {"-ppn", "3"}), {"-ppn", "2"}));
    CHECK_FALSE(has(words_of(Kind::open_mpi, placement, {"--bind-to", "core"}), {"none"}));
}
