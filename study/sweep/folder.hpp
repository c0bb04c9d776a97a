#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "base/process/folder_lock.hpp"
#include "result/result.hpp"
#include "study/sweep/plan.hpp"

namespace lockstep::study {

/// What a folder has of a run.
struct KeptRun {
    std::optional<result::Result> result;
    std::string problem;  ///< why a result that is there is not taken; else empty
};

/// The runs that sweeps have left in a folder (docs/formats/sweep.md).
class SweepRuns {
  public:
    explicit SweepRuns(std::filesystem::path folder) : path_(std::move(folder)) {}

    const std::filesystem::path& path() const { return path_; }

    /// Where the run of that name leaves its events.
    std::filesystem::path events(const std::string& id) const;

    /// The result of that run; nothing where there is none, or not all of `events`. A file that cannot be
    /// read, or is of a run with another configuration, is a problem.
    KeptRun find(const SweepRun& run, scenario::Events events) const;

    /// That of a result.
    std::filesystem::path file(const std::string& id) const;

  private:
    std::filesystem::path path_;
};

/// The folder of a sweep while one uses it. Nothing else that is in it is touched.
class SweepFolder : public SweepRuns {
  public:
    /// Creates the folder, and removes what a sweep that was killed left half written.
    /// Errors: those of base::FolderLock.
    explicit SweepFolder(std::filesystem::path folder);

    /// Where no run has left anything: removes what the constructor made in the folder.
    void remove_if_empty() const;

    /// Where the runs' data are kept, by default.
    std::filesystem::path data() const;

    /// Keeps a result, without when, where and on how many threads it came about: the same run leaves the
    /// same bytes.
    void keep(const std::string& id, result::Result result) const;
    /// Takes a run of another folder, and its files of events unless `events` is none.
    void copy(const std::string& id, const SweepRuns& from, scenario::Events events) const;

    /// Whether sweep.csv is there and begins with another line.
    bool has_other_table(const std::string& header) const;
    /// Writes a file of the folder, whole or not at all.
    void write(const std::string& name, const std::string& content) const;

  private:
    base::FolderLock lock_;
};

}  // namespace lockstep::study
