#include "base/error.hpp"
#include "scenario/parse.hpp"
#include "scenario/validate.hpp"
#include "temporary_file.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep::scenario;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::Equals;
using lockstep::base::InputError;
using Words = std::vector<std::string>;

namespace {

/// The message of the InputError that the arguments end in.
std::string refusal(const Words& arguments, const std::vector<ExtraOption>& extra = {}) {
    try {
        parse(arguments, extra);
    } catch (const InputError& error) {
        return error.what();
    }
    return "accepted";
}

}  // namespace

TEST_CASE("no arguments are the defaults") {
    const Invocation invocation = parse(Words{});
    CHECK(invocation.config == Config{});
    CHECK_FALSE(invocation.help);
    CHECK_FALSE(invocation.version);
    CHECK(invocation.file.empty());
    CHECK(invocation.command_line_keys.empty());
}

TEST_CASE("--key value and --key=value") {
    const auto invocation =
        parse(Words{"--batch", "10", "--lr=0.5", "--hidden=128,64", "--data", "mnist:a=b"});
    CHECK(invocation.config.batch == 10U);
    CHECK(invocation.config.lr == 0.5);
    CHECK(invocation.config.hidden == std::vector<std::size_t>{128, 64});
    CHECK(invocation.config.data == "mnist:a=b");
    CHECK(invocation.command_line_keys == Words{"batch", "lr", "hidden", "data"});
    CHECK(invocation.given_on_command_line("lr"));
    CHECK_FALSE(invocation.given_on_command_line("lr-decay"));
}

TEST_CASE("an empty value is a value") {
    const TemporaryFile file("a.ini", "hidden = 5\nout = somewhere\n");
    CHECK(parse(Words{file.path(), "--hidden="}).config.hidden.empty());
    CHECK(parse(Words{file.path(), "--out", ""}).config.out.empty());
}

TEST_CASE("the command line wins over the file, wherever the file is named") {
    const TemporaryFile file("a.ini", "batch = 10\nlr = 0.5\n");
    for (const Words& words : {Words{file.path(), "--batch", "20"}, Words{"--batch", "20", file.path()}}) {
        const Invocation invocation = parse(words);
        CHECK(invocation.config.batch == 20U);
        CHECK(invocation.config.lr == 0.5);
        CHECK(invocation.file == file.path());
        CHECK(invocation.file_keys == Words{"batch", "lr"});
        CHECK(invocation.given_in_file("batch"));
        CHECK_FALSE(invocation.given_on_command_line("lr"));
    }
}

TEST_CASE("help and version need nothing else to be right") {
    CHECK(parse(Words{"--help"}).help);
    CHECK(parse(Words{"-h"}).help);
    CHECK(parse(Words{"--version"}).version);
    CHECK(parse(Words{"missing.ini", "--lr", "-1", "--help"}).help);
    CHECK_THAT(refusal({"--help=yes"}), Equals("--help: takes no value"));
}

TEST_CASE("unknown options name the nearest known one") {
    CHECK_THAT(refusal({"--latncy", "5us"}), Equals("--latncy: unknown option; did you mean --latency?"));
    CHECK_THAT(refusal({"--latncy=5us"}), Equals("--latncy: unknown option; did you mean --latency?"));
    CHECK_THAT(refusal({"--latncy="}), Equals("--latncy: unknown option; did you mean --latency?"));
    CHECK_THAT(refusal({"--train_samples", "5"}),
               Equals("--train_samples: unknown option; did you mean --train-samples?"));
    CHECK_THAT(refusal({"--lat", "5us"}), Equals("--lat: unknown option; did you mean --latency?"));
    CHECK_THAT(refusal({"--inertia", "1"}), Equals("--inertia: unknown option; --help lists all"));
    CHECK_THAT(refusal({"-lr", "1"}), Equals("-lr: unknown option; did you mean --lr?"));
    CHECK_THAT(refusal({"-1"}), Equals("-1: unknown option; --help lists all"));
    CHECK_THAT(refusal({"--Batch", "1"}), Equals("--Batch: unknown option; did you mean --batch?"));
}

TEST_CASE("options given twice, without a value, or with dashes alone") {
    CHECK_THAT(refusal({"--lr", "1", "--batch", "5", "--lr=2"}), Equals("--lr: given twice; remove one"));
    CHECK_THAT(refusal({"--lr"}), ContainsSubstring("--lr: the value is missing; allowed: a number above 0"));
    CHECK_THAT(refusal({"--lr", "--batch", "5"}), ContainsSubstring("--lr: the value is missing"));
    CHECK_THAT(refusal({"--", "--lr"}), ContainsSubstring("--: the key is missing"));
}

TEST_CASE("negative numbers are values") {
    CHECK_THAT(refusal({"--lr", "-1"}), Equals("--lr: given '-1'; allowed: a number above 0"));
    CHECK_THAT(refusal({"--workers", "-3"}),
               ContainsSubstring("--workers: given '-3'; allowed: a whole number from 1 to 65536"));
    CHECK_THAT(refusal({"--latency=-5us"}), ContainsSubstring("--latency: given '-5us'"));
}

TEST_CASE("one scenario file at most, and it must be there") {
    CHECK_THAT(refusal({"a.ini", "b.ini"}),
               ContainsSubstring("'a.ini b.ini'") && ContainsSubstring("at most one INI file"));
    CHECK_THAT(refusal({"missing/a.ini"}),
               ContainsSubstring("missing/a.ini") && ContainsSubstring("No such file"));
    CHECK_THAT(refusal({""}), ContainsSubstring("scenario file: given ''"));
    CHECK_THAT(refusal({"/"}), ContainsSubstring("a folder"));
}

