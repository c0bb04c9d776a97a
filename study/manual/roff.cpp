#include "study/manual/roff.hpp"

#include <cctype>

#include <fmt/format.h>

#include "base/build_info.hpp"
#include "option/lists.hpp"
#include "scenario/config.hpp"
#include "scenario/options/options.hpp"

namespace lockstep::study {
namespace {

/// Plain text as roff shows it unchanged: no requests, no escapes, hyphens that can be copied.
std::string plain(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool opens_line = i == 0 || text[i - 1] == '\n';
        if (opens_line && (text[i] == '.' || text[i] == '\'')) result += "\\&";
        if (text[i] == '\\')
            result += "\\e";
        else if (text[i] == '-')
            result += "\\-";
        else
            result += text[i];
    }
    return result;
}

std::string header(std::string_view name) {
    std::string upper(name);
    for (char& letter : upper) letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    return fmt::format(".TH \"{}\" \"1\" \"\" \"lockstep {}\" \"lockstep\"\n.nh\n.ad l\n", plain(upper),
                       base::version());
}

std::string section(std::string_view title) {
    return fmt::format(".SH {}\n", plain(title));
}

std::string key_entry(std::string_view key, std::string_view placeholder, std::string_view text) {
    const std::string value = placeholder.empty() ? "" : fmt::format(" \\fI{}\\fR", plain(placeholder));
    return fmt::format(".TP\n\\fB{}\\fR{}\n{}\n", plain(fmt::format("--{}", key)), value, plain(text));
}

std::string default_of(const std::string& value) {
    return value.empty() ? "nothing" : value;
}

std::string own_keys(const CommandPage& page) {
    std::string text = page.keys.empty() ? "" : fmt::format(".SS {}\n", plain(page.keys_title));
    for (const scenario::ExtraOption& option : page.keys) {
        const std::string allowed =
            option.choices.empty() ? "" : fmt::format(" One of {}.", option::joined(option.choices, ", "));
        const bool is_flag = option.placeholder.empty();
        text +=
            key_entry(option.key, option.placeholder,
                      option.help + allowed +
                          (is_flag ? "" : fmt::format(" Default: {}.", default_of(option.default_value))));
    }
    return text;
}

std::string method_entries() {
    std::string text = ".RS\n";
    for (const scenario::Method& method : scenario::Method::all())
        text += fmt::format(".TP\n{}\n{}\n", plain(method.name()), plain(method->traits->summary));
    return text + ".RE\n";
}

std::string scenario_keys(const CommandPage& page) {
    std::string text;
    for (const scenario::Group group : page.groups()) {
        text += fmt::format(".SS {}\n", plain(title(group)));
        for (const scenario::Option& option : scenario::options()) {
            if (option.group != group) continue;
            text += key_entry(option.key, option.kind.placeholder,
                              fmt::format("{} Allowed: {}. Default: {}.", option.help, option.kind.allowed,
                                          default_of(default_text(option))));
            if (option.key == "method") text += method_entries();
        }
    }
    return text;
}

/// Two pages are named as programs that are installed too, which read the same keys but for the command's
/// own.
std::string program_paragraph(const CommandPage& page) {
    if (page.name != "sim" && page.name != "real") return {};
    std::string own;
    for (const scenario::ExtraOption& option : page.keys)
        own += fmt::format("{}--{}", own.empty() ? "" : ", ", option.key);
    const std::string start =
        page.name == "real" ? "; it is started under mpirun, which lockstep real does" : "";
    return section("PROGRAM") + plain(fmt::format("The program lockstep-{} takes the same keys but for the "
                                                  "command's own: {}{}.\n",
                                                  page.name, own, start));
}

constexpr std::string_view exit_status =
    ".SH EXIT STATUS\n"
    ".TP\n0\nsuccess\n"
    ".TP\n1\na check that was asked for has failed\n"
    ".TP\n2\nbad input: one line on standard error names it and says what is allowed\n"
    ".TP\n3\nthe environment failed: a disk, a program, MPI\n"
    ".TP\n4\na signal asked a run with \\-\\-checkpoint to end: a checkpoint holds what was done\n"
    ".TP\n5\na check that was asked for can neither pass nor fail: what was measured for it scatters too "
    "far\n";

std::string see_also(std::string_view except) {
    std::string text = ".SH SEE ALSO\n.BR lockstep (1)";
    for (const CommandPage& page : pages())
        if (page.name != except)
            text += fmt::format(",\n.BR {} (1)", plain(fmt::format("lockstep-{}", page.name)));
    return text + '\n';
}

}  // namespace

std::string overview_page() {
    std::string text =
        header("lockstep") + section("NAME") +
        "lockstep \\- what parallel SGD costs, simulated and measured\n" + section("SYNOPSIS") +
        ".B lockstep\n.I COMMAND\n[\\fISCENARIO.ini\\fR] [\\fB\\-\\-key\\fR \\fIvalue\\fR ...]\n" +
        section("DESCRIPTION") +
        "Trains a network by parallel stochastic gradient descent in two worlds from one source: "
        "simulated under SimGrid, and real under MPI.\n" +
        section("COMMANDS");
    for (const CommandPage& page : pages())
        text += fmt::format(".TP\n\\fB{}\\fR\n{}; see\n.BR {} (1)\n", plain(page.name), plain(page.about),
                            plain(fmt::format("lockstep-{}", page.name)));
    return text + std::string(exit_status) + see_also("");
}

std::string command_page(const CommandPage& page) {
    const std::string name = fmt::format("lockstep-{}", page.name);
    std::string text = header(name) + section("NAME") +
                       fmt::format("{} \\- {}\n", plain(name), plain(page.about)) + section("SYNOPSIS") +
                       fmt::format(".B lockstep {}\n{}\n", plain(page.name), plain(page.operands)) +
                       section("OPTIONS");
    if (page.has_scenario())
        text +=
            "The same keys, without the dashes, are the lines \\(lqkey = value\\(rq of a "
            "\\fISCENARIO.ini\\fR; the command line wins.\n";
    text += own_keys(page) + scenario_keys(page);
    text += key_entry("help", "", "Show the options.") + key_entry("version", "", "Show the version.");
    return text + program_paragraph(page) + std::string(exit_status) + see_also(page.name);
}

}  // namespace lockstep::study
