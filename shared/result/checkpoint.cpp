#include "result/checkpoint.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <stdexcept>

#include <fmt/format.h>

#include "base/digest.hpp"
#include "base/json.hpp"

namespace lockstep::result {
namespace {

using HeaderJson = nlohmann::ordered_json;

constexpr std::string_view checkpoint_magic = "lockstep checkpoint ";
constexpr std::string_view checkpoint_format = "1";
constexpr std::size_t digest_digits = 32;
constexpr std::size_t most_ranks = 131'072;  // 65536 workers and as many servers

void append_part(std::string& bytes, const std::vector<std::byte>& part) {
    bytes.append(reinterpret_cast<const char*>(part.data()), part.size());
}

std::string_view take_line(std::string_view& rest) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    return line;
}

std::vector<std::byte> take_part(std::string_view& rest, std::uint64_t size) {
    const auto part = std::as_bytes(std::span(rest.substr(0, size)));
    rest.remove_prefix(size);
    return {part.begin(), part.end()};
}

/// Without adding them, which could overflow.
bool add_up_to(std::span<const std::uint64_t> sizes, std::uint64_t sum) {
    for (const std::uint64_t size : sizes) {
        if (size > sum) return false;
        sum -= size;
    }
    return sum == 0;
}

/// The second line of a checkpoint. Whatever it lacks, or has in a way that cannot be, is an InputError.
class CheckpointHeader {
  public:
    CheckpointHeader(std::string_view line, const std::filesystem::path& file) : line_(file.string() + ":2") {
        try {
            json_ = base::parse_json(line);
        } catch (const std::invalid_argument& problem) {
            refuse(line_, problem.what(), "a line of JSON");
        }
    }

    std::string text(std::string_view name) const {
        const HeaderJson& found = member(name, "a text");
        require(found.is_string(), name, found, "a text");
        return found.get<std::string>();
    }
    std::uint64_t whole(std::string_view name, std::uint64_t least) const {
        const std::string allowed = fmt::format("a whole number from {}", least);
        const HeaderJson& found = member(name, allowed);
        require(is_whole(found) && found.get<std::uint64_t>() >= least, name, found, allowed);
        return found.get<std::uint64_t>();
    }
    double number(std::string_view name) const {
        constexpr std::string_view allowed = "a number from 0";
        const HeaderJson& found = member(name, allowed);
        require(found.is_number() && std::isfinite(found.get<double>()) && found.get<double>() >= 0, name,
                found, allowed);
        return found.get<double>();
    }
    std::vector<std::pair<std::string, std::string>> texts(std::string_view name) const {
        const HeaderJson& found = member(name, "an object of texts");
        require(found.is_object(), name, found, "an object of texts");
        std::vector<std::pair<std::string, std::string>> all;
        for (const auto& [key, value] : found.items()) {
            require(value.is_string(), fmt::format("{}.{}", name, key), value, "a text");
            all.emplace_back(key, value.get<std::string>());
        }
        return all;
    }
    /// Of all parts, ranks first; together `available` bytes.
    std::vector<std::uint64_t> sizes(std::uint64_t available) const {
        const std::string allowed = fmt::format("a list of 1 to {} whole numbers", most_ranks);
        const HeaderJson& found = member("rank_bytes", allowed);
        require(found.is_array() && !found.empty() && found.size() <= most_ranks, "rank_bytes", found,
                allowed);
        std::vector<std::uint64_t> all;
        for (const HeaderJson& size : found) {
            require(is_whole(size), "rank_bytes", size, allowed);
            all.push_back(size.get<std::uint64_t>());
        }
        all.push_back(whole("together_bytes", 0));
        if (!add_up_to(all, available))
            refuse(line_ + ": rank_bytes", "sizes of other parts",
                   fmt::format("those of the {} bytes that follow, with together_bytes", available));
        return all;
    }

  private:
    static bool is_whole(const HeaderJson& value) { return value.is_number_unsigned(); }

