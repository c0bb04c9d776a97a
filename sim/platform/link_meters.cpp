#include "sim/platform/link_meters.hpp"

#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "sim/simgrid_version.hpp"

namespace lockstep::sim {
namespace {

namespace s4u = simgrid::s4u;

std::optional<double> watts_in(std::string_view text) {
    double value = 0;
    const auto [rest, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool is_all = problem == std::errc{} && rest == text.data() + text.size();
    if (!is_all || !std::isfinite(value) || value < 0) return std::nullopt;
    return value;
}

/// Idle and busy watts, of the last of several pairs with commas between them, as SimGrid takes it.
std::pair<double, double> watts_of(const s4u::Link& link, std::string_view property,
                                   std::string_view platform_file) {
    const std::string_view pair = property.substr(property.rfind(',') + 1);
    const std::size_t colon = pair.find(':');
    if (colon != std::string_view::npos)
        if (const auto idle_W = watts_in(pair.substr(0, colon)))
            if (const auto busy_W = watts_in(pair.substr(colon + 1))) return {*idle_W, *busy_W};
    throw base::InputError(
        fmt::format("--platform {}: wattage_range of link {}", platform_file, link.get_name()), property,
        "IDLE:BUSY, two numbers of watts of at least 0");
}

double watts_when_off(const s4u::Link& link, std::string_view platform_file) {
    const char* property = link.get_property("wattage_off");
    if (property == nullptr) return 0;
    if (const auto off_W = watts_in(property)) return *off_W;
    throw base::InputError(
        fmt::format("--platform {}: wattage_off of link {}", platform_file, link.get_name()), property,
        "a number of watts of at least 0");
}

}  // namespace

LinkMeters::LinkMeters(const s4u::Engine& engine, const std::string& platform_file) {
    for (const s4u::Link* link : engine.get_all_links()) {
        const char* property = link->get_property("wattage_range");
        if (property == nullptr || link->get_sharing_policy() == s4u::Link::SharingPolicy::WIFI) continue;
        const auto [idle_W, busy_W] = watts_of(*link, property, platform_file);
        meters_.push_back(
            {link, idle_W, busy_W, watts_when_off(*link, platform_file), link->get_bandwidth()});
    }
    if (meters_.empty()) return;
    s4u::Engine::on_time_advance_cb([this](double step_s) { advance(step_s); });
    s4u::Link::on_bandwidth_change_cb([this](const s4u::Link&) { bandwidths_changed_ = true; });
    grid::on_switching_links([this](const s4u::Link& link) { was_switched(link); });
}

double LinkMeters::used_J() const {
    const double now_s = s4u::Engine::get_clock();
    double used_J = 0;
    for (const Meter& meter : meters_) {
        const double off_s = meter.off_s + (meter.off_since_s ? now_s - *meter.off_since_s : 0);
        used_J += meter.idle_W * (now_s - off_s) + meter.off_W * off_s +
                  (meter.busy_W - meter.idle_W) * meter.busy_s;
    }
    return used_J;
}

/// The engine has gone forward: until now links carried what they still say that they carry. A bandwidth that
/// changes does so at the end of a step.
void LinkMeters::advance(double step_s) {
    for (Meter& meter : meters_) {
        if (meter.link->is_used()) meter.busy_s += step_s * grid::load_Bps(*meter.link) / meter.bandwidth_Bps;
        if (bandwidths_changed_) meter.bandwidth_Bps = meter.link->get_bandwidth();
    }
    bandwidths_changed_ = false;
}

/// Within a step, where nobody used it: the clock shows the moment all the same.
void LinkMeters::was_switched(const s4u::Link& link) {
    const double now_s = s4u::Engine::get_clock();
    for (Meter& meter : meters_) {
        if (meter.link != &link || link.is_on() == !meter.off_since_s) continue;
        if (link.is_on()) {
            meter.off_s += now_s - *meter.off_since_s;
            meter.off_since_s.reset();
        } else {
            meter.off_since_s = now_s;
        }
    }
}

}  // namespace lockstep::sim
