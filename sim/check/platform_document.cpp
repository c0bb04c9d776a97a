#include "sim/check/platform_document.hpp"

#include <algorithm>
#include <array>

#include <boost/property_tree/xml_parser.hpp>
#include <fmt/format.h>
#include <strings.h>

#include "base/words.hpp"
#include "option/lists.hpp"

namespace lockstep::sim {
namespace {

using boost::property_tree::ptree;

std::string attribute(const ptree& element, const char* name) {
    return element.get(std::string("<xmlattr>.") + name, "");
}

void add_settings(const ptree& config, PlatformDocument& document) {
    for (const auto& [name, element] : config)
        if (name == "prop")
            document.settings.emplace_back(attribute(element, "id"), attribute(element, "value"));
}

/// Attributes such as speed_file of hosts and bandwidth_file of links.
void add_profile_files(const ptree& attributes, PlatformDocument& document) {
    for (const auto& [attribute, value] : attributes)
        if (attribute.ends_with("_file") && !value.data().empty())
            document.profiles.push_back({value.data(), attribute == "latency_file"});
}

bool is_routing(const std::string& name) {
    constexpr std::array known{"Full",    "Floyd",   "Dijkstra", "DijkstraCache",
                               "Vivaldi", "Cluster", "Wifi",     "None"};
    return std::ranges::any_of(known,
                               [&](const char* other) { return ::strcasecmp(name.c_str(), other) == 0; });
}

/// Three finite numbers with blanks between, as Vivaldi wants them.
bool are_coordinates(std::string_view text) {
    std::size_t count = 0;
    for (const std::string_view word : option::split_list(text, ' ')) {
        if (word.empty()) continue;
        if (!base::number_in(word)) return false;
        ++count;
    }
    return count == 3;
}

/// Of one element; nothing where nothing is known against it.
std::string mistake(const std::string& name, const ptree& element) {
    const std::string id = attribute(element, "id");
    if (name == "zone") {
        const std::string routing = attribute(element, "routing");
        if (!is_routing(routing))
            return fmt::format(
                "zone {} has the routing '{}'; allowed: Full, Floyd, Dijkstra, DijkstraCache, "
                "Vivaldi, Cluster, Wifi and None",
                id, routing);
    }
    if (name == "cluster") {
        const std::string topology = attribute(element, "topology");
        if (!topology.empty() && topology != "FLAT" && attribute(element, "topo_parameters").empty())
            return fmt::format("cluster {} has the topology {} and no topo_parameters, which it needs", id,
                               topology);
    }
    if (name == "link") {
        const std::string bandwidth = attribute(element, "bandwidth");
        if (bandwidth.find(',') != std::string::npos && attribute(element, "sharing_policy") != "WIFI")
            return fmt::format("link {} has more than one bandwidth ({}); only WIFI links have several", id,
                               bandwidth);
    }
    if (name == "peer") {
        const std::string coordinates = attribute(element, "coordinates");
        if (!are_coordinates(coordinates))
            return fmt::format("peer {} has the coordinates '{}'; they are three numbers with blanks between",
                               id, coordinates);
    }
    return {};
}

void add_elements(const ptree& parent, PlatformDocument& document) {
    for (const auto& [name, element] : parent) {
        if (name == "<xmlattr>") {
            add_profile_files(element, document);
            continue;
        }
        if (std::string found = mistake(name, element); !found.empty())
            document.mistakes.push_back(std::move(found));
        if (name == "trace") {
            document.has_profiles = true;
            document.traces.push_back(
                {attribute(element, "id"), element.data(), attribute(element, "periodicity")});
        }
        if (name == "trace_connect" && attribute(element, "kind") == "LATENCY")
            document.traces_of_latency.insert(attribute(element, "trace"));
        add_elements(element, document);
    }
}

}  // namespace

std::optional<PlatformDocument> read_platform_document(const std::string& path) {
    ptree tree;
    try {
        boost::property_tree::read_xml(path, tree, boost::property_tree::xml_parser::no_comments);
    } catch (const boost::property_tree::xml_parser_error&) {
        return std::nullopt;
    }
    PlatformDocument document;
    for (const auto& [name, root] : tree) {
        document.root = name;
        document.version = attribute(root, "version");
        add_elements(root, document);
        document.has_profiles |= !document.profiles.empty();
        for (const auto& [child, element] : root) {
            if (child == "config") add_settings(element, document);
            if (child == "actor" || child == "process") document.places_actors = true;
        }
    }
    return document;
}

std::size_t nesting_depth(std::string_view xml) {
    std::size_t depth = 0;
    std::size_t deepest = 0;
    for (std::size_t at = xml.find('<'); at < xml.size(); at = xml.find('<', at)) {
        const std::string_view rest = xml.substr(at);
        if (rest.starts_with("<!--")) {
            at = xml.find("-->", at);
            continue;
        }
        char quote = 0;  // in which a > is part of a value
        std::size_t end = at + 1;
        for (; end < xml.size() && (quote != 0 || xml[end] != '>'); ++end)
            if (quote == xml[end])
                quote = 0;
            else if (quote == 0 && (xml[end] == '"' || xml[end] == '\''))
                quote = xml[end];
        if (rest.starts_with("</")) {
            depth -= depth > 0 ? 1 : 0;
        } else if (!rest.starts_with("<!") && !rest.starts_with("<?")) {
            deepest = std::max(deepest, depth + 1);
            if (xml[end - 1] != '/') ++depth;
        }
        at = end;
    }
    return deepest;
}

}  // namespace lockstep::sim
