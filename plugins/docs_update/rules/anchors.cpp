#include "plugins/docs_update/rules/anchors.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "daydream/kit/text.hpp"
#include "plugins/docs_update/formats/formats.hpp"

namespace daydream::docs {
namespace {

constexpr std::size_t kLongestAnchor = 200;
constexpr std::size_t kMostUnlike = 5;  // by marks alone, in one site: more are the generator's way

// Fragments that programs of the page answer, or that every page has.
bool of_programs(std::string_view fragment) {
  if (fragment.empty() || fragment == "top" || fragment == "_top") return true;
  if (fragment.find_first_of("/!?=&:~+()") != std::string_view::npos) return true;
  for (const std::string_view start : {"fn", "fnref", "footnote", "user-content-", "cite", "readme"}) {
    if (fragment.starts_with(start)) return true;
  }
  return false;
}

// "L10", "L10-L20", "L10C3-L20": the last line it names; 0 for anything else.
std::size_t last_line(std::string_view fragment) {
  std::size_t last = 0;
  while (fragment.starts_with('L')) {
    fragment.remove_prefix(1);
    std::size_t number = 0;
    const auto [end, failed] = std::from_chars(fragment.data(), fragment.data() + fragment.size(), number);
    if (failed != std::errc()) return 0;
    fragment.remove_prefix(static_cast<std::size_t>(end - fragment.data()));
    last = std::max(last, number);
    if (fragment.starts_with('C')) {
      fragment.remove_prefix(1);
      while (!fragment.empty() && std::isdigit(static_cast<unsigned char>(fragment[0])) != 0) fragment.remove_prefix(1);
    }
    if (fragment.starts_with('-')) fragment.remove_prefix(1);
  }
  return fragment.empty() ? last : 0;
}

// Letters and digits alone.
std::string squeezed(std::string_view anchor) {
  std::string kept;
  for (const char c : markdown::to_lower(anchor)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x7F || std::isalnum(byte) != 0) kept += c;
  }
  return kept;
}

std::string digits(std::string_view text) {
  std::string kept;
  for (const char c : text) {
    if (std::isdigit(static_cast<unsigned char>(c)) != 0) kept += c;
  }
  return kept;
}

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

// At least nine in ten letters the same, and every digit.
bool alike(std::string_view one, std::string_view other) {
  const std::size_t longest = std::max(one.size(), other.size());
  const std::size_t shortest = std::min(one.size(), other.size());
  if (longest > kLongestAnchor || longest < 6 || (longest - shortest) * 10 > longest) return false;
  return digits(one) == digits(other) && distance(one, other) * 10 <= longest;
}

// The one anchor of the page that is meant, and whether that is beyond doubt.
struct Meant {
  std::string anchor;
  bool certain = false;
};
Meant meant_by(std::string_view fragment, const Page& page) {
  std::vector<std::string> same, near;
  const std::string wanted = squeezed(fragment);
  std::vector<std::string> known = page.slugs;
  if (known.empty()) known.assign(page.anchors.begin(), page.anchors.end());
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  if (known.size() > 2000) return {};
  for (const std::string& anchor : known) {
    if (!wanted.empty() && squeezed(anchor) == wanted) same.push_back(anchor);
    if (alike(fragment, anchor)) near.push_back(anchor);
  }
  if (same.size() == 1) return {same.front(), true};
  if (same.empty() && near.size() == 1) return {near.front(), false};
  return {};
}

std::string without_edges(std::string_view anchor) {
  while (anchor.ends_with('-')) anchor.remove_suffix(1);
  while (anchor.starts_with('-')) anchor.remove_prefix(1);
  return std::string(anchor);
}

bool has_anchor(const Page& page, const Target& target) {
  if (page.anchors.contains(target.fragment) || page.anchors.contains(target.raw_fragment)) return true;
  if (page.format == Format::kRst && page.labels.contains(sphinx_label(target.fragment))) return true;
  // Hosts do not agree on what pictures and spaces at a heading's end leave behind.
  const std::string bare = without_edges(target.fragment);
  return bare != target.fragment && page.anchors.contains(bare);
}

// Two dialects would not both make it: "--flag", "a--b".
bool telling(std::string_view fragment) {
  return fragment.find("--") != std::string_view::npos || fragment.starts_with('-') || fragment.ends_with('-');
}

Finding finding_of(const Page& page, const Link& link, const char* rule) {
  Finding finding;
  finding.rule = rule;
  finding.severity = Survey::chronicle(page.path) ? sdk::Severity::kInfo : sdk::Severity::kWarning;
  finding.line = link.line;
  finding.column = link.column;
  finding.symbol = text::shorten(text::to_utf8(link.target), 300);
  return finding;
}

void replace_fragment(const Link& link, const Target& target, const std::string& anchor, Finding& finding) {
  if (!link.verbatim || link.place.end == 0 || !link.target.ends_with("#" + target.raw_fragment)) return;
  const auto begin = link.place.end - static_cast<std::uint32_t>(target.raw_fragment.size());
  finding.edits.push_back({begin, link.place.end, percent_encoded(anchor)});
}

}  // namespace

