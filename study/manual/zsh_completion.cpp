#include <fmt/format.h>

#include "option/lists.hpp"
#include "study/manual/completion.hpp"
#include "study/manual/key_words.hpp"

namespace lockstep::study {
namespace {

/// `'name:what it is'`, quoted for _describe. The first sentence is enough there.
std::string described(std::string_view name, std::string_view about) {
    std::string text = "'";
    for (const char letter : name) text += letter == ':' ? std::string("\\:") : std::string(1, letter);
    text += ':';
    for (const char letter : about.substr(0, about.find(". "))) {
        if (letter == '\'')
            text += "'\\''";
        else
            text += letter;
    }
    return text + "'";
}

std::string described(const std::vector<KeyWords>& keys) {
    std::string text;
    for (const KeyWords& key : keys) text += "        " + described("--" + key.key, key.help) + '\n';
    return text;
}

std::string action(const KeyWords& key) {
    using enum KeyWords::Value;
    switch (key.value) {
        case none:
            return "return 1";
        case one_of:
            return fmt::format("compadd -- {}", option::joined(key.choices, " "));
        case file:
            return "_files";
        case folder:
            return "_files -/";
        case anything:
            return "_message 'value'";
    }
    return {};
}

std::string action(Operands operands) {
    switch (operands) {
        case Operands::scenario_file:
            return "_files -g '*.ini'";
        case Operands::table_file:
            return "_files -g '*.csv'";
        case Operands::checkpoint_folder:
        case Operands::run_folders:
            return "_files -/";
        case Operands::command_name:
            return "_describe command commands";
        case Operands::shell:
            return "compadd -- bash zsh";
    }
    return {};
}

struct ZshTables {
    std::string commands;
    std::string keys;
    std::string values;
    std::string operands;
};

ZshTables zsh_tables() {
    ZshTables all;
    for (const CommandPage& page : pages()) {
        all.commands += "        " + described(page.name, page.about) + '\n';
        all.keys +=
            fmt::format("    {}) keys=({}\n{}        '--help:Show the command'\\''s options.') ;;\n",
                        page.name, page.takes_run_keys() ? "$run_keys" : "", described(own_key_words(page)));
        for (const KeyWords& key : own_key_words(page))
            all.values += fmt::format("        '{} --{}') {} ;;\n", page.name, key.key, action(key));
        all.operands += fmt::format("        {}) {} ;;\n", page.name, action(page.takes));
    }
    for (const KeyWords& key : run_key_words())
        all.values += fmt::format("        *' --{}') {} ;;\n", key.key, action(key));
    return all;
}

}  // namespace

std::string zsh_completion() {
    const ZshTables all = zsh_tables();
    return fmt::format(R"(#compdef lockstep
# Completion of lockstep for zsh, made by `lockstep completion zsh`.

_lockstep_value() {{
    case "$1 $2" in
{}        *) return 1 ;;
    esac
    return 0
}}

_lockstep() {{
    local -a commands run_keys keys
    commands=(
{}    )
    run_keys=(
{}    )
    if (( CURRENT == 2 )); then
        _describe command commands
        return
    fi
    local command=$words[2]
    if [[ $command == help ]]; then
        _describe command commands
        return
    fi
    case $command in
{}    esac
    if [[ $PREFIX == --*=* ]]; then
        local key=${{PREFIX%%=*}}
        compset -P '*='
        _lockstep_value $command $key
        return
    fi
    if [[ $words[CURRENT-1] == --* ]]; then
        _lockstep_value $command $words[CURRENT-1] && return
    fi
    if [[ $PREFIX == -* ]]; then
        _describe -o option keys
        return
    fi
    case $command in
{}    esac
}}

_lockstep "$@"
)",
                       all.values, all.commands, described(run_key_words()), all.keys, all.operands);
}

}  // namespace lockstep::study
