// What cmark is given. Brackets, emphasis and NUL are replaced byte for byte, so that its block parser
// sees the same blocks and its inline parser sees plain words: no reference definition vanishes, and no
// input is slow. Checked against its own reading by the fuzzer.
#include <algorithm>

#include "daydream/kit/text.hpp"
#include "parts.hpp"

namespace daydream::markdown {
namespace {

constexpr char kWord = ';';  // no block begins with it, and no tag has it in a name
constexpr std::string_view kMarks = " \t>-+*_.)0123456789";

bool is_line_end(char byte) {
  return byte == '\n' || byte == '\r';
}

// Quote and list markers at the front of a line; a rule such as `- - -` has some too.
std::size_t markers(std::string_view line) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < line.size() && kMarks.find(line[at]) != std::string_view::npos; ++at) {
    const bool bullet = (line[at] == '-' || line[at] == '+' || line[at] == '*' || line[at] == '.' || line[at] == ')') &&
                        at + 1 < line.size() && (line[at + 1] == ' ' || line[at + 1] == '\t');
    if (line[at] == '>' || bullet) ++count;
  }
  return count;
}

void neutralise(std::string& copy, std::size_t begin, std::size_t end) {
  const std::string_view line(copy.data() + begin, end - begin);
  const bool html = line.find('<') != std::string_view::npos;
  const std::size_t body = std::min(line.find_first_not_of(kMarks), line.size());
  for (std::size_t at = begin; at < end; ++at) {
    char& byte = copy[at];
    if (byte == '\0') byte = kWord;
    if (byte == '[' || byte == ']') {
      // `<![CDATA[` and `]]>` are block structure.
      const std::string_view rest(copy.data() + at, end - at);
      const bool cdata = html && (rest.starts_with("[CDATA[") || rest.starts_with("]]>") || rest.starts_with("]>") ||
                                  (at >= 6 && std::string_view(copy).substr(at - 6, 6) == "[CDATA"));
      const bool closing = rest.starts_with("]]>") || (rest.starts_with("]>") && at > begin && copy[at - 1] == ']');
      if (!cdata && !closing) byte = kWord;
    }
    if ((byte == '*' || byte == '_') && at >= begin + body && !html) byte = kWord;
  }
}

}  // namespace

Span find_front_matter(std::string_view content) {
  const std::size_t start = content.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  const std::string_view fence = content.substr(start, 3);
  if (fence != "---" && fence != "+++") return {};
  bool first = true;
  bool said = false;
  for (std::size_t at = start; at < content.size();) {
    const std::size_t end = std::min(content.find_first_of("\r\n", at), content.size());
    std::size_t next = end < content.size() ? end + 1 : end;
    if (end < content.size() && content[end] == '\r' && next < content.size() && content[next] == '\n') ++next;
    std::string_view line = content.substr(at, end - at);
    const bool indented = !line.empty() && (line.front() == ' ' || line.front() == '\t');
    while (!line.empty() && (line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
    if (first) {
      if (line != fence) return {};
    } else if (line == fence || (line == "..." && fence == "---")) {
      return said ? Span{static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(end)} : Span{};
    } else if (!said && !line.empty() && line.front() != '#') {
      // A page may begin with a rule: what follows one is not `key: value`.
      const char sign = fence == "---" ? ':' : '=';
      if (indented || line.find(sign) == std::string_view::npos) {
        if (!(fence == "+++" && line.front() == '[')) return {};
      }
      said = true;
    }
    first = false;
    at = next;
  }
  return {};
}

Result<std::string> neutral_copy(std::string_view content, Span front_matter, const Limits& limits) {
  std::string copy(content);
  for (std::size_t at = front_matter.begin; at < front_matter.end; ++at) {
    if (!is_line_end(copy[at])) copy[at] = ' ';
  }
  for (std::size_t at = 0; at < copy.size();) {
    const std::size_t end = std::min(copy.find_first_of("\r\n", at), copy.size());
    const std::string_view line(copy.data() + at, end - at);
    const std::size_t indent = std::min(line.find_first_not_of(" \t"), line.size());
    if (indent < line.size() && (indent > limits.max_nesting * 16 || markers(line) > limits.max_nesting)) {
      return Error(ErrorKind::kUnsupported,
                   "lists and quotes nested deeper than " + std::to_string(limits.max_nesting) + " levels");
    }
    neutralise(copy, at, end);
    at = end + 1;
  }
  return copy;
}

}  // namespace daydream::markdown
