// The pieces of a line's head, each as one function: how much of `rest` it takes, 0 where it is not there.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "plugins/log_review/format/layout.hpp"

namespace daydream::logs {

// Characters that mean something in a head, as bits: looked up once a byte.
enum HeadBit : std::uint8_t {
  kMarkBit = 1,
  kOpenBit = 2,
  kCloseBit = 4,
  kNoTagBit = 8,
  kLevelEndBit = 16,
  kBlankBit = 32,
  kTagBit = 64  // means something within a tag
};
constexpr std::array<std::uint8_t, 256> make_head_bits() {
  std::array<std::uint8_t, 256> bits{};
  auto set = [&bits](std::string_view characters, std::uint8_t bit) {
    for (const char c : characters) bits[static_cast<unsigned char>(c)] |= bit;
  };
  set("-|:,;>*#=~", kMarkBit);
  set("[(<\"'|{", kOpenBit);
  set("])>\"'}", kCloseBit);
  set("=\"'{},;<>", kNoTagBit);
  set("]>)|:,", kLevelEndBit);
  set(" \t", kBlankBit);
  set(" [(", kTagBit);
  return bits;
}
inline constexpr std::array<std::uint8_t, 256> kHeadBits = make_head_bits();
inline bool is_head(char c, std::uint8_t bit) {
  return (kHeadBits[static_cast<unsigned char>(c)] & bit) != 0;
}

std::string_view first_word(std::string_view text);
std::string_view without_space(std::string_view text);
// What the piece takes from the start of `rest` (which begins with no space); severity and component are
// set where the piece holds them.
std::size_t take_piece(Op op, std::string_view rest, Parts& parts);

}  // namespace daydream::logs
