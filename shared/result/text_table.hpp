#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace lockstep::result {

/// Columns of text, aligned, for people. ASCII; of cells that hold something else what is printable() stays,
/// which names from files need not be. With a heading row underlined:
///
///     Method        Workers    Time
///     ------------  -------  ------
///     serial              1  9.08 s
class TextTable {
  public:
    enum class Align { left, right };
    struct Column {
        std::string heading;
        Align align = Align::right;
    };

    /// Without headings where all of them are empty.
    explicit TextTable(std::vector<Column> columns);

    /// Missing cells at the end are empty; more cells than columns are a bug.
    void add_row(std::vector<std::string> cells);
    std::size_t rows() const { return rows_.size(); }

    /// Every line indented by `indent` blanks and ended by a newline, no blanks at line ends.
    std::string render(std::size_t indent = 0) const;

  private:
    std::vector<Column> columns_;
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace lockstep::result
