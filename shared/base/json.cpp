#include "base/json.hpp"

#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "base/terminal.hpp"

namespace lockstep::base {
namespace {

using Document = nlohmann::ordered_json;

/// Asked at each step of the parser, before it builds a value.
class Limits {
  public:
    bool operator()(int depth, Document::parse_event_t event, const Document& value) {
        using Event = Document::parse_event_t;
        const bool opens = event == Event::object_start || event == Event::array_start;
        if (opens && depth >= most_nested)
            throw std::invalid_argument(
                fmt::format("lists and objects are within each other more than {} deep", most_nested));
        const auto place = static_cast<std::size_t>(depth);
        if (event == Event::object_start) {
            keys_.resize(place + 2);
            keys_[place + 1] = 0;
        }
        if (event == Event::key) count(value.get_ref<const std::string&>(), keys_.at(place)++);
        return true;
    }

  private:
    void count(const std::string& key, std::size_t before) {
        compared_ += before * (1 + key.size() / bytes_of_a_key);
        if (compared_ > most_compared)
            throw std::invalid_argument("its objects have too many keys, or too long ones");
    }

    std::vector<std::size_t> keys_;  ///< of the object that is open at each depth
    std::uint64_t compared_ = 0;
};

}  // namespace

Document parse_json(std::string_view text) {
    if (text.empty()) throw std::invalid_argument("it is empty");
    if (text.size() > most_of_json)
        throw std::invalid_argument(fmt::format("it has more than {} bytes", most_of_json));
    try {
        return Document::parse(text, Limits());
    } catch (const Document::parse_error& problem) {
        throw std::invalid_argument(fmt::format("no JSON from byte {} on", problem.byte));
    } catch (const Document::exception&) {
        throw std::invalid_argument("a number in it is too large");
    }
}

std::string described(const Document& value) {
    if (value.is_array()) return "a list";
    if (value.is_object()) return "an object";
    if (value.is_string()) return fmt::format("\"{}\"", shortened(value.get_ref<const std::string&>()));
    return value.dump();
}

}  // namespace lockstep::base
