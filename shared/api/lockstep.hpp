#pragma once

/// All that a program of its own needs, in namespace lockstep. docs/library.md explains it.

#include "api/gradient_training.hpp"
#include "api/program.hpp"
#include "api/train.hpp"
#include "backend/backend.hpp"
#include "base/build_info.hpp"
#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/vector_math.hpp"
#include "comm/agreement.hpp"
#include "comm/collectives/allgather.hpp"
#include "comm/collectives/collective.hpp"
#include "exchange/averaging.hpp"
#include "exchange/catalogue.hpp"
#include "option/values.hpp"

namespace lockstep {

// Errors
using base::EnvironmentError;
using base::Error;
using base::InputError;
using comm::AgreedError;

// Messages
using comm::agreed;
using comm::allgather;
using comm::Collective;
using comm::Communicator;
using comm::Group;
using comm::LinkCost;
using comm::PairVisitor;
using comm::Request;
using comm::Traffic;
using comm::Transport;

// Methods
using namespace exchange;

// Arithmetic
using backend::arithmetic_is_real;
using backend::compute;
using backend::make_buffer;
using backend::time_is_simulated;
using base::Block;
using base::digest;
using base::FloatBuffer;

using base::git_revision;
using base::version;

}  // namespace lockstep
