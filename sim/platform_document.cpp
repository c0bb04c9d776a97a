#include "sim/platform_document.hpp"

#include <boost/property_tree/xml_parser.hpp>

namespace lockstep::sim {
namespace {

using boost::property_tree::ptree;

void add_settings(const ptree& config, PlatformDocument& document) {
    for (const auto& [name, element] : config)
        if (name == "prop")
            document.settings.emplace_back(element.get("<xmlattr>.id", ""),
                                           element.get("<xmlattr>.value", ""));
}

/// Attributes such as speed_file of hosts and bandwidth_file of links, at any depth.
void add_profiles(const ptree& element, PlatformDocument& document) {
    for (const auto& [name, child] : element)
        if (name == "<xmlattr>") {
            for (const auto& [attribute, value] : child)
                if (attribute.ends_with("_file") && !value.data().empty())
                    document.profiles.push_back(value.data());
        } else {
            document.has_profiles |= name == "trace";
            add_profiles(child, document);
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
        document.version = root.get("<xmlattr>.version", "");
        add_profiles(root, document);
        document.has_profiles |= !document.profiles.empty();
        for (const auto& [child, element] : root) {
            if (child == "config") add_settings(element, document);
            if (child == "actor" || child == "process") document.places_actors = true;
        }
    }
    return document;
}

}  // namespace lockstep::sim
