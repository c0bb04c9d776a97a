#include <algorithm>
#include <limits>
#include <sstream>

#include "result/text.hpp"
#include "sample.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/one_line.hpp"

using namespace lockstep;
using namespace lockstep::result;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("one run for people, in full") {
    Result result = sample_result();
    result.summary.bytes = 1100;
    CHECK(to_text(result) ==
          "in-turn, 2 workers, simulated: SimGrid 3.32 (SMPI)\n"
          "digits, tiny\n"
          "\n"
          "outcome            finished\n"
          "test loss            0.3000\n"
          "test accuracy        0.9250\n"
          "time                 1.88 s  (1.5 s to 2.25 s, 5 platform seeds)\n"
          "                             (1.7 s to 2.1 s, 95 % by the calibration)\n"
          "                             this run 2 s; simulated, calibrated on node-7\n"
          "                             2.5 days before, changed since: latency\n"
          "  expected error     6.25 %  or less in 9 of 10 of 25 validated cases: by\n"
          "                             timing, emulated processors\n"
          "  computing          75.0 %  mean of the workers\n"
          "  communicating      18.8 %  waiting and in transfer\n"
          "    waiting          12.5 %\n"
          "    in transfer      6.25 %\n"
          "energy                300 J  hosts 290 J, links 10 J\n"
          "emulation           +3.45 %  computing at most beyond what was asked;\n"
          "                             sleeps end 44.6 ms late, at most 93.8 ms\n"
          "samples a second        400  350 applied of 400 computed\n"
          "CPU                  37.5 %  predicted, of all cores\n"
          "memory                3 MiB  predicted, 0.5 % of the machine's\n"
          "messages                  8  as predicted\n"
          "bytes             1.074 KiB  1100, predicted 1000\n"
          "updates                   4\n"
          "mean staleness         0.75\n"
          "replay              changed  since the recorded run: lr\n"
          "parameters        00112233445566778899aabbccddeeff\n"
          "\n"
          "staleness  updates\n"
          "---------  -------  ----------------------------------------\n"
          "        0        1  ####################\n"
          "        1        2  ########################################\n"
          "       10        1  ####################\n"
          "\n"
          "rank  role    host     time  compute  communication    wait  transfer   other  steps  updates   "
          "share  sent  bytes sent  staleness\n"
          "----  ------  ------  -----  -------  -------------  ------  --------  ------  -----  -------  "
          "------  ----  ----------  ---------\n"
          "   0  worker  node-0    2 s   75.0 %         18.8 %  12.5 %    6.25 %  6.25 %      2        2  "
          "50.0 %     4       500 B       0.50\n"
          "   1  worker  node-1  1.9 s   73.7 %         21.1 %  15.8 %    5.26 %  5.26 %      2        2  "
          "50.0 %     4       600 B       1.00\n");
}

TEST_CASE("the real world measures, a server is named, timing-only runs have no loss") {
    Result result = sample_result();
    result.summary.bytes = 1100;
    result.provenance.world = "real";
    result.time_range.reset();
    result.expected_error.reset();
    result.calibration_range.reset();
    result.config.server = exchange::Server::dedicated;
    result.summary.test_loss = result.summary.test_accuracy = std::numeric_limits<double>::quiet_NaN();
    result.summary.parameters_digest.clear();
    result.summary.predicted_messages.reset();
    result.summary.outcome = Outcome::diverged;
    result.workers[1].is_server = true;
    const std::string text = to_text(result);
    CHECK_THAT(text, ContainsSubstring("2 workers and a server, real: "));
    CHECK_THAT(text, ContainsSubstring("2 s  measured with more ranks than cores") &&
                         ContainsSubstring("measured, of all cores"));
    CHECK_THAT(text, ContainsSubstring("outcome            diverged") &&
                         ContainsSubstring("test loss                 -\n"));
    CHECK_THAT(text, ContainsSubstring("- (timing only)") && ContainsSubstring("no closed form"));
    CHECK_THAT(text, ContainsSubstring("1  server  node-1"));
    CHECK_THAT(text, !ContainsSubstring("simulated") && !ContainsSubstring("predicted, "));
    result.provenance.oversubscribed = false;
    CHECK_THAT(to_text(result), ContainsSubstring("2 s  measured\n"));
}

