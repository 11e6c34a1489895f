// What a night keeps in the plugin's memory beside the ledger, and its shapes.
#pragma once

#include <string>
#include <string_view>

#include "daydream/sdk.hpp"
#include "plugins/sentry_review/read/payload.hpp"
#include "plugins/sentry_review/settings.hpp"

namespace daydream::sentry {

// Keys of the memory. All steps of this plugin share it, so each begins with a scope: the organisation and its
// server, or the id of the step that reads saved pages.
class Keys {
 public:
  Keys(const Settings& settings, const std::string& step_id);
  Keys() = default;
  [[nodiscard]] std::string tonight() const { return scope_ + "run/"; }  // all of it goes when the night is done
  [[nodiscard]] std::string pages() const { return scope_ + "run/page/"; }
  [[nodiscard]] std::string page(std::uint64_t number) const;
  [[nodiscard]] std::string ledger(const std::string& key = "") const { return scope_ + "ledger/" + key; }
  // The newest event that was read of an open error, cut to what places it in the code.
  [[nodiscard]] std::string event(const std::string& key) const { return scope_ + "event/" + key; }
  [[nodiscard]] std::string meta() const { return scope_ + "meta"; }

 private:
  std::string scope_;
};

std::string write_stored(const Payload& payload, bool in_scope);
struct StoredPage {
  Payload payload;
  bool in_scope = true;
};
Result<StoredPage> read_stored(std::string_view bytes);

// The event with its few frames that matter.
Event trimmed(Event event);

struct Meta {
  Millis end = 0;           // of the last window that was read whole
  std::uint64_t stamp = 0;  // tries begun so far
  static Result<Meta> read(const sdk::State& state, const std::string& key);
  void put(sdk::Transaction& txn, const std::string& key) const;
};

}  // namespace daydream::sentry
