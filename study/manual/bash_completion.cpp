#include <fmt/format.h>

#include "option/lists.hpp"
#include "study/manual/completion.hpp"
#include "study/manual/key_words.hpp"

namespace lockstep::study {
namespace {

std::string keys_text(const std::vector<KeyWords>& keys) {
    std::string text;
    for (const KeyWords& key : keys) text += fmt::format("--{} ", key.key);
    return text;
}

/// Where a key's value comes from: words, or a word with @.
std::string source_of(const KeyWords& key) {
    using enum KeyWords::Value;
    switch (key.value) {
        case none:
            return "@none";
        case one_of:
            return option::joined(key.choices, " ");
        case file:
            return "@file";
        case folder:
            return "@folder";
        case anything:
            return "";
    }
    return {};
}

std::string source_of(Operands operands) {
    switch (operands) {
        case Operands::scenario_file:
        case Operands::table_file:
            return "@file";
        case Operands::checkpoint_folder:
        case Operands::run_folders:
            return "@folder";
        case Operands::command_name:
            return "@command";
        case Operands::shell:
            return "bash zsh";
    }
    return {};
}

std::string names() {
    std::string text;
    for (const CommandPage& page : pages()) text += fmt::format("{} ", page.name);
    return text;
}

std::string tables() {
    std::string keys;
    std::string values;
    std::string operands;
    for (const CommandPage& page : pages()) {
        keys += fmt::format("        {}) echo \"{}{}--help\" ;;\n", page.name,
                            page.takes_run_keys() ? "$run_keys " : "", keys_text(own_key_words(page)));
        for (const KeyWords& key : own_key_words(page))
            values +=
                fmt::format("        '{} --{}') echo '{}'; return ;;\n", page.name, key.key, source_of(key));
        operands += fmt::format("        {}) echo '{}' ;;\n", page.name, source_of(page.takes));
    }
    std::string run_values;
    for (const KeyWords& key : run_key_words())
        if (const std::string source = source_of(key); !source.empty())
            run_values += fmt::format("        --{}) echo '{}' ;;\n", key.key, source);
    return fmt::format(R"(
_lockstep_commands='{}'

_lockstep_keys() {{
    local run_keys='{}'
    case $1 in
{}    esac
}}

# Of a command's key: words, or @file, @folder, @none.
_lockstep_values() {{
    case "$1 $2" in
{}    esac
    case $2 in
{}    esac
}}

_lockstep_operands() {{
    case $1 in
{}    esac
}}
)",
                       names(), keys_text(run_key_words()), keys, values, run_values, operands);
}

constexpr const char* function = R"sh(
_lockstep_offer() {
    local source=$1 current=$2
    case $source in
        @file) mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null ;;
        @folder) mapfile -t COMPREPLY < <(compgen -d -- "$current"); compopt -o filenames 2>/dev/null ;;
        @command) mapfile -t COMPREPLY < <(compgen -W "$_lockstep_commands" -- "$current") ;;
        *) mapfile -t COMPREPLY < <(compgen -W "$source" -- "$current") ;;
    esac
}

_lockstep() {
    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}
    local source
    COMPREPLY=()
    # The shell splits --key=value into three words.
    if [[ $current == '=' ]]; then
        current=
    elif [[ $before == '=' && COMP_CWORD -gt 2 ]]; then
        before=${COMP_WORDS[COMP_CWORD-2]}
    fi
    if ((COMP_CWORD == 1)); then
        _lockstep_offer "$_lockstep_commands help --help --version" "$current"
        return
    fi
    if [[ $command == help ]]; then
        ((COMP_CWORD == 2)) && _lockstep_offer @command "$current"
        return
    fi
    if [[ $before == --* ]]; then
        source=$(_lockstep_values "$command" "$before")
        if [[ $source != @none ]]; then
            _lockstep_offer "$source" "$current"
            return
        fi
    fi
    if [[ $current == -* ]]; then
        _lockstep_offer "$(_lockstep_keys "$command")" "$current"
    else
        _lockstep_offer "$(_lockstep_operands "$command")" "$current"
    fi
}

complete -F _lockstep lockstep
)sh";

}  // namespace

std::string bash_completion() {
    return "# Completion of lockstep for bash, made by `lockstep completion bash`.\n" + tables() + function;
}

}  // namespace lockstep::study
