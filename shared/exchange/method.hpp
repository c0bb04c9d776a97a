#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "comm/collectives/collective.hpp"
#include "comm/traffic.hpp"
#include "exchange/participant.hpp"
#include "exchange/update_kernel.hpp"
#include "exchange/work.hpp"
#include "option/kind.hpp"

namespace lockstep::exchange {

/// Whether extra ranks hold the shared parameters v.
enum class ServerUse { never, optional, always };

/// Which optimisers have a meaning with a method: plain SGD alone, those whose gradients are taken at w, or
/// all.
enum class OptimiserUse { sgd, momentum, any };

/// Who holds v where no server does.
enum class Holder {
    every_worker,  ///< all have the same v after each step; rank 0 tells of it
    first_worker,  ///< all have the same v where they meet; rank 0 tells of it
    last_worker,   ///< it moves from worker to worker and is complete at the last one
    by_meetings,   ///< it is the mean of the workers' parameters, which are equal after some steps
    nobody         ///< it is the mean of the workers' parameters, which never are
};

/// What is true of a method whatever its options.
struct MethodTraits {
    std::string_view name;
    std::string_view summary;  ///< what workers do, in a few words
    ServerUse server = ServerUse::never;
    OptimiserUse optimisers = OptimiserUse::any;
    Holder holder = Holder::every_worker;
    /// Where timing decides nothing, whether updates are recorded in an order all the same.
    bool always_has_order = false;
    bool is_alone = false;     ///< of one worker
    bool draws_peers = false;  ///< who sends to whom depends on the seed
    /// Options, besides shared ones, that decide which messages there are: an order of arrival of a run with
    /// other values cannot be forced.
    std::array<std::string_view, 2> message_keys = {};
};

/// An option's key with its value, as users write it.
struct Setting {
    std::string_view key;
    std::string value;
};

/// A way in which workers agree on parameters, with its options: an algorithm that every rank runs, and what
/// is known of it beforehand. Immutable; one may serve all ranks of a process.
class Method {
  public:
    Method() = default;
    Method(const Method&) = default;
    Method& operator=(const Method&) = default;
    virtual ~Method() = default;

    virtual const MethodTraits& traits() const = 0;

    /// Dedicated ones: the ranks after the workers.
    virtual std::size_t server_count() const { return traits().server == ServerUse::always ? 1 : 0; }

    /// Whether every bit of the result is independent of timing.
    virtual bool is_deterministic() const { return server_count() == 0; }

    /// Whether, without lossy codes, other workers can go on from what is kept between two legs: without a
    /// server what each has, which all have alike (v as `v` or `w`, and `step`, which counts anew); with
    /// servers v alone, as `v`.
    virtual bool others_may_go_on(const Optimising& /*optimising*/) const { return false; }

    /// Whether one of its options, by its key, has any effect beside the others.
    virtual bool uses(std::string_view /*key*/) const { return true; }

    /// All of its options with their values.
    virtual std::vector<Setting> settings() const { return {}; }

    /// Throws base::InputError naming the option whose value is out of its range.
    virtual void check_ranges() const {}

    /// Throws base::InputError naming the option, where options, team and optimiser do not go together.
    virtual void check(const Team& /*team*/) const {}

    /// Messages and payload bytes of the whole run, all ranks, by closed form. Nothing where none is known,
    /// as with sums of the MPI library.
    virtual std::optional<comm::Traffic> traffic(const Work& /*work*/) const { return std::nullopt; }

    /// What optimisers and update rules do on each worker, and on each server, in a run of so much work, in
    /// which a server holds all `work.values`; steps of plain SGD that are part of a gradient do not count.
    /// Valid while the method is. Unless overridden: workers step on their own, and nothing else is done.
    ///
    /// Example: local-sgd with momentum and a period of 4: a step of the optimiser each step, a mean every
    /// fourth.
    virtual std::vector<UpdateKernel> worker_updates(const Optimising& optimising, const Work& work) const {
        return optimiser_updates(optimising, work);
    }
    /// Those of the optimiser alone, once a step; none where that is part of the gradient's arithmetic.
    static std::vector<UpdateKernel> optimiser_updates(const Optimising& optimising, const Work& work);
    virtual std::vector<UpdateKernel> server_updates(const Optimising& /*optimising*/,
                                                     const Work& /*work*/) const {
        return {};
    }

    /// Calls visit(a, b) for each two ranks between which messages may travel in the timed part, some of them
    /// more than once, in either order. What is sent before it and after it (start parameters, results) does
    /// not count. Unless overridden: workers with servers, or all workers with all.
    ///
    /// Example: by-arrival on 3 workers: (0, 3), (1, 3), (2, 3).
    ///
    /// Cost: one call for each message of one exchange; c^2 / 2 calls where all may meet all.
    virtual void for_each_pair(std::size_t workers, comm::PairVisitor visit) const;

    /// This rank's part, from the start vector to the last update. Collective over workers and servers.
    virtual void train(Participant& participant) const = 0;
};

/// Ranges, the team's demands, then the method's: throws base::InputError.
void check(const Method& method, const Team& team);

/// `--period`: what errors call an option by.
std::string option_name(std::string_view key);

/// Whether updates have an order of their own, which can be recorded and forced.
inline bool has_order(const Method& method) {
    return !method.is_deterministic() || method.traits().always_has_order;
}

/// Whether no rank alone holds all of v all the time.
bool is_held_jointly(const Method& method);
/// Whether the rank tells a Journal of v, or of its share of it.
bool holds_v(const Method& method, std::size_t workers, std::size_t rank);
/// Whether, at the steps after which v is told, each worker's own parameters are v: so they wait for each
/// other there.
bool meets(const Method& method);

/// A method whose options are those of `Parts`, each a struct with defaults and a function
/// `static std::vector<option::Option<Part>> options()`; several methods may share a part. `Self` is the
/// method, and has its traits in `static constexpr MethodTraits about`.
///
/// Example: `LocalSgd(LocalSteps{.period = {.steps = 16}})`,
/// `LocalSgd(Summing{.collective = "ring"}, LocalSteps{.period = {.steps = 16}})`.
template <typename Self, typename... Parts>
class MethodOf : public Method, public Parts... {
    template <typename Given>
    static constexpr bool is_part = (std::is_same_v<Given, Parts> || ...);

  public:
    MethodOf() = default;
    /// Of the given parts, in any order; the others keep their defaults.
    template <typename... Given>
    requires(sizeof...(Given) > 0 && (is_part<Given> && ...)) explicit MethodOf(const Given&... given) {
        ((static_cast<Given&>(*this) = given), ...);
    }

    const MethodTraits& traits() const override { return Self::about; }

    std::vector<Setting> settings() const override {
        std::vector<Setting> all;
        (add_settings<Parts>(all), ...);
        return all;
    }

    void check_ranges() const override { (check_range<Parts>(), ...); }

    /// With the options that `all`, which has all parts as bases, says.
    template <typename All>
    static std::unique_ptr<Method> from(const All& all) {
        return std::make_unique<Self>(static_cast<const Parts&>(all)...);
    }
    template <template <typename...> typename List>
    using PartsIn = List<Parts...>;

  private:
    template <typename Part>
    void add_settings(std::vector<Setting>& all) const {
        for (const option::Option<Part>& option : Part::options())
            all.push_back({option.key, option.kind.get(*this)});
    }

    /// What is written and read back is checked as what a user writes.
    template <typename Part>
    void check_range() const {
        Part scratch;
        for (const option::Option<Part>& option : Part::options())
            option.kind.set(scratch, option_name(option.key), option.kind.get(*this));
    }
};

}  // namespace lockstep::exchange
