#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "option/kind.hpp"
#include "option/lists.hpp"

namespace lockstep::option {

/// One `key=value` of a record such as `worker=3,factor=4,from=2s`.
template <typename Record>
struct Field {
    std::string_view key;
    bool required = false;
    std::string example;  ///< a value, for messages and help
    std::function<void(Record&, std::string_view subject, std::string_view text)> set;
    std::function<std::string(const Record&)> get;  ///< empty where the field is left out
};

/// The `key=value` pairs of one record, in the order of `keys`; empty where one is not given. Throws
/// InputError for unknown, repeated and missing keys, with `allowed` as the remedy.
std::vector<std::string_view> split_record(std::string_view subject, std::string_view text,
                                           const std::vector<std::pair<std::string_view, bool>>& keys,
                                           std::string_view allowed);

/// `worker=N,factor=NUMBER[,from=TIME]`
std::string record_form(const std::vector<std::pair<std::string, bool>>& fields);

/// The fields that are not left out.
template <typename Record>
std::string record_text(const Record& record, const std::vector<Field<Record>>& fields) {
    std::vector<std::string> parts;
    for (const Field<Record>& field : fields)
        if (const std::string value = field.get(record); !value.empty())
            parts.push_back(std::string(field.key) + '=' + value);
    return joined(parts, ",");
}

/// Records with `;` between them, or nothing; the key may be given once for each.
template <typename Record>
Value<std::vector<Record>> records(const std::vector<Field<Record>>& fields) {
    std::vector<std::pair<std::string_view, bool>> keys;
    std::vector<std::pair<std::string, bool>> forms;
    for (const Field<Record>& field : fields) {
        keys.emplace_back(field.key, field.required);
        forms.emplace_back(std::string(field.key) + '=' + field.example, field.required);
    }
    const std::string form = record_form(forms);
    const auto read = [=](std::string_view subject, std::string_view text) {
        std::vector<Record> list;
        for (const std::string_view part : split_list(text, ';')) {
            const auto values = split_record(subject, part, keys, form);
            Record& record = list.emplace_back();
            for (std::size_t i = 0; i < fields.size(); ++i)
                if (!values[i].empty())
                    fields[i].set(record, std::string(subject) + ": " + std::string(fields[i].key),
                                  values[i]);
        }
        return list;
    };
    const auto write = [=](const std::vector<Record>& list) {
        std::vector<std::string> texts;
        texts.reserve(list.size());
        for (const Record& record : list) texts.push_back(record_text(record, fields));
        return joined(texts, ";");
    };
    return {"RECORD", "nothing, or " + form + "; may be repeated", {}, read, write, true, true};
}

}  // namespace lockstep::option
