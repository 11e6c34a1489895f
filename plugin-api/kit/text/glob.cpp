// Globs as git reads them. Stars are matched by going back to the last one only (the earlier ones never
// need to take more), so the work is at most pattern x path, whatever the pattern.
#include "daydream/kit/text.hpp"
#include "utf8.hpp"

namespace daydream::text {

namespace {

constexpr std::size_t kNone = std::string_view::npos;

struct ClassName {
  std::string_view name;
  bool (*holds)(char);
};
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_hex(char c) {
  return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f');
}
bool is_blank(char c) {
  return c == ' ' || c == '\t';
}
bool is_punct(char c) {
  return c > ' ' && c < 0x7F && !is_alnum(c);
}
constexpr ClassName kClasses[] = {{"alnum", is_alnum}, {"alpha", is_letter}, {"digit", is_digit},
                                  {"upper", is_upper}, {"lower", is_lower},  {"xdigit", is_hex},
                                  {"space", is_space}, {"blank", is_blank},  {"punct", is_punct}};

// The bracket expression at pattern[at] == '['. Its end, or npos when it is never closed (then it is a
// pattern that matches nothing, as in git).
struct Bracket {
  std::size_t end = kNone;
  bool matches = false;
};

// "[:alpha:]" inside a bracket expression; returns the bytes taken, 0 when it is none.
std::size_t named_class(std::string_view pattern, std::size_t at, char c, bool& hit) {
  if (pattern.substr(at, 2) != "[:") return 0;
  const std::size_t end = pattern.find(":]", at + 2);
  if (end == kNone) return 0;
  const std::string_view name = pattern.substr(at + 2, end - at - 2);
  for (const ClassName& known : kClasses) {
    if (known.name == name) {
      hit = hit || known.holds(c);
      return end + 2 - at;
    }
  }
  return 0;
}

Bracket match_bracket(std::string_view pattern, std::size_t at, char c) {
  std::size_t i = at + 1;
  const bool negated = i < pattern.size() && (pattern[i] == '!' || pattern[i] == '^');
  if (negated) ++i;
  bool hit = false;
  const std::size_t first = i;
  const auto value = static_cast<unsigned char>(c);
  while (i < pattern.size() && (pattern[i] != ']' || i == first)) {
    if (const std::size_t taken = named_class(pattern, i, c, hit); taken > 0) {
      i += taken;
      continue;
    }
    if (pattern[i] == '\\' && i + 1 < pattern.size()) ++i;
    const auto low = static_cast<unsigned char>(pattern[i++]);
    unsigned char high = low;
    if (i + 1 < pattern.size() && pattern[i] == '-' && pattern[i + 1] != ']') {
      ++i;
      if (pattern[i] == '\\' && i + 1 < pattern.size()) ++i;
      high = static_cast<unsigned char>(pattern[i++]);
    }
    hit = hit || (low <= value && value <= high);
  }
  if (i >= pattern.size()) return {};
  return {i + 1, hit != negated};
}

// One name against one part of a pattern; neither holds '/'.
bool match_name(std::string_view pattern, std::string_view name) {
  std::size_t p = 0;
  std::size_t n = 0;
  std::size_t star = kNone;
  std::size_t star_name = 0;
  while (true) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = ++p;
      star_name = n;
      continue;
    }
    bool matched = false;
    std::size_t next = p + 1;
    if (n == name.size()) {
      if (p == pattern.size()) return true;
      return false;  // nothing left to take, whatever a star did
    }
    if (p < pattern.size()) {
      if (pattern[p] == '?') {
        matched = true;
      } else if (pattern[p] == '[') {
        const Bracket bracket = match_bracket(pattern, p, name[n]);
        if (bracket.end == kNone) return false;
        matched = bracket.matches;
        next = bracket.end;
      } else {
        if (pattern[p] == '\\' && p + 1 < pattern.size()) next = ++p + 1;
        matched = pattern[p] == name[n];
      }
    }
    if (matched) {
      p = next;
      ++n;
    } else if (star != kNone) {
      p = star;
      n = ++star_name;
    } else {
      return false;
    }
  }
}

// Parts of a path or pattern, one at a time, without a list of them.
struct Parts {
  std::string_view text;
  std::size_t at = 0;  // start of the current part; npos: none left
  explicit Parts(std::string_view all) : text(all), at(all.empty() ? kNone : 0) {}
  [[nodiscard]] bool done() const { return at == kNone; }
  [[nodiscard]] std::string_view part() const { return text.substr(at, text.find('/', at) - at); }
  void next() {
    const std::size_t slash = text.find('/', at);
    at = slash == kNone ? kNone : slash + 1;
  }
};

struct Shape {
  std::string_view pattern;
  bool anchored = false;
  bool folder_only = false;
};

Shape shape_of(std::string_view pattern) {
  Shape shape;
  if (!pattern.empty() && pattern.back() == '/') {
    shape.folder_only = true;
    pattern.remove_suffix(1);
  }
  if (!pattern.empty() && pattern.front() == '/') {
    shape.anchored = true;
    pattern.remove_prefix(1);
  }
  shape.anchored = shape.anchored || pattern.find('/') != kNone;
  shape.pattern = pattern;
  return shape;
}

// A "**" at the end takes all that is below, but not the folder itself.
bool takes_rest(const Shape& shape, const Parts& rest, bool is_folder, bool prefix) {
  if (rest.done()) return false;
  if (!shape.folder_only || is_folder) return true;
  return prefix && rest.text.find('/', rest.at) != kNone;  // a file, but in a folder that is taken
}

// Whether the pattern takes the whole path or, with `prefix`, the path of a folder above it.
bool match_parts(const Shape& shape, std::string_view path, bool is_folder, bool prefix) {
  Parts p(shape.pattern);
  Parts n(path);
  Parts star_pattern("");
  Parts star_path("");
  bool star = false;
  if (!shape.anchored) {  // as if it began with "**/"
    star = true;
    star_pattern = p;
    star_path = n;
  }
  while (true) {
    if (!p.done() && p.part() == "**") {
      p.next();
      if (p.done()) return takes_rest(shape, n, is_folder, prefix);
      star = true;
      star_pattern = p;
      star_path = n;
      continue;
    }
    if (p.done()) {
      const bool whole = n.done();
      if (whole ? is_folder || !shape.folder_only : prefix) return true;
    } else if (!n.done() && match_name(p.part(), n.part())) {
      p.next();
      n.next();
      continue;
    }
    if (!star || star_path.done()) return false;
    star_path.next();
    p = star_pattern;
    n = star_path;
  }
}

bool match(std::string_view pattern, std::string_view path, bool prefix) {
  const Shape shape = shape_of(pattern);
  const bool is_folder = !path.empty() && path.back() == '/';
  if (is_folder) path.remove_suffix(1);
  if (shape.pattern.empty() || path.empty()) return false;
  return match_parts(shape, path, is_folder, prefix);
}

}  // namespace

bool glob_match(std::string_view pattern, std::string_view path) {
  return match(pattern, path, true);
}
bool glob_match_itself(std::string_view pattern, std::string_view path) {
  return match(pattern, path, false);
}

}  // namespace daydream::text
