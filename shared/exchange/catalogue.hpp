#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include <boost/mp11/algorithm.hpp>
#include <boost/mp11/list.hpp>

#include "base/one_of.hpp"
#include "exchange/decentralised/ad_psgd.hpp"
#include "exchange/decentralised/gossip.hpp"
#include "exchange/method.hpp"
#include "exchange/server/backup_workers.hpp"
#include "exchange/server/bounded_staleness.hpp"
#include "exchange/server/by_arrival.hpp"
#include "exchange/server/dc_asgd.hpp"
#include "exchange/server/easgd.hpp"
#include "exchange/server/in_turn.hpp"
#include "exchange/server/softsync.hpp"
#include "exchange/synchronous/allreduce.hpp"
#include "exchange/synchronous/diloco.hpp"
#include "exchange/synchronous/hierarchical.hpp"
#include "exchange/synchronous/local_sgd.hpp"
#include "exchange/synchronous/post_local_sgd.hpp"
#include "exchange/synchronous/serial.hpp"
#include "exchange/synchronous/slowmo.hpp"
#include "exchange/synchronous/sync_average.hpp"

namespace lockstep::exchange {

/// Every method there is, in the order in which they are listed to users. All that is known of one is in its
/// file pair; this is where it is made known.
using Methods = boost::mp11::mp_list<Serial, Allreduce, SyncAverage, LocalSgd, PostLocalSgd, Diloco, SlowMo,
                                     Hierarchical, BackupWorkers, InTurn, ByArrival, BoundedStaleness,
                                     Softsync, DcAsgd, Easgd, Gossip, AdPsgd>;

/// The options of all of them, each part once.
template <typename... Parts>
struct Together : Parts... {
    bool operator==(const Together&) const = default;
};
template <typename... Parts>
using PartList = boost::mp11::mp_list<Parts...>;
template <typename Method>
using PartsOf = typename Method::template PartsIn<PartList>;
using AllParts = boost::mp11::mp_unique<
    boost::mp11::mp_apply<boost::mp11::mp_append, boost::mp11::mp_transform<PartsOf, Methods>>>;
using MethodOptions = boost::mp11::mp_rename<AllParts, Together>;

/// A method as a choice by name.
struct MethodRow {
    static constexpr std::string_view what = "method";
    std::string_view name;
    const MethodTraits* traits;
    std::unique_ptr<Method> (*make)(const MethodOptions& options);
    std::vector<std::string_view> keys;  ///< of its options

    bool has(std::string_view key) const;

    static std::span<const MethodRow> all();
};

using MethodName = base::OneOf<MethodRow>;

/// The keys of all methods, each once, in the order of methods.
std::span<const option::Option<MethodOptions>> method_options();

}  // namespace lockstep::exchange
