// outdated-contents: a table of contents between the marks of a program that makes them, whose page has
// other headings now. An edit where git shows a state of the page whose headings give exactly this table:
// that is the proof that a program wrote it, and in which style (which headings, bullets, indents). A patch
// where more than one style would have given it and they differ today. Any other table is left alone.
#include "plugins/docs_update/rules/contents.hpp"

#include <algorithm>

#include "daydream/kit/text.hpp"
#include "plugins/docs_update/rules/rules.hpp"

namespace daydream::docs {
namespace {

constexpr int kMostVersions = 40;       // of a page
constexpr std::size_t kMostRead = 600;  // states of pages in one night
constexpr std::size_t kLargestWithContents = std::size_t{512} << 10;

std::string_view part(std::string_view content, Range range) {
  return content.substr(range.begin, range.end - range.begin);
}

class Contents {
 public:
  Contents(Survey& survey, Findings& findings) : survey_(survey), findings_(findings) {}

  bool check() {
    for (const auto& [path, page] : survey_.pages()) {
      if (page.format != Format::kMarkdown || page.dynamic || page.templated || Survey::chronicle(path)) continue;
      const auto content = survey_.content(path);
      if (!content || content->size() > kLargestWithContents || content->find("<!--") == std::string::npos) continue;
      const auto places = find_contents(*content);
      if (places.empty()) continue;
      if (!survey_.tick(path)) return false;
      if (places.size() == 1 && !look_at(page, *content, places.front())) return false;
    }
    return true;
  }

 private:
  // False where the run was asked to stop.
  bool look_at(const Page& page, const std::string& content, const ContentsPlace& place) {
    const std::string_view written = part(content, place.entries);
    auto headings = PageHeadings::read(content, place);
    if (!headings || !styles_of(written, *headings).empty() || read_ > kMostRead) return true;  // as it should be
    // What was tried last: most states of a page differ in other things than their headings.
    std::string tried_table(written);
    auto tried = headings->all();
    for (const std::string& earlier : survey_.history().versions(page.path, kMostVersions)) {
      ++read_;
      if (!survey_.tick(page.path)) return false;
      if (earlier.size() > kLargestWithContents) continue;
      const auto then = find_contents(earlier);
      // Only where the table of that state is today's has anybody made it of those headings.
      if (then.size() != 1 || text::trim(part(earlier, then.front().entries)) != text::trim(written)) continue;
      auto headings_then = PageHeadings::read(earlier, then.front());
      const std::string_view table = part(earlier, then.front().entries);
      if (!headings_then || (table == tried_table && headings_then->all() == tried)) continue;
      const auto styles = styles_of(table, *headings_then);
      if (!styles.empty()) {
        refresh(page, content, place, *headings, styles);
        return true;
      }
      tried_table = table;
      tried = headings_then->all();
    }
    return true;
  }

  void refresh(const Page& page, const std::string& content, const ContentsPlace& place, PageHeadings& headings,
               const std::vector<ContentsStyle>& styles) {
    std::vector<std::string> tables;
    for (ContentsStyle style : styles) {
      style.line_end = part(content, place.entries).find("\r\n") != std::string_view::npos ? "\r\n" : style.line_end;
      std::string table = write_contents(headings, style);
      if (std::find(tables.begin(), tables.end(), table) == tables.end()) tables.push_back(std::move(table));
    }
    if (tables.front().empty() || tables.front() == part(content, place.entries)) return;
    Finding finding;
    finding.rule = "outdated-contents";
    finding.line = place.line;
    finding.end_line = place.end_line;
    finding.context = "table of contents";
    finding.message = "the table of contents does not list the headings that the page has now";
    finding.evidence = "git: an earlier state of the page has this table, and headings that give it word for word";
    finding.safety = tables.size() == 1 ? sdk::Safety::kSafe : sdk::Safety::kReview;
    finding.edits.push_back({place.entries.begin, place.entries.end, tables.front()});
    findings_[page.path].push_back(std::move(finding));
  }

  Survey& survey_;
  Findings& findings_;
  std::size_t read_ = 0;
};

}  // namespace

bool check_contents(Survey& survey, Findings& findings) {
  return Contents(survey, findings).check();
}

}  // namespace daydream::docs
