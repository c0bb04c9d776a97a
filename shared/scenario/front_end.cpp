#include "scenario/front_end.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace lockstep::scenario {
namespace {

ExtraOption one_of(std::string key, std::string placeholder, std::string default_value, std::string help,
                   std::vector<std::string> choices) {
    return {std::move(key),    std::move(placeholder), std::move(default_value), std::move(help), false, {},
            std::move(choices)};
}

std::vector<ExtraOption> options_of_runs() {
    return {
        one_of("world", "WORLD", "sim",
               "Where the table's runs take place: sim (simulated) or real (under mpirun).", {"sim", "real"}),
        {"table-rows", "ROWS", "serial,sync-average:2-4,in-turn:2-4",
         "Rows of the table: METHOD[:N[-M]] with commas between, a row for each number of workers from N to "
         "M (without N: one worker)."},
        one_of("beside-report", "YES|NO", "no", "Whether the report's own figures stand beside the table's.",
               {"yes", "no"}),
        {"launcher", "NAME", "mpirun",
         "What starts the ranks of real runs: mpirun or another launcher of an MPI library, by its name on "
         "PATH "
         "or its file, such as mpirun.mpich; srun, Slurm's; or none, for a run of one rank."},
        {"launcher-args", "WORDS", "",
         "Added to the launcher's options; words as in a shell: --launcher-args \"--bind-to core\"."},
        {"estimate", "", "no", "Tell in place of running what it will take: messages, memory, wall time.",
         false, "yes"},
    };
}

std::vector<ExtraOption> options_of_comparisons() {
    return {
        {"sweep", "KEY=VALUES", "",
         "An axis of the sweep, may be repeated: latency=10us,1ms; a range: latency=10us..10ms:log:7, "
         "lr=0.1..1:lin:4, workers=1..8; with | between values that hold commas: hidden=64|64,32; keys that "
         "change together: method+workers=serial+1|in-turn+4.",
         true},
        {"replicates", "N", "1",
         "Runs of each point of a sweep, or row of a table, with seeds --seed, --seed + 1, and so on."},
        {"jobs", "N", "0", "Runs of the sweep at the same time; 0: one per core. It changes no result."},
        {"shard", "I/N", "",
         "Make the I-th of N parts of the sweep, as one job of an array; --merge puts them together."},
        {"merge", "DIR[,DIR...]", "",
         "Make no run: take them from the --out folders of all shards of this sweep. A pattern stands for "
         "the folders that fit it: --merge \"shards/*\"."},
        {"methods", "METHODS", "serial,sync-average,in-turn,by-arrival",
         "What is compared: METHOD or METHOD:WORKERS with commas between. Without a number serial has 1 "
         "worker and "
         "the others --workers, or 4 where that is not given."},
        {"vary", "KEY", "", "The key that varies: any whose value is one number."},
        {"between", "LOW..HIGH", "",
         "The values between which to look, as the key allows them: 1Mbps..100Gbps."},
        {"against", "METHOD|TIME", "",
         "What the run of --method and --workers is compared with: METHOD or METHOD:WORKERS of the same "
         "scenario, or "
         "a time such as 10.5s."},
        one_of("measure", "MEASURE", "time",
               "What is to be equal: time (of the whole run), time-to-target (until --target-accuracy is "
               "reached) or time-per-sample. All but time-to-target need no arithmetic and do none.",
               {"time", "time-to-target", "time-per-sample"}),
        {"tolerance", "NUMBER", "0.0001",
         "Relative width of the interval in which the break-even is known in the end."},
    };
}

std::vector<ExtraOption> options_of_measurements() {
    return {
        {"name", "NAME", "calibrated", "Of the calibration: its files are NAME.json and NAME.xml."},
        {"folder", "DIR", "platforms", "Folder for the calibration's files."},
        {"largest-message", "SIZE", "16MiB", "Up to which messages are timed."},
        {"budget", "TIME", "30s",
         "How long a calibration may take, or all those of a validation together: what tells most is "
         "measured first."},
        {"network-only", "", "no",
         "Calibrate messages alone, for all runs that send none larger than were timed.", false, "yes"},
        {"steps-only", "", "no",
         "Calibrate steps alone: --platform NETWORK.json,STEPS.json puts both together.", false, "yes"},
        {"repeats", "R", "5",
         "Real runs of a validation, one after another; and simulated ones, of each calibration, or with "
         "platform seeds from --platform-seed or 1 on where anything is drawn, or with ties that end "
         "otherwise where timing decides."},
        {"measured", "DIR[,DIR...]", "",
         "Folders with the result.json of runs that were measured before, in place of real runs."},
        {"measured-against", "DIR[,DIR...]", "",
         "The same of the changed side of --against: as many folders, in pairs."},
        {"pairs", "N", "5", "Pairs of real runs with --against, one run of each side by turns."},
        {"difference-tolerance", "PERCENT", "10",
         "Error of the difference that --against makes which passes."},
        {"time-tolerance", "PERCENT", "",
         "Error of times that passes; nothing: 5 for methods whose result does not depend on "
         "timing, else 10."},
        {"platform-seeds", "N", "5",
         "Runs by which the range of a simulated run's time is found where its result depends on timing: "
         "this one and, without arithmetic, others with the next platform seeds, or where nothing is drawn "
         "with ties that end otherwise. On a calibration whose settings have intervals two more for each of "
         "them, with it at either end; where timing decides two for each of up to five of these runs. 1: "
         "this one alone."},
        {"without-straggler", "WORKER", "",
         "Repeats the run with that worker's --straggler healed, or without a value all, and shows the "
         "difference.",
         false, "all"},
    };
}

}  // namespace

std::span<const ExtraOption> front_end_options() {
    static const std::vector<ExtraOption> table = [] {
        std::vector<ExtraOption> all = options_of_runs();
        for (auto options : {options_of_comparisons(), options_of_measurements()})
            std::ranges::move(options, std::back_inserter(all));
        return all;
    }();
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
