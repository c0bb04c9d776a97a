#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "result/order.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep;
using namespace lockstep::result;
using exchange::Arrival;

namespace {

/// Of two workers and a server, with a gradient that came too late.
Order sample() {
    Order order;
    order.provenance = {{"world", "real"}, {"git_revision", "abc"}};
    order.shape = {{"method", "backup-workers"}, {"steps", "2"}};
    order.values = {{"lr", "0.5"}, {"hidden", ""}};
    order.parameters_digest = "00112233445566778899aabbccddeeff";
    order.arrivals = {{2, 1, 0, 0, 0}, {2, 1, 1, 1, 1}, {2, 0, 0, 0, 2, true}, {2, 0, 1, 2, 2}};
    return order;
}

/// The message that refuses the text, or nothing.
std::string refusal(const std::string& text) {
    try {
        parse_order(text, "my.order");
    } catch (const base::InputError& error) {
        return error.what();
    }
    return {};
}

std::string with(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

/// The last line made to fit whatever is above it: as a careful forger would.
std::string resealed(const std::string& text, std::size_t rows) {
    const std::string above = text.substr(0, text.find("end,"));
    return above + fmt::format("end,{},{}\n", rows, base::digest_of_bytes(above));
}

}  // namespace

TEST_CASE("an order is read back as it was written") {
    for (const bool complete : {true, false}) {
        Order order = sample();
        order.complete = complete;
        const Order found = parse_order(order_text(order), "my.order");
        CHECK(found.provenance == order.provenance);
        CHECK(found.shape == order.shape);
        CHECK(found.values == order.values);
        CHECK(found.complete == complete);
        CHECK(found.parameters_digest == order.parameters_digest);
        CHECK(found.arrivals == order.arrivals);
    }
}

TEST_CASE("an order looks as documented") {
    const std::string text = order_text(sample());
    CHECK(text.starts_with(
        "lockstep-order-1\nprovenance world = real\nprovenance git_revision = abc\n"
        "order method = backup-workers\norder steps = 2\noption lr = 0.5\noption hidden =\n"
        "run complete = yes\nrun parameters_digest = 00112233445566778899aabbccddeeff\n"
        "taker,worker,step,version_read,version_applied,effect\n2,1,0,0,0,applied\n2,1,1,1,1,applied\n"
        "2,0,0,0,2,dropped\n2,0,1,2,2,applied\nend,4,"));
}

TEST_CASE("an order that is cut off anywhere is refused") {
    const std::string text = order_text(sample());
    for (std::size_t length = 0; length < text.size(); ++length) {
        CAPTURE(length);
        CHECK(refusal(text.substr(0, length)).starts_with("my.order:"));
    }
}

TEST_CASE("an order without one of its lines is refused") {
    const std::string text = order_text(sample());
    for (std::size_t first = 0; first < text.size();) {
        const std::size_t end = text.find('\n', first) + 1;
        CAPTURE(text.substr(first, end - first));
        CHECK(refusal(text.substr(0, first) + text.substr(end)).starts_with("my.order:"));
        first = end;
    }
}

TEST_CASE("an order with any other byte in any place is refused") {
    const std::string text = order_text(sample());
    for (std::size_t i = 0; i < text.size(); ++i)
        for (const char other : {'0', '9', ',', ' ', '\n', '\r', '-', 'x', '\0', '\x80'}) {
            if (text[i] == other) continue;
            std::string edited = text;
            edited[i] = other;
            CAPTURE(i, other);
            const std::string message = refusal(edited);
            CHECK(message.starts_with("my.order:"));
            CHECK(message.find('\n') == std::string::npos);
        }
}

TEST_CASE("messages name the line and what should be there") {
    const std::string text = order_text(sample());
    CHECK(refusal("").starts_with("my.order:1: given ''; allowed: lockstep-order-1"));
    CHECK(refusal(with(text, "2,1,1,1,1", "2,1,one,1,1"))
              .starts_with("my.order:12: given '2,1,one,1,1,applied'; allowed: taker,worker"));
    CHECK(refusal(with(text, "2,1,1,1,1", "2,1,01,1,1")).starts_with("my.order:12: given '2,1,01,"));
    CHECK(refusal(with(text, "2,1,1,1,1", "2,1,4294967296,1,1")).starts_with("my.order:12:"));
    CHECK(refusal(with(text, "lr = 0.5", "lr: 0.5"))
              .starts_with("my.order:6: given 'option lr: 0.5'; allowed: KIND KEY = VALUE"));
    CHECK(refusal(with(text, "lr = 0.5", "lr = 0.4")).starts_with("my.order:15: given 'end,4,"));
    CHECK(refusal(text + "2,0,1,2,2,applied\n").starts_with("my.order:16: given '2,0,1,2,2,applied'"));
    CHECK(refusal(text.substr(0, text.find("end,")))
              .starts_with("my.order:14: given '2,0,1,2,2,applied'; allowed: a last line"));
    CHECK(refusal(std::string(1000, '\1')).size() < 300);
}

TEST_CASE("rows must make a sequence, whatever the last line says") {
    const std::string text = order_text(sample());
    const std::string first = "2,1,0,0,0,applied\n";
    const std::string second = "2,1,1,1,1,applied\n";
    CHECK(refusal(resealed(text, 4)).empty());
    CHECK(refusal(resealed(with(text, first + second, second + first), 4))
              .starts_with("my.order:12: given '2,1,0,0,0,applied'; allowed: version_applied 1 or more"));
    CHECK(refusal(resealed(with(text, second, first), 4))
              .starts_with("my.order:12: given '2,1,0,0,0,applied'; allowed: step 1 or more of worker 1"));
    CHECK(refusal(resealed(text, 5)).starts_with("my.order:15: given 'end,5,"));
}

TEST_CASE("an order is written under its name, in a folder that may be missing") {
    const std::filesystem::path folder = std::filesystem::temp_directory_path() / "lockstep-test-order";
    std::filesystem::remove_all(folder);
    write_order(sample(), folder / "deep" / "my.order");
    CHECK(base::read_file(folder / "deep" / "my.order") == order_text(sample()));
    CHECK(read_order(folder / "deep" / "my.order").arrivals == sample().arrivals);
    std::filesystem::remove_all(folder);
    CHECK_THROWS_AS(read_order(folder / "deep" / "my.order"), base::InputError);
    CHECK_THROWS_AS(write_order(sample(), "/dev/null/my.order"), base::EnvironmentError);
}