TEST_CASE("of more than 16 ranks the middle is left out") {
    Result result = sample_result();
    const auto rows = [&](std::size_t count) {
        result.workers.resize(count);
        for (std::size_t i = 0; i < count; ++i) result.workers[i].rank = i;
        const std::string text = to_text(result);
        return text.substr(text.find("rank  role"));
    };
    const auto lines = [](const std::string& text) { return std::ranges::count(text, '\n'); };
    CHECK(lines(rows(16)) == 2 + 16);
    CHECK_THAT(rows(16), !ContainsSubstring("..."));
    const std::string cut = rows(1000);
    CHECK(lines(cut) == 2 + 8 + 1 + 8);
    CHECK_THAT(cut, ContainsSubstring("\n   7  worker") && !ContainsSubstring("\n   8  worker") &&
                        ContainsSubstring("\n ...  ...\n"));
    CHECK_THAT(cut, !ContainsSubstring("\n 991  worker") && ContainsSubstring("\n 992  worker") &&
                        ContainsSubstring("\n 999  worker"));
}

TEST_CASE("many different stalenesses share the last bar, and none is lost") {
    Result result = sample_result();
    result.workers.clear();
    result.staleness.clear();
    for (std::uint64_t i = 0; i < 20; ++i) result.staleness[i] = 1;
    const std::string text = to_text(result);
    CHECK_THAT(text, ContainsSubstring("\n       10        1  ") &&
                         ContainsSubstring("\n      11+        9  ") && !ContainsSubstring("\n       12  "));
    result.staleness.clear();
    CHECK_THAT(to_text(result), !ContainsSubstring("staleness"));
}

TEST_CASE("plain ASCII without blanks at line ends") {
    std::istringstream lines(to_text(sample_result()));
    for (std::string line; std::getline(lines, line);) {
        CHECK(std::ranges::all_of(line, [](char c) { return c >= ' ' && c <= '~'; }));
        CHECK((line.empty() || line.back() != ' '));
    }
}

TEST_CASE("no line above the ranks is longer than 80 columns") {
    Result result = sample_result();
    const auto longest = [&] {
        const std::string text = to_text(result);
        std::istringstream lines(text.substr(0, text.find("\nrank  role")));
        std::size_t most = 0;
        for (std::string line; std::getline(lines, line);) most = std::max(most, line.size());
        return most;
    };
    result.config.buckets = 4;
    result.config.method = scenario::Method("allreduce");
    result.config.platform = "cluster.xml";
    result.provenance.platform =
        "cluster.xml, 16 hosts; its <config>: network/latency-factor = 0:1;4112:2;65536:2.5, "
        "network/bandwidth-factor = 0.97 with others beside it that are longer still";
    result.provenance.data_description =
        "MNIST of /home/somebody/data/mnist, 60000 training and 10000 test samples, digest "
        "00112233445566778899";
    result.provenance.trained_before =
        "4 workers until epoch 2.50, 16 workers until epoch 13.75, 8 workers until epoch 40";
    result.summary.replay = "differs";
    CHECK(longest() <= 80);
    result.summary.outcome = Outcome::stalled;
    result.workers[0].completed = false;
    result.workers[1].stopped = true;
    result.summary.standstill = "host node-17 has had no speed since 250 ms of the platform's time";
    CHECK(longest() <= 80);
    result.summary.outcome = Outcome::interrupted;
    result.config.checkpoint = "of/a/run";
    CHECK(longest() <= 80);
}

