// The descriptor by which the worker speaks to the host, for plugins that write to it behind the worker's back.
#pragma once

#include <sys/socket.h>
#include <sys/stat.h>

#include "plugin.hpp"

namespace {

[[maybe_unused]] int socket_of_worker() {
  for (int descriptor = 3; descriptor < 64; ++descriptor) {
    struct stat about {};
    if (::fstat(descriptor, &about) == 0 && S_ISSOCK(about.st_mode)) return descriptor;
  }
  return -1;
}

// A frame as the worker sends it: size, type, ticket, body.
[[maybe_unused]] std::string frame(uint32_t type, std::string_view body) {
  std::string bytes;
  for (const uint32_t number : {static_cast<uint32_t>(body.size()), type, uint32_t{0}})
    bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
  return bytes.append(body);
}

[[maybe_unused]] void send_raw(std::string_view bytes) {
  const int descriptor = socket_of_worker();
  while (!bytes.empty()) {
    const ssize_t sent = ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
}

}  // namespace
