// Which hosts of a platform file ranks take: --hosts and --hostfile.
#include "base/error.hpp"
#include "scenario/hosts.hpp"
#include "scenario/validate.hpp"
#include "temporary_file.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep::scenario;
using Catch::Matchers::ContainsSubstring;
using lockstep::base::InputError;
using Places = std::vector<std::size_t>;

namespace {

const std::vector<std::string> available{"node-1", "node-2", "node-10", "odd:2"};

Places places(const std::string& hosts, std::size_t ranks) {
    Config config;
    config.hosts = hosts;
    return places_of_ranks(read_hosts(config), available, ranks);
}

std::string refusal(const std::string& hosts, std::size_t ranks) {
    try {
        places(hosts, ranks);
    } catch (const InputError& error) {
        return error.what();
    }
    return "accepted";
}

}  // namespace

TEST_CASE("ranks take hosts in the order in which they are named") {
    CHECK(places("node-10,node-1", 2) == Places{2, 0});
    CHECK(places("node-10,node-1,node-2", 1) == Places{2});
    CHECK(places("node-2,node-2,node-1", 3) == Places{1, 1, 0});
    CHECK(places("node-2:2,node-1:3", 4) == Places{1, 1, 0, 0});
    CHECK(places(" node-2 , node-1", 2) == Places{1, 0});
}

TEST_CASE("a colon may be part of a host's name") {
    CHECK(places("odd:2", 1) == Places{3});
    CHECK(places("odd:2:2", 2) == Places{3, 3});
}

TEST_CASE("a list that cannot be followed is an input error") {
    CHECK_THAT(refusal("node-3,node-1", 2),
               ContainsSubstring("--hosts: given 'node-3'; allowed: hosts of the platform: "
                                 "node-1, node-2, node-10, odd:2; did you mean node-1?"));
    CHECK_THAT(refusal("elsewhere", 1),
               ContainsSubstring("given 'elsewhere'") && !ContainsSubstring("did you mean"));
    CHECK_THAT(refusal("node-1,,node-2", 2),
               ContainsSubstring("given 'node-1,,node-2'") && ContainsSubstring("a name is missing"));
    CHECK_THAT(refusal("node-1:0", 1), ContainsSubstring("given 'node-1:0'") &&
                                           ContainsSubstring("SLOTS a whole number from 1 to 65536"));
    CHECK_THAT(refusal("node-1:two", 1), ContainsSubstring("given 'node-1:two'"));
    CHECK_THAT(refusal("node-1 slots=2", 2), ContainsSubstring("given 'node-1 slots=2'"));
    CHECK_THAT(refusal("node-1:2,node-2", 4),
               ContainsSubstring("--hosts: it has room for 3 ranks, the run needs 4") &&
                   ContainsSubstring("HOST:SLOTS"));
}

TEST_CASE("of many hosts the first are shown") {
    std::vector<std::string> many;
    for (int i = 0; i < 20; ++i) many.push_back("h" + std::to_string(i));
    CHECK_THROWS_WITH(places_of_ranks({{"--hosts", "x"}}, many, 1),
                      ContainsSubstring("h7, ... (20 in all)") && !ContainsSubstring("h8"));
}

TEST_CASE("a file lists hosts a line each") {
    const TemporaryFile file("hosts", "# two nodes\nnode-1\r\n\n  node-2:2\t\n");
    Config config;
    config.hostfile = file.path();
    CHECK(places_of_ranks(read_hosts(config), available, 3) == Places{0, 1, 1});
    CHECK_THROWS_WITH(places_of_ranks(read_hosts(config), available, 4),
                      ContainsSubstring("--hostfile: it has room for 3"));
    config.hosts = "node-1";
    CHECK_THROWS_WITH(read_hosts(config),
                      ContainsSubstring("--hostfile") && ContainsSubstring("nothing next to --hosts"));
}

TEST_CASE("a number of slots that cannot be is refused with its entry, and Open MPI's form with ours") {
    CHECK_THROWS_WITH(
        places_of_ranks({{"--hosts", "node-1:0"}}, available, 1),
        ContainsSubstring("--hosts: given 'node-1:0'; allowed: HOST or HOST:SLOTS, SLOTS a whole number"));
    CHECK_THROWS_WITH(
        places_of_ranks({{"--hostfile f:3", "node-2 slots=4"}}, available, 1),
        ContainsSubstring("--hostfile f:3: given 'node-2 slots=4'") && ContainsSubstring("write node-2:4"));
}

TEST_CASE("a byte order mark before the first host is none of its name") {
    const TemporaryFile file("hosts", "\xef\xbb\xbfnode-1\r\nnode-2\r\n");
    Config config;
    config.hostfile = file.path();
    CHECK(places_of_ranks(read_hosts(config), available, 2) == Places{0, 1});
}

TEST_CASE("a file of hosts that cannot be followed is an input error that names its line") {
    const TemporaryFile wrong("hosts", "node-1\nnode-7\n");
    Config config;
    config.hostfile = wrong.path();
    CHECK_THROWS_WITH(places_of_ranks(read_hosts(config), available, 2),
                      ContainsSubstring(wrong.path() + ":2: given 'node-7'"));
    const TemporaryFile empty("hosts", "\n# nobody\n");
    config.hostfile = empty.path();
    CHECK_THROWS_WITH(read_hosts(config),
                      ContainsSubstring("--hostfile") && ContainsSubstring("names no host"));
    config.hostfile = "/nowhere/hosts";
    CHECK_THROWS_WITH(read_hosts(config),
                      ContainsSubstring("--hostfile: /nowhere/hosts: given 'No such file"));
}

TEST_CASE("hosts are named with a platform file, and then nothing else says how many ranks a host has") {
    const auto answer = [](std::vector<std::string> words) -> std::string {
        words.insert(words.end(), {"--method", "in-turn", "--workers", "2"});
        try {
            validate(parse(words));
        } catch (const InputError& error) {
            return error.what();
        }
        return "accepted";
    };
    const TemporaryFile platform("p.xml", "<platform/>");
    CHECK_THAT(answer({"--hosts", "a,b"}),
               ContainsSubstring("--hosts: given 'a,b'") && ContainsSubstring("--platform FILE.xml"));
    CHECK_THAT(answer({"--hostfile", "f"}),
               ContainsSubstring("--hostfile: given 'f'") && ContainsSubstring("--platform FILE.xml"));
    CHECK(answer({"--platform", platform.path(), "--hosts", "a,b"}) == "accepted");
    CHECK(answer({"--platform", platform.path(), "--workers-per-host", "2"}) == "accepted");
    CHECK_THAT(answer({"--platform", platform.path(), "--hosts", "a,b", "--workers-per-host", "2"}),
               ContainsSubstring("--workers-per-host") && ContainsSubstring("without --hosts"));
    CHECK_THAT(answer({"--platform", platform.path(), "--hosts", "a,,b"}),
               ContainsSubstring("a name is missing"));
    CHECK_THAT(answer({"--platform", platform.path(), "--hostfile", "/nowhere/hosts"}),
               ContainsSubstring("/nowhere/hosts"));
}
