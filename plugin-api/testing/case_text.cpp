#include "case_text.hpp"

#include <algorithm>

#include "daydream/kit/text.hpp"

namespace daydream::testing {

namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

void append_hex(std::string& out, char byte) {
  const auto value = static_cast<unsigned char>(byte);
  out += "\\x";
  out += kDigits[value >> 4U];
  out += kDigits[value & 15U];
}

int digit_of(char digit) {
  const std::size_t found = kDigits.find(digit >= 'A' && digit <= 'F' ? static_cast<char>(digit + 32) : digit);
  return found == std::string_view::npos ? -1 : static_cast<int>(found);
}

bool plain(char byte) {
  return static_cast<unsigned char>(byte) >= 0x20 && byte != 0x7f;
}

// A line that would not come back as it is, or that a person could not see.
bool needs_escape(std::string_view line) {
  if (line.starts_with("-- ") || line.starts_with("== ") || line == "--" || line == "==") return true;
  if (!line.empty() && (line.back() == ' ' || line.back() == '\t')) return true;
  return !std::all_of(line.begin(), line.end(), [](char byte) { return plain(byte) || byte == '\t'; });
}

std::string escape_line(std::string_view line) {
  std::string out;
  const std::size_t last = line.find_last_not_of(" \t");
  const bool utf8 = text::valid_utf8(line);
  for (std::size_t index = 0; index < line.size(); ++index) {
    const char byte = line[index];
    const bool trailing = last == std::string_view::npos || index > last;
    const bool marker =
        index == 0 && (line.starts_with("-- ") || line.starts_with("== ") || line == "--" || line == "==");
    const bool high = static_cast<unsigned char>(byte) >= 0x80;
    if (byte == '\\') {
      out += "\\\\";
    } else if (byte == '\r') {
      out += "\\r";
    } else if (trailing || marker || (!plain(byte) && byte != '\t') || (high && !utf8)) {
      append_hex(out, byte);
    } else {
      out += byte;
    }
  }
  return out;
}

std::vector<std::string_view> lines_of(std::string_view content) {
  std::vector<std::string_view> lines;
  while (!content.empty()) {
    const std::size_t feed = content.find('\n');
    lines.push_back(content.substr(0, feed));
    content.remove_prefix(feed == std::string_view::npos ? content.size() : feed + 1);
  }
  return lines;
}

}  // namespace

std::string escape(std::string_view text, std::string_view also) {
  std::string out;
  const bool utf8 = text::valid_utf8(text);
  for (const char byte : text) {
    const bool high = static_cast<unsigned char>(byte) >= 0x80;
    if (byte == '\\') {
      out += "\\\\";
    } else if (byte == '\n') {
      out += "\\n";
    } else if (!plain(byte) || (high && !utf8) || also.find(byte) != std::string_view::npos) {
      append_hex(out, byte);
    } else {
      out += byte;
    }
  }
  return out;
}

Result<std::string> unescape(std::string_view text) {
  std::string out;
  for (std::size_t index = 0; index < text.size(); ++index) {
    if (text[index] != '\\') {
      out += text[index];
      continue;
    }
    const char kind = ++index < text.size() ? text[index] : '\0';
    if (kind == '\\' || kind == '"') {
      out += kind;
    } else if (kind == 'n') {
      out += '\n';
    } else if (kind == 'r') {
      out += '\r';
    } else if (kind == 't') {
      out += '\t';
    } else if (kind == 'x' && index + 2 < text.size() && digit_of(text[index + 1]) >= 0 &&
               digit_of(text[index + 2]) >= 0) {
      out += static_cast<char>(digit_of(text[index + 1]) * 16 + digit_of(text[index + 2]));
      index += 2;
    } else {
      return Error(ErrorKind::kInvalid, "after a backslash: expected \\\\ \\n \\r \\t \\\" or \\xNN");
    }
  }
  return out;
}

Encoded encode(std::string_view content) {
  Encoded encoded;
  const auto feeds = std::count(content.begin(), content.end(), '\n');
  std::size_t pairs = 0;
  for (std::size_t at = content.find("\r\n"); at != std::string_view::npos; at = content.find("\r\n", at + 2)) ++pairs;
  const bool crlf = feeds > 0 && pairs == static_cast<std::size_t>(feeds);
  const bool no_newline = !content.empty() && content.back() != '\n';
  std::vector<std::string> lines;
  for (std::string_view line : lines_of(content)) {
    if (crlf && line.ends_with('\r')) line.remove_suffix(1);
    lines.emplace_back(line);
  }
  const bool escaped = !text::valid_utf8(content) || std::any_of(lines.begin(), lines.end(), needs_escape);
  for (const auto& line : lines) encoded.lines += (escaped ? escape_line(line) : line) + "\n";
  if (crlf) encoded.flags.emplace_back("crlf");
  if (no_newline) encoded.flags.emplace_back("no-newline");
  if (escaped) encoded.flags.emplace_back("escaped");
  return encoded;
}

Result<std::string> decode(std::string_view lines, const std::vector<std::string>& flags) {
  const auto has = [&](const char* flag) { return std::find(flags.begin(), flags.end(), flag) != flags.end(); };
  std::string content;
  for (const std::string_view line : lines_of(lines)) {
    content += line;
    content += has("crlf") ? "\r\n" : "\n";
  }
  if (has("no-newline") && !content.empty()) content.resize(content.size() - (has("crlf") ? 2 : 1));
  return has("escaped") ? unescape(content) : Result<std::string>(std::move(content));
}

std::string write_pairs(const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::string out;
  for (const auto& [key, value] : pairs) out += escape(key, ":") + ": " + escape(value) + "\n";
  return out;
}

Result<std::vector<std::pair<std::string, std::string>>> read_pairs(std::string_view lines) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string_view line : lines_of(lines)) {
    if (line.empty()) continue;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return Error(ErrorKind::kInvalid, "expected \"key: value\"");
    auto key = unescape(line.substr(0, colon));
    auto value = unescape(line.substr(std::min(line.size(), colon + (line.substr(colon).starts_with(": ") ? 2 : 1))));
    if (!key) return std::move(key.error());
    if (!value) return std::move(value.error());
    pairs.emplace_back(std::move(*key), std::move(*value));
  }
  return pairs;
}

}  // namespace daydream::testing
