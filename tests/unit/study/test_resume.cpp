#include <string>
#include <vector>

#include "study/resume/command.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/study/refusal.hpp"

namespace lockstep::test::resumption {
namespace {

using Catch::Matchers::ContainsSubstring;
using Words = std::vector<std::string>;

result::FoundCheckpoint found(std::vector<std::pair<std::string, std::string>> options) {
    result::FoundCheckpoint all;
    all.file = "saved/checkpoint-3";
    all.checkpoint.world = "real";
    all.checkpoint.options = std::move(options);
    return all;
}

Words words_of(std::vector<std::pair<std::string, std::string>> options, const Words& users = {}) {
    return study::words_of_resumption(found(std::move(options)), "saved", users);
}

}  // namespace

TEST_CASE("a resumption has the options of its run, and the folder as it is called now") {
    CHECK(words_of({{"method", "in-turn"}, {"workers", "3"}, {"out", "a b"}, {"checkpoint", "elsewhere"}}) ==
          Words{"--method=in-turn", "--workers=3", "--out=a b", "--checkpoint=saved"});
}

TEST_CASE("the user's words replace those of the run, whatever their spelling") {
    CHECK(words_of({{"method", "in-turn"}, {"workers", "3"}, {"out", "run"}},
                   {"--workers", "2", "--out=", "--launcher", "srun"}) ==
          Words{"--method=in-turn", "--checkpoint=saved", "--workers", "2", "--out=", "--launcher", "srun"});
    CHECK(words_of({{"workers", "2"}, {"straggler", "worker=0,factor=2;worker=1,factor=3"}},
                   {"--straggler", "worker=1,factor=4"}) ==
          Words{"--workers=2", "--checkpoint=saved", "--straggler", "worker=1,factor=4"});
}

TEST_CASE("the number of workers is never left to a batch system") {
    CHECK(words_of({{"method", "allreduce"}}) ==
          Words{"--method=allreduce", "--workers=1", "--checkpoint=saved"});
}

TEST_CASE("what is no resumption is refused") {
    CHECK_THAT(refusal([] {
                   words_of({{"launcher", "./program"}});
               }),
               ContainsSubstring("saved/checkpoint-3: launcher: unknown option"));
    CHECK_THAT(refusal([] {
                   words_of({}, {"--checkpoint", "other"});
               }),
               ContainsSubstring("--checkpoint: given 'other'; allowed: nothing with lockstep resume"));
    CHECK_THAT(refusal([] { words_of({}, {"--sweep", "lr=1,2"}); }), ContainsSubstring("--sweep: unknown"));
}

}  // namespace lockstep::test::resumption
