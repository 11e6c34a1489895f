// Names to addresses beside the loop that moves the bytes: a resolver that hangs holds up its own names only.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "broker/address.hpp"
#include "broker/pace.hpp"

namespace daydream::broker {

struct Resolved {
  std::vector<Address> addresses;  // empty: `error` says why
  std::string error;
};

class Resolver {
 public:
  Resolver();
  // The answer if it is known (kept for a minute, failures for five seconds); else it is being asked for, and
  // descriptor() becomes readable when any answer has come.
  std::optional<Resolved> find(const std::string& name, TimePoint now);
  [[nodiscard]] int descriptor() const;
  void clear_wakeup() const;

 private:
  struct Entry {
    bool asked = false, known = false;
    TimePoint until{};
    Resolved resolved;
  };
  // Outlives us: a thread may still wait for its answer.
  struct Shared {
    std::mutex mutex;
    std::map<std::string, Entry> entries;
    files::Descriptor wakeup;
    int threads = 0;
  };
  static void look_up(const std::shared_ptr<Shared>& shared, const std::string& name);
  std::shared_ptr<Shared> shared_;
};

}  // namespace daydream::broker
