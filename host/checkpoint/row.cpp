#include "checkpoint/row.hpp"

#include <bit>

#include "daydream/kit/hash.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::checkpoint {

void append_number(std::string& out, std::uint64_t number) {
  for (int i = 0; i < 8; ++i) out += static_cast<char>((number >> (8 * i)) & 0xffU);
}

std::uint64_t read_number(std::string_view eight_bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 8; ++i) number |= std::uint64_t{static_cast<std::uint8_t>(eight_bytes[i])} << (8 * i);
  return number;
}

Digest digest_of(std::string_view what, const Table& table, const Row& row) {
  std::string bytes;
  append_number(bytes, what.size());
  bytes += what;
  for (std::size_t i = 0; i < row.size(); ++i) {
    bytes += table.columns[i].kind;
    if (const auto* number = std::get_if<std::int64_t>(&row[i])) {
      append_number(bytes, static_cast<std::uint64_t>(*number));
    } else if (const auto* real = std::get_if<double>(&row[i])) {
      append_number(bytes, std::bit_cast<std::uint64_t>(*real));
    } else {
      const auto& text = std::get<std::string>(row[i]);
      append_number(bytes, text.size());
      bytes += text;
    }
  }
  return hash::sha256(bytes);
}

std::string sum_of(const Digest& digest) {
  return std::string(bytes_of(digest).substr(0, kSumBytes));
}

std::string key_text(const Table& table, const Row& row) {
  std::string text;
  for (std::size_t i = 0; i < table.keys && i < row.size(); ++i) {
    if (!text.empty()) text += '/';
    if (const auto* number = std::get_if<std::int64_t>(&row[i])) {
      text += std::to_string(*number);
    } else if (const auto* word = std::get_if<std::string>(&row[i])) {
      text += text::show_path(*word);
    }
  }
  return text;
}

}  // namespace daydream::checkpoint
