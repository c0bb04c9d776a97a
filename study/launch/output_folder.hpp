#pragma once

#include <csignal>
#include <filesystem>

#include "base/process/folder_lock.hpp"

namespace lockstep::study {

/// While it lives, signals that ask us to end wait, but where children run (SignalEvents).
class HeldSignals {
  public:
    HeldSignals();
    HeldSignals(const HeldSignals&) = delete;
    HeldSignals& operator=(const HeldSignals&) = delete;
    ~HeldSignals();

  private:
    sigset_t before_{};
};

/// The folder of --out while a command fills it: locked, and gone where we are interrupted before anything is
/// in it. Errors: those of base::FolderLock.
class OutputFolder {
  public:
    explicit OutputFolder(const std::filesystem::path& folder) : lock_("--out", folder) {}

  private:
    HeldSignals held_;
    base::FolderLock lock_;
};

}  // namespace lockstep::study
