#include "broker/address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstring>

namespace daydream::broker {
namespace {

struct Block {
  std::array<std::uint8_t, 16> start;
  unsigned bits;
  Reach reach;
};

// The first that holds the address counts.
constexpr Block kV4[] = {
    {{0}, 8, Reach::kNever},
    {{10}, 8, Reach::kSite},
    {{100, 64}, 10, Reach::kSite},
    {{127}, 8, Reach::kLoopback},
    {{169, 254}, 16, Reach::kSpecial},
    {{172, 16}, 12, Reach::kSite},
    {{192, 0, 0}, 24, Reach::kSpecial},
    {{192, 0, 2}, 24, Reach::kSpecial},
    {{192, 31, 196}, 24, Reach::kSpecial},
    {{192, 52, 193}, 24, Reach::kSpecial},
    {{192, 88, 99}, 24, Reach::kSpecial},
    {{192, 168}, 16, Reach::kSite},
    {{192, 175, 48}, 24, Reach::kSpecial},
    {{198, 18}, 15, Reach::kSpecial},
    {{198, 51, 100}, 24, Reach::kSpecial},
    {{203, 0, 113}, 24, Reach::kSpecial},
    {{224}, 4, Reach::kNever},
    {{240}, 4, Reach::kNever},
};
// Outside 2000::/3 nothing is public.
constexpr Block kV6[] = {
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 128, Reach::kLoopback},
    {{0}, 128, Reach::kNever},
    {{0xfc}, 7, Reach::kSite},
    {{0xff}, 8, Reach::kNever},
    {{0x20, 0x01, 0x0d, 0xb8}, 32, Reach::kSpecial},
    {{0x20, 0x01, 0, 0}, 23, Reach::kSpecial},  // protocol assignments, Teredo
    {{0x20, 0x02}, 16, Reach::kSpecial},        // 6to4
    {{0x26, 0x20, 0, 0x4f, 0x80}, 48, Reach::kSpecial},
    {{0x3f, 0xff}, 20, Reach::kSpecial},
    {{0x20}, 3, Reach::kPublic},
    {{0}, 0, Reach::kSpecial},
};

bool holds(const Block& block, const Address& address) {
  for (unsigned bit = 0; bit < block.bits; bit += 8) {
    const unsigned left = block.bits - bit;
    const unsigned mask = left >= 8 ? 0xffU : (0xff00U >> left) & 0xffU;
    const std::size_t at = bit / 8;
    if ((block.start.at(at) & mask) != (address.bytes.at(at) & mask)) return false;
  }
  return true;
}

template <std::size_t N>
Reach look_up(const Block (&blocks)[N], const Address& address, Reach otherwise) {
  for (const Block& block : blocks) {
    if (holds(block, address)) return block.reach;
  }
  return otherwise;
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
  const std::string terminated(text);
  if (terminated.size() != text.size() || terminated.find('\0') != std::string::npos) return std::nullopt;
  Address address;
  if (inet_pton(AF_INET, terminated.c_str(), address.bytes.data()) == 1) return address;
  address.v6 = true;
  if (inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) return address;
  return std::nullopt;
}

std::optional<Address> address_of(const struct ::sockaddr* from) {
  Address address;
  if (from->sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, from, sizeof v4);
    std::memcpy(address.bytes.data(), &v4.sin_addr, 4);
    return address;
  }
  if (from->sa_family != AF_INET6) return std::nullopt;
  sockaddr_in6 v6{};
  std::memcpy(&v6, from, sizeof v6);
  std::memcpy(address.bytes.data(), &v6.sin6_addr, 16);
  address.v6 = true;
  return address;
}

std::string to_string(const Address& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(address.v6 ? AF_INET6 : AF_INET, address.bytes.data(), text.data(), text.size());
  return text.data();
}

Reach reach_of(const Address& address) {
  return address.v6 ? look_up(kV6, address, Reach::kSpecial) : look_up(kV4, address, Reach::kPublic);
}

}  // namespace daydream::broker
