#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "data/dataset.hpp"
#include "scenario/config.hpp"

namespace lockstep::run {

/// The data set of a process that serves runs. One is kept at a time, and only once two runs in a row ask for
/// it: where every run wants another, each loads its own, several at a time.
class KeptDataset {
  public:
    /// The next run is this one: prepares its arithmetic, and loads its data where the run before had the
    /// same. Cost: that of loading, at most once for each data set. What cannot be loaded is left to the run,
    /// which tells why.
    void expect(const scenario::Config& config) noexcept;

    /// Null where it is not kept, or the run needs none.
    std::shared_ptr<const data::Dataset> of(const scenario::Config& config) const;

  private:
    /// All that load_dataset() reads of a configuration.
    struct Source {
        std::string data;
        std::optional<std::size_t> train_samples;
        std::optional<std::size_t> test_samples;
        std::uint64_t seed = 0;
        std::string cache;
        bool operator==(const Source&) const = default;
    };
    static Source source_of(const scenario::Config& config);

    std::optional<Source> last_;  ///< that a run asked for
    std::shared_ptr<const data::Dataset> dataset_;
};

}  // namespace lockstep::run
