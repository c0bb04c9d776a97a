#include "run/rank_report.hpp"

#include <cstdint>
#include <cstring>
#include <type_traits>

namespace lockstep::run {
namespace {

class Writer {
  public:
    template <class Value>
    requires std::is_trivially_copyable_v<Value>
    void operator()(const Value& value) {
        const auto* begin = reinterpret_cast<const std::byte*>(&value);
        bytes.insert(bytes.end(), begin, begin + sizeof value);
    }
    void operator()(const std::string& text) { sequence(text); }
    template <class Value>
    void operator()(const std::vector<Value>& values) {
        sequence(values);
    }

    std::vector<std::byte> bytes;

  private:
    void sequence(const auto& values) {
        (*this)(static_cast<std::uint64_t>(values.size()));
        for (const auto& value : values) (*this)(value);
    }
};

class Reader {
  public:
    explicit Reader(std::span<const std::byte> bytes) : rest_(bytes) {}

    template <class Value>
    requires std::is_trivially_copyable_v<Value>
    void operator()(Value& value) {
        std::memcpy(&value, rest_.data(), sizeof value);
        rest_ = rest_.subspan(sizeof value);
    }
    void operator()(std::string& text) { sequence(text); }
    template <class Value>
    void operator()(std::vector<Value>& values) {
        sequence(values);
    }

  private:
    void sequence(auto& values) {
        std::uint64_t size = 0;
        (*this)(size);
        values.resize(size);
        for (auto& value : values) (*this)(value);
    }

    std::span<const std::byte> rest_;
};

/// The one list of what travels, for both directions.
template <class Archive, class Report>
void visit(Archive& archive, Report& report) {
    auto& worker = report.worker;
    archive(worker.rank);
    archive(worker.is_server);
    archive(worker.host);
    archive(worker.elapsed_s);
    archive(worker.compute_s);
    archive(worker.wait_s);
    archive(worker.transfer_s);
    archive(worker.hidden_s);
    archive(worker.other_s);
    archive(worker.copying_s);
    archive(worker.steps);
    archive(worker.samples);
    archive(worker.completed);
    archive(worker.messages_sent);
    archive(worker.bytes_sent);
    archive(worker.cpu_s);
    archive(worker.memory_bytes);
    archive(worker.emulated_s);
    archive(worker.sleeps);
    archive(worker.mean_oversleep_s);
    archive(worker.largest_oversleep_s);
    archive(worker.overruns);
    archive(worker.overrun_s);
    archive(report.place.name);
    archive(report.place.platform);
    archive(report.place.host);
    archive(report.place.machine);
    archive(report.place.host_cores);
    archive(report.place.host_memory_bytes);
    archive(report.losses);
    archive(report.updates);
    archive(report.arrivals);
    archive(report.activities);
    archive(report.progress_s);
    archive(report.history);
    archive(report.measures);
    archive(report.energy);
    archive(report.parameters_digest);
}

}  // namespace

std::vector<std::byte> pack(const RankReport& report) {
    Writer writer;
    visit(writer, report);
    return std::move(writer.bytes);
}

RankReport unpack(std::span<const std::byte> bytes) {
    RankReport report;
    Reader reader(bytes);
    visit(reader, report);
    return report;
}

}  // namespace lockstep::run
