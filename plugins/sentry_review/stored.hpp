// What a night keeps in the plugin's memory beside the ledger, and its shapes.
#pragma once

#include <string>
#include <string_view>

#include "daydream/sdk.hpp"
#include "plugins/sentry_review/read/payload.hpp"

namespace daydream::sentry {

// Pages of tonight, until it is done.
inline constexpr const char* kStored = "run/";
inline constexpr const char* kStoredPages = "run/page/";
std::string stored_page_key(std::uint64_t page);
// "event/<key>": the newest event that was read of an open error, cut to what places it in the code.
inline constexpr const char* kKeptEvents = "event/";
inline constexpr const char* kMetaKey = "meta";

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
  static Result<Meta> read(const sdk::State& state);
  void put(sdk::Transaction& txn) const;
};

}  // namespace daydream::sentry
