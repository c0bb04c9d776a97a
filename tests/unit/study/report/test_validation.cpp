#include "base/file.hpp"
#include "study/launch/temporary_folder.hpp"
#include "study/report/validation_section.hpp"
#include "study/validate/against/intervention.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/study/validation_runs.hpp"

namespace test_validation_section {

using namespace lockstep;
using namespace lockstep::study;
using Catch::Matchers::ContainsSubstring;
using test::run_of;

namespace {

constexpr Criteria criteria{5, 5, 1000};

/// What a report says of the change, by way of the file.
ValidatedChange reported(const Intervention& found) {
    const TemporaryFolder folder;
    base::write_file_atomically(folder.path() / "validation.json", to_json(found));
    return read_validation_file(folder.path()).against.value();
}

Intervention found(std::vector<Run> given, std::vector<Run> changed, double simulated_s,
                   const std::string& digest = "0123456789abcdef") {
    Run simulated = run_of(simulated_s);
    simulated.result->summary.parameters_digest = digest;
    return intervene(assess(std::move(given), {run_of(100)}, criteria),
                     assess(std::move(changed), {simulated}, criteria), {{"lr", "0.1", "0.2"}}, 10);
}

}  // namespace

TEST_CASE("a report has the sentences of the text, whatever the verdict") {
    const std::vector<Run> given(3, run_of(100));
    const std::vector<Run> longer(3, run_of(150));
    const std::vector<Run> noisy{run_of(120), run_of(150), run_of(180)};
    const std::vector<Run> alike{run_of(98), run_of(101), run_of(103)};
    for (const Intervention& one :
         {found(given, longer, 150), found(given, longer, 160), found(given, noisy, 150),
          found(given, alike, 102), found(given, longer, 150, "other"),
          found({run_of(100)}, {run_of(100)}, 101)}) {
        const std::string sentence = verdict_sentence(one.change_verdict());
        INFO(sentence);
        const ValidatedChange change = reported(one);
        CHECK(verdict_sentence(change.verdict) == sentence);
        CHECK(parameters_sentences(change.verdict) == parameters_sentences(one.change_verdict()));
        CHECK(change.verdict.on_the_whole() == one.verdict());
    }
}

TEST_CASE("where parameters alone differ it is they that fail") {
    const Intervention other =
        found(std::vector<Run>(3, run_of(100)), std::vector<Run>(3, run_of(150)), 150, "other");
    const ChangeVerdict verdict = reported(other).verdict;
    CHECK(verdict_sentence(verdict) == "FAIL: the parameters are not the same in both worlds.");
    CHECK(parameters_sentences(verdict) == "Parameters of the changed side differ.\n");
    CHECK(verdict.of_difference == Verdict::pass);
}

TEST_CASE("a verdict that there is not is no validation of lockstep") {
    const TemporaryFolder folder;
    std::string text = to_json(found({run_of(100)}, {run_of(150)}, 150));
    const std::string known = R"("is_none": false,
    "verdict": "pass")";
    const std::size_t at = text.find(known);
    REQUIRE(at != std::string::npos);
    text.replace(at, known.size(), R"("is_none": false, "verdict": "fine")");
    base::write_file_atomically(folder.path() / "validation.json", text);
    CHECK_THROWS_WITH(read_validation_file(folder.path()),
                      ContainsSubstring("not a validation of lockstep: verdict: given "));
}

}  // namespace test_validation_section
