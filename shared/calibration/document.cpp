#include "calibration/document.hpp"

#include <iterator>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/build_info.hpp"
#include "model/products.hpp"
#include "scenario/options/options.hpp"

namespace lockstep::calibration {
namespace {

using Json = nlohmann::ordered_json;

Json object_of(const scenario::KeyValues& values) {
    Json object = Json::object();
    for (const auto& [key, value] : values) object[key] = value;
    return object;
}

Json steps_json(const Findings& found, const Measurements& measured) {
    Json ranks = Json::array();
    for (std::size_t worker = 0; worker < found.steps.size(); ++worker) {
        const StepTimes& steps = found.steps[worker];
        Json quantiles = Json::object();
        for (std::size_t i = 0; i < std::size(quantile_levels); ++i)
            quantiles[fmt::format("{}", quantile_levels[i])] = steps.quantiles_s[i];
        ranks.push_back({{"rank", worker},
                         {"host", measured.work[worker].host},
                         {"steps", steps.steps},
                         {"mean_s", steps.mean_s},
                         {"deviation_s", steps.deviation_s},
                         {"autocorrelation", steps.autocorrelation},
                         {"quantiles_s", quantiles}});
    }
    return {{"flops", found.step_flops},
            {"shape", found.variability.shape},
            {"shape_distance", found.variability.shape_distance},
            {"deviation", found.variability.deviation},
            {"workers", ranks}};
}

Json size_json(const SizeFindings& size) {
    return {{"bytes", size.bytes},
            {"samples", size.samples},
            {"one_way_s", size.one_way_s},
            {"one_way_interval_s", {size.one_way_interval.lower, size.one_way_interval.upper}},
            {"least_s", size.least_s},
            {"lower_s", size.lower_s},
            {"upper_s", size.upper_s},
            {"most_s", size.most_s},
            {"send_s", size.send_s},
            {"late_receive_s", size.late_receive_s},
            {"exchange_s", size.exchange_s},
            {"left_early", size.left_early},
            {"outliers", size.outliers}};
}

Json intervals_json(const std::vector<SettingInterval>& intervals) {
    Json object = Json::object();
    for (const SettingInterval& interval : intervals)
        if (!interval.lower.empty()) object[interval.key] = {interval.lower, interval.upper};
    return object;
}

Json residuals_json(const Residuals& residuals) {
    return {{"median_residual", residuals.median}, {"largest_residual", residuals.largest}};
}

Json messages_json(const MessageFindings& kind) {
    Json segments = Json::array();
    for (const Segment& segment : kind.cost.segments)
        segments.push_back({{"from_bytes", segment.from_bytes},
                            {"fixed_s", segment.fixed_s},
                            {"per_byte_s", segment.per_byte_s},
                            {"exact_bytes", segment.exact_bytes}});
    Json sizes = Json::array();
    for (const SizeFindings& size : kind.sizes) sizes.push_back(size_json(size));
    Json pairs = Json::array();
    for (const auto& [first, second] : kind.pairs) pairs.push_back({first, second});
    return {{"kind", kind.kind},
            {"pairs", pairs},
            {"segments", segments},
            {"fit", residuals_json(kind.fit)},
            {"simulated", kind.simulated ? residuals_json(*kind.simulated) : Json()},
            {"send_overhead_s", kind.send_overhead_s},
            {"receive_overhead_s", kind.receive_overhead_s},
            {"eager_limit_bytes", kind.eager_limit_bytes},
            {"sends_progress", kind.progress.of_sends},
            {"receives_progress", kind.progress.of_receives},
            {"progress_bytes", kind.progress_bytes},
            {"sizes", sizes}};
}

Json send_ahead_json(const std::optional<SendAhead>& found) {
    if (!found) return nullptr;
    return {{"bytes", found->bytes}, {"shares", found->shares}};
}

std::string contents_of(const Findings& found) {
    if (found.steps.empty()) return "network";
    return found.messages.empty() ? "steps" : "steps and network";
}

}  // namespace

std::string to_json(const Findings& found, const Measurements& measured, const scenario::Config& config,
                    const Origin& origin) {
    Json document = {{"format", scenario::calibration_format},
                     {"name", origin.name},
                     {"host", measured.work.front().host},
                     {"measured_utc", origin.measured_utc},
                     {"duration_s", origin.duration_s},
                     {"world", origin.world},
                     {"backend", origin.backend},
                     {"lockstep_version", base::version()},
                     {"git_revision", base::git_revision()},
                     {"compiler", base::compiler()},
                     {"instruction_set", base::instruction_set()},
                     {"products", model::products_library()},
                     {"ranks", measured.work.size()},
                     {"emulate_speed", scenario::find_option("emulate-speed")->kind.get(config)},
                     {"contents", contents_of(found)},
                     {"model", found.steps.empty() ? Json::object() : object_of(scenario::model_of(config))},
                     {"compression", found.steps.empty() ? std::string() : scenario::code_of(config)},
                     {"updates", found.updates},
                     {"settings", object_of(found.settings)},
                     {"intervals", intervals_json(found.intervals)},
                     {"worker_speeds_flops", found.worker_speeds_flops},
                     {"steps", steps_json(found, measured)},
                     {"vector_flops_per_s", found.vector_flops_per_s.value},
                     {"first_use_s_per_byte", found.first_use_s_per_byte.value},
                     {"code_flops_per_s", found.code_flops_per_s.value},
                     {"update_flops_per_s", found.update_flops_per_s.value},
                     {"copy_Bps", found.copy_Bps.value},
                     {"evaluation_s", found.evaluation_s},
                     {"usual_bytes", found.run_sizes.usual},
                     {"run_bytes", found.run_sizes.all}};
    Json messages = Json::array();
    for (const MessageFindings& kind : found.messages) messages.push_back(messages_json(kind));
    document["messages"] = messages;
    document["send_ahead"] = send_ahead_json(found.send_ahead);
    document["warnings"] = found.warnings;
    return scenario::sealed_calibration(document.dump());
}

}  // namespace lockstep::calibration
