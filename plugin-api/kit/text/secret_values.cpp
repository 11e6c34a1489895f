// Secrets known by the name that stands before them: password=..., "token": "...", Authorization: ...
#include <algorithm>
#include <array>
#include <string>

#include "daydream/kit/text.hpp"
#include "secrets.hpp"
#include "utf8.hpp"

namespace daydream::text {

namespace {

constexpr std::size_t kLongestName = 64;
constexpr std::size_t kNone = std::string_view::npos;

bool name_char(char c) {
  return is_alnum(c) || c == '_' || c == '-' || c == '.';
}

enum class Kind { kOrdinary, kStrong, kWeak, kLine };

// The parts of "X-Auth-Token", "dbPassword", "AWS_SECRET_ACCESS_KEY", in lower case, joined by '_'.
std::string normalized(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (c == '-' || c == '.' || c == '_') {
      out += '_';
      continue;
    }
    const bool hump = i > 0 && c >= 'A' && c <= 'Z' && name[i - 1] >= 'a' && name[i - 1] <= 'z';
    if (hump) out += '_';
    out += lower(c);
  }
  return out;
}

bool ends_with_part(std::string_view name, std::string_view part) {
  if (!name.ends_with(part)) return false;
  return name.size() == part.size() || name[name.size() - part.size() - 1] == '_';
}

constexpr std::array<std::string_view, 42> kStrong = {
    "password",      "passwd",     "passwort",      "pwd",           "passphrase",     "passcode",    "secret",
    "secret_key",    "secretkey",  "client_secret", "api_key",       "apikey",         "access_key",  "accesskey",
    "account_key",   "accountkey", "private_key",   "privatekey",    "encryption_key", "signing_key", "master_key",
    "auth_key",      "authkey",    "auth_token",    "authtoken",     "access_token",   "accesstoken", "refresh_token",
    "refreshtoken",  "id_token",   "csrf_token",    "session_token", "bearer_token",   "api_token",   "apitoken",
    "private_token", "job_token",  "deploy_token",  "webhook_url",   "credential",     "credentials", "sessionid"};
constexpr std::array<std::string_view, 6> kWeak = {"token", "session_id", "signature", "sig", "auth", "otp"};
constexpr std::array<std::string_view, 5> kLine = {"authorization", "proxy_authorization", "cookie", "set_cookie",
                                                   "x_api_key"};

Kind kind_of(std::string_view raw) {
  while (!raw.empty() && (raw.front() == '-' || raw.front() == '.')) raw.remove_prefix(1);
  const std::string name = normalized(raw);
  const auto is_part = [&name](std::string_view part) { return ends_with_part(name, part); };
  if (std::find(kLine.begin(), kLine.end(), name) != kLine.end()) return Kind::kLine;
  if (std::any_of(kStrong.begin(), kStrong.end(), is_part)) return Kind::kStrong;
  // "dbpassword", "mysecret": run together, but still said.
  if (name.ends_with("password") || name.ends_with("passwd")) return Kind::kStrong;
  return std::any_of(kWeak.begin(), kWeak.end(), is_part) ? Kind::kWeak : Kind::kOrdinary;
}

// What people and programs write where a secret would stand.
bool is_placeholder(std::string_view value) {
  constexpr std::array<std::string_view, 40> kWords = {
      "true",    "false",     "null",    "none",     "nil",   "undefined", "str",      "string",
      "int",     "bool",      "bytes",   "object",   "text",  "required",  "optional", "invalid",
      "missing", "incorrect", "expired", "empty",    "unset", "unknown",   "is",       "was",
      "not",     "must",      "may",     "and",      "or",    "for",       "has",      "have",
      "changed", "rejected",  "denied",  "mismatch", "wrong", "too",       "failed",   "redacted"};
  // Nothing long is a placeholder; this also keeps text that repeats one from being read again and again.
  if (value.size() > 64) return false;
  const std::string word = to_lower_ascii(value);
  if (std::find(kWords.begin(), kWords.end(), word) != kWords.end()) return true;
  // "[masked]" and "[masked card]", "${NAME}" without a default (which may be the secret), "{{ name }}", "%(name)s"
  if (value == "[masked" || value.starts_with("[masked]") || value.starts_with("[masked ")) return true;
  for (const std::string_view opening : {"${", "{{", "%("}) {
    if (value.starts_with(opening) && std::all_of(value.begin() + 2, value.end(), [](char c) {
          return is_alnum(c) || std::string_view("_.{ })").find(c) != kNone;
        }))
      return true;
  }
  if (value.find_first_not_of("*.xX-") == kNone) return true;
  if (value.front() == '<' && value.back() == '>') return true;
  // "$PASSWORD"
  return value.size() > 1 && value.front() == '$' &&
         std::all_of(value.begin() + 1, value.end(), [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; });
}

// A word like "token" is followed by much that is no secret: only what looks random counts.
bool looks_random(std::string_view value) {
  if (value.size() < 8) return false;
  const bool digits = std::any_of(value.begin(), value.end(), is_digit);
  const bool letters = std::any_of(value.begin(), value.end(), is_letter);
  return (digits && letters) || value.size() >= 24;
}

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && end - at < 16 && (text[end] == ' ' || text[end] == '\t')) ++end;
  return end;
}

