#pragma once

#include <csignal>
#include <string>

#include <sys/types.h>

#include "base/process/descriptor.hpp"
#include "study/launch/spawn.hpp"

namespace lockstep::study {

/// A process of a program that serves (base/process/serving.hpp): started for the first run that is asked of
/// it, at what the program's start costs, it forks for each, at a fraction of that. It ends with this object,
/// or where we are killed.
class ServingProcess {
  public:
    /// `program` is its path. Nothing is started yet.
    explicit ServingProcess(std::string program) : program_(std::move(program)) {}
    ServingProcess(const ServingProcess&) = delete;
    ServingProcess& operator=(const ServingProcess&) = delete;
    ~ServingProcess();

    /// As spawn() of a command of that program, which has no environment of its own; stdin is empty. The
    /// child is killed where we are. Errors: EnvironmentError also where the server has ended, with how and
    /// why.
    pid_t start(const ChildCommand& command, int output, int errors, const sigset_t& mask);

  private:
    void start_server(const sigset_t& mask);
    [[noreturn]] void fail();

    std::string program_;
    pid_t pid_ = 0;
    base::Descriptor socket_;
    base::Descriptor errors_;  ///< what the server itself says
};

}  // namespace lockstep::study
