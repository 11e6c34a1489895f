#include "tables.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <map>

#include "daydream/changes.h"
#include "daydream/http.h"
#include "daydream/run.h"
#include "daydream/state.h"

namespace daydream::conformance {
namespace {

constexpr std::size_t kPointer = sizeof(void (*)());
constexpr std::size_t kMore = 16;  // functions of a newer host

// Up to its last function in ABI 1.0. Never changes, however the tables grow.
std::size_t first_size(std::string_view id) {
  if (id == DD_RUN_SERVICE) return offsetof(dd_run_service, print) + kPointer;
  if (id == DD_STATE_SERVICE) return offsetof(dd_state_service, put_file) + kPointer;
  if (id == DD_CHANGES_SERVICE) return offsetof(dd_changes_service, archive) + kPointer;
  if (id == DD_HTTP_SERVICE) return offsetof(dd_http_service, settled) + kPointer;
  return 0;
}
constexpr std::size_t kFirstHost = offsetof(dd_host, service) + kPointer;

dd_status of_a_newer_host() noexcept {
  return DD_UNSUPPORTED;
}

std::size_t size_of(const void* table) {
  std::size_t size = 0;
  std::memcpy(&size, table, sizeof size);
  return size;
}

// `size` bytes whose end is the end of what can be read; read only. Given back with the process.
char* at_the_edge(const void* from, std::size_t known, std::size_t size) {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  void* place = ::mmap(nullptr, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (place == MAP_FAILED) return nullptr;
  char* begin = static_cast<char*>(place) + page - size;
  std::memcpy(begin, from, std::min(known, size));
  std::memcpy(begin, &size, sizeof size);
  const auto function = &of_a_newer_host;
  for (std::size_t at = known; at + kPointer <= size; at += kPointer) std::memcpy(begin + at, &function, kPointer);
  ::mprotect(place, page, PROT_READ);
  ::mprotect(static_cast<char*>(place) + page, page, PROT_NONE);
  return begin;
}

// A table has one address for the life of a run, whoever asks.
const void* once(const void* table, std::size_t size) {
  static std::map<const void*, const void*> made;
  auto [place, fresh] = made.try_emplace(table, nullptr);
  if (fresh) place->second = at_the_edge(table, size_of(table), size);
  return place->second;
}

}  // namespace

const void* smallest_table(std::string_view id, const void* table) {
  const std::size_t size = first_size(id);
  return table == nullptr || size == 0 ? table : once(table, size);
}

const dd_host* smallest_host(const dd_host* table) {
  static dd_host first;
  first = *table;
  first.abi_minor = 0;
  return static_cast<const dd_host*>(once(&first, kFirstHost));
}

const void* grown_table(const void* table) {
  return table == nullptr ? nullptr : once(table, size_of(table) + kMore * kPointer);
}

const dd_host* grown_host(const dd_host* table) {
  static dd_host newer;  // the next minor: grown tables and the number that says so
  newer = *table;
  ++newer.abi_minor;
  return static_cast<const dd_host*>(once(&newer, newer.struct_size + kMore * kPointer));
}

}  // namespace daydream::conformance
