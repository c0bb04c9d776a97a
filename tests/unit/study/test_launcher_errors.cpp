#include <cstddef>
#include <string>
#include <vector>

#include "base/terminal.hpp"
#include "study/launch/launcher.hpp"
#include "study/launch/launcher_errors.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep::study;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

const std::string rule(74, '-');

std::string block(const std::string& text) {
    return rule + "\n" + text + "\n" + rule + "\n";
}

const std::string primary_job = block(
    "Primary job  terminated normally, but 1 process returned\n"
    "a non-zero exit code. Per user-direction, the job has been aborted.");
const std::string slots = block(
    "There are not enough slots available in the system to satisfy the 2\n"
    "slots that were requested by the application:\n\n  lockstep-real\n\n"
    "Either request fewer slots for your application, or make more slots\navailable for use.");
const std::string component = block(
    "A requested component was not found, or was unable to be opened.  This\nmeans that it is missing.\n\n"
    "Host:      vm\nFramework: btl\nComponent: nosuch\n");

/// All that is shown of `text` where it comes in pieces of that many bytes.
std::string shown(LauncherErrors& errors, const std::string& text, std::size_t piece) {
    std::string all;
    for (std::size_t begin = 0; begin < text.size(); begin += piece)
        all += errors.add(text.substr(begin, piece));
    return all + errors.finish();
}

struct Findings {
    std::string shown, own, reason;
};

/// However it is cut into pieces.
Findings findings(const std::string& text) {
    LauncherErrors whole;
    const std::string all = shown(whole, text, text.size() + 1);
    for (const std::size_t piece : {1U, 2U, 3U, 7U, 64U}) {
        LauncherErrors errors;
        CHECK(shown(errors, text, piece) == all);
        CHECK(errors.reason() == whole.reason());
        CHECK(errors.own_complaint() == whole.own_complaint());
    }
    return {all, whole.own_complaint(), whole.reason()};
}

}  // namespace

TEST_CASE("why mpirun started nothing, in one line") {
    CHECK(findings(slots).reason ==
          "There are not enough slots available in the system to satisfy the 2 slots that were requested by "
          "the "
          "application: lockstep-real");
    CHECK(findings(block("Open RTE was unable to open the hostfile:\n    nohosts\nCheck the path.") +
                   block("An internal error has occurred in ORTE:\n\n[[1,0],0] FORCE-TERMINATE"))
              .reason == "Open RTE was unable to open the hostfile: nohosts Check the path.");
    CHECK(findings("[vm:1] [[9,0],0] ORTE_ERROR_LOG: Data unpack\n" + component +
                   block("It looks like MPI_INIT failed for some reason"))
              .reason ==
          "A requested component was not found, or was unable to be opened. This means that it is missing. "
          "Host: vm "
          "Framework: btl Component: nosuch");
    CHECK(findings("mpirun: Error: unknown option \"--x\"\nType 'mpirun --help' for usage.\n").reason ==
          "mpirun: Error: unknown option \"--x\"");
    CHECK(findings("\n\n*****\n\nmpirun does not support recursive calls\n\n*****\n" + primary_job).reason ==
          "mpirun does not support recursive calls");
    CHECK(findings("ssh: Could not resolve hostname n: Name or service not known\n" +
                   block("ORTE was unable to reliably start one or more daemons."))
              .reason == "ssh: Could not resolve hostname n: Name or service not known");
    CHECK(findings(primary_job + block("mpirun noticed that process rank 1 exited on signal 9 (Killed)."))
              .reason == "mpirun noticed that process rank 1 exited on signal 9 (Killed).");
    CHECK(findings(primary_job + "2 total processes failed to start\n").reason ==
          "2 total processes failed to start");
    CHECK(findings("[mpiexec@vm] match_arg: unrecognized argument mca\n").reason ==
          "[mpiexec@vm] match_arg: unrecognized argument mca");
    CHECK(findings(block("WARNING: no device\n") + slots).reason.starts_with("There are not enough slots"));
    CHECK(findings("[vm:1] plm:rsh: Warning: setpgid\n").reason.empty());
    CHECK(findings("").reason.empty());
    CHECK(findings(rule + "\nnever ended").reason == "never ended");
}

