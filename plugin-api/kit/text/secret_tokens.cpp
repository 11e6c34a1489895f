// Tokens that their makers gave a shape, so that scanners can find them. The table follows the makers'
// own documentation; a row is added with a test.
#include <algorithm>

#include "secrets.hpp"
#include "utf8.hpp"

namespace daydream::text {

namespace {

using Alphabet = bool (*)(char);
bool upper_digit(char c) {
  return is_digit(c) || (c >= 'A' && c <= 'Z');
}
bool hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool alnum(char c) {
  return is_alnum(c);
}
bool word(char c) {
  return is_alnum(c) || c == '_';
}
bool url64(char c) {
  return is_alnum(c) || c == '_' || c == '-';
}
bool dotted(char c) {
  return url64(c) || c == '.';
}
bool base64(char c) {
  return is_alnum(c) || c == '+' || c == '/' || c == '=';
}
bool any64(char c) {
  return base64(c) || c == '_' || c == '-';
}

struct Shape {
  std::string_view prefix;
  Alphabet alphabet;
  std::size_t least, most;  // characters after the prefix
};
constexpr std::size_t kAny = 4096;

constexpr Shape kShapes[] = {
    // cloud
    {"AKIA", upper_digit, 16, 16},
    {"ASIA", upper_digit, 16, 16},
    {"ABIA", upper_digit, 16, 16},
    {"ACCA", upper_digit, 16, 16},
    {"AIza", url64, 35, 35},
    {"ya29.", dotted, 20, kAny},
    {"GOCSPX-", url64, 20, 64},
    {"dop_v1_", hex, 64, 64},
    {"doo_v1_", hex, 64, 64},
    {"dor_v1_", hex, 64, 64},
    {"HRKU-", url64, 20, 128},
    {"hvs.", url64, 20, kAny},
    {"hvb.", url64, 20, kAny},
    {"dapi", hex, 32, 32},
    {"pscale_tkn_", dotted, 20, 128},
    {"pscale_pw_", dotted, 20, 128},
    {"sbp_", hex, 40, 40},
    {"dp.pt.", alnum, 40, 44},
    {"tfp_", alnum, 40, 64},
    {"pul-", hex, 40, 40},
    {"AGE-SECRET-KEY-1", upper_digit, 50, 64},
    // forges and registries
    {"ghp_", alnum, 36, 255},
    {"gho_", alnum, 36, 255},
    {"ghu_", alnum, 36, 255},
    {"ghs_", alnum, 36, 255},
    {"ghr_", alnum, 36, 255},
    {"github_pat_", word, 22, 255},
    {"glpat-", dotted, 20, 255},
    {"gldt-", url64, 20, 255},
    {"glrt-", dotted, 20, 255},
    {"glptt-", url64, 20, 255},
    {"glft-", url64, 20, 255},
    {"glcbt-", url64, 20, 255},
    {"glsoat-", url64, 20, 255},
    {"gloas-", url64, 20, 255},
    {"glagent-", url64, 20, 255},
    {"npm_", alnum, 36, 36},
    {"pypi-AgE", url64, 30, kAny},
    {"rubygems_", hex, 48, 48},
    {"dckr_pat_", url64, 20, 64},
    {"ATATT3x", any64, 40, 512},
    {"ATBB", alnum, 28, 40},
    // chat and mail
    {"xoxb-", url64, 10, 255},
    {"xoxp-", url64, 10, 255},
    {"xoxa-", url64, 10, 255},
    {"xoxr-", url64, 10, 255},
    {"xoxs-", url64, 10, 255},
    {"xoxe-", url64, 10, 512},
    {"xoxe.", dotted, 10, 512},
    {"xapp-", url64, 10, 255},
    {"hooks.slack.com/services/", base64, 20, 128},
    {"SG.", dotted, 50, 80},
    {"key-", hex, 32, 32},
    // watching
    {"sntrys_", any64, 20, kAny},
    {"sntryu_", hex, 64, 64},
    {"glc_", any64, 32, 512},
    {"glsa_", word, 32, 64},
    {"NRAK-", upper_digit, 27, 27},
    {"dt0c01.", dotted, 60, 120},
    // money and models
    {"sk_live_", alnum, 16, 255},
    {"sk_test_", alnum, 16, 255},
    {"rk_live_", alnum, 16, 255},
    {"rk_test_", alnum, 16, 255},
    {"whsec_", base64, 24, 255},
    {"shpat_", hex, 32, 32},
    {"shpss_", hex, 32, 32},
    {"shpca_", hex, 32, 32},
    {"shppa_", hex, 32, 32},
    {"sq0csp-", url64, 43, 43},
    {"sk-ant-", url64, 20, 255},
    {"sk-proj-", url64, 20, 255},
    {"sk-", alnum, 32, 255},
    {"hf_", alnum, 34, 40},
    {"lin_api_", alnum, 32, 64},
    {"figd_", url64, 36, 64},
    {"PMAK-", url64, 50, 80},
};

// Where a token may start: not inside a word, unless that word ends in what encodes another character
// ("%3D", "\n" inside a string).
bool may_start(std::string_view text, std::size_t at) {
  if (at == 0 || !url64(text[at - 1])) return true;
  if (text[at - 1] == '-' && at >= 2 && !url64(text[at - 2])) return true;  // " -ghp_..", an option
  if (at >= 2 && text[at - 2] == '\\') return true;
  return at >= 3 && text[at - 3] == '%' && hex(text[at - 2]) && hex(text[at - 1]);
}

std::size_t run_of(std::string_view text, std::size_t at, Alphabet alphabet, std::size_t most) {
  std::size_t end = at;
  while (end < text.size() && end - at < most && alphabet(text[end])) ++end;
  return end - at;
}

// A dot or dash at the end closes the sentence, not the token.
std::size_t without_tail(std::string_view text, std::size_t begin, std::size_t end) {
  while (end > begin && (text[end - 1] == '.' || text[end - 1] == '-')) --end;
  return end;
}

std::size_t shaped_end(std::string_view text, std::size_t at) {
  for (const Shape& shape : kShapes) {
    if (text[at] != shape.prefix.front() || text.substr(at, shape.prefix.size()) != shape.prefix) continue;
    const std::size_t begin = at + shape.prefix.size();
    const std::size_t end = without_tail(text, begin, begin + run_of(text, begin, shape.alphabet, shape.most));
    // One that goes on in the same alphabet beyond an exact length is something else.
    const bool longer = shape.least == shape.most && end < text.size() && word(text[end]);
    if (end - begin >= shape.least && !longer) return end;
  }
  return at;
}

// header.payload.signature, the header being base64 of '{"'.
std::size_t jwt_end(std::string_view text, std::size_t at) {
  if (text.substr(at, 3) != "eyJ") return at;
  std::size_t end = at;
  int parts = 0;
  while (parts < 5) {
    const std::size_t run = run_of(text, end, url64, text.size());
    if (parts < 2 && run < 8) break;
    end += run;
    ++parts;
    if (end >= text.size() || text[end] != '.') break;
    ++end;
  }
  return parts >= 2 ? without_tail(text, at, end) : at;
}

// "123456789:AA..." of Telegram.
std::size_t telegram_end(std::string_view text, std::size_t at) {
  const std::size_t digits = run_of(text, at, is_digit, 11);
  const std::size_t secret = at + digits + 1;
  if (digits < 8 || digits > 10 || text.substr(at + digits, 3) != ":AA") return at;
  const std::size_t run = run_of(text, secret, url64, 40);
  return run == 35 ? secret + run : at;
}

// Bot tokens of Discord: id.time.mac, each part base64.
std::size_t discord_end(std::string_view text, std::size_t at) {
  if (text[at] != 'M' && text[at] != 'N' && text[at] != 'O') return at;
  const std::size_t id = run_of(text, at, url64, 32);
  if (id < 23 || id > 28 || text.substr(at + id, 1) != ".") return at;
  const std::size_t time = run_of(text, at + id + 1, url64, 8);
  if (time != 6 || text.substr(at + id + 7, 1) != ".") return at;
  const std::size_t mac = run_of(text, at + id + 8, url64, 64);
  return mac >= 27 ? at + id + 8 + mac : at;
}

// A private key block, to its end line or to the end of the text.
void find_key_blocks(std::string_view text, std::vector<Span>& spans) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  constexpr std::string_view kKey = "PRIVATE KEY";
  std::size_t at = text.find(kBegin);
  while (at != std::string_view::npos) {
    const std::string_view title = text.substr(at + kBegin.size(), 40);
    const std::size_t key = title.find(kKey);
    if (key == std::string_view::npos || title.substr(0, key).find('-') != std::string_view::npos) {
      at = text.find(kBegin, at + kBegin.size());
      continue;
    }
    std::size_t end = text.find("-----END ", at);
    end = end == std::string_view::npos ? text.size() : text.find("-----", end + 9);
    end = end == std::string_view::npos ? text.size() : std::min(end + 5, text.size());
    spans.push_back({at, end});
    at = text.find(kBegin, end);
  }
}

}  // namespace

void find_tokens(std::string_view text, std::vector<Span>& spans) {
  find_key_blocks(text, spans);
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!is_alnum(text[at]) || !may_start(text, at)) continue;
    for (const auto finder : {shaped_end, jwt_end, telegram_end, discord_end}) {
      const std::size_t end = finder(text, at);
      if (end == at) continue;
      spans.push_back({at, end});
      at = end - 1;
      break;
    }
  }
}

}  // namespace daydream::text
