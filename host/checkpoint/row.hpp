// One row of the store as plain values in the order of its columns, and the checksum over them.
// Encoding for the checksum, all numbers 64-bit little endian: length and bytes of the table's name; then
// for each column a tag ('i' integer, 'r' real, 't' text, 'b' bytes) and its 8 bytes (two's complement or
// IEEE 754), or its length and its bytes.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace daydream::checkpoint {

using Value = std::variant<std::int64_t, double, std::string>;
using Row = std::vector<Value>;
using Digest = std::array<std::uint8_t, 32>;

struct Column {
  const char* name;
  char kind;  // a tag of the encoding
};
struct Table {
  const char* name;
  std::size_t keys;  // the first `keys` columns name the row
  std::vector<Column> columns;
};

constexpr std::size_t kSumBytes = 8;

// `what` is the table's name, or a word for something done to it; `kinds` one tag a value.
Digest digest_of(std::string_view what, const Table& table, const Row& row);
std::string sum_of(const Digest& digest);
// A row's key for people: "2026-11-22/legacy_cleanup".
std::string key_text(const Table& table, const Row& row);

// Little helpers of durable encodings.
void append_number(std::string& out, std::uint64_t number);
std::uint64_t read_number(std::string_view eight_bytes);
inline std::string_view bytes_of(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace daydream::checkpoint
