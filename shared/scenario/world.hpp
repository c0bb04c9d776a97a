#pragma once

namespace lockstep::scenario {

/// Where time comes from a model of processors and links, and where it is measured.
enum class World { simulated, real };

}  // namespace lockstep::scenario
