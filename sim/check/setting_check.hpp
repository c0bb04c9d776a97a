#pragma once

#include <string>

namespace lockstep::sim {

/// Throws std::invalid_argument, which names the key, where SimGrid would take a value of <config> that has
/// no meaning, or complain of it without naming the key. Other keys and values are left to it.
void check_setting(const std::string& key, const std::string& value);

/// Throws std::invalid_argument where a text is no list of what SMPI charges for messages (`smpi/os`, also as
/// a property of a host).
void require_message_costs(const std::string& of_what, const std::string& text);

}  // namespace lockstep::sim
