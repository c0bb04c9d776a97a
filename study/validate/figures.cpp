#include "study/validate/figures.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace lockstep::study {
namespace {

std::vector<double> values_of(std::span<const Run> runs, const FigureOf& value) {
    std::vector<double> values;
    for (const Run& run : runs) values.push_back(value(*run.result));
    return values;
}

Figure compared(std::string name, Unit unit, const std::vector<double>& measured,
                const std::vector<double>& simulated, double elapsed_s) {
    Figure figure;
    figure.name = std::move(name);
    figure.unit = unit;
    figure.measured = five_numbers(measured);
    figure.interval = median_interval(measured);
    figure.noise_percent = noise_percent(measured);
    figure.simulated = five_numbers(simulated);
    figure.simulated_interval = median_interval(simulated);
    figure.error_percent = error_percent(figure.simulated.median, figure.measured.median);
    figure.bias_percent =
        bias_percent(std::vector<double>(measured.size(), figure.simulated.median), measured);
    if (unit == Unit::seconds && std::isfinite(elapsed_s))
        figure.of_elapsed_percent = 100 * figure.difference() / elapsed_s;
    return figure;
}

using WorkerTime = double (*)(const result::Worker&);

struct Phase {
    const char* name;
    WorkerTime time_s;
};
constexpr Phase phases[]{
    {"compute", [](const result::Worker& worker) { return worker.compute_s; }},
    {"communication", [](const result::Worker& worker) { return worker.communication_s(); }},
    {"wait", [](const result::Worker& worker) { return worker.wait_s; }},
    {"transfer", [](const result::Worker& worker) { return worker.transfer_s; }},
    {"other", [](const result::Worker& worker) { return worker.other_s; }}};

/// Without the rest that rounding leaves in sums and differences of times.
double rounded(double time_s, const result::Worker& worker) {
    constexpr double rounding = 1e-9;
    return std::abs(time_s) < rounding * worker.elapsed_s ? 0 : time_s;
}

double mean_of_workers(const result::Result& result, WorkerTime time_s) {
    double sum = 0;
    for (const result::Worker& worker : result.workers)
        if (!worker.is_server) sum += rounded(time_s(worker), worker);
    return sum / static_cast<double>(result.config.workers);
}

std::map<std::uint64_t, double> shares(std::span<const Run> runs) {
    std::map<std::uint64_t, double> all;
    double updates = 0;
    for (const Run& run : runs)
        for (const auto& [staleness, count] : run.result->staleness) {
            all[staleness] += static_cast<double>(count);
            updates += static_cast<double>(count);
        }
    for (auto& entry : all) entry.second /= updates;
    return all;
}

double share_at(const std::map<std::uint64_t, double>& shares, std::uint64_t staleness) {
    const auto found = shares.find(staleness);
    return found == shares.end() ? 0 : found->second;
}

/// Of each run: what differs between its epochs is no noise.
std::vector<double> median_epochs(std::span<const Run> runs, std::size_t epochs) {
    std::vector<double> medians_s;
    for (const Run& run : runs) {
        std::vector<double> times_s = epoch_times(*run.result);
        times_s.resize(epochs);
        medians_s.push_back(five_numbers(std::move(times_s)).median);
    }
    return medians_s;
}

std::size_t fewest_epochs(std::span<const Run> measured, std::span<const Run> simulated) {
    std::size_t fewest = measured.front().result->config.epochs;
    for (const auto& runs : {measured, simulated})
        for (const Run& run : runs) fewest = std::min(fewest, epoch_times(*run.result).size());
    return fewest;
}

}  // namespace

double Figure::beyond_interval_percent() const {
    const double beyond = interval.distance({simulated.median, simulated.median});
    return beyond == 0 ? 0 : 100 * beyond / std::abs(measured.median);
}

Figure make_figure(std::string name, Unit unit, const FigureOf& value, std::span<const Run> measured,
                   std::span<const Run> simulated, double elapsed_s) {
    return compared(std::move(name), unit, values_of(measured, value), values_of(simulated, value),
                    elapsed_s);
}

