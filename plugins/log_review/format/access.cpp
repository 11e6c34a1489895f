#include "plugins/log_review/format/access.hpp"

#include <algorithm>

#include "plugins/log_review/format/pieces.hpp"

namespace daydream::logs {
namespace {

// `"GET /a HTTP/1.1"`: where it stands in a message, quotes included, and its parts.
struct Asked {
  std::size_t begin = 0, end = 0;
  std::string_view method{}, target{};  // the method with the space behind it
};

// At the quotation mark at `begin`; false: no request.
bool read_request(std::string_view message, std::size_t begin, Asked& asked) {
  const std::size_t space = message.find(' ', begin);
  if (space == std::string_view::npos || space < begin + 4 || space > begin + 9) return false;
  const std::string_view method = message.substr(begin + 1, space - begin - 1);
  if (!std::all_of(method.begin(), method.end(), [](char c) { return c >= 'A' && c <= 'Z'; })) return false;
  const std::size_t end = message.find('"', space);
  if (end == std::string_view::npos) return false;
  asked = {begin, end + 1, message.substr(begin + 1, space - begin),
           first_word(message.substr(space + 1, end - space - 1))};
  return true;
}

// '1' to '5' of a status that stands alone, else '\0'.
char class_of(std::string_view word) {
  const bool number = word.size() == 3 && word[0] >= '1' && word[0] <= '5' && word[1] >= '0' && word[1] <= '9' &&
                      word[2] >= '0' && word[2] <= '9';
  return number ? word[0] : '\0';
}

void tell(const Asked& asked, char status, Parts& parts, std::string& scratch) {
  constexpr std::string_view kWords[] = {"answered", "answered", "redirected", "client error", "server error"};
  scratch.assign(asked.method);
  scratch += asked.target.substr(0, asked.target.find('?'));
  scratch += ' ';
  scratch += kWords[status - '1'];
  parts.message = scratch;
  parts.severity = status == '5' ? Severity::kError : Severity::kInfo;
}

}  // namespace

bool read_access(Parts& parts, std::string& scratch) {
  const std::string_view message = parts.message;
  Asked asked;
  if (message.size() < 12 || message[0] != '"' || !read_request(message, 0, asked)) return false;
  const std::string_view rest = message.substr(asked.end);
  if (rest.empty() || rest[0] != ' ' || rest.size() < 4) return false;
  const char status = class_of(rest.substr(1, 3));
  if (status == '\0') return false;
  tell(asked, status, parts, scratch);
  return true;
}

bool read_access_within(Parts& parts, std::string& scratch) {
  const std::string_view message = parts.message;
  Asked asked;
  std::size_t quote = message.find('"');
  while (quote != std::string_view::npos && !read_request(message, quote, asked)) quote = message.find('"', quote + 1);
  if (quote == std::string_view::npos) return false;
  char status = class_of(first_word(without_space(message.substr(asked.end))));
  for (std::string_view rest = message.substr(0, asked.begin); status == '\0' && !rest.empty();) {
    const std::string_view word = first_word(rest);
    status = class_of(word);
    rest = without_space(rest.substr(word.size()));
  }
  if (status == '\0') return false;
  tell(asked, status, parts, scratch);
  return true;
}

}  // namespace daydream::logs
