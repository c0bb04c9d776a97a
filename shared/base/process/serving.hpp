#pragma once

#include <array>
#include <csignal>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "base/function_ref.hpp"
#include "base/process/descriptor.hpp"

/// How several runs share what a program costs before it does anything: it is started once, to serve, and
/// forks for each run. A request and its answer go over a stream socket that is the server's stdin.
namespace lockstep::base {

/// The only argument of a program that is to serve.
inline constexpr std::string_view serve_word = "serve";

/// A command line without the program's name.
using Words = std::vector<std::string>;

/// The signal mask to start a server with whose children are to have `mask`: who asks decides what becomes of
/// the server, from its first moment on.
sigset_t serving_mask(const sigset_t& mask);

/// Asks the server at the other end to run that command line in a child with these as stdout and stderr, and
/// stdin empty. Returns the child's process id; it is a child of the process that asks, not of the server, so
/// that it is waited for, and ends by signals, as if it had been started by us. Nothing where the server is
/// gone. Errors: EnvironmentError where it cannot fork, or has no room for the streams; it serves on.
std::optional<pid_t> ask_server(int socket, std::span<const std::string> words,
                                const std::array<int, 2>& streams);

/// What a serving process does, with its stdin: forks for each request, until nobody can ask any more.
/// Returns the words in each child, which then does and is what the program started with them would do and
/// be, and nothing in the server, in the end. Before each fork it calls `prepare`, which may not throw, with
/// the words: what that leaves in memory is there in the child.
///
/// The children are killed where who asked is gone; so is the server. It must have one thread only.
/// Errors: InputError where stdin is no such socket.
std::optional<Words> serve(FunctionRef<void(const Words&)> prepare);

}  // namespace lockstep::base