// Another reading of the link leads to a page that has the anchor, or of which nobody can know.
bool Anchors::in_another(const Target& target, const Resolution& leads_to) const {
  return std::any_of(leads_to.others.begin(), leads_to.others.end(), [&](const std::string& path) {
    const Page* const other = survey_.page(path);
    return other != nullptr && (other->dynamic || has_anchor(*other, target));
  });
}

bool Anchors::check_file(const Page& page, const Link& link, const Target& target, const Resolution& resolution) {
  const std::string& path = resolution.path;
  if (last_line(target.fragment) > 0 && format_of(path) != Format::kHtml) return check_line(page, link, target, path);
  const Page* const leads_to = survey_.page(path);
  // What some generator shows at "/x" is not what lies there.
  const bool sited = page.front_matter || !survey_.sites().all_roots().empty();
  const bool guessed = target.absolute && sited && survey_.sites().of(page.path) == nullptr;
  if (leads_to == nullptr || (guessed && path != target.path)) return false;
  return in_another(target, resolution) || check(page, link, target, *leads_to);
}

bool Anchors::check_line(const Page& page, const Link& link, const Target& target, const std::string& path) {
  const TreeFile* const file = survey_.tree().file(path);
  if (file == nullptr || file->size > (std::size_t{8} << 20)) return false;
  auto known = lines_.find(path);
  if (known == lines_.end()) {
    const auto content = survey_.view(*file);
    if (!content) return false;
    const auto ends = static_cast<std::size_t>(std::count(content->begin(), content->end(), '\n'));
    known = lines_.emplace(path, ends + (content->ends_with('\n') ? 0 : 1)).first;
  }
  if (last_line(target.fragment) <= known->second) return true;
  Finding finding = finding_of(page, link, "missing-anchor");
  finding.message = "the link points to line " + std::to_string(last_line(target.fragment)) + " of " +
                    text::show_path(path) + ", which has " + std::to_string(known->second);
  finding.evidence = "counted";
  findings_[page.path].push_back(std::move(finding));
  return true;
}

bool Anchors::check(const Page& page, const Link& link, const Target& target, const Page& leads_to) {
  if (page.templated || leads_to.templated || leads_to.dynamic || of_programs(target.fragment)) return false;
  if (target.fragment.starts_with("L") && last_line(target.fragment) > 0) return false;
  const Site* const site = survey_.sites().of(leads_to.path);
  if (has_anchor(leads_to, target)) {
    if (site != nullptr && telling(target.fragment)) doubts_[site->config].alike.insert(target.fragment);
    return true;
  }
  missing(page, link, target, leads_to);
  return true;
}

void Anchors::missing(const Page& page, const Link& link, const Target& target, const Page& leads_to) {
  if (&page == &leads_to && survey_.embedded(page.path)) return;
  const std::string lower = markdown::to_lower(target.fragment);
  const std::string where = &page == &leads_to ? "this page" : text::show_path(leads_to.path);
  const std::string shown = text::markdown_code("#" + text::shorten(text::to_utf8(target.fragment), 200));
  if (leads_to.anchors.contains(lower)) {
    Finding finding = finding_of(page, link, "anchor-case");
    finding.severity = sdk::Severity::kInfo;
    finding.safety = sdk::Safety::kReview;
    finding.message = "the anchor " + shown + " is written " + text::markdown_code("#" + lower) + " in " + where +
                      ": some hosts forgive that, others do not";
    finding.evidence = "anchors are compared by case in HTML";
    replace_fragment(link, target, lower, finding);
    findings_[page.path].push_back(std::move(finding));
    return;
  }
  Finding finding = finding_of(page, link, "missing-anchor");
  finding.message = "no anchor " + shown + " in " + where;
  finding.evidence =
      "compared with " + std::to_string(leads_to.headings.size()) + " headings and every explicit anchor";
  const Meant meant = meant_by(target.fragment, leads_to);
  if (!meant.anchor.empty()) {
    finding.suggestion = "meant may be " + text::markdown_code("#" + meant.anchor);
    finding.safety = meant.certain && !Survey::chronicle(page.path) ? sdk::Safety::kSafe : sdk::Safety::kReview;
    replace_fragment(link, target, meant.anchor, finding);
    if (finding.edits.empty()) finding.safety = sdk::Safety::kInfo;
    if (meant.certain) finding.evidence = "the only heading with these letters and digits; only marks differ";
  }
  const Site* const site = survey_.sites().of(leads_to.path);
  if (meant.certain && site != nullptr) {
    Doubt& doubt = doubts_[site->config];
    doubt.unlike.insert(target.fragment);
    doubt.held.push_back({page.path, &page == &leads_to, std::move(finding)});
    return;
  }
  findings_[page.path].push_back(std::move(finding));
}

std::size_t Anchors::settle() {
  std::size_t undecided = 0;
  for (auto& [site, doubt] : doubts_) {
    const bool unknown = doubt.unlike.size() >= kMostUnlike && doubt.unlike.size() > doubt.alike.size();
    for (Doubt::Held& held : doubt.held) {
      if (!unknown) {
        findings_[held.page].push_back(std::move(held.finding));
      } else if (held.within) {
        ++undecided;
      }
    }
  }
  doubts_.clear();
  return undecided;
}

}  // namespace daydream::docs