    const HeaderJson& member(std::string_view name, std::string_view allowed) const {
        const auto found = json_.find(name);
        if (found == json_.end()) refuse(fmt::format("{}: {}", line_, name), "nothing", allowed);
        return *found;
    }
    void require(bool holds, std::string_view name, const HeaderJson& given, std::string_view allowed) const {
        if (!holds) refuse(fmt::format("{}: {}", line_, name), base::described(given), allowed);
    }
    [[noreturn]] static void refuse(std::string_view subject, std::string_view given,
                                    std::string_view allowed) {
        throw base::InputError(subject, given, allowed, "lockstep has not written it: name another one");
    }

    std::string line_;  ///< in messages
    HeaderJson json_;
};

/// What follows the first line, up to the digest. Errors as checkpoint_of.
std::string_view vouched_part(std::string_view bytes, const std::filesystem::path& file) {
    const std::size_t end = bytes.find('\n');
    const std::string_view line = bytes.substr(0, end);
    if (!line.starts_with(checkpoint_magic))
        throw base::InputError(file.string(), line,
                               fmt::format("a file that begins with '{}'", checkpoint_magic),
                               "name a checkpoint that a run has written");
    const std::string_view format = line.substr(checkpoint_magic.size());
    const bool is_number =
        !format.empty() && format.find_first_not_of("0123456789") == std::string_view::npos;
    if (end != std::string_view::npos && is_number && format != checkpoint_format)
        throw OtherCheckpointFormat(file.string(), fmt::format("format {}", format),
                                    fmt::format("format {}, that of this version", checkpoint_format),
                                    "resume it with the version that wrote it");
    const std::size_t vouched = std::max(bytes.size(), digest_digits) - digest_digits;
    if (format != checkpoint_format || vouched <= end ||
        bytes.substr(vouched) != base::digest_of_bytes(bytes.substr(0, vouched)))
        throw base::InputError(file.string(), "a checkpoint that was cut off or damaged",
                               "one as it was written", "resume from the one before it");
    return bytes.substr(end + 1, vouched - end - 1);
}

}  // namespace

std::string to_bytes(const Checkpoint& checkpoint) {
    HeaderJson header;
    header["lockstep_version"] = checkpoint.lockstep_version;
    header["world"] = checkpoint.world;
    header["number"] = checkpoint.number;
    header["elapsed_s"] = checkpoint.elapsed_s;
    header["epochs"] = checkpoint.epochs;
    header["written_utc"] = checkpoint.written_utc;
    header["options"] = HeaderJson::object();
    for (const auto& [key, value] : checkpoint.options) header["options"][key] = value;
    header["facts"] = HeaderJson::object();
    for (const auto& [what, fact] : checkpoint.facts) header["facts"][what] = fact;
    header["rank_bytes"] = HeaderJson::array();
    for (const auto& rank : checkpoint.ranks) header["rank_bytes"].push_back(rank.size());
    header["together_bytes"] = checkpoint.together.size();
    std::string bytes = fmt::format("{}{}\n{}\n", checkpoint_magic, checkpoint_format,
                                    header.dump(-1, ' ', false, HeaderJson::error_handler_t::replace));
    std::size_t size = bytes.size() + checkpoint.together.size() + digest_digits;
    for (const auto& rank : checkpoint.ranks) size += rank.size();
    bytes.reserve(size);
    for (const auto& rank : checkpoint.ranks) append_part(bytes, rank);
    append_part(bytes, checkpoint.together);
    bytes += base::digest_of_bytes(bytes);
    return bytes;
}

Checkpoint checkpoint_of(std::string_view bytes, const std::filesystem::path& file) {
    std::string_view rest = vouched_part(bytes, file);
    const CheckpointHeader header(take_line(rest), file);
    const std::vector<std::uint64_t> sizes = header.sizes(rest.size());
    Checkpoint checkpoint;
    checkpoint.lockstep_version = header.text("lockstep_version");
    checkpoint.world = header.text("world");
    checkpoint.options = header.texts("options");
    checkpoint.facts = header.texts("facts");
    checkpoint.number = header.whole("number", 1);
    checkpoint.elapsed_s = header.number("elapsed_s");
    checkpoint.epochs = header.number("epochs");
    checkpoint.written_utc = header.text("written_utc");
    for (const std::uint64_t size : std::span(sizes).first(sizes.size() - 1))
        checkpoint.ranks.push_back(take_part(rest, size));
    checkpoint.together = take_part(rest, sizes.back());
    return checkpoint;
}

}  // namespace lockstep::result
