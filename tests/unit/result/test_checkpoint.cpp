#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "result/checkpoint.hpp"
#include "tests/support/catch.hpp"

namespace test_checkpoint {

using namespace lockstep;
using namespace lockstep::result;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr std::size_t digest_digits = 32;

/// Of two ranks that have something and one between them that has nothing.
Checkpoint sample() {
    Checkpoint checkpoint;
    checkpoint.lockstep_version = "0.1.0 (abc)";
    checkpoint.world = "simulated";
    checkpoint.options = {{"method", "sync-average"}, {"hidden", ""}, {"data", "a \"b\"\n\u00e9"}};
    checkpoint.facts = {{"data", "digits"}};
    checkpoint.number = 3;
    checkpoint.elapsed_s = 0.1;
    checkpoint.epochs = 2.5;
    checkpoint.written_utc = "2024-01-02T03:04:05Z";
    checkpoint.ranks = {{std::byte{1}, std::byte{'\n'}, std::byte{0}, std::byte{0xff}, std::byte{5}},
                        {},
                        {std::byte{6}, std::byte{7}, std::byte{8}}};
    checkpoint.together = {std::byte{'\n'}, std::byte{9}};
    return checkpoint;
}

/// The message that refuses the bytes, or nothing.
std::string refusal(const std::string& bytes) {
    try {
        checkpoint_of(bytes, "my.lockstep");
    } catch (const base::InputError& error) {
        return error.what();
    }
    return {};
}

/// With a digest that vouches for what is above it: as a careful forger would.
std::string resealed(const std::string& bytes) {
    const std::string above = bytes.substr(0, bytes.size() - digest_digits);
    return above + base::digest_of_bytes(above);
}

/// The sample where its header has another text in one place.
std::string with(const std::string& from, const std::string& to) {
    std::string bytes = to_bytes(sample());
    const std::size_t at = bytes.find(from);
    REQUIRE(at != std::string::npos);
    return resealed(bytes.replace(at, from.size(), to));
}

}  // namespace

