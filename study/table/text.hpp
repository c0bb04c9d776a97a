#pragma once

#include <string>

#include "study/table/table.hpp"

namespace lockstep::study {

/// The table for people, with the report's figures beside it where asked for, and below it what ran where and
/// what the figures are. ASCII.
std::string to_text(const Table& table);

}  // namespace lockstep::study
