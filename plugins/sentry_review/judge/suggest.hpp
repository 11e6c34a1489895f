// The rules of suggestions.json: a pattern of an error -> what it means -> what to do. Data, embedded; one
// rule at most speaks about an error, the first that fits.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "plugins/sentry_review/read/records.hpp"

namespace daydream::sentry {

struct Suggestion {
  std::string rule;        // its id: "python-none-attribute"
  std::string diagnosis;   // what it means
  std::string fix;         // what to do
  std::string rule_class;  // "outage", "noise" or ""
  std::string evidence;    // the words that it fits
};

// What a rule looks at, of an issue or an event.
struct Symptom {
  std::string platform, type, value;
  std::vector<const Frame*> frames;  // innermost last
  std::string signal_address;
  std::string culprit;
};

class Suggestions {
 public:
  // The embedded rules; kInvalid names the rule whose pattern cannot be read.
  static Result<Suggestions> load();
  static Result<Suggestions> parse(std::string_view json);
  Suggestions(Suggestions&&) noexcept;
  Suggestions& operator=(Suggestions&&) noexcept;
  ~Suggestions();

  // Nothing where no rule fits: rule is then "".
  [[nodiscard]] Suggestion find(const Symptom& symptom) const;
  [[nodiscard]] std::size_t size() const;

 private:
  struct State;
  explicit Suggestions(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// The language family of a platform: "python", "javascript", "java", "dotnet", "go", "php", "ruby",
// "native", "other".
std::string family_of(std::string_view platform);

}  // namespace daydream::sentry
