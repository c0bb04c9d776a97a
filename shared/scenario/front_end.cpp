#include "scenario/front_end.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace lockstep::scenario {

std::span<const ExtraOption> front_end_options() {
    static const std::array<ExtraOption, 7> table{{
        {"world", "WORLD", "sim",
         "Where the table's runs take place: sim (simulated) or real (under mpirun)."},
        {"table-rows", "ROWS", "serial,sync-average:2-4,in-turn:2-4",
         "Rows of the table: METHOD[:N[-M]] with commas between, a row for each number of workers from N to "
         "M "
         "(without N: one worker)."},
        {"beside-report", "YES|NO", "no", "Whether the report's own figures stand beside the table's."},
        {"launcher-args", "WORDS", "",
         "Added to mpirun's options; words as in a shell: --launcher-args \"--bind-to core\"."},
        {"sweep", "KEY=VALUES", "",
         "An axis of the sweep, may be repeated: latency=10us,1ms; a range: latency=10us..10ms:log:7, "
         "lr=0.1..1:lin:4, workers=1..8; with | between values that hold commas: hidden=64|64,32; keys that "
         "change "
         "together: method+workers=serial+1|in-turn+4.",
         true},
        {"replicates", "N", "1",
         "Runs of each point of the sweep, with seeds --seed, --seed + 1, and so on."},
        {"jobs", "N", "0", "Runs of the sweep at the same time; 0: one per core. It changes no result."},
    }};
    return table;
}

std::vector<ExtraOption> front_end_options(std::initializer_list<std::string_view> keys) {
    std::vector<ExtraOption> options;
    for (const std::string_view key : keys) {
        const auto found = std::ranges::find(front_end_options(), key, &ExtraOption::key);
        assert(found != front_end_options().end());
        options.push_back(*found);
    }
    return options;
}

}  // namespace lockstep::scenario
