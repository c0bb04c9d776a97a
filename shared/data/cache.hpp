#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "data/dataset.hpp"

namespace lockstep::data {

/// One data set, ready to use, as a file in a folder of such files (`--data-cache`), named by the digest of
/// this format and of what tells it from others, so that versions of lockstep leave each other's alone:
///
///     bytes 0 .. 4095   `lockstep-data-2`, a line end, the identity, a line end, the check, a line end,
///     zeros then              pixels and labels of the training samples, then of the test samples
///
/// The check is a digest of the identity, all pixels and all labels: no byte that was damaged, or never
/// written, is trained on.
/// Any number of processes may use one folder: files are replaced whole.
class CacheEntry {
  public:
    /// `identity` is the same text only for the same data.
    CacheEntry(const std::filesystem::path& folder, std::string identity);

    const std::filesystem::path& file() const { return file_; }

    /// The data, mapped; their description is empty. Nothing where there is no such file, or one that is
    /// damaged or not of that shape. Cost: all is read, which takes under 10 ms for MNIST in memory, whose
    /// pages are shared with every process that maps them. Throws EnvironmentError naming the file where it
    /// cannot be read, which says nothing about what is in it.
    std::optional<Dataset> map(const DatasetShape& shape) const;

    /// Removes the file. Whether this call did: of several processes that find it damaged, one is told so.
    bool discard() const;

    /// Writes the file, in place of one that is there; creates the folder. Throws EnvironmentError naming the
    /// file where the disk refuses.
    void keep(const Dataset& dataset) const;

  private:
    std::string header(const Dataset& dataset) const;

    std::filesystem::path file_;
    std::string identity_;
};

}  // namespace lockstep::data