// A quote, plain or as it stands inside another string (\").
std::size_t quote_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && end - at < 4 && text[end] == '\\') ++end;
  return end < text.size() && (text[end] == '"' || text[end] == '\'' || text[end] == '`') ? end + 1 - at : 0;
}

struct Value {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool quoted = false;
};

Value value_at(std::string_view text, std::size_t at, Kind kind) {
  const std::size_t quote = quote_at(text, at);
  Value value{at + quote, at + quote, quote > 0};
  const std::string_view mark = text.substr(at, quote);
  while (value.end < text.size()) {
    const char c = text[value.end];
    if (c == '\n' || c == '\r') break;
    if (value.quoted) {
      // An escaped quote ends only a value that began with one.
      if (c == mark.back() && quote == 1) break;
      if (quote > 1 && text.substr(value.end, quote) == mark) break;
      if (c == '\\' && quote == 1 && value.end + 1 < text.size() && text[value.end + 1] != '\n') ++value.end;
    } else if (kind == Kind::kLine ? c == '"' || c == '\''
                                   : is_space(c) || std::string_view("\"',;&)]}|").find(c) != kNone) {
      break;
    }
    ++value.end;
  }
  return value;
}

// After a name: the separator. Returns where the value begins, or npos.
std::size_t after_separator(std::string_view text, std::size_t at, bool option) {
  const std::size_t closing = quote_at(text, at);
  std::size_t next = skip_blanks(text, at + closing);
  for (const std::string_view separator : {"=>", ":=", "==", "!=", "=", ":", "%3D", "%3d"}) {
    if (text.substr(next, separator.size()) != separator) continue;
    if (separator == "==" || separator == "!=") return kNone;  // a comparison
    next = skip_blanks(text, next + separator.size());
    return next < text.size() ? next : kNone;
  }
  // "--password hunter2"
  return option && next > at && next < text.size() && text[next] != '-' ? next : kNone;
}

// "Bearer <token>" and "Basic <base64 of user:password>" wherever they stand.
std::size_t scheme_value(std::string_view text, std::size_t begin, std::size_t end) {
  const std::string word = to_lower_ascii(text.substr(begin, end - begin));
  if (word != "bearer" && word != "basic") return kNone;
  const std::size_t at = skip_blanks(text, end);
  if (at == end) return kNone;
  std::size_t stop = at;
  while (stop < text.size() && (is_alnum(text[stop]) || std::string_view("-_.~+/=").find(text[stop]) != kNone)) ++stop;
  const std::string_view value = text.substr(at, stop - at);
  const bool mixed = std::any_of(value.begin(), value.end(), is_digit) || value.find('=') != kNone ||
                     (value.size() >= 8 && to_lower_ascii(value.substr(1)) != value.substr(1));
  return value.size() >= 8 && mixed ? at : kNone;
}

void mark(std::string_view text, std::size_t at, Kind kind, std::vector<Span>& spans, std::size_t& next) {
  const Value value = value_at(text, at, kind);
  const std::string_view content = text.substr(value.begin, value.end - value.begin);
  if (content.empty() || is_placeholder(content)) return;
  if (kind == Kind::kWeak && !looks_random(content)) return;
  spans.push_back({value.begin, value.end});
  next = std::max(next, value.end);
}

}  // namespace

void find_named_values(std::string_view text, std::vector<Span>& spans) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (!name_char(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && name_char(text[end])) ++end;
    std::size_t next = end;
    const std::string_view name = text.substr(at, end - at);
    if (const std::size_t value = scheme_value(text, at, end); value != kNone) {
      mark(text, value, Kind::kStrong, spans, next);
    } else if (const Kind kind = kind_of(name.substr(name.size() - std::min(name.size(), kLongestName)));
               kind != Kind::kOrdinary) {
      const std::size_t found = after_separator(text, end, kind == Kind::kStrong && name.starts_with("--"));
      if (found != kNone) mark(text, found, kind, spans, next);
    }
    at = next;
  }
}

}  // namespace daydream::text
