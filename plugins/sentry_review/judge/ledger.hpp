// What the review knows of every error it has ever seen, one entry a fingerprint, kept in the plugin's
// memory under "<scope>/ledger/<key>" as JSON. It outlives the server's retention.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "plugins/sentry_review/read/records.hpp"

namespace daydream::sentry {

// Values are stored: never renumber.
enum class State : std::uint8_t { kOpen = 0, kResolved = 1, kIgnored = 2 };

// An entry as it stood at the end of a night.
struct Standing {
  State state = State::kOpen;
  std::string cause;    // of a resolution, for people: "the server says so", "quiet for 14 days"
  Fix fix;              // what was said of it
  Millis resolved = 0;  // when we learnt of it
  Millis first_seen = 0, last_seen = 0;
  Millis updated = 0;                 // end of the window in which it was last seen
  std::int64_t total = 0;             // events of its whole life, as last told
  std::vector<std::string> releases;  // it was seen in, the latest last, at most eight
  std::vector<double> counts;         // of the last nights, a day each, the latest last, at most 14
};

struct Entry {
  std::string key;     // fingerprint, 16 hexadecimal digits
  std::string coarse;  // fingerprint of the list's fields
  bool fine = false;   // the key was made from an event
  std::string name;    // short id of the first issue: the symbol of its findings
  std::string title;
  std::vector<std::string> aliases;  // ids of issues on the server, the latest last, at most 32
  std::string run;                   // that wrote `now`
  std::uint64_t stamp = 0;           // of the try of that run, counted by the review: it has spoken of this entry
  Standing now;
  std::optional<Standing> before;  // as the night before left it; none: this run made the entry

  // What the nights before `run` knew; nullptr where they knew nothing.
  [[nodiscard]] const Standing* known_before(std::string_view run_id) const {
    if (run != run_id) return &now;
    return before ? &*before : nullptr;
  }
  [[nodiscard]] std::string to_json() const;
  static Result<Entry> from_json(std::string_view key, std::string_view json);
};

// The server's own name for it: ids are unique on a server, and a ledger is of one server.
std::string alias_of(const Issue& issue);

class Ledger {
 public:
  static constexpr std::size_t kMost = 100'000;  // entries; beyond, those seen least lately are dropped

  explicit Ledger(std::string run = "") : run_(std::move(run)) {}
  void add(Entry entry);
  [[nodiscard]] const Entry* by_alias(const std::string& alias) const;
  [[nodiscard]] const Entry* by_key(const std::string& key) const;
  // The only entry of earlier runs with this coarse fingerprint; nullptr where there is none or more than one.
  [[nodiscard]] const Entry* by_coarse(const std::string& coarse) const;
  [[nodiscard]] const std::map<std::string, Entry>& entries() const { return entries_; }
  // Keys of the entries over the cap, those last seen longest ago first.
  [[nodiscard]] std::vector<std::string> surplus() const;

 private:
  std::string run_;
  std::map<std::string, Entry> entries_;
  std::unordered_map<std::string, std::string> aliases_;
  std::unordered_multimap<std::string, std::string> coarse_;
};

}  // namespace daydream::sentry
