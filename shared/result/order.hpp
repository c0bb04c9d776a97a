#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exchange/arrival.hpp"

namespace lockstep::result {

/// A key with its value as text.
using Entry = std::pair<std::string, std::string>;

/// The order in which a run took its messages, with what a replay must know of the run.
struct Order {
    std::vector<Entry> provenance;            ///< world, revision ...: for readers
    std::vector<Entry> shape;                 ///< what decides which messages there are: the same in a replay
    std::vector<Entry> values;                ///< what decides the parameters besides the order
    bool complete = true;                     ///< whether the run came to its end
    std::string parameters_digest;            ///< at its end; empty in timing-only runs
    std::vector<exchange::Arrival> arrivals;  ///< of each taker in order; of all by version_applied
};

inline constexpr std::string_view order_format = "lockstep-order-1";

/// docs/formats/order.md: a header, a row for each arrival, and a last line that tells whether all is there.
std::string order_text(const Order& order);

/// The reverse. `source` is named in messages: the file. Throws base::InputError, with the number of the line
/// where it is known, for text that is cut off, edited, or something else.
Order parse_order(std::string_view text, std::string_view source);

/// Reads the file; errors as parse_order and base::read_file.
Order read_order(const std::filesystem::path& path);
/// Writes it under a temporary name, then renames; makes its folder where that is missing.
void write_order(const Order& order, const std::filesystem::path& path);

}  // namespace lockstep::result
