// Whatever ends a process inside SimGrid leaves one line and an exit status.
#include <array>
#include <csignal>
#include <cstdlib>
#include <optional>

#include <simgrid/s4u.hpp>
#include <unistd.h>
#include <xbt/asserts.h>

#include "sim/last_words.hpp"
#include "sim/platform/prepared_engine.hpp"
#include "sim/simgrid_version.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/simulated_child.hpp"

namespace test_last_words {

using namespace lockstep;
using Catch::Matchers::ContainsSubstring;

namespace {

/// What becomes of a child that does this once it listens.
std::string ending(const std::function<void()>& action) {
    try {
        support::run_in_child([&] {
            sim::turn_giving_up_into_one_line("prefix: ", STDERR_FILENO, 3);
            action();
            return std::string();
        });
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "it lived";
}

std::string line(const std::string& words) {
    return "the child process ended with status 3; its output:\nprefix: " + words + "\n";
}

}  // namespace

TEST_CASE("a failed assertion of SimGrid's is one line") {
    CHECK(ending([] { xbt_assert(1 + 1 == 3, "two and two\n  are %d", 4); }) == line("two and two are 4"));
    CHECK(ending([] { xbt_die("****** OLD *******\n\t a file"); }) == line("OLD a file"));
}

TEST_CASE("the last critical message is the reason") {
    CHECK(ending([] {
              XBT_CCRITICAL(root, "first");
              XBT_CCRITICAL(root, "second");
              std::abort();
          }) == line("second"));
}

TEST_CASE("a crash is one line that says what was being done") {
    CHECK(ending([] { std::abort(); }) == line("it crashed (ABRT)"));
    CHECK(ending([] {
              sim::now_doing("reading");
              std::raise(SIGSEGV);
          }) == line("it crashed (SEGV), while reading"));
}

TEST_CASE("with an engine, too, a crash leaves one line, and an actor's error no backtrace") {
    const auto with_engine = [](const std::function<void()>& in_actor) {
        return ending([&] {
            int count = 1;
            char name[] = "test";
            char* arguments[] = {name, nullptr};
            std::optional<sim::SignalHandlers> ours(std::in_place);
            simgrid::s4u::Engine engine(&count, arguments);
            ours.reset();
            simgrid::s4u::Engine::set_config("exception/cutpath:yes");
            auto* zone = sim::grid::add_full("zone");
            auto* host = sim::grid::add_host(*zone, "host", 1e9)->seal();
            zone->seal();
            simgrid::s4u::Actor::init("actor", host)->start([&] {
                simgrid::s4u::this_actor::sleep_for(1.5);
                in_actor();
            });
            engine.run();
        });
    };
    CHECK(with_engine([] { std::raise(SIGSEGV); }) == line("it crashed (SEGV), at 1.5 s of simulated time"));
    CHECK_THAT(with_engine([] { throw std::invalid_argument("no such thing"); }),
               ContainsSubstring("prefix: Uncaught exception") &&
                   ContainsSubstring("no such thing, at 1.5 s of simulated time\n") &&
                   !ContainsSubstring("backtrace"));
}

TEST_CASE("an engine that is prepared leaves the handlers of signals as they were") {
    const std::string ended = ending([] {
        std::signal(SIGINT, [](int) {});
        const auto handler_of = [](int number) {
            struct sigaction action {};
            ::sigaction(number, nullptr, &action);
            return action.sa_handler;
        };
        const std::array before{handler_of(SIGINT), handler_of(SIGSEGV), handler_of(SIGBUS)};
        const sim::PreparedEngine engine(support::star_of(2));
        const std::array after{handler_of(SIGINT), handler_of(SIGSEGV), handler_of(SIGBUS)};
        if (after != before) throw std::runtime_error("they are others now");
    });
    CHECK(ended == "it lived");
}

TEST_CASE("many words are cut, and lines joined") {
    CHECK(sim::one_line(" a\n\tb  *** c\r\n") == "a b c");
    CHECK(sim::one_line("") == "");
    std::string many;
    for (int i = 0; i < 1000; ++i) many += "word ";
    const std::string cut = sim::one_line(many);
    CHECK(cut.size() < 620);
    CHECK(cut.ends_with("word ..."));
}

}  // namespace test_last_words
