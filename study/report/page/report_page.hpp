#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "study/report/page/chart.hpp"
#include "study/report/page/html.hpp"

namespace lockstep::study {

/// One self-contained HTML file, from top to bottom. All text is escaped here; callers give plain text.
class ReportPage {
  public:
    explicit ReportPage(std::string title);

    /// Opens a section with a heading of the second level, listed at the top of the page.
    void begin_section(std::string_view heading);
    /// A heading of the third level.
    void begin_part(std::string_view heading);
    void add_text(std::string_view text);
    /// A paragraph that stands out: what matters most of its section.
    void add_finding(std::string_view text);
    /// A paragraph that warns.
    void add_warning(std::string_view text);
    /// A command to copy.
    void add_command(std::string_view command);
    void add_list(const std::vector<std::string>& items);
    void add_table(const HtmlTable& table);
    /// A table that is shown on demand.
    void add_folded_table(const HtmlTable& table);
    /// A chart with the same figures as text, on demand.
    void add_chart(const Chart& chart, const HtmlTable& beside);

    std::string html() const;

  private:
    struct Section {
        std::string heading;
        std::string body;
    };
    std::string& body();

    std::string title_;
    std::vector<Section> sections_;
    nlohmann::ordered_json charts_ = nlohmann::ordered_json::object();
};

/// JSON that is harmless inside a <script> element, whatever its strings hold.
std::string script_safe(const nlohmann::ordered_json& json);

}  // namespace lockstep::study
