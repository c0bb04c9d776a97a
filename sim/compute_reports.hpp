#pragma once

#include <optional>

#include "backend/backend.hpp"

namespace lockstep::sim {

/// Tells the observer of a rank's computing about it: pieces of one kind that follow one another without a
/// gap are one.
///
/// Example: of 50 slices of a layer between which nothing was done the observer hears once.
class ComputeReports {
  public:
    void observe(backend::ComputeObserver* observer);
    void add(backend::Kind kind, double begin_s, double end_s);
    /// Nothing follows the last piece without a gap.
    void close();

  private:
    struct Piece {
        backend::Kind kind;
        double begin_s;
        double end_s;
    };
    backend::ComputeObserver* observer_ = nullptr;
    std::optional<Piece> open_;
};

}  // namespace lockstep::sim
