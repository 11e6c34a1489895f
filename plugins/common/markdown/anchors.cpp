#include "daydream/markdown/anchors.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cctype>

#include "daydream/kit/text.hpp"
#include "parts.hpp"

namespace daydream::markdown {
namespace {

std::vector<utf8proc_int32_t> code_points(std::string_view utf8) {
  std::vector<utf8proc_int32_t> points;
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(utf8.data());
  for (std::size_t at = 0; at < utf8.size();) {
    utf8proc_int32_t point = 0;
    const auto taken = utf8proc_iterate(bytes + at, static_cast<utf8proc_ssize_t>(utf8.size() - at), &point);
    points.push_back(taken > 0 ? point : 0xFFFD);
    at += taken > 0 ? static_cast<std::size_t>(taken) : 1;
  }
  return points;
}

void append(std::string& out, utf8proc_int32_t point) {
  utf8proc_uint8_t bytes[4];
  const auto size = utf8proc_encode_char(point, bytes);
  out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

bool cased(utf8proc_int32_t point) {
  const auto category = utf8proc_category(point);
  return category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LL || category == UTF8PROC_CATEGORY_LT;
}
bool case_ignorable(utf8proc_int32_t point) {
  const auto category = utf8proc_category(point);
  return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME || category == UTF8PROC_CATEGORY_CF ||
         category == UTF8PROC_CATEGORY_LM || category == UTF8PROC_CATEGORY_SK || point == '\'' || point == '.' ||
         point == ':' || point == 0xB7 || point == 0x2019;
}

bool final_sigma(const std::vector<utf8proc_int32_t>& points, std::size_t at) {
  std::size_t before = at;
  while (before > 0 && case_ignorable(points[before - 1])) --before;
  if (before == 0 || !cased(points[before - 1])) return false;
  std::size_t after = at + 1;
  while (after < points.size() && case_ignorable(points[after])) ++after;
  return after == points.size() || !cased(points[after]);
}

bool alphabetic_symbol(utf8proc_int32_t point) {
  return (point >= 0x24B6 && point <= 0x24E9) || (point >= 0x1F130 && point <= 0x1F149) ||
         (point >= 0x1F150 && point <= 0x1F169) || (point >= 0x1F170 && point <= 0x1F189);
}

// Letters, marks, decimal and letter numbers, connector punctuation.
bool word(utf8proc_int32_t point) {
  switch (utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_PC:
      return true;
    default:
      return alphabetic_symbol(point);
  }
}

bool letter_or_number(utf8proc_int32_t point) {
  const auto category = utf8proc_category(point);
  return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
         (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

std::string github(std::string_view plain) {
  std::string out;
  for (const auto point : code_points(to_lower(plain))) {
    if (point == ' ') {
      out += '-';
    } else if (point == '-' || word(point)) {
      append(out, point);
    }
  }
  return out;
}

// What is no word becomes one `-`, none at the ends.
std::string kebab(std::string_view plain, bool (*keep)(utf8proc_int32_t), std::string_view also) {
  std::string out;
  for (const auto point : code_points(to_lower(plain))) {
    const bool kept = keep(point) || (point < 0x80 && also.find(static_cast<char>(point)) != kNo);
    if (kept) {
      append(out, point);
    } else if (!out.empty() && out.back() != '-') {
      out += '-';
    }
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out;
}

// Deletes what is no word, then white space and `-` become one `-`.
std::string squeezed(std::string_view plain, std::string_view also) {
  std::string out;
  for (const auto point : code_points(to_lower(plain))) {
    if (point == ' ' || point == '\t' || point == '-') {
      if (out.empty() || out.back() != '-') out += '-';
    } else if (word(point) || (point < 0x80 && also.find(static_cast<char>(point)) != kNo)) {
      append(out, point);
    }
  }
  return out;
}

std::string trimmed(std::string text, std::string_view ends) {
  const std::size_t first = text.find_first_not_of(ends);
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(ends) - first + 1);
}

// From the first letter on; words, `_`, `-` and `.` stay.
std::string pandoc(std::string_view plain) {
  std::string out;
  bool begun = false;
  for (const auto point : code_points(to_lower(plain))) {
    begun = begun || (letter_or_number(point) && utf8proc_category(point) <= UTF8PROC_CATEGORY_LO &&
                      utf8proc_category(point) >= UTF8PROC_CATEGORY_LU);
    if (!begun) continue;
    if (point == ' ') {
      if (out.empty() || out.back() != '-') out += '-';
    } else if (point == '-' || point == '.' || word(point)) {
      append(out, point);
    }
  }
  return out.empty() ? "section" : out;
}

// Python-Markdown's slugify: ASCII after NFKD, where nothing is left "_1" and so on.
std::string mkdocs(std::string_view plain) {
  utf8proc_uint8_t* mapped = nullptr;
  const auto size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(plain.data()), static_cast<utf8proc_ssize_t>(plain.size()),
                   &mapped, static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_STABLE));
  const std::string decomposed =
      size > 0 ? std::string(reinterpret_cast<char*>(mapped), static_cast<std::size_t>(size)) : std::string(plain);
  std::free(mapped);
  std::string ascii;
  for (const char byte : decomposed) {
    // Marks go before the ends are trimmed: "Why ?" is "why".
    if (std::isalnum(static_cast<unsigned char>(byte)) != 0 || byte == '_' || byte == '-' || byte == ' ' ||
        byte == '\t') {
      ascii += byte;
    }
  }
  return squeezed(text::trim(ascii), "");
}

}  // namespace

std::string to_lower(std::string_view utf8) {
  std::string out;
  const bool plain =
      std::all_of(utf8.begin(), utf8.end(), [](char byte) { return static_cast<unsigned char>(byte) < 0x80; });
  if (plain) return text::to_lower_ascii(utf8);
  const auto points = code_points(utf8);
  for (std::size_t at = 0; at < points.size(); ++at) {
    if (points[at] == 0x130) {
      append(out, 'i');
      append(out, 0x307);
    } else if (points[at] == 0x3A3 && final_sigma(points, at)) {
      append(out, 0x3C2);
    } else {
      append(out, utf8proc_tolower(points[at]));
    }
  }
  return out;
}

std::string slug(std::string_view plain, Dialect dialect) {
  switch (dialect) {
    case Dialect::kGithub:
    case Dialect::kDocusaurus:
      return github(plain);
    case Dialect::kGitlab:
      return squeezed(plain, "");
    case Dialect::kGitea:
      return trimmed(kebab(plain, word, "-"), "-");
    case Dialect::kBitbucket:
      return "markdown-header-" + kebab(plain, letter_or_number, "_");
    case Dialect::kAzure:
      return github(plain);
    case Dialect::kVscode:
      return github(plain);
    case Dialect::kMdbook:
      return github(plain);
    case Dialect::kPandoc:
      return pandoc(plain);
    case Dialect::kMkdocs:
      return mkdocs(plain);
    case Dialect::kGitbook:
      return trimmed(squeezed(plain, "."), "-");
  }
  return {};
}

std::string Slugger::next(const Heading& heading) {
  const bool knows_ids = dialect_ == Dialect::kMdbook || dialect_ == Dialect::kDocusaurus ||
                         dialect_ == Dialect::kPandoc || dialect_ == Dialect::kMkdocs;
  if (knows_ids && !heading.explicit_id.empty()) {
    taken_.insert(heading.explicit_id);
    return heading.explicit_id;
  }
  return unique(slug(knows_ids ? heading.plain : heading.plain + heading.id_text, dialect_));
}

std::string Slugger::unique(std::string wanted) {
  const bool python = dialect_ == Dialect::kMkdocs;
  if (taken_.insert(wanted).second && !(python && wanted.empty())) return wanted;
  int& number = seen_[wanted];
  for (;;) {
    std::string tried = wanted + (python || dialect_ == Dialect::kBitbucket ? "_" : "-") + std::to_string(++number);
    if (taken_.insert(tried).second) return tried;
  }
}

std::vector<std::string> heading_anchors(const Document& document, Dialect dialect) {
  Slugger slugger(dialect);
  std::vector<std::string> anchors;
  anchors.reserve(document.headings().size());
  for (const Heading& heading : document.headings()) anchors.push_back(slugger.next(heading));
  return anchors;
}

std::vector<std::string> html_anchors(const Document& document) {
  std::vector<std::string> anchors;
  for (const Tag& tag : document.tags()) {
    for (const Attribute& attribute : tag.attributes) {
      if (attribute.name != "id" && attribute.name != "name") continue;
      anchors.push_back(unescaped(document.text(attribute.value)));
    }
  }
  return anchors;
}

}  // namespace daydream::markdown
