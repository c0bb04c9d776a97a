#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include <fmt/format.h>

#include "base/error.hpp"
#include "option/records.hpp"
#include "scenario/options/options.hpp"
#include "scenario/options/ranges.hpp"

namespace lockstep::scenario {
namespace {

using option::choice;
using option::describe;
using option::distribution;
using option::Empty;
using option::factor;
using option::Field;
using option::of;
using option::parse_positive_real;
using option::parse_quantity;
using option::parse_whole;
using option::quantity;
using option::quantity_list;
using option::quantity_or_none;
using option::QuantityRange;
using option::records;
using option::text;
using option::whole;
using option::whole_or;
using option::WholeRange;

constexpr QuantityRange speeds{"1f", "1000000Tf"};
constexpr QuantityRange moments{"0s", "1000000h"};
constexpr QuantityRange durations{"1ns", "1000000h"};
constexpr double most_slowness = 1e6;

constexpr double most_multiple = 1e6;

bool is_without_unit(std::string_view text) {
    return !text.empty() && (text.back() == '.' || (text.back() >= '0' && text.back() <= '9'));
}

std::vector<double> parse_multiples(std::string_view subject, const std::vector<std::string_view>& parts,
                                    std::string_view allowed) {
    std::vector<double> values;
    for (const auto part : parts) {
        values.push_back(parse_positive_real(subject, part, most_multiple, allowed));
        if (values.back() < 1 / most_multiple) throw base::InputError(subject, part, allowed);
    }
    return values;
}

/// Comma-separated speeds, or as many multiples of a full speed, or nothing; of the two lists one is empty.
Kind speeds_or_multiples() {
    Kind kind{&Config::speeds_flops, quantity_list(Quantity::speed, speeds)};
    kind.placeholder = "SPEED,SPEED,...";
    kind.allowed += fmt::format(", or numbers from {:g} to {:g} without one, multiples of the full speed",
                                1 / most_multiple, most_multiple);
    kind.set = [set_speeds = kind.set, allowed = kind.allowed](Config& config, std::string_view subject,
                                                               std::string_view text) {
        const auto parts = split_list(text);
        const auto plain = std::ranges::count_if(parts, is_without_unit);
        if (plain != 0 && plain != std::ssize(parts))
            throw base::InputError(subject, text, allowed, "give a unit to all of them, or to none");
        std::vector<double> values;
        if (plain == 0)
            set_speeds(config, subject, text);
        else
            values = parse_multiples(subject, parts, allowed);
        if (plain != 0) config.speeds_flops.clear();
        config.speed_multiples = std::move(values);
    };
    kind.get = [get_speeds = kind.get](const Config& config) {
        if (config.speed_multiples.empty()) return get_speeds(config);
        std::vector<std::string> parts;
        for (const double value : config.speed_multiples) parts.push_back(fmt::format("{}", value));
        return joined(parts, ",");
    };
    return kind;
}

template <typename Record>
Field<Record> worker_field() {
    return {"worker", true, "3",
            [](Record& record, std::string_view subject, std::string_view text) {
                record.worker = parse_whole(subject, text, {0, 65535}, describe(WholeRange{0, 65535}));
            },
            [](const Record& record) { return std::to_string(record.worker); }};
}

/// A time; left out of the text where it is `unset`.
template <typename Record>
Field<Record> time_field(std::string_view key, bool required, std::string example, double Record::*member,
                         QuantityRange range, double unset = std::numeric_limits<double>::quiet_NaN()) {
    return {key, required, std::move(example),
            [=](Record& record, std::string_view subject, std::string_view text) {
                record.*member = parse_quantity(subject, text, Quantity::time, range);
            },
            [=](const Record& record) {
                return record.*member == unset ? std::string()
                                               : render_quantity(Quantity::time, record.*member);
            }};
}

std::vector<Field<Straggler>> straggler_fields() {
    return {worker_field<Straggler>(),
            {"factor", true, "4",
             [](Straggler& straggler, std::string_view subject, std::string_view text) {
                 const std::string allowed =
                     fmt::format("a number from {:g} to {:g}", 1 / most_slowness, most_slowness);
                 straggler.factor = parse_positive_real(subject, text, most_slowness, allowed);
                 if (straggler.factor < 1 / most_slowness) throw base::InputError(subject, text, allowed);
             },
             [](const Straggler& straggler) { return fmt::format("{}", straggler.factor); }},
            time_field("from", false, "2s", &Straggler::from_s, moments, 0),
            time_field("to", false, "10s", &Straggler::to_s, moments, for_ever_s)};
}

std::vector<Field<Pause>> pause_fields() {
    return {worker_field<Pause>(), time_field("every", true, "1s", &Pause::every_s, durations),
            time_field("for", true, "50ms", &Pause::length_s, durations),
            time_field("from", false, "2s", &Pause::from_s, moments, 0)};
}

std::vector<Field<Failure>> failure_fields() {
    return {worker_field<Failure>(), time_field("at", true, "5s", &Failure::at_s, moments),
            time_field("back", false, "8s", &Failure::back_s, moments, for_ever_s)};
}

std::vector<Field<SpeedProfile>> profile_fields() {
    return {worker_field<SpeedProfile>(),
            {"file", true, "speed.txt",
             [](SpeedProfile& profile, std::string_view, std::string_view text) { profile.file = text; },
             [](const SpeedProfile& profile) { return profile.file; }}};
}

}  // namespace

std::vector<Option> processor_options() {
    return {
        {"speed", Group::processors, of(&Config::speed_flops, quantity(Quantity::speed, speeds)),
         "Of each core, in floating-point operations a second."},
        {"vector-speed", Group::processors,
         of(&Config::vector_speed_flops, quantity_or_none(Quantity::speed, speeds)),
         "Of a core of that --speed when it adds and scales whole vectors, as reductions do; none: "
         "--speed."},
        {"code-speed", Group::processors,
         of(&Config::code_speed_flops, quantity_or_none(Quantity::speed, speeds)),
         "Of a core of that --speed when it makes and reads the codes of --compression; none: "
         "--vector-speed."},
        {"update-speed", Group::processors,
         of(&Config::update_speed_flops, quantity_or_none(Quantity::speed, speeds)),
         "Of a core of that --speed for optimisers and update rules; none: --vector-speed."},
        {"copy-bandwidth", Group::processors,
         of(&Config::copy_bandwidth_Bps, quantity_or_none(Quantity::bandwidth, bandwidths)),
         "At which a core copies vectors within its memory; none: that takes no time."},
        {"speeds", Group::slowness, speeds_or_multiples(),
         "One speed per worker, in place of --speed for all: 5Gf,5Gf,1Gf; or multiples of it: 1,1,0.2. In "
         "the real world processors are slowed down to that: multiples are of --emulate-speed, or without it "
         "of "
         "the processor's own speed."},
        {"server-speed", Group::slowness,
         of(&Config::server_speed_flops, quantity_or_none(Quantity::speed, speeds)),
         "Of each core of the dedicated server; none: --speed or --emulate-speed."},
        {"heterogeneity", Group::slowness, of(&Config::heterogeneity, distribution()),
         "Of the time that a worker's processor needs for an operation, relative to --speed, drawn once for "
         "each worker."},
        {"variability", Group::slowness, of(&Config::variability, distribution()),
         "Of the time of a step, drawn for each step of each worker; the draws do not depend on the method."},
        {"platform-seed", Group::slowness, of(&Config::platform_seed, whole_or("seed", {})),
         "Of the draws of --heterogeneity, --variability and --jitter; seed: that of --seed."},
        {"straggler", Group::slowness, of(&Config::stragglers, records(straggler_fields())),
         "A worker whose processor takes that many times as long, always or for a time. Times count from the "
         "start of the clock."},
        {"pause", Group::slowness, of(&Config::pauses, records(pause_fields())),
         "A worker whose processor stands still again and again: every so often, for so long."},
        {"failure", Group::processors, of(&Config::failures, records(failure_fields())),
         "A worker whose processor stops, for good or until it comes back. Messages that need no processor "
         "still pass."},
        {"speed-profile", Group::processors, of(&Config::speed_profiles, records(profile_fields())),
         "A worker whose speed over time is in a file: lines of TIME and SPEED, in seconds and as a share of "
         "its full speed, and perhaps a line LOOPAFTER SECONDS."},
        {"workers-per-host", Group::processors, of(&Config::workers_per_host, whole({1, 65536})),
         "Workers 0 .. N-1 share the first host and its cores, the next N the second, and so on; a dedicated "
         "server has a host of its own."},
        {"cores", Group::processors, of(&Config::cores, whole({1, 65536})), "Per host."},
        {"memory", Group::processors, of(&Config::memory_B, quantity(Quantity::size, {"1MB", "1000000GB"})),
         "Per host, for the memory share in simulated runs."},
        {"idle-power", Group::processors, of(&Config::idle_power_W, quantity(Quantity::power, powers)),
         "Of a host that computes nothing. Where any power is given, energy is reported."},
        {"busy-power", Group::processors, of(&Config::busy_power_W, quantity(Quantity::power, powers)),
         "Of a host whose cores all compute; in between it grows with the cores in use."},
        {"emulate-speed", Group::emulation,
         of(&Config::emulate_speed_flops, quantity_or_none(Quantity::speed, speeds)),
         "Real world: every rank takes the time that a processor of this speed would need, and sleeps when "
         "its arithmetic is done earlier; none: as fast as it can."},
    };
}

std::vector<Option> simulation_options() {
    return {
        {"numerics", Group::simulation, choice(&Config::numerics),
         "real: the arithmetic is done, so loss and accuracy are true; none: timing only."},
        {"threads", Group::simulation, of(&Config::threads, whole({0, 4096})),
         "Threads of this machine that do the simulated workers' arithmetic; 0: one per core."},
        {"data-cache", Group::simulation,
         of(&Config::data_cache, text("DIR", "a folder, or nothing", Empty::allowed)),
         "Folder where decoded or drawn data are kept, for later runs to map; nothing: none."},
        {"paje", Group::simulation, of(&Config::paje, text("FILE", "a file, or nothing", Empty::allowed)),
         "File for the simulator's own trace of the run, in the format of Paje; nothing: none."},
    };
}

}  // namespace lockstep::scenario
