#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lockstep::study {

/// What gnuplot writes.
enum class FigureFile { svg, pdf, png };

/// By the ending. Errors: InputError for another one.
FigureFile figure_file(const std::string& path);

/// A script for gnuplot 5 that holds its data. Text is taken as it is; nothing in it is markup.
class GnuplotScript {
  public:
    /// `output` is the file that gnuplot writes; empty: standard output.
    GnuplotScript(FigureFile file, const std::string& output);

    void title(const std::string& text);
    void axes(const std::string& x_label, const std::string& y_label);
    void command(const std::string& line);  ///< any other line, such as `set logscale x`

    /// Numbers by row and column; what is not finite is a gap. Returns the name to plot it by: `$data1`.
    std::string data(const std::vector<std::vector<double>>& rows);

    /// One part of the plot: `$data1 using 1:2 with lines`, and its name in the key (none where that is
    /// empty).
    void plot(const std::string& what, const std::string& name);

    std::string text() const;

  private:
    std::string settings_;
    std::string data_;
    std::string parts_;
    std::size_t blocks_ = 0;
};

/// A string of gnuplot's.
std::string quoted(const std::string& text);

/// The i-th of eight colours that people with any colour vision tell apart (Okabe and Ito 2008), in quotes.
std::string colour(std::size_t i);

}  // namespace lockstep::study
