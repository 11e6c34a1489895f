// What an IP address reaches, by the IANA special-purpose registries. Pure. [any thread]
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

struct sockaddr;

namespace daydream::broker {

enum class Reach {
  kPublic,
  kSite,      // private networks: 10/8, 172.16/12, 192.168/16, 100.64/10 (CGNAT), fc00::/7
  kLoopback,  // 127/8, ::1
  kSpecial,   // link-local (169.254/16, fe80::/10), IPv4 inside IPv6 (mapped, NAT64, 6to4, Teredo), documentation
  kNever,     // no single host: 0/8, multicast, broadcast, reserved, ::
};

struct Address {
  bool v6 = false;
  std::array<std::uint8_t, 16> bytes{};  // v4: the first four
  auto operator<=>(const Address&) const = default;
};

std::optional<Address> parse_address(std::string_view text);       // canonical or not; no zone
std::optional<Address> address_of(const struct ::sockaddr* from);  // AF_INET, AF_INET6
std::string to_string(const Address& address);
Reach reach_of(const Address& address);

}  // namespace daydream::broker