TEST_CASE("our programs are shown and heard, whatever mpirun says around them") {
    const Findings refused =
        findings("lockstep-real: warning: slow\nlockstep-real: --lr: given '0'\n" + primary_job +
                 "[vm:1] 1 more process has sent help message help-mpi.txt\n"
                 "[vm:1] Set MCA parameter \"orte_base_help_aggregate\" to 0\n"
                 "[warn] Epoll MOD(1) on fd 23 failed. Old events were 6: Bad file descriptor\n"
                 "[vm:1] PMIX ERROR: PMIX_ERR_UNREACH in file server.c at line 3184\n");
    CHECK(refused.shown == "lockstep-real: warning: slow\nlockstep-real: --lr: given '0'\n");
    CHECK(refused.own == "--lr: given '0'");
    CHECK(findings("lockstep-real: warning: slow\n" + slots).own.empty());
    CHECK(findings(component + "other text\nno end").shown == "other text\nno end");
}

TEST_CASE("of an interruption our programs tell alone") {
    const std::string own = "lockstep-real: interrupted\n";
    const Findings under_mpirun = findings(
        "mpirun: Forwarding signal 10 to job\n" + own + primary_job +
        block("mpirun detected that one or more processes exited with non-zero status, thus causing\n"
              "the job to be terminated. The first process to do so was:\n\n"
              "  Process name: [[12938,1],1]\n  Exit code:    4"));
    CHECK(under_mpirun.shown == own);
    CHECK(under_mpirun.own == "interrupted");
    const Findings under_srun = findings("srun: error: n1: task 0: Exited with exit code 4\n" + own +
                                         "srun: error: n2: tasks 1-3: Exited with exit code 4\n");
    CHECK(under_srun.shown == own);
    CHECK(findings("srun: error: n1: task 0: Exited with exit code 3\n").shown ==
          "srun: error: n1: task 0: Exited with exit code 3\n");
}

TEST_CASE("progress goes through as it comes") {
    LauncherErrors errors;
    CHECK(errors.add("\r\033[Kepoch 1/2") == "\r\033[Kepoch 1/2");
    CHECK(errors.add(", 3 s left") == ", 3 s left");
    CHECK(errors.add("\r\033").empty());
    CHECK(errors.add("[K" + rule) == "\r\033[K");
    CHECK(errors.add("\nlost\n" + rule + "\nlockstep-real: warning: slow\n") ==
          "lockstep-real: warning: slow\n");
    CHECK(errors.reason() == "lost");
    const std::string progress = "\r\033[Kepoch 1/2\r\033[Kepoch 2/2\r\033[K";
    CHECK(findings(progress + "lockstep-real: no\n" + primary_job).shown == progress + "lockstep-real: no\n");
    CHECK(findings(progress + "lockstep-real: no\n").own == "no");
    CHECK(findings(rule + "\n\033[Klost\n" + rule + "\n").shown == "\033[K");
    CHECK(findings("\033[Ka\xc2\x8c\n").shown == "\033[Ka\\xc2\\x8c\n");
    CHECK(findings("\033[Kit has sent help message\n").shown == "\033[Kit has sent help message\n");
}

TEST_CASE("a rule behind progress begins a block, in one piece or several") {
    const std::string lost = "mpirun noticed that process rank 1 with PID 7 on node vm exited on signal 9.";
    for (const std::size_t cut : {rule.size(), rule.size() / 2}) {
        LauncherErrors errors;
        errors.add("\r\033[Kepoch 4/9, 1.7 h left");
        errors.add(rule.substr(0, cut));
        CHECK(errors.add(rule.substr(cut) + "\n" + lost + "\n" + rule + "\n").empty());
        CHECK(errors.finish().empty());
        CHECK(errors.reason() == lost);
    }
}

