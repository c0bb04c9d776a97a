#include "tests/support/gathering.hpp"

#include <cstddef>
#include <cstring>
#include <span>

namespace lockstep::support {
namespace {

std::vector<double> as_doubles(const std::vector<std::byte>& bytes) {
    std::vector<double> values(bytes.size() / sizeof(double));
    if (!values.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
}

}  // namespace

std::vector<std::vector<double>> gather_from_all(comm::Communicator& communicator,
                                                 const std::vector<double>& values) {
    std::vector<std::vector<double>> all(communicator.size(), values);
    if (communicator.rank() == 0) {
        for (std::size_t peer = 1; peer < all.size(); ++peer)
            all[peer] = as_doubles(communicator.receive_bytes(peer));
        for (std::size_t peer = 1; peer < all.size(); ++peer)
            for (const auto& one : all) communicator.send_bytes(std::as_bytes(std::span(one)), peer);
    } else {
        communicator.send_bytes(std::as_bytes(std::span(values)), 0);
        for (auto& one : all) one = as_doubles(communicator.receive_bytes(0));
    }
    return all;
}

std::string gather_text(comm::Communicator& communicator, const std::string& text) {
    if (communicator.rank() != 0) {
        communicator.send_bytes(std::as_bytes(std::span(text)), 0);
        return {};
    }
    std::string all = text;
    for (std::size_t peer = 1; peer < communicator.size(); ++peer)
        for (const std::byte letter : communicator.receive_bytes(peer)) all += static_cast<char>(letter);
    return all;
}

comm::Traffic total_traffic(comm::Communicator& communicator) {
    const comm::Traffic own = communicator.log().messages().traffic();
    comm::Traffic total;
    for (const auto& one :
         gather_from_all(communicator, {static_cast<double>(own.messages), static_cast<double>(own.bytes)})) {
        total.messages += static_cast<std::uint64_t>(one[0]);
        total.bytes += static_cast<std::uint64_t>(one[1]);
    }
    return total;
}

}  // namespace lockstep::support