TEST_CASE("a checkpoint is read back as it was written") {
    CHECK(checkpoint_of(to_bytes(sample()), "my.lockstep") == sample());
    Checkpoint real = sample();
    real.world = "real";
    real.together.clear();
    real.ranks = {{}};
    CHECK(checkpoint_of(to_bytes(real), "my.lockstep") == real);
    real.ranks.assign(1, std::vector<std::byte>(100'000, std::byte{'\n'}));
    CHECK(checkpoint_of(to_bytes(real), "my.lockstep") == real);
}

TEST_CASE("a checkpoint looks as documented") {
    const std::string above =
        std::string(
            "lockstep checkpoint 1\n{\"lockstep_version\":\"0.1.0 (abc)\",\"world\":\"simulated\","
            "\"number\":3,\"elapsed_s\":0.1,\"epochs\":2.5,\"written_utc\":\"2024-01-02T03:04:05Z\","
            "\"options\":{\"method\":\"sync-average\",\"hidden\":\"\",\"data\":\"a "
            "\\\"b\\\"\\n\u00e9\"},\"facts\":{\"data\":\"digits\"},"
            "\"rank_bytes\":[5,0,3],\"together_bytes\":2}\n") +
        std::string("\1\n\0\xff\5\6\7\10\n\11", 10);
    CHECK(to_bytes(sample()) == above + base::digest_of_bytes(above));
}

TEST_CASE("a checkpoint with any bit changed is refused") {
    const std::string bytes = to_bytes(sample());
    for (std::size_t i = 0; i < bytes.size(); ++i)
        for (unsigned bit = 0; bit < 8; ++bit) {
            std::string damaged = bytes;
            damaged[i] = static_cast<char>(static_cast<unsigned char>(damaged[i]) ^ (1U << bit));
            CAPTURE(i, bit);
            const std::string message = refusal(damaged);
            CHECK(message.starts_with("my.lockstep: given '"));
            CHECK(message.find('\n') == std::string::npos);
        }
}

TEST_CASE("a checkpoint that is cut off anywhere is refused, and one with more after its end") {
    const std::string bytes = to_bytes(sample());
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        CAPTURE(length);
        CHECK(refusal(bytes.substr(0, length)).starts_with("my.lockstep: given '"));
    }
    CHECK(refusal(bytes + "\n").starts_with("my.lockstep: given 'a checkpoint that was cut off or damaged'"));
}

TEST_CASE("another kind of file is named as such before anything else is said of it") {
    for (const char* text :
         {"", "lockstep-order-1\n", "lockstep checkpoin", "\x89PNG\r\n", " lockstep checkpoint 1\n"})
        CHECK_THAT(refusal(text),
                   ContainsSubstring("allowed: a file that begins with 'lockstep checkpoint '"));
    CHECK(refusal(std::string(1 << 20, 'x')).size() < 400);
}

TEST_CASE("another version of the format is named before the digest is looked at") {
    for (const std::string version : {"2", "0", "10"}) {
        const std::string bytes = "lockstep checkpoint " + version + "\nof another time";
        CHECK(refusal(bytes) ==
              fmt::format("my.lockstep: given 'format {}'; allowed: format 1, that of this version; "
                          "resume it with the version that wrote it",
                          version));
        CHECK_THROWS_AS(checkpoint_of(bytes, "my.lockstep"), OtherCheckpointFormat);
    }
    for (const std::string text :
         {"lockstep checkpoint 2", "lockstep checkpoint x\n", "lockstep checkpoint \n"})
        CHECK_THAT(refusal(text), ContainsSubstring("cut off or damaged"));
}

TEST_CASE("sizes must be those of the bytes that follow, whatever the digest says") {
    const std::string sizes = "[5,0,3],\"together_bytes\":2";
    CHECK(refusal(with(sizes, "[4,1,0],\"together_bytes\":5")).empty());
    for (const std::string other :
         {"[5,0,4],\"together_bytes\":2", "[5,0,2],\"together_bytes\":2", "[5,0,3],\"together_bytes\":3",
          "[1099511627776,0,3],\"together_bytes\":2", "[18446744073709551615,0,9],\"together_bytes\":2",
          "[9223372036854775808,9223372036854775808,8],\"together_bytes\":2"}) {
        CAPTURE(other);
        CHECK(refusal(with(sizes, other)) ==
              "my.lockstep:2: rank_bytes: given 'sizes of other parts'; allowed: those of the 10 bytes that "
              "follow, with together_bytes; lockstep has not written it: name another one");
    }
    for (const std::string other :
         {"[]", "{}", "null", "10", "[5,0,-3]", "[5,0,3.0]", "[5,0,\"3\"]", "[5,[0],3]"}) {
        CAPTURE(other);
        CHECK_THAT(refusal(with("[5,0,3]", other)),
                   ContainsSubstring("my.lockstep:2: rank_bytes: given '") &&
                       ContainsSubstring("allowed: a list of 1 to 131072 whole numbers"));
    }
    std::string many = "[5,3";
    for (int rank = 2; rank < 131'072; ++rank) many += ",0";
    CHECK(refusal(with("[5,0,3]", many + "]")).empty());
    CHECK_THAT(refusal(with("[5,0,3]", many + ",0]")),
               ContainsSubstring("given 'a list'; allowed: a list of 1 to"));
}

TEST_CASE("a header says what can be, whatever the digest says") {
    const std::vector<std::vector<std::string>> changes{
        {"\"number\":3", "\"number\":0", "number: given '0'; allowed: a whole number from 1"},
        {"\"number\":3", "\"number\":-1", "number: given '-1'"},
        {"\"number\":3", "\"numbers\":3", "number: given 'nothing'; allowed: a whole number from 1"},
        {"\"elapsed_s\":0.1", "\"elapsed_s\":-0.1", "elapsed_s: given '-0.1'; allowed: a number from 0"},
        {"\"elapsed_s\":0.1", "\"elapsed_s\":null", "elapsed_s: given 'null'"},
        {"\"epochs\":2.5", "\"epochs\":\"2.5\"", "epochs: given '\"2.5\"'; allowed: a number from 0"},
        {"\"epochs\":2.5", "\"epochs\":1e400",
         "given 'a number in it is too large'; allowed: a line of JSON"},
        {"\"simulated\"", "1", "world: given '1'; allowed: a text"},
        {"\"hidden\":\"\"", "\"hidden\":[]", "options.hidden: given 'a list'; allowed: a text"},
        {"{\"data\":\"digits\"}", "[]", "facts: given 'a list'; allowed: an object of texts"},
        {"\"together_bytes\":2", "\"together_bytes\":{}", "together_bytes: given 'an object'"},
        {"{\"lockstep_version\"", "{lockstep_version", "given 'no JSON from byte"},
        {"\"options\":{", "\"options\":" + std::string(100, '[') + "{", "more than 64 deep"}};
    for (const auto& change : changes) {
        CAPTURE(change[1]);
        const std::string message = refusal(with(change[0], change[1]));
        CHECK(message.starts_with("my.lockstep:2: "));
        CHECK_THAT(message, ContainsSubstring(change[2]));
    }
    const std::string above = "lockstep checkpoint 1\n";
    for (const std::string header : {"", "\n", "7\n", "[]\n"})
        CHECK(refusal(above + header + base::digest_of_bytes(above + header)).starts_with("my.lockstep:2: "));
}

TEST_CASE("an option that is no UTF-8 stops nobody from writing a checkpoint") {
    Checkpoint checkpoint = sample();
    checkpoint.options = {{"data", "a\xff"}};
    CHECK(checkpoint_of(to_bytes(checkpoint), "my.lockstep").options.front().second == "a\ufffd");
}

}  // namespace test_checkpoint
