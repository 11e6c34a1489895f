// What names a person or their money: URL user-info, mail addresses, payment cards.
#include <algorithm>
#include <array>
#include <string>

#include "daydream/kit/text.hpp"
#include "secrets.hpp"
#include "utf8.hpp"

namespace daydream::text {

namespace {

constexpr std::size_t kNone = std::string_view::npos;

bool local_char(char c) {
  return is_alnum(c) || std::string_view("._%+-").find(c) != kNone;
}
bool domain_char(char c) {
  return is_alnum(c) || c == '.' || c == '-';
}

// Ends of names that follow an '@' and are no domains: pictures at twice the size, systemd units.
bool is_file_like(std::string_view last_label) {
  constexpr std::array<std::string_view, 20> kEnds = {"png",   "jpg",    "jpeg",  "gif",     "svg",   "webp",   "ico",
                                                      "jar",   "tgz",    "whl",   "service", "timer", "socket", "mount",
                                                      "slice", "target", "scope", "device",  "swap",  "path"};
  const std::string label = to_lower_ascii(last_label);
  return std::find(kEnds.begin(), kEnds.end(), label) != kEnds.end();
}

// The mail address around text[at] == '@'.
void find_mail(std::string_view text, std::size_t at, std::vector<Span>& spans) {
  std::size_t begin = at;
  while (begin > 0 && at - begin < 64 && local_char(text[begin - 1])) --begin;
  while (begin < at && (text[begin] == '.' || text[begin] == '-' || text[begin] == '%')) ++begin;
  std::size_t end = at + 1;
  while (end < text.size() && end - at < 254 && domain_char(text[end])) ++end;
  while (end > at + 1 && !is_alnum(text[end - 1])) --end;
  if (begin == at || end == at + 1) return;
  const std::string_view domain = text.substr(at + 1, end - at - 1);
  const std::size_t dot = domain.rfind('.');
  if (dot == kNone || dot == 0 || domain.find("..") != kNone) return;
  const std::string_view last = domain.substr(dot + 1);
  if (last.size() < 2 || !std::all_of(last.begin(), last.end(), is_letter) || is_file_like(last)) return;
  if (text.substr(begin, at - begin) == "git") return;  // git@host:path, everybody's
  spans.push_back({begin, end, "[masked mail]"});
}

// scheme://user:password@host; text[at] is the ':' of "://". The place of the '@', or of the ':'.
std::size_t find_user_info(std::string_view text, std::size_t at, std::vector<Span>& spans) {
  const std::size_t begin = at + 3;
  std::size_t end = begin;
  while (end < text.size() && end - begin < 1024 && !is_space(text[end]) &&
         std::string_view("/?#\"'<>").find(text[end]) == kNone)
    ++end;
  const std::size_t sign = text.substr(begin, end - begin).rfind('@');
  if (sign == kNone || sign == 0) return at;
  const std::string_view info = text.substr(begin, sign);
  const bool no_secret = info == "git" || info == "hg" || info.starts_with("[masked") || info.starts_with("${");
  if (!no_secret) spans.push_back({begin, begin + sign});
  return begin + sign;
}

bool luhn(std::string_view digits) {
  int sum = 0;
  bool twice = false;
  for (std::size_t i = digits.size(); i-- > 0; twice = !twice) {
    int value = digits[i] - '0';
    if (twice) value = value > 4 ? value * 2 - 9 : value * 2;
    sum += value;
  }
  return sum % 10 == 0;
}

int leading(std::string_view digits, std::size_t count) {
  int value = 0;
  for (const char c : digits.substr(0, count)) value = value * 10 + (c - '0');
  return value;
}

// The issuers' number ranges and lengths.
bool is_card_number(std::string_view digits) {
  const int two = leading(digits, 2);
  const int three = leading(digits, 3);
  const int four = leading(digits, 4);
  const std::size_t size = digits.size();
  const bool visa = digits.front() == '4' && (size == 13 || size == 16 || size == 19);
  const bool master = ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) && size == 16;
  const bool amex = (two == 34 || two == 37) && size == 15;
  const bool diners = ((three >= 300 && three <= 305) || two == 36 || two == 38) && size == 14;
  const bool discover = (four == 6011 || two == 65 || (three >= 644 && three <= 649)) && size >= 16;
  const bool jcb = four >= 3528 && four <= 3589 && size == 16;
  const bool union_pay = two == 62 && size >= 16;
  return (visa || master || amex || diners || discover || jcb || union_pay) && luhn(digits);
}

bool joins_number(char c) {
  return is_alnum(c) || c == '_';
}

// Digits in groups with one kind of separator; a card has at most 19 in groups of 3 to 7.
std::size_t card_end(std::string_view text, std::size_t at) {
  std::string digits;
  std::size_t end = at;
  std::size_t group = 0;
  char separator = '\0';
  while (end < text.size() && digits.size() <= 19) {
    const char c = text[end];
    if (is_digit(c)) {
      digits += c;
      ++group;
    } else if ((c == ' ' || c == '-') && group >= 3 && group <= 7 && (separator == '\0' || separator == c) &&
               end + 1 < text.size() && is_digit(text[end + 1])) {
      separator = c;
      group = 0;
    } else {
      break;
    }
    ++end;
  }
  const bool follows =
      end < text.size() &&
      (joins_number(text[end]) || (text[end] == '-' && end + 1 < text.size() && joins_number(text[end + 1])));
  const bool fraction = end + 1 < text.size() && text[end] == '.' && is_digit(text[end + 1]);
  if (digits.size() < 13 || digits.size() > 19 || follows || fraction) return at;
  return is_card_number(digits) ? end : at;
}

}  // namespace

void find_addresses(std::string_view text, std::vector<Span>& spans) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '@') find_mail(text, at, spans);
    if (text[at] == ':' && text.substr(at, 3) == "://") at = find_user_info(text, at, spans);
  }
}

void find_cards(std::string_view text, std::vector<Span>& spans) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!is_digit(text[at])) continue;
    const bool inside = at > 0 && (joins_number(text[at - 1]) || ((text[at - 1] == '.' || text[at - 1] == '-') &&
                                                                  at > 1 && joins_number(text[at - 2])));
    const std::size_t end = inside ? at : card_end(text, at);
    if (end > at) spans.push_back({at, end, "[masked card]"});
    at = std::max(at, end > at ? end - 1 : at);
  }
}

}  // namespace daydream::text
