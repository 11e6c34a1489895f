#include <algorithm>

#include "daydream/kit/text.hpp"
#include "secrets.hpp"
#include "utf8.hpp"

namespace daydream::text {

namespace {

std::vector<Span> builtin_spans(std::string_view text) {
  std::vector<Span> spans;
  find_tokens(text, spans);
  find_named_values(text, spans);
  find_addresses(text, spans);
  find_cards(text, spans);
  return spans;
}

std::string replace(std::string_view text, std::vector<Span> spans) {
  std::sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;  // of two that start together, the wider
  });
  std::string out;
  out.reserve(text.size());
  std::size_t done = 0;
  for (const Span& span : spans) {
    if (span.begin < done) {  // it overlaps the one before: its rest is hidden too
      done = std::max(done, span.end);
      continue;
    }
    out.append(text.substr(done, span.begin - done));
    out += span.label;
    done = span.end;
  }
  out.append(text.substr(done));
  return out;
}

std::string base64(std::string_view bytes) {
  constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    held += 8;
    while (held >= 6) {
      held -= 6;
      out += kAlphabet[bits >> held & 63];
    }
  }
  if (held > 0) out += kAlphabet[bits << (6 - held) & 63];
  return out;
}

// The characters of a base64 text that depend on `value` alone when `skip` bytes stand before it
// (Basic authorisation: "user:" + value) and others may follow.
std::string base64_inside(std::string_view value, std::size_t skip) {
  const std::string whole = base64(std::string(skip, '\0') + std::string(value));
  const std::size_t first = (skip * 8 + 5) / 6;
  const std::size_t last = (skip + value.size()) * 8 / 6;
  return whole.substr(first, last - first);
}

std::string percent_encoded(std::string_view value, const char* digits) {
  std::string out;
  for (const char c : value) {
    if (is_alnum(c) || c == '-' || c == '_' || c == '.' || c == '~') {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

std::string json_escaped(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string url_safe(std::string text) {
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

}  // namespace

std::string mask(std::string_view text) {
  return replace(text, builtin_spans(text));
}

void Masker::add_secret(std::string_view value) {
  constexpr std::size_t kShortest = 6;
  if (value.size() < kShortest) return;
  std::vector<std::string> forms = {std::string(value), percent_encoded(value, "0123456789ABCDEF"),
                                    percent_encoded(value, "0123456789abcdef"), json_escaped(value)};
  for (std::size_t skip = 0; skip < 3; ++skip) {
    forms.push_back(base64_inside(value, skip));
    forms.push_back(url_safe(forms.back()));
  }
  for (std::string& form : forms) {
    if (form.size() < kShortest) continue;
    if (std::find(values_.begin(), values_.end(), form) == values_.end()) values_.push_back(std::move(form));
  }
}

std::string Masker::mask(std::string_view text) const {
  std::vector<Span> spans = builtin_spans(text);
  for (const std::string& value : values_) {
    for (std::size_t at = text.find(value); at != std::string_view::npos; at = text.find(value, at + 1)) {
      spans.push_back({at, at + value.size()});
    }
  }
  return replace(text, std::move(spans));
}

}  // namespace daydream::text
