#include <algorithm>
#include <array>
#include <iterator>

#include "daydream/kit/text.hpp"
#include "plugins/docs_update/rules/contents.hpp"

namespace daydream::docs {
namespace {

constexpr std::size_t kNo = std::string_view::npos;
constexpr std::size_t kMostEntries = 2000;

struct Marks {
  std::string_view begin, end;
};
// Lower case; what begins and ends so, the rest of the comment is the program's.
constexpr Marks kMarks[] = {{"<!-- start doctoc", "<!-- end doctoc"},
                            {"<!-- toc", "<!-- tocstop"},
                            {"<!--toc", "<!--tocstop"},
                            {"<!-- toc", "<!-- /toc"},
                            {"<!-- toc", "<!-- endtoc"},
                            {"<!-- toc:start", "<!-- toc:end"},
                            {"<!-- toc start", "<!-- toc end"},
                            {"<!-- begin toc", "<!-- end toc"},
                            {"<!-- markdowntoc", "<!-- /markdowntoc"},
                            {"<!-- mdtoc", "<!-- /mdtoc"},
                            {"<!--ts", "<!--te"}};

struct Row {
  std::string_view text;  // without its end
  std::uint32_t begin = 0;
};

std::vector<Row> rows_of(std::string_view content) {
  std::vector<Row> rows;
  for (std::size_t at = 0; at < content.size();) {
    const std::size_t end = std::min(content.find('\n', at), content.size());
    std::string_view text = content.substr(at, end - at);
    if (text.ends_with('\r')) text.remove_suffix(1);
    rows.push_back({text, static_cast<std::uint32_t>(at)});
    at = end + 1;
  }
  return rows;
}

bool marks(std::string_view row, std::string_view mark) {
  const std::string lower = text::to_lower_ascii(text::trim(row));
  if (!lower.starts_with(mark) || !lower.ends_with("-->")) return false;
  const char next = lower[mark.size()];
  return !(next >= 'a' && next <= 'z') && next != '/' && (next != ':' || mark.find(':') != kNo);
}

// "  - [words](#anchor)": how far in, its bullet; nullopt for any other line.
struct Entry {
  std::string indent, bullet;
};
std::optional<Entry> entry_in(std::string_view row) {
  const std::size_t first = row.find_first_not_of(" \t");
  if (first == kNo) return std::nullopt;
  std::size_t at = first;
  if (std::string_view("-*+").find(row[at]) != kNo) {
    ++at;
  } else {
    while (at < row.size() && row[at] >= '0' && row[at] <= '9') ++at;
    if (at == first || at >= row.size() || row[at] != '.') return std::nullopt;
    ++at;
  }
  const std::size_t words = row.find_first_not_of(' ', at);
  if (words == kNo || words == at || row[words] != '[' || !row.ends_with(')') || row.find("](#") == kNo)
    return std::nullopt;
  return Entry{std::string(row.substr(0, first)), std::string(row.substr(first, words - first))};
}

// From the first entry to the last of rows [from, to); nothing but entries may stand between.
bool read_entries(std::string_view content, const std::vector<Row>& rows, std::size_t from, std::size_t to,
                  ContentsPlace& place) {
  while (from < to && !entry_in(rows[from].text)) {
    const std::string_view above = text::trim(rows[from].text);  // a title may hold a link: doctoc's does
    if (above.starts_with("- ") || above.starts_with("* ") || above.starts_with("+ ") || above.starts_with("|"))
      return false;
    ++from;
  }
  while (to > from && text::trim(rows[to - 1].text).empty()) --to;
  if (from == to || to - from > kMostEntries) return false;
  for (std::size_t at = from; at < to; ++at) {
    if (!entry_in(rows[at].text)) return false;
  }
  place.entries = {rows[from].begin, rows[to - 1].begin + static_cast<std::uint32_t>(rows[to - 1].text.size())};
  place.line = static_cast<std::uint32_t>(from) + 1;
  place.end_line = static_cast<std::uint32_t>(to);
  return place.entries.end <= content.size();
}

// The heading, or the line before it, says that it is left out.
bool omitted(std::string_view content, const markdown::Heading& heading) {
  const std::size_t above = heading.span.begin < 2 ? 0 : content.rfind('\n', heading.span.begin - 2);
  const std::size_t begin = above == kNo ? 0 : above;
  const std::string words = text::to_lower_ascii(content.substr(begin, heading.span.end - begin));
  return words.find("omit in toc") != kNo || words.find("omit from toc") != kNo || words.find("ignore in toc") != kNo ||
         words.find("no toc") != kNo || words.find("ignore=true") != kNo;
}

// Programs differ in how they write such a heading.
bool doubtful(std::string_view source) {
  return source.empty() || source.find_first_of("[]<>!\n\\&{}") != kNo;
}

bool title_of_contents(const std::string& plain) {
  const std::string lower = text::to_lower_ascii(plain);
  return lower.find("content") != kNo || lower.find("toc") != kNo || lower.find("index") != kNo;
}

// Views into the headings it was made of.
struct Listed {
  int level = 1;
  std::string_view words, anchor;
};

bool lists(const ContentsStyle& style, const PageHeadings::Heading& heading) {
  if (heading.level < style.first_level || heading.level > style.last_level || heading.left_out) return false;
  if (style.scope == ContentsStyle::Scope::kAfter) return heading.after;
  return style.scope == ContentsStyle::Scope::kAll || !heading.own_title;
}

// nullopt: one of them cannot be told, or they are more than `most`.
std::optional<std::vector<Listed>> listed_in(PageHeadings& headings, const ContentsStyle& style, std::size_t most) {
  const auto& anchors = headings.anchors(style.dialect);
  std::vector<Listed> listed;
  for (std::size_t at = 0; at < headings.all().size(); ++at) {
    const PageHeadings::Heading& heading = headings.all()[at];
    if (!lists(style, heading)) continue;
    const std::string& words = style.words == ContentsStyle::Words::kSource ? heading.source : heading.plain;
    if (doubtful(heading.source) || words.empty() || listed.size() == most) return std::nullopt;
    listed.push_back({heading.level, words, anchors[at]});
  }
  return listed;
}

std::vector<Entry> entries_of(std::string_view written) {
  const auto rows = rows_of(written);
  std::vector<Entry> entries;
  entries.reserve(rows.size());
  for (const Row& row : rows) entries.push_back(entry_in(row.text).value_or(Entry{}));
  return entries;
}

// White space and bullets by the entries; false where they follow no rule.
bool read_form(const std::vector<Entry>& entries, const std::vector<Listed>& listed, ContentsStyle& style) {
  if (entries.size() != listed.size() || entries.empty()) return false;
  int lowest = 6;
  for (const Listed& each : listed) lowest = std::min(lowest, each.level);
  std::vector<std::string> bullets(6);
  for (std::size_t at = 0; at < entries.size(); ++at) {
    const auto depth = static_cast<std::size_t>(listed[at].level - lowest);
    if (depth == 0) style.base = entries[at].indent;
    std::string& bullet = bullets[depth];
    if (!bullet.empty() && bullet != entries[at].bullet) return false;
    bullet = entries[at].bullet;
  }
  for (std::size_t at = 0; at < entries.size(); ++at) {
    const auto depth = static_cast<std::size_t>(listed[at].level - lowest);
    if (depth == 0 || !style.unit.empty()) continue;
    const std::string& indent = entries[at].indent;
    if (indent.size() <= style.base.size() || (indent.size() - style.base.size()) % depth != 0) return false;
    style.unit = indent.substr(style.base.size(), (indent.size() - style.base.size()) / depth);
  }
  if (style.unit.empty()) style.unit = bullets[0].size() > 2 ? std::string(bullets[0].size(), ' ') : "  ";
  while (!bullets.empty() && bullets.back().empty()) bullets.pop_back();
  if (std::find(bullets.begin(), bullets.end(), "") != bullets.end()) return false;
  style.bullets = std::move(bullets);
  return true;
}

std::string written_as(const std::vector<Listed>& listed, const ContentsStyle& style) {
  int lowest = 6;
  for (const Listed& each : listed) lowest = std::min(lowest, each.level);
  std::string out;
  for (const Listed& each : listed) {
    const auto depth = static_cast<std::size_t>(each.level - lowest);
    if (!out.empty()) out += style.line_end;
    out += style.base;
    for (std::size_t at = 0; at < depth; ++at) out += style.unit;
    out.append(style.bullets[std::min(depth, style.bullets.size() - 1)]).append("[").append(each.words);
    out.append("](#").append(each.anchor).append(")");
  }
  return out;
}

}  // namespace

std::vector<ContentsPlace> find_contents(std::string_view content) {
  std::vector<ContentsPlace> places;
  const auto rows = rows_of(content);
  std::array<bool, std::size(kMarks)> endless{};  // no such end follows: looked for once, not from every row
  bool fenced = false;
  for (std::size_t at = 0; at < rows.size(); ++at) {
    const std::string_view row = text::trim(rows[at].text);
    if (row.starts_with("```") || row.starts_with("~~~")) fenced = !fenced;
    if (fenced || !row.starts_with("<!--")) continue;
    for (std::size_t pair = 0; pair < std::size(kMarks); ++pair) {
      if (endless[pair] || !marks(row, kMarks[pair].begin)) continue;
      std::size_t end = at + 1;
      while (end < rows.size() && !marks(rows[end].text, kMarks[pair].end)) ++end;
      endless[pair] = end == rows.size();
      if (endless[pair]) continue;
      ContentsPlace place;
      place.mark = {rows[at].begin, rows[at].begin + static_cast<std::uint32_t>(rows[at].text.size())};
      place.after = rows[end].begin;
      if (read_entries(content, rows, at + 1, end, place)) places.push_back(place);
      at = end;
      break;
    }
  }
  return places;
}

std::optional<PageHeadings> PageHeadings::read(std::string_view content, const ContentsPlace& place) {
  auto document = markdown::Document::parse(content);
  if (!document) return std::nullopt;
  PageHeadings page(std::move(*document));
  const auto& all = page.document_.headings();
  page.all_.reserve(all.size());
  for (std::size_t at = 0; at < all.size(); ++at) {
    const markdown::Heading& each = all[at];
    Heading heading;
    heading.level = each.level;
    heading.left_out = omitted(content, each);
    heading.after = each.span.begin >= place.after;
    const bool last_before =
        each.span.end <= place.mark.begin && (at + 1 == all.size() || all[at + 1].span.begin >= place.mark.begin);
    heading.own_title = last_before && title_of_contents(each.plain);
    heading.source = text::trim(page.document_.text(each.text));
    heading.plain = each.plain;
    heading.id_text = each.id_text;
    page.all_.push_back(std::move(heading));
  }
  return page;
}

const std::vector<std::string>& PageHeadings::anchors(markdown::Dialect dialect) {
  const auto known = anchors_.find(dialect);
  if (known != anchors_.end()) return known->second;
  return anchors_.emplace(dialect, markdown::heading_anchors(document_, dialect)).first->second;
}

std::string write_contents(PageHeadings& headings, const ContentsStyle& style) {
  const auto listed = listed_in(headings, style, headings.all().size());
  return listed && !listed->empty() ? written_as(*listed, style) : "";
}

std::vector<ContentsStyle> styles_of(std::string_view written, PageHeadings& headings) {
  using Style = ContentsStyle;
  std::vector<Style> styles;
  const auto entries = entries_of(written);
  Style style;
  style.line_end = written.find("\r\n") != kNo ? "\r\n" : "\n";
  for (const auto dialect : {markdown::Dialect::kGithub, markdown::Dialect::kGitlab, markdown::Dialect::kBitbucket}) {
    if (!styles.empty()) break;
    for (const auto words : {Style::Words::kSource, Style::Words::kPlain}) {
      if (!styles.empty() && words == Style::Words::kPlain) break;  // nothing tells them apart: as most do
      for (const auto scope : {Style::Scope::kAfter, Style::Scope::kAll, Style::Scope::kAllButTitle}) {
        for (int first = 1; first <= 4; ++first) {
          bool found = false;  // what no heading had then is no limit: programs list all levels
          for (int last = 6; last >= first && !found; --last) {
            Style each = style;
            each.dialect = dialect;
            each.words = words;
            each.scope = scope;
            each.first_level = first;
            each.last_level = last;
            const auto listed = listed_in(headings, each, entries.size());
            if (listed && !listed->empty() && read_form(entries, *listed, each) &&
                written_as(*listed, each) == written) {
              styles.push_back(std::move(each));
              found = true;
            }
          }
        }
      }
    }
  }
  return styles;
}

}  // namespace daydream::docs