TEST_CASE("a rank that is lost is no fault of its launcher's, whoever that is") {
    const auto is_dead = [](const std::string& errors) { return is_launcher_dead({137, false, "", errors}); };
    CHECK_FALSE(
        is_dead(block("mpirun noticed that process rank 1 with PID 7 on node vm exited on signal 9.")));
    CHECK_FALSE(is_dead(primary_job));
    CHECK_FALSE(
        is_dead(block("prterun noticed that process rank 1 with PID 7 on node vm exited on signal 9.")));
    CHECK_FALSE(is_dead(
        block("prterun detected that one or more processes exited with non-zero status,\nthus ending it")));
    const std::string hydras(83, '=');
    CHECK_FALSE(is_dead(hydras +
                        "\n=   BAD TERMINATION OF ONE OF YOUR APPLICATION PROCESSES\n=   EXIT CODE: 9\n" +
                        hydras + "\n"));
    CHECK_FALSE(is_dead("srun: error: node-2: task 1: Killed\n"));
    CHECK(is_dead(slots));
    CHECK(is_dead("[mpiexec@vm] match_arg (args.c:163): unrecognized argument mca\n"));
    CHECK(is_dead("srun: error: Unable to allocate resources: Invalid account\n"));
}

TEST_CASE("a failure shows the command that tells more, whatever the launcher") {
    const ChildEnd end{1, false, "", "srun: error: Unable to allocate resources: Invalid account\n"};
    CHECK(failure_of({{"/usr/bin/srun", "-n", "2", "/opt/lockstep-real"}, {}}, end) ==
          "srun ended with status 1: srun: error: Unable to allocate resources: Invalid account; "
          "Open MPI under srun needs --launcher-args --mpi=pmix (srun --mpi=list tells what there is); "
          "to see all that it says, run /usr/bin/srun -n 2 /opt/lockstep-real");
    CHECK(failure_of({{"/usr/bin/srun", "-n", "2", "--mpi=pmix", "/opt/lockstep-real"}, {}}, end) ==
          "srun ended with status 1: srun: error: Unable to allocate resources: Invalid account; "
          "to see all that it says, run /usr/bin/srun -n 2 --mpi=pmix /opt/lockstep-real");
    CHECK(failure_of({{"/opt/lockstep-sim"}, {}}, {3, false, "", ""}) == "lockstep-sim ended with status 3");
}

TEST_CASE("what a launcher says on stdout counts where it says nothing on stderr") {
    const ChildCommand command{{"/usr/bin/mpirun", "-n", "2", "/opt/lockstep-real"}, {}};
    const std::string said = block(
        "An unrecognized option was included on the mpirun command line:\n\n  Option: --x\n\nPlease use");
    CHECK_THAT(failure_of(command, {213, false, said, ""}),
               StartsWith("mpirun ended with status 213: An unrecognized option was included on the mpirun "
                          "command line: Option: --x; to see"));
    CHECK(failure_of(command, {213, false, said, "lockstep-real: boom\n"}) == "boom");
    CHECK_THAT(failure_of(command, {213, false, said, "srun: error: no\n"}),
               ContainsSubstring("srun: error: no"));
}

TEST_CASE("a calibration has reported, however long the name of its file is") {
    for (const std::size_t length : std::vector<std::size_t>{1, 70, 80, 300}) {
        CAPTURE(length);
        CHECK(has_report(lockstep::base::in_lines("Written: " + std::string(length, 'n') + ".json")));
    }
    CHECK_FALSE(has_report(lockstep::base::in_lines("Calibration n on a host, 5 s")));
}

TEST_CASE("ends of progress are for launchers alone, and zeros for nobody") {
    LauncherErrors errors;
    std::string shown;
    for (const char* piece :
         {"\r\033[Kepoch 1/2\x1f", "\n\r\033[Kepoch 2/2\x1f\n\r\033[K", "\x1f\nlockstep-real: warning: a\n"})
        shown += errors.add(piece);
    CHECK(shown + errors.finish() == "\r\033[Kepoch 1/2\r\033[Kepoch 2/2\r\033[Klockstep-real: warning: a\n");
    CHECK(findings("\x1f\x1f\n\ntext\n").shown == "text\n");
    LauncherErrors with_zeros;
    with_zeros.add(std::string("\0lockstep-real: boom\n\0", 22));
    with_zeros.finish();
    CHECK(with_zeros.own_complaint() == "boom");
}

TEST_CASE("how the library ended is no reason where there is one") {
    const std::string end = "*** An error occurred in MPI_Init\n*** on a NULL communicator\n";
    CHECK(findings(end + component).reason == findings(component).reason);
    CHECK(findings(end).reason == "*** An error occurred in MPI_Init");
}
