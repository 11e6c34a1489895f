#include "broker/resolver.hpp"

#include <netdb.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>
#include <thread>

namespace daydream::broker {
namespace {

constexpr int kMostThreads = 16;
constexpr std::size_t kMostEntries = 4096;
constexpr auto kKept = std::chrono::seconds(60);
constexpr auto kFailureKept = std::chrono::seconds(5);

Resolved ask(const std::string& name) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* list = nullptr;
  const int failed = ::getaddrinfo(name.c_str(), nullptr, &hints, &list);
  Resolved resolved;
  if (failed != 0) {
    resolved.error = ::gai_strerror(failed);
    return resolved;
  }
  for (const addrinfo* each = list; each != nullptr; each = each->ai_next) {
    const auto address = address_of(each->ai_addr);
    if (!address) continue;
    auto& known = resolved.addresses;
    if (std::find(known.begin(), known.end(), *address) == known.end()) known.push_back(*address);
  }
  ::freeaddrinfo(list);
  if (resolved.addresses.empty()) resolved.error = "it has no address";
  return resolved;
}

}  // namespace

Resolver::Resolver() : shared_(std::make_shared<Shared>()) {
  shared_->wakeup = files::Descriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
}

int Resolver::descriptor() const {
  return shared_->wakeup.get();
}

void Resolver::clear_wakeup() const {
  std::uint64_t count = 0;
  (void)!::read(descriptor(), &count, sizeof count);
}

void Resolver::look_up(const std::shared_ptr<Shared>& shared, const std::string& name) {
  Resolved resolved = ask(name);
  {
    const std::lock_guard lock(shared->mutex);
    Entry& entry = shared->entries[name];
    entry.asked = false;
    entry.known = true;
    entry.until = SteadyClock::now() + (resolved.addresses.empty() ? kFailureKept : kKept);
    entry.resolved = std::move(resolved);
    --shared->threads;
  }
  const std::uint64_t one = 1;
  (void)!::write(shared->wakeup.get(), &one, sizeof one);
}

std::optional<Resolved> Resolver::find(const std::string& name, TimePoint now) {
  const std::lock_guard lock(shared_->mutex);
  auto& entries = shared_->entries;
  if (entries.size() > kMostEntries)
    std::erase_if(entries, [&](const auto& each) { return each.second.known && each.second.until < now; });
  Entry& entry = entries[name];
  if (entry.known && now < entry.until) return entry.resolved;
  if (entry.asked || shared_->threads >= kMostThreads) return std::nullopt;
  entry.known = false;
  try {
    std::thread([shared = shared_, name] { look_up(shared, name); }).detach();
  } catch (const std::system_error&) {
    return Resolved{{}, "no thread to be had for asking"};
  }
  entry.asked = true;
  ++shared_->threads;
  return std::nullopt;
}

}  // namespace daydream::broker
