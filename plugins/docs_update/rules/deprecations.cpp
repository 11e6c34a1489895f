// undocumented-deprecation: a section whose heading is the name of something the code marks as deprecated,
// and which does not say so. An edit in Markdown where the place is certain: the name is defined once, is
// marked every time, and no other section has its heading.
#include <algorithm>
#include <cctype>

#include "daydream/kit/text.hpp"
#include "daydream/source/language.hpp"
#include "plugins/docs_update/deprecated.hpp"
#include "plugins/docs_update/rules/rules.hpp"

namespace daydream::docs {
namespace {

constexpr std::size_t kLargestSource = std::size_t{2} << 20;

bool in_tests(std::string_view path) {
  static const std::unordered_set<std::string_view> kParts = {
      "test",         "tests",  "__tests__",   "spec", "examples", "example",  "benchmarks",
      "node_modules", "vendor", "third_party", "dist", "build",    "fixtures", "site-packages"};
  return has_part(folder_of(path), kParts) || name_of(path).starts_with("test_");
}

// "`Client.fetch(url, *args)`", "fetch()", "### `fetch`": the name, and the class before it. Nothing where the
// heading says more than a name.
struct Title {
  std::string owner, name;
};
std::optional<Title> title_of(std::string_view plain, std::string_view raw) {
  plain = text::trim(plain);
  for (const std::string_view word : {"class ", "function ", "def ", "async ", "method "}) {
    if (plain.starts_with(word)) plain = text::trim(plain.substr(word.size()));
  }
  const auto open = plain.find('(');
  const bool call = open != std::string_view::npos && plain.ends_with(')');
  const bool code = text::trim(raw).starts_with('`') && text::trim(raw).ends_with('`');
  if (!call && !code) return std::nullopt;
  if (call) plain = text::trim(plain.substr(0, open));
  if (plain.empty() || plain.size() > 200) return std::nullopt;
  for (const char c : plain) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_' && c != '.' && c != ':' && c != '$' && c != '#')
      return std::nullopt;
  }
  const auto cut = plain.find_last_of(".:#");
  Title title{"", std::string(cut == std::string_view::npos ? plain : plain.substr(cut + 1))};
  if (cut != std::string_view::npos) {
    std::string_view owner = plain.substr(0, cut);
    while (owner.ends_with(':')) owner.remove_suffix(1);
    const auto before = owner.find_last_of(".:#");
    title.owner = before == std::string_view::npos ? owner : owner.substr(before + 1);
  }
  if (title.name.empty()) return std::nullopt;
  return title;
}

struct Place {
  const Page* page;
  const Heading* heading;
  std::size_t begin = 0, end = 0;  // the section's text
  std::string owner;
};

class Deprecations {
 public:
  Deprecations(Survey& survey, Findings& findings) : survey_(survey), findings_(findings) {}

  bool check() {
    for (const TreeFile& file : survey_.tree().files()) {
      if (source::detect(file.path) == source::Language::kNone || in_tests(file.path) || file.size > kLargestSource)
        continue;
      if (survey_.settings().excluded(file.path)) continue;
      if (!survey_.tick(file.path)) return false;
      if (const auto content = survey_.view(file)) deprecated_names(file.path, *content, marked_);
    }
    if (marked_.empty()) return true;
    find_places();
    for (const auto& [name, places] : places_) judge(name, places);
    return true;
  }

 private:
  void find_places() {
    std::unordered_set<std::string> names;
    for (const Deprecated& each : marked_) names.insert(each.name);
    for (const auto& [path, page] : survey_.pages()) {
      if (page.format == Format::kHtml || Survey::chronicle(path) || page.headings.empty()) continue;
      const auto content = survey_.content(path);
      if (!content) continue;
      for (std::size_t i = 0; i < page.headings.size(); ++i) {
        const Heading& heading = page.headings[i];
        const auto title = title_of(heading.plain, std::string_view(*content).substr(
                                                       heading.text.begin, heading.text.end - heading.text.begin));
        if (!title || !names.contains(title->name)) continue;
        std::size_t end = content->size();
        if (i + 1 < page.headings.size()) end = page.headings[i + 1].span.begin;
        places_[title->name].push_back({&page, &heading, heading.span.end, end, title->owner});
      }
    }
  }

