#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "base/function_ref.hpp"

namespace lockstep::sim {

/// Host threads that do the simulated workers' arithmetic while the simulation goes on: a rank posts a piece
/// of work, spends its simulated time, then waits for the result. Results cannot depend on the number of
/// threads, because a piece touches its own rank's data only.
class ArithmeticPool {
  public:
    /// With 0 threads every piece is executed by `finish`, in the thread of the simulation. Where the system
    /// gives fewer, there are fewer.
    explicit ArithmeticPool(std::size_t threads);
    ~ArithmeticPool();
    ArithmeticPool(const ArithmeticPool&) = delete;
    ArithmeticPool& operator=(const ArithmeticPool&) = delete;

    /// A posted piece of work, finished at the latest when it goes out of scope: what it refers to lives as
    /// long.
    class Piece {
      public:
        Piece(ArithmeticPool& pool, base::FunctionRef<void()> work);
        ~Piece();
        Piece(const Piece&) = delete;
        Piece& operator=(const Piece&) = delete;

        /// Returns when the work is done, does it itself where no thread has begun; rethrows what the work
        /// threw.
        void finish();

      private:
        friend class ArithmeticPool;
        enum class State { waiting, running, done };
        void run_and_mark();

        ArithmeticPool& pool_;
        base::FunctionRef<void()> work_;
        State state_ = State::waiting;
        std::exception_ptr error_;
    };

  private:
    void serve();

    std::mutex mutex_;
    std::condition_variable posted_;
    std::condition_variable done_;
    std::deque<Piece*> queue_;
    bool closing_ = false;
    std::vector<std::jthread> threads_;
};

}  // namespace lockstep::sim
