// Takes the values of secrets out of what servers send back: as they are, percent-encoded, JSON-escaped, in
// hexadecimal, and in base64 wherever they stand. Only that: other bytes stay as they came.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace daydream::broker {

class Scrubber {
 public:
  void add(std::string_view secret);
  // Every form of every secret becomes "[masked]". [any thread]
  void scrub(std::string& bytes) const;
  [[nodiscard]] bool empty() const { return needles_.empty(); }

 private:
  std::vector<std::string> needles_;  // longest first
};

}  // namespace daydream::broker