  // How often any code of the product defines the name.
  std::size_t definitions(const std::string& name) {
    std::size_t count = 0;
    for (const TreeFile& file : survey_.tree().files()) {
      if (source::detect(file.path) == source::Language::kNone || in_tests(file.path) || file.size > kLargestSource)
        continue;
      const auto content = survey_.view(file);
      if (!content) continue;
      for (const std::string_view before : {"def ", "class ", "function ", "fn ", "struct ", "interface "}) {
        const std::string wanted = std::string(before) + name;
        for (std::size_t at = content->find(wanted); at != std::string_view::npos; at = content->find(wanted, at + 1)) {
          const std::size_t end = at + wanted.size();
          if (end >= content->size() ||
              (std::isalnum(static_cast<unsigned char>((*content)[end])) == 0 && (*content)[end] != '_'))
            ++count;
        }
      }
    }
    return count;
  }

  void judge(const std::string& name, const std::vector<Place>& places) {
    std::vector<const Deprecated*> of_name;
    for (const Deprecated& each : marked_) {
      if (each.name == name) of_name.push_back(&each);
    }
    const Place& place = places.front();
    if (places.size() != 1 || of_name.size() != 1) return;
    const Deprecated& mark = *of_name.front();
    if (mark.owner == "?" || definitions(name) > 1) return;
    if (!mark.owner.empty() && !place.owner.empty() &&
        text::to_lower_ascii(place.owner) != text::to_lower_ascii(mark.owner))
      return;
    const auto content = survey_.content(place.page->path);
    if (!content) return;
    const std::string_view section =
        std::string_view(*content).substr(place.heading->span.begin, place.end - place.heading->span.begin);
    if (says_so(*content, section)) return;
    Finding finding;
    finding.rule = "undocumented-deprecation";
    finding.line = place.heading->line;
    finding.symbol = name;
    finding.message = "the code marks " + text::markdown_code(name) + " as deprecated; this section does not say so";
    finding.evidence =
        text::show_path(mark.file) + ":" + std::to_string(mark.line) + (mark.words.empty() ? "" : ": " + mark.words);
    if (place.page->format == Format::kMarkdown && !place.page->templated) {
      finding.safety = sdk::Safety::kSafe;
      finding.edits.push_back(note(*content, place, mark));
    }
    findings_[place.page->path].push_back(std::move(finding));
  }

  // The section, or the page's first lines for all of it.
  static bool says_so(std::string_view content, std::string_view section) {
    static const auto holds = [](std::string_view text) {
      const std::string lower = text::to_lower_ascii(text);
      return lower.find("deprecat") != std::string::npos || lower.find("obsolete") != std::string::npos ||
             lower.find("~~") != std::string::npos || lower.find("legacy") != std::string::npos;
    };
    return holds(section) || holds(content.substr(0, std::min<std::size_t>(content.size(), 600)));
  }

  static Edit note(const std::string& content, const Place& place, const Deprecated& mark) {
    const bool crlf = content.find("\r\n") != std::string::npos;
    const std::string line = crlf ? "\r\n" : "\n";
    std::string words;
    for (const char c : mark.words) {
      if (c == '<' || c == '>') words += '\\';
      words += c;
    }
    while (!words.empty() && (words.back() == ' ' || words.back() == '\\')) words.pop_back();
    const std::string note = words.empty() ? "> **Deprecated.**" : "> **Deprecated:** " + words;
    const auto at = static_cast<std::uint32_t>(place.heading->span.end);
    // With the heading's last byte: an edit of bytes, which the page's summary can share.
    return {at - 1, at, content.substr(at - 1, 1) + line + line + note};
  }

  Survey& survey_;
  Findings& findings_;
  std::vector<Deprecated> marked_;
  std::map<std::string, std::vector<Place>> places_;
};

}  // namespace

bool check_deprecations(Survey& survey, Findings& findings) {
  return Deprecations(survey, findings).check();
}

}  // namespace daydream::docs
