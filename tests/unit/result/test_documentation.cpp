#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "result/checkpoint.hpp"
#include "result/csv.hpp"
#include "result/json.hpp"
#include "sample.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep;
using namespace lockstep::result;
using Json = nlohmann::ordered_json;
using Names = std::vector<std::string>;

namespace {

/// First cells, in backquotes, of the table rows below the heading, down to the next heading.
Names documented(const std::string& page, const std::string& heading) {
    std::istringstream lines(base::read_file("docs/formats/" + page));
    Names names;
    bool inside = false;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("#")) inside = line == heading;
        if (inside && line.starts_with("| `")) names.push_back(line.substr(3, line.find('`', 3) - 3));
    }
    return names;
}

Names keys(const Json& object) {
    Names names;
    for (const auto& [key, value] : object.items()) names.push_back(key);
    return names;
}

Names columns(const std::string& csv) {
    std::istringstream header(csv.substr(0, csv.find('\n')));
    Names names;
    for (std::string name; std::getline(header, name, ',');) names.push_back(name);
    return names;
}

}  // namespace

TEST_CASE("docs/formats/result.md has exactly the fields of result.json, in order") {
    const Json json = Json::parse(to_json(sample_result()));
    CHECK(documented("result.md", "## Top level") == keys(json));
    CHECK(documented("result.md", "## `provenance`") == keys(json["provenance"]));
    CHECK(documented("result.md", "## `summary`") == keys(json["summary"]));
    CHECK(documented("result.md", "## `time_range`") == keys(json["time_range"]));
    CHECK(documented("result.md", "## `expected_error`") == keys(json["expected_error"]));
    CHECK(documented("result.md", "## `calibration_range`") == keys(json["calibration_range"]));
    CHECK(documented("result.md", "### `settings`") == keys(json["calibration_range"]["settings"][0]));
    CHECK(documented("result.md", "## `workers`") == keys(json["workers"][0]));
    CHECK(documented("result.md", "## `history`") == keys(json["history"][0]));
}

TEST_CASE("docs/formats has exactly the columns of the CSV files, in order") {
    CHECK(documented("history.md", "# history.csv") == columns(history_csv({})));
    CHECK(documented("updates.md", "# updates.csv") == columns(updates_csv({})));
    CHECK(documented("summary.md", "# The row of --format csv") == columns(summary_csv({})));
}

TEST_CASE("docs/formats/checkpoint.md has exactly the fields of the header, in order") {
    std::istringstream lines(to_bytes({}));
    std::string header;
    std::getline(lines, header);
    std::getline(lines, header);
    CHECK(documented("checkpoint.md", "## Header") == keys(Json::parse(header)));
}
