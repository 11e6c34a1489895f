#include "plugins/sentry_review/judge/fingerprint.hpp"

#include <algorithm>
#include <vector>

#include "daydream/kit/hash.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::sentry {
namespace {

constexpr std::size_t kFrames = 5;
constexpr std::size_t kMessageBytes = 200;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || is_upper(c);
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_word(char c) {
  return is_letter(c) || is_digit(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

// A word that stands for one thing among many: an id, an address, a hash.
bool is_identifier_data(std::string_view word) {
  const auto digits = static_cast<std::size_t>(std::count_if(word.begin(), word.end(), is_digit));
  if (digits == 0) return false;
  const bool hexadecimal = std::all_of(word.begin(), word.end(), [](char c) { return is_hex(c) || c == '-'; });
  if (word.starts_with("0x") || word.starts_with("0X")) return true;
  return (hexadecimal && word.size() >= 6) || (word.size() >= 16 && digits >= 3);
}

std::string without_digits(std::string_view word) {
  std::string out;
  for (const char c : word) {
    if (!is_digit(c)) {
      out += c;
    } else if (out.empty() || out.back() != '#') {
      out += '#';
    }
  }
  return out;
}

// "lambda$run$3" -> "lambda$run$#", "<Get>b__4_1" -> "<Get>b__#_#": numbers that a compiler gave. Those of a
// name that a person gave ("parse_v2") stay.
std::string without_counters(std::string_view function) {
  std::string out;
  bool counted = false;
  for (std::size_t i = 0; i < function.size(); ++i) {
    const char c = function[i];
    const bool marker = c == '$' || c == '@' || c == '.' || (c == '_' && i > 0 && function[i - 1] == '_');
    if (is_digit(c) && counted) {
      if (out.back() != '#') out += '#';
      continue;
    }
    counted = marker || (counted && c == '_');
    out += c;
  }
  return out;
}

std::size_t word_end(std::string_view text, std::size_t at) {
  while (at < text.size() && (is_word(text[at]) || (text[at] == '-' && at + 1 < text.size() && is_word(text[at + 1]))))
    ++at;
  return at;
}

// What stands between quotes: a name is kept, data is not.
bool is_quoted_name(std::string_view inside) {
  return !inside.empty() && inside.size() <= 60 && std::all_of(inside.begin(), inside.end(), [](char c) {
    return is_letter(c) || c == '_' || c == '.' || c == ':' || c == '<' || c == '>' || c == '$';
  });
}

// The end of a quoted text that begins at `at`, or `at` where it does not.
std::size_t quoted_end(std::string_view text, std::size_t at) {
  const char quote = text[at];
  if (quote != '\'' && quote != '"' && quote != '`') return at;
  if (at > 0 && is_word(text[at - 1])) return at;  // an apostrophe
  const std::size_t end = text.substr(0, at + 200).find(quote, at + 1);
  return end == std::string_view::npos ? at : end + 1;
}

bool is_camel_words(std::string_view word) {
  std::size_t at = 0;
  while (at < word.size()) {
    std::size_t end = at + 1;
    while (end < word.size() && word[end] >= 'a' && word[end] <= 'z') ++end;
    if (end - at < 3) return false;
    at = end;
  }
  return true;
}

bool is_bundle_hash(std::string_view part) {
  if (part.size() < 6 || !std::all_of(part.begin(), part.end(), [](char c) { return is_letter(c) || is_digit(c); }))
    return false;
  const bool digit = std::any_of(part.begin(), part.end(), is_digit);
  const bool hexadecimal = std::all_of(part.begin(), part.end(), is_hex);
  const bool upper = std::any_of(part.begin(), part.end(), is_upper);
  if (hexadecimal) return digit || part.size() >= 8;
  return (part.size() >= 8 && digit) || (part.size() == 8 && upper && !is_camel_words(part));
}

std::string last_part(std::string_view path) {
  path = path.substr(0, path.find_first_of("?#"));
  const std::size_t slash = path.find_last_of("/\\");
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

// "com.acme.FooException" and "FooException" are one name.
std::string short_type(std::string_view type) {
  const std::size_t dot = type.find_last_of(".:\\");
  return normalise_function(dot == std::string_view::npos || dot + 1 == type.size() ? type : type.substr(dot + 1));
}

std::string module_of(const Frame& frame) {
  // A module that is made of a path carries its prefix: the file's name alone does not.
  const bool path_like = frame.module.find('/') != std::string::npos;
  if (!frame.module.empty() && !path_like) return without_bundle_hash(frame.module);
  const std::string& path = !frame.filename.empty() ? frame.filename : frame.abs_path;
  return without_bundle_hash(last_part(path.empty() ? frame.module : path));
}

std::vector<const Frame*> top_frames(const std::vector<Frame>& frames) {
  std::vector<const Frame*> top;
  for (const bool ours : {true, false}) {
    for (auto frame = frames.rbegin(); frame != frames.rend() && top.size() < kFrames; ++frame) {
      if (ours && !frame->in_app.value_or(false)) continue;
      if (!frame->function.empty() || !module_of(*frame).empty()) top.push_back(&*frame);
    }
    if (!top.empty()) break;
  }
  return top;
}

std::string digest(const std::string& text) {
  return hash::sha256_hex(text).substr(0, 16);
}

}  // namespace

std::string normalise_message(std::string_view message) {
  std::string out;
  std::size_t at = 0;
  while (at < message.size() && out.size() < kMessageBytes) {
    if (const std::size_t end = quoted_end(message, at); end > at) {
      const std::string_view inside = message.substr(at + 1, end - at - 2);
      out += is_quoted_name(inside) ? "'" + std::string(inside) + "'" : "'#'";
      at = end;
    } else if (is_word(message[at])) {
      const std::size_t stop = word_end(message, at);
      const std::string_view word = message.substr(at, stop - at);
      out += is_identifier_data(word) ? "#" : without_digits(word);
      at = stop;
    } else if (message[at] == '?' && at + 1 < message.size() && is_word(message[at + 1])) {
      at = std::min(message.find_first_of(" \"'<>)", at), message.size());  // a query string
      out += "?#";
    } else {
      out += message[at++];
    }
  }
  return text::collapse_space(out);
}

std::string without_bundle_hash(std::string_view name) {
  std::string out;
  std::size_t at = 0;
  bool first = true;
  while (at <= name.size()) {
    const std::size_t end = std::min(name.find_first_of(".-_~", at), name.size());
    const std::string_view part = name.substr(at, end - at);
    if (first || !is_bundle_hash(part)) {
      if (!first) out += name[at - 1];
      out += part;
    }
    first = false;
    at = end + 1;
  }
  return out;
}

std::string normalise_function(std::string_view function) {
  // "ns::run(int, char*)" -> "ns::run"; "<anonymous>" and "operator()" stay.
  const std::size_t open = function.find('(');
  if (open != std::string_view::npos && open > 0 && !function.substr(0, open).ends_with("operator")) {
    function = function.substr(0, open);
  }
  function = function.substr(0, function.find(" [as "));
  std::string_view rust = function;
  if (const std::size_t hash = rust.rfind("::h"); hash != std::string_view::npos && rust.size() - hash == 19) {
    function = function.substr(0, hash);
  }
  return without_counters(text::trim(function));
}

std::string fingerprint_of(const Event& event, std::string_view project) {
  std::string parts = "event\n" + std::string(project) + "\n" + event.platform + "\n";
  std::string message = event.message;
  for (const Exception& exception : event.exceptions) {
    parts += short_type(exception.type) + ">";
    message = exception.value;
  }
  if (message.empty()) message = event.title;
  parts += "\n" + normalise_message(message) + "\n";
  const auto frames = top_frames(event.main_frames());
  for (const Frame* frame : frames) {
    parts += module_of(*frame) + "|" + normalise_function(frame->function) + "\n";
  }
  if (frames.empty()) parts += normalise_message(event.culprit);
  return digest(parts);
}

bool is_telling(const Event& event) {
  if (!top_frames(event.main_frames()).empty()) return true;
  const bool message = !event.message.empty() || (!event.exceptions.empty() && !event.exceptions.back().value.empty());
  return message && !event.culprit.empty();
}

bool coarse_is_telling(const Issue& issue) {
  return !issue.type.empty() && !issue.value.empty() && !(issue.filename + issue.function + issue.culprit).empty();
}

std::string coarse_fingerprint_of(const Issue& issue) {
  const std::string message = issue.value.empty() ? issue.title : issue.value;
  const std::string place =
      issue.filename.empty() && issue.function.empty()
          ? normalise_message(issue.culprit)
          : without_bundle_hash(last_part(issue.filename)) + "|" + normalise_function(issue.function);
  return digest("issue\n" + issue.project + "\n" + issue.platform + "\n" + short_type(issue.type) + "\n" +
                normalise_message(message) + "\n" + place);
}

}  // namespace daydream::sentry