std::vector<double> epoch_times(const result::Result& result) {
    constexpr double rounding = 1e-6;
    std::vector<double> times;
    double before_s = 0;
    for (const result::Evaluation& row : result.history) {
        const bool is_end = row.epoch > 0 && std::abs(row.epoch - std::round(row.epoch)) < rounding;
        if (row.worker || !is_end) continue;
        times.push_back(row.elapsed_s - before_s);
        before_s = row.elapsed_s;
    }
    return times;
}

std::vector<Figure> epoch_figures(std::span<const Run> measured, std::span<const Run> simulated,
                                  double elapsed_s) {
    std::vector<Figure> figures;
    for (std::size_t i = 0; i < fewest_epochs(measured, simulated); ++i)
        figures.push_back(make_figure(
            fmt::format("epoch {}", i + 1), Unit::seconds,
            [=](const result::Result& result) { return epoch_times(result)[i]; }, measured, simulated,
            elapsed_s));
    return figures;
}

Figure epoch_time(std::span<const Run> measured, std::span<const Run> simulated, double elapsed_s) {
    std::vector<double> measured_s;
    std::vector<double> simulated_s;
    std::vector<double> counterparts_s;  // of each measured one, the simulated epoch of the same number
    const std::vector<Figure> epochs = epoch_figures(measured, simulated, elapsed_s);
    for (std::size_t i = 0; i < epochs.size(); ++i) {
        for (const Run& run : measured) {
            measured_s.push_back(epoch_times(*run.result)[i]);
            counterparts_s.push_back(epochs[i].simulated.median);
        }
        for (const Run& run : simulated) simulated_s.push_back(epoch_times(*run.result)[i]);
    }
    const std::vector<double> medians_s = median_epochs(measured, epochs.size());
    Figure figure = compared("epoch time", Unit::seconds, measured_s, simulated_s, elapsed_s);
    figure.interval = median_interval(medians_s);
    figure.noise_percent = noise_percent(medians_s);
    figure.simulated_interval = median_interval(median_epochs(simulated, epochs.size()));
    figure.bias_percent = bias_percent(counterparts_s, measured_s);
    return figure;
}

std::vector<Figure> phase_figures(std::span<const Run> measured, std::span<const Run> simulated,
                                  double elapsed_s) {
    std::vector<Figure> figures;
    for (const auto& [name, time_s] : phases)
        figures.push_back(make_figure(
            name, Unit::seconds,
            [time_s = time_s](const result::Result& result) { return mean_of_workers(result, time_s); },
            measured, simulated, elapsed_s));
    return figures;
}

std::vector<RankFigures> rank_figures(std::span<const Run> measured, std::span<const Run> simulated,
                                      double elapsed_s) {
    std::vector<RankFigures> ranks;
    for (const result::Worker& worker : measured.front().result->workers) {
        RankFigures& rank = ranks.emplace_back();
        rank.rank = worker.rank;
        rank.is_server = worker.is_server;
        const auto add = [&](const char* name, Unit unit, WorkerTime of_worker) {
            const auto value = [=, place = ranks.size() - 1](const result::Result& result) {
                const result::Worker& of_run = result.workers[place];
                return unit == Unit::seconds ? rounded(of_worker(of_run), of_run) : of_worker(of_run);
            };
            rank.figures.push_back(make_figure(name, unit, value, measured, simulated, elapsed_s));
        };
        add("elapsed", Unit::seconds, [](const result::Worker& one) { return one.elapsed_s; });
        for (const auto& [name, time_s] : phases) add(name, Unit::seconds, time_s);
        if (worker.is_server) continue;
        add("update share", Unit::share, [](const result::Worker& one) { return one.update_share; });
        add("staleness", Unit::versions, [](const result::Worker& one) { return one.mean_staleness; });
    }
    return ranks;
}

StalenessShares staleness_shares(std::span<const Run> measured, std::span<const Run> simulated) {
    StalenessShares result{shares(measured), shares(simulated), 0};
    double differences = 0;
    for (const auto& [staleness, share] : result.measured)
        differences += std::abs(share - share_at(result.simulated, staleness));
    for (const auto& [staleness, share] : result.simulated)
        if (!result.measured.contains(staleness)) differences += share;
    result.distance = differences / 2;
    return result;
}

}  // namespace lockstep::study
