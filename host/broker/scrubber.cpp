#include "broker/scrubber.hpp"

#include <algorithm>
#include <cstdint>

#include "daydream/kit/json.hpp"

namespace daydream::broker {
namespace {

constexpr std::size_t kShortest = 4;      // as it is
constexpr std::size_t kShortestForm = 6;  // in another form

std::string hex(std::string_view text, const char* digits, bool percent) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    if (percent && plain) {
      out += c;
      continue;
    }
    if (percent) out += '%';
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
  }
  return out;
}

// What base64 of any text holds that has the secret at an offset of `lead` (0..2) modulo three.
std::string base64_core(std::string_view secret, std::size_t lead, const char* alphabet) {
  const std::string padded = std::string(lead, '\0') + std::string(secret);
  std::string out;
  for (std::size_t i = 0; i + 3 <= padded.size(); i += 3) {
    const auto byte = [&](std::size_t at) {
      return static_cast<std::uint32_t>(static_cast<unsigned char>(padded[at]));
    };
    const std::uint32_t three = byte(i) << 16U | byte(i + 1) << 8U | byte(i + 2);
    for (int shift = 18; shift >= 0; shift -= 6) out += alphabet[(three >> static_cast<unsigned>(shift)) & 63U];
  }
  // The first characters also hold bits of what stands before.
  return lead == 0 ? out : out.substr(lead == 1 ? 2 : 3);
}

std::string json_escaped(std::string_view secret) {
  json::Writer writer;
  writer.value(secret);
  const std::string quoted = writer.take();
  return quoted.substr(1, quoted.size() - 2);
}

}  // namespace

void Scrubber::add(std::string_view secret) {
  if (secret.size() < kShortest) return;
  std::vector<std::string> forms{std::string(secret)};
  if (secret.size() >= kShortestForm) {
    forms.push_back(hex(secret, "0123456789ABCDEF", true));
    forms.push_back(hex(secret, "0123456789abcdef", true));
    forms.push_back(hex(secret, "0123456789abcdef", false));
    forms.push_back(hex(secret, "0123456789ABCDEF", false));
    forms.push_back(json_escaped(secret));
    for (const char* alphabet : {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
                                 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"}) {
      for (std::size_t lead = 0; lead < 3; ++lead) forms.push_back(base64_core(secret, lead, alphabet));
    }
  }
  for (std::string& form : forms) {
    if (form.size() < kShortest || std::find(needles_.begin(), needles_.end(), form) != needles_.end()) continue;
    needles_.push_back(std::move(form));
  }
  std::stable_sort(needles_.begin(), needles_.end(),
                   [](const std::string& left, const std::string& right) { return left.size() > right.size(); });
}

void Scrubber::scrub(std::string& bytes) const {
  for (const std::string& needle : needles_) {
    std::size_t at = bytes.find(needle);
    if (at == std::string::npos) continue;
    std::string clean;
    std::size_t from = 0;
    for (; at != std::string::npos; at = bytes.find(needle, from)) {
      clean.append(bytes, from, at - from).append("[masked]");
      from = at + needle.size();
    }
    bytes = clean.append(bytes, from);
  }
}

}  // namespace daydream::broker