TEST_CASE("in files, every error names file and line") {
    const auto [content, message] = GENERATE(table<std::string, std::string>({
        {"batch = 5\nlatncy = 5us\n", "a.ini:2: latncy: unknown option; did you mean latency?"},
        {"# x\nbatch = many\n",
         "a.ini:2: batch: given 'many'; allowed: a whole number from 1 to 4294967295, or all"},
        {"lr = 1\n\nlr = 2\n", "a.ini:3: lr: given twice, first in line 1; remove one"},
        {"[training]\n",
         "a.ini:1: given '[training]'; allowed: lines of key = value; keys are flat: remove the section"},
        {"lr 1\n", "a.ini:1: given 'lr 1'; allowed: lines of key = value; the = is missing"},
        {"--lr = 1\n", "a.ini:1: --lr: unknown option"},
        {"help = 1\n", "a.ini:1: help: unknown option"},
    }));
    const TemporaryFile file("a.ini", content);
    CHECK_THAT(refusal({file.path()}),
               ContainsSubstring(message) && Catch::Matchers::StartsWith(file.path()));
}

TEST_CASE("a front end's own keys are strings, with defaults, on the command line and in files") {
    const std::vector<ExtraOption> extra{{"launcher-args", "ARGS", "", "Passed to mpirun."},
                                         {"table-rows", "LIST", "serial,sync-average:2", "Rows."}};
    const TemporaryFile file("a.ini", "table-rows = in-turn:2\nbatch = 5\n");
    const Invocation none = parse(Words{}, extra);
    CHECK(none.extra.at("launcher-args").empty());
    CHECK(none.extra.at("table-rows") == "serial,sync-average:2");
    const Invocation given = parse(Words{file.path(), "--launcher-args", "-x -y"}, extra);
    CHECK(given.extra.at("launcher-args") == "-x -y");
    CHECK(given.extra.at("table-rows") == "in-turn:2");
    CHECK(given.config.batch == 5U);
    CHECK_THAT(refusal({"--launcher-arg", "x"}, extra), ContainsSubstring("did you mean --launcher-args?"));
    CHECK_THAT(refusal({"--table-rows"}, extra), ContainsSubstring("--table-rows: the value is missing"));
    CHECK_THAT(refusal({"--table-rows", "x"}), ContainsSubstring("--table-rows: unknown option"));
}

TEST_CASE("every program accepts the front end's keys in a file, so that one file serves all") {
    const TemporaryFile file("a.ini", "table-rows = in-turn:2\nbatch = 5\n");
    const Invocation invocation = parse(Words{file.path()});
    CHECK(invocation.extra.empty());
    CHECK(invocation.config.batch == 5U);
    const TemporaryFile misspelt("b.ini", "table-row = in-turn:2\n");
    CHECK_THAT(refusal({misspelt.path()}), ContainsSubstring("did you mean table-rows?"));
}

TEST_CASE("a front end's value may look like an option") {
    const std::vector<ExtraOption> extra{{"launcher-args", "ARGS", "", "Passed to mpirun."}};
    CHECK(parse(Words{"--launcher-args", "--bind-to core"}, extra).extra.at("launcher-args") ==
          "--bind-to core");
    CHECK_THAT(refusal({"--launcher-args", "--batch", "5"}, extra),
               ContainsSubstring("--launcher-args: the value is missing"));
}

TEST_CASE("a configuration becomes a command line that parses back to the same run") {
    CHECK(to_arguments(Config{}, World::simulated).empty());
    Config config;
    config.method = Method("in-turn");
    config.workers = 2;
    config.update = UpdateRule("mix");
    config.beta = 0.25;
    config.batch.reset();
    config.hidden = {30};
    config.latency_s = 1e-3;
    config.speeds_flops = {5e9, 1e9};
    const Words arguments = to_arguments(config, World::simulated);
    CHECK(arguments == Words{"--method=in-turn", "--workers=2", "--update=mix", "--beta=0.25", "--hidden=30",
                             "--batch=all", "--speeds=5Gf,1Gf", "--latency=1ms"});
    CHECK(parse(arguments).config == config);
}

TEST_CASE("a command line holds what its world has a use for") {
    Config config;
    config.latency_s = 1e-3;
    config.speed_multiples = {0.5};
    config.stragglers = {{0, 4}};
    CHECK(to_arguments(config, World::simulated) ==
          Words{"--speeds=0.5", "--straggler=worker=0,factor=4", "--latency=1ms"});
    CHECK(to_arguments(config, World::real) == Words{"--speeds=0.5"});
    config.emulate_speed_flops = 5e7;
    CHECK(to_arguments(config, World::real) ==
          Words{"--speeds=0.5", "--straggler=worker=0,factor=4", "--emulate-speed=50Mf"});
    CHECK(to_arguments(config, World::simulated) ==
          Words{"--speeds=0.5", "--straggler=worker=0,factor=4", "--latency=1ms"});
}

TEST_CASE("keys without effect on the run are left out of its command line, so that it validates") {
    Config config;
    config.method = Method("sync-average");
    config.workers = 2;
    config.server = Server::dedicated;
    config.update = UpdateRule("mix");
    config.beta = 0.25;
    const Words arguments = to_arguments(config, World::simulated);
    CHECK(arguments == Words{"--method=sync-average", "--workers=2"});
    CHECK_NOTHROW(validate(parse(arguments)));
}

TEST_CASE("keys are left out in both spellings, with their values") {
    const std::vector<std::string> words{"a.ini",  "--repeats",  "3",         "--batch",  "10", "--out=x",
                                         "--lr=1", "--outer-lr", "--repeats", "--hidden", "64"};
    const std::vector<std::string> keys{"repeats", "out"};
    CHECK(without_keys(words, keys) ==
          std::vector<std::string>{"a.ini", "--batch", "10", "--lr=1", "--outer-lr", "64"});
}