TEST_CASE("what was asked for beyond the usual is shown, and never is a value") {
    Result result = sample_result();
    result.config.target_accuracy = 0.92;
    result.config.time_budget_s = 2e-3;
    CHECK_THAT(to_text(result), ContainsSubstring("time to 0.92") &&
                                    ContainsSubstring(" 1.75 s  between 1.69 s and 1.81 s\n"));
    CHECK_THAT(to_text(result), ContainsSubstring("accuracy at 2 ms        0.8750\n") &&
                                    ContainsSubstring("energy to 0.92           never"));
    result.summary.time_to_target_s.value = AtTarget::never;
    CHECK_THAT(to_text(result), ContainsSubstring("time to 0.92             never"));
    result.summary.time_to_target_s.value = 1.75;
    result.summary.time_to_target_high_s = 2;
    CHECK_THAT(support::in_one_line(to_text(result)),
               ContainsSubstring(" 1.75 s between 1.69 s and 2 s: too far apart for an exact time "));
    result.config.target_accuracy.reset();
    result.config.target_loss = 0.5;
    CHECK_THAT(to_text(result),
               ContainsSubstring("time to loss 0.5") && ContainsSubstring("energy to loss 0.5"));
}

TEST_CASE("a worker that stopped is named, and who waits for it") {
    Result result = sample_result();
    result.config.failures = {{1, 0.25}};
    result.workers[1].stopped = true;
    CHECK_THAT(to_text(result), ContainsSubstring("finished  worker 1 stopped at 250 ms after 2 steps\n"));
    result.summary.outcome = Outcome::stalled;
    result.workers[0].completed = false;
    CHECK_THAT(
        support::in_one_line(to_text(result)),
        ContainsSubstring("stalled worker 1 stopped at 250 ms after 2 steps; the others wait for ever test"));
    result.config.failures.clear();  // but by a speed profile
    CHECK_THAT(support::in_one_line(to_text(result)),
               ContainsSubstring("stalled worker 1 stopped after 2 steps; the others wait for ever test"));
    result.workers[1].stopped = false;
    CHECK_THAT(to_text(result), !ContainsSubstring("stopped"));
}

TEST_CASE("when a worker stopped is told by failures that had come, and not beside a speed profile") {
    Result result = sample_result();  // worker 1 ended at 1.9 s
    result.workers[1].stopped = true;
    result.workers[1].steps = 1;
    result.config.failures = {{1, 9}, {1, 0.5}, {1, 0.75}, {1, 0.1, 0.2}, {0, 0.25}};
    CHECK(who_stopped(result) == "worker 1 stopped at 500 ms after 1 step");
    result.config.speed_profiles = {{1, "file"}};
    CHECK(who_stopped(result) == "worker 1 stopped after 1 step");
}

TEST_CASE("nobody waits for workers that all stopped") {
    Result result = sample_result();
    result.summary.outcome = Outcome::stalled;
    for (Worker& worker : result.workers) worker.completed = false;
    result.workers[1].stopped = true;
    CHECK(who_stopped(result) == "worker 1 stopped after 2 steps; the others wait for ever");
    result.workers[0].stopped = true;
    CHECK(who_stopped(result) == "worker 0 stopped after 2 steps, worker 1 stopped after 2 steps");
}

TEST_CASE("of an aborted run the cause is told, and no figure that is not known") {
    Result result = sample_result();
    result.summary.outcome = Outcome::aborted;
    result.provenance.abort_cause = "rank 1 on node-1 has ended";
    Worker& lost = result.workers[1];
    lost.elapsed_s = lost.compute_s = lost.wait_s = lost.transfer_s = lost.other_s =
        std::numeric_limits<double>::quiet_NaN();
    lost.messages_sent.reset();
    const std::string text = to_text(result);
    CHECK_THAT(text, ContainsSubstring("aborted  rank 1 on node-1 has ended\n") && !ContainsSubstring("nan"));
}

TEST_CASE("names from a file stay in their line, and move no cursor") {
    Result result = sample_result();
    result.provenance.backend = "SimGrid\033[2J";
    result.provenance.data_description = "digits\nserial";
    result.workers[0].host = "a\033]0;b\a";
    const std::string text = to_text(result);
    CHECK_THAT(text, ContainsSubstring("SimGrid\\x1b[2J\ndigits\\x0aserial\n"));
    CHECK_THAT(text, ContainsSubstring("a\\x1b]0;b\\x07"));
    CHECK(text.find('\033') == std::string::npos);
}
