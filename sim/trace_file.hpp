#pragma once

#include <string>
#include <thread>

#include "base/file.hpp"
#include "base/process/descriptor.hpp"

namespace lockstep::sim {

/// The file of --paje. SimGrid writes it, without noticing that a disk is full: so it is given a pipe, and
/// what comes through is written here, checked, under a temporary name until it is complete.
class TraceFile {
  public:
    /// Removes what runs that were killed have left of theirs in the same folder. Errors: EnvironmentError
    /// naming the file where the system gives no pipe, or no thread that writes what comes through. Without
    /// commit() nothing stays of the file.
    explicit TraceFile(const std::string& path);

    /// What SimGrid is to open.
    std::string pipe() const;

    /// After SimGrid has closed it. Errors: EnvironmentError naming the file where it could not be written.
    void commit();

  private:
    void receive(const std::stop_token& stop);

    base::FileInPieces file_;
    base::Descriptor source_;
    base::Descriptor
        target_;  ///< open until commit(), so that the pipe does not end before SimGrid has opened it
    std::jthread receiver_;
};

}  // namespace lockstep::sim
