#include "study/plot/script.hpp"

#include <array>
#include <cmath>
#include <filesystem>

#include <fmt/format.h>

#include "base/error.hpp"

namespace lockstep::study {
namespace {

constexpr std::array<std::string_view, 8> okabe_ito{"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                                    "#E69F00", "#56B4E9", "#000000", "#F0E442"};

std::string_view terminal(FigureFile file) {
    switch (file) {
        case FigureFile::svg:
            return "svg size 720,450 noenhanced font 'sans-serif,14' background '#ffffff'";
        case FigureFile::pdf:
            return "pdfcairo size 16cm,10cm noenhanced font 'Sans,10'";
        case FigureFile::png:
            return "pngcairo size 1440,900 noenhanced font 'Sans,20'";
    }
    return {};
}

}  // namespace

FigureFile figure_file(const std::string& path) {
    const std::string ending = std::filesystem::path(path).extension().string();
    if (ending == ".svg") return FigureFile::svg;
    if (ending == ".pdf") return FigureFile::pdf;
    if (ending == ".png") return FigureFile::png;
    throw base::InputError("--out", path, "a file that ends in .svg, .pdf or .png",
                           "write for example --out figure.svg");
}

std::string quoted(const std::string& text) {
    std::string result = "'";
    for (const char letter : text) {
        if (letter == '\'') result += '\'';
        result += letter == '\n' ? ' ' : letter;
    }
    return result + "'";
}

std::string colour(std::size_t i) {
    return fmt::format("'{}'", okabe_ito[i % okabe_ito.size()]);
}

GnuplotScript::GnuplotScript(FigureFile file, const std::string& output) {
    command(fmt::format("set terminal {}", terminal(file)));
    if (!output.empty()) command(fmt::format("set output {}", quoted(output)));
    command("set datafile missing 'NaN'");
    command("set key outside right top");
    command("set grid ytics lc '#d0d0d0' lt 1");
    command("set border 3");
    command("set tics nomirror out");
}

void GnuplotScript::title(const std::string& text) {
    command(fmt::format("set title {}", quoted(text)));
}

void GnuplotScript::axes(const std::string& x_label, const std::string& y_label) {
    command(fmt::format("set xlabel {}", quoted(x_label)));
    command(fmt::format("set ylabel {}", quoted(y_label)));
}

void GnuplotScript::command(const std::string& line) {
    settings_ += line + '\n';
}

std::string GnuplotScript::data(const std::vector<std::vector<double>>& rows) {
    std::string name = fmt::format("$data{}", ++blocks_);
    data_ += fmt::format("{} << EOD\n", name);
    for (const std::vector<double>& row : rows) {
        const char* gap = "";
        for (const double number : row) {
            data_ += std::isfinite(number) ? fmt::format("{}{}", gap, number) : fmt::format("{}NaN", gap);
            gap = " ";
        }
        data_ += '\n';
    }
    data_ += "EOD\n";
    return name;
}

void GnuplotScript::plot(const std::string& what, const std::string& name) {
    if (!parts_.empty()) parts_ += ", \\\n     ";
    parts_ += what + (name.empty() ? std::string(" notitle") : fmt::format(" title {}", quoted(name)));
}

std::string GnuplotScript::text() const {
    return settings_ + data_ + "plot " + parts_ + '\n';
}

}  // namespace lockstep::study
