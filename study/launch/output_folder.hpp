#pragma once

#include <csignal>
#include <filesystem>
#include <optional>

#include "base/process/folder_lock.hpp"

namespace lockstep::study {

/// While it lives, signals that ask us to end wait, but where children run (SignalEvents): not for what may
/// take long, such as printing.
class HeldSignals {
  public:
    HeldSignals();
    HeldSignals(const HeldSignals&) = delete;
    HeldSignals& operator=(const HeldSignals&) = delete;
    ~HeldSignals();

  private:
    sigset_t before_{};
};

/// The folder of --out while a command fills it, if it has one: locked, and gone where we are interrupted
/// before anything is in it.
class OutputFolder {
  public:
    /// Errors: those of base::FolderLock.
    explicit OutputFolder(const std::filesystem::path& folder) {
        if (folder.empty()) return;
        held_.emplace();
        lock_.emplace("--out", folder);
    }
    /// It is filled.
    void close() {
        lock_.reset();
        held_.reset();
    }

  private:
    std::optional<HeldSignals> held_;
    std::optional<base::FolderLock> lock_;
};

}  // namespace lockstep::study
