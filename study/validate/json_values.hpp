#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "study/validate/validation.hpp"

namespace lockstep::study {

/// Of values of that unit: `s`; empty for losses and shares.
std::string_view symbol_of(Unit unit);

/// Parts of a validation as docs/formats/validation.md has them; null for what is not finite or unset.
nlohmann::ordered_json json_of(double value);
nlohmann::ordered_json json_of(const std::optional<double>& value);
nlohmann::ordered_json json_of(const FiveNumbers& spread, const Interval& of_median);
nlohmann::ordered_json json_of(const std::vector<Figure>& figures);
nlohmann::ordered_json json_of(const std::vector<RankFigures>& ranks);
nlohmann::ordered_json json_of(const StalenessShares& staleness);
nlohmann::ordered_json json_of(const Digests& digests);
nlohmann::ordered_json json_of(const std::vector<Run>& runs);

}  // namespace lockstep::study
