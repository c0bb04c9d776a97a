#include "study/fit/request.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"
#include "option/lists.hpp"
#include "option/suggest.hpp"
#include "option/values.hpp"

namespace lockstep::study {
namespace {

using base::InputError;

constexpr std::string_view predict_option = "--predict";
constexpr std::string_view predict_form = "METHOD[:PERIOD][@LINKS] with commas between";
constexpr const char* predict_example = "write for example --predict local-sgd:4@1Gbps,ddp";
constexpr std::size_t most_predictions = 1000;

std::size_t whole_or(const Request& request, std::string_view key, option::WholeRange range,
                     std::size_t otherwise) {
    const std::string& given = request.value(key);
    if (given == "0") return otherwise;
    return option::parse_whole(fmt::format("--{}", key), given, range, option::describe(range));
}

scenario::Format format_named(const std::string& name) {
    for (const auto& format : scenario::format_names)
        if (format.name == name) return format.value;
    return scenario::Format::table;  // what the request allows has been checked
}

FittedMethod method_to_predict(const std::string& name, const std::string& given) {
    const auto method = find_fitted_method(name);
    if (method && !method->method->traits->is_alone) return *method;
    std::vector<std::string_view> names{"ddp"};
    for (const scenario::Method& one : scenario::Method::all())
        if (!one->traits->is_alone) names.push_back(one.name());
    const std::string_view meant = option::nearest(name, names);
    throw InputError(predict_option, given,
                     fmt::format("{} with a method out of {}", predict_form, option::joined(names, ", ")),
                     meant.empty() ? predict_example : fmt::format("did you mean {}?", meant));
}

/// Reads METHOD[:PERIOD].
PredictionRequest parse_predicted_method(const std::string& text, const std::string& given) {
    const std::size_t colon = std::min(text.find(':'), text.size());
    PredictionRequest request{method_to_predict(text.substr(0, colon), given), {}, {}};
    const bool has_period = colon < text.size();
    if (has_period != request.method.has_period())
        throw InputError(predict_option, given,
                         has_period
                             ? fmt::format("{} without a period", request.method.name())
                             : fmt::format("{0} with its period, such as {0}:8", request.method.name()),
                         predict_example);
    if (has_period)
        request.period = option::parse_whole(predict_option, text.substr(colon + 1), {1, 1'000'000},
                                             fmt::format("{} with a period from 1 to 1000000", predict_form));
    return request;
}

/// Buckets that are sent while others are computed are simulated for one collective alone.
bool can_overlap(const ClusterFit& fit) {
    return fit.collective == "ring";
}

void require_collective_of(const PredictionRequest& request, const std::string& given,
                           const ClusterFit& fit) {
    if (request.method.overlaps && !can_overlap(fit))
        throw InputError(
            predict_option, given,
            fmt::format("with --collective {} methods that do not overlap, such as allreduce",
                        fit.collective.name()),
            "buckets that travel while others are computed are simulated with --collective ring");
}

std::string usual_predictions(const MeasuredRuns& measured, const ClusterFit& fit) {
    const FittedMethod& method = measured.runs.front().method;
    std::string text;
    if (method.has_period())
        for (const int period : {1, 2, 4, 8, 16, 32}) text += fmt::format("{}:{},", method.name(), period);
    else
        text += fmt::format("{},", method.name());
    if (can_overlap(fit)) return text + "ddp";
    text.pop_back();
    return text;
}

}  // namespace

std::string PredictionRequest::label() const {
    return period ? fmt::format("{}:{}", method.name(), *period) : method.name();
}

FitRequest parse_fit_request(const Request& request, const MeasuredRuns& measured) {
    double longest = 0;
    for (const MeasuredRun& run : measured.runs) longest = std::max(longest, run.steps);
    FitRequest fit;
    fit.file = measured.file;
    fit.out = request.value("out");
    fit.format = format_named(request.value("format"));
    fit.collective = SummingBy(request.value("collective"));
    fit.workers = whole_or(request, "workers", {2, 4096}, measured.runs.front().workers);
    constexpr double usual_most_steps = 1000;  // enough of what repeats itself
    const std::size_t most_steps = most_predicted_steps(fit.workers);
    const auto usual_steps = static_cast<std::size_t>(std::min(longest, usual_most_steps));
    fit.steps = whole_or(request, "steps", {1, most_steps}, std::min(usual_steps, most_steps));
    fit.predictions = request.value("predict");
    return fit;
}

std::vector<PredictionRequest> parse_predictions(const std::string& text, const MeasuredRuns& measured,
                                                 const ClusterFit& fit) {
    const std::string asked = text.empty() ? usual_predictions(measured, fit) : text;
    std::vector<PredictionRequest> all;
    for (const std::string_view part : option::split_list(asked)) {
        const std::string given(part);
        const std::size_t at = given.find('@');
        PredictionRequest request = parse_predicted_method(given.substr(0, at), given);
        require_collective_of(request, given, fit);
        std::vector<std::string> names;
        if (at != std::string::npos)
            names.push_back(given.substr(at + 1));
        else
            for (const FittedLinks& links : fit.links) names.push_back(links.name);
        for (const std::string& name : names) {
            request.links = links_of(fit, predict_option, name);
            all.push_back(request);
        }
    }
    if (all.size() > most_predictions)
        throw InputError(predict_option, fmt::format("{} runs", all.size()),
                         fmt::format("at most {}", most_predictions), "ask for some of them");
    return all;
}

}  // namespace lockstep::study
