#include "study/manual/commands.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "option/lists.hpp"
#include "option/suggest.hpp"
#include "study/manual/completion.hpp"
#include "study/manual/request.hpp"
#include "study/manual/roff.hpp"

namespace lockstep::study {
namespace {

using base::InputError;

const CommandPage& page_named(const std::string& name) {
    const auto found = std::ranges::find(pages(), name, &CommandPage::name);
    if (found != pages().end()) return *found;
    std::vector<std::string_view> names;
    for (const CommandPage& page : pages()) names.push_back(page.name);
    const std::string_view meant = option::nearest(name, names);
    throw InputError(
        "command", name, option::joined(names, ", "),
        meant.empty() ? "lockstep --help describes them" : fmt::format("did you mean {}?", meant));
}

void write_all_pages(const std::filesystem::path& folder) {
    base::require_writable_folder("--out", folder);
    std::error_code problem;
    std::filesystem::create_directories(folder, problem);
    if (problem)
        throw base::EnvironmentError(fmt::format("{}: cannot write: {}", folder.string(), problem.message()));
    base::write_file_atomically(folder / "lockstep.1", overview_page());
    for (const CommandPage& page : pages())
        base::write_file_atomically(folder / fmt::format("lockstep-{}.1", page.name), command_page(page));
}

}  // namespace

int run_completion(std::span<const std::string> arguments) {
    const auto request = read_request(page_of("completion"), arguments);
    if (!request) return 0;
    const std::string& shell = only_operand(*request, "the shell", "lockstep completion bash");
    if (shell != "bash" && shell != "zsh")
        throw InputError("shell", shell, "bash, zsh", "write for example lockstep completion bash");
    const std::string text = shell == "bash" ? bash_completion() : zsh_completion();
    const std::string& out = request->value("out");
    out.empty() ? base::print_to_stdout(text) : base::write_file_atomically(out, text);
    return 0;
}

int run_man(std::span<const std::string> arguments) {
    const auto request = read_request(page_of("man"), arguments);
    if (!request) return 0;
    const std::string& out = request->value("out");
    if (!out.empty() && !request->operands.empty())
        throw InputError("lockstep man", request->operands.front(), "no command beside --out",
                         "--out takes the pages of all of them");
    if (!out.empty())
        write_all_pages(out);
    else if (request->operands.empty())
        base::print_to_stdout(overview_page());
    else
        base::print_to_stdout(
            command_page(page_named(only_operand(*request, "command", "lockstep man sim"))));
    return 0;
}

}  // namespace lockstep::study
