#include "exchange/collective.hpp"

#include <stdexcept>

namespace lockstep::exchange {

CollectiveChoice choose(scenario::Collective collective) {
    using enum scenario::Collective;
    switch (collective) {
        case tree:
            return {comm::allreduce_tree, comm::tree_cost};
        case ring:
            return {comm::allreduce_ring, comm::ring_cost};
        case recursive_doubling:
            return {comm::allreduce_recursive_doubling, comm::recursive_doubling_cost};
        case rabenseifner:
            return {comm::allreduce_rabenseifner, comm::rabenseifner_cost};
        case flat:
            return {comm::allreduce_flat, comm::flat_cost};
        case library:
            return {comm::allreduce_library, nullptr};
    }
    throw std::logic_error("collective without a program");
}

}  // namespace lockstep::exchange
