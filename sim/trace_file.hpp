#pragma once

#include <string>
#include <thread>

#include "base/file.hpp"

namespace lockstep::sim {

/// The file of --paje. SimGrid writes it, without noticing that a disk is full: so it is given a pipe, and
/// what comes through is written here, checked, under a temporary name until it is complete.
class TraceFile {
  public:
    /// Removes what runs that were killed have left of theirs in the same folder. Errors: EnvironmentError
    /// where the system gives no pipe.
    explicit TraceFile(const std::string& path);
    TraceFile(const TraceFile&) = delete;
    TraceFile& operator=(const TraceFile&) = delete;
    /// Without commit() nothing stays of the file.
    ~TraceFile();

    /// What SimGrid is to open.
    std::string pipe() const;

    /// After SimGrid has closed it. Errors: EnvironmentError naming the file where it could not be written.
    void commit();

  private:
    void receive(const std::stop_token& stop);

    base::FileInPieces file_;
    int source_ = -1;
    int target_ = -1;  ///< open until commit(), so that the pipe does not end before SimGrid has opened it
    std::jthread receiver_;
};

}  // namespace lockstep::sim
