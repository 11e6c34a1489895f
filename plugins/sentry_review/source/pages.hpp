// Where issues and events come from: a server or a folder of saved answers. Everything behind this interface
// is the same for both. [run thread]
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/sentry_review/read/payload.hpp"
#include "plugins/sentry_review/settings.hpp"

namespace daydream::sentry {

struct Window {
  Millis start = 0, end = 0;
};

// One page of a list. The next is asked for with `next`; "" = this was the last.
struct Page {
  Payload payload;
  std::string next;
  std::vector<std::string> notes;  // what a person should know of it: "skipped: broken.json is no JSON"
  bool enough = false;             // nothing of interest follows: leave this list
};

// Why something could not be had.
struct Trouble {
  enum class Kind : std::uint8_t {
    kLater,          // network or server: may work later
    kRefused,        // it will not work without a change: token, rights, address
    kUnsupported,    // this server does not know the question: go on without the answer
    kNotConfigured,  // the host lacks what the step needs
    kCancelled,
  };
  Kind kind = Kind::kLater;
  std::string words;
};

template <class T>
struct Asked {
  T value{};
  std::optional<Trouble> trouble;
};

class Pages {
 public:
  virtual ~Pages() = default;
  // Learns what must be known before the first page (which dialect the server speaks).
  virtual std::optional<Trouble> prepare() { return std::nullopt; }
  [[nodiscard]] virtual Dialect dialect() const { return Dialect::kSentry; }
  // Lists in the order of their worth; the name says what it holds, for people.
  [[nodiscard]] virtual std::vector<std::string> lists() const = 0;
  // `cursor` "" = the first page.
  virtual Asked<Page> page(std::size_t list, const std::string& cursor) = 0;

  using EachEvent = std::function<bool(std::size_t wanted, const Asked<Payload>& answer)>;
  // The newest event of each of these issues, several at a time, in any order; `each` answers false to stop.
  virtual void events(const std::vector<Issue>& wanted, const EachEvent& each) = 0;
  // The issues as they are now, with their history; those that are gone are absent.
  virtual Asked<Payload> refresh(const std::vector<std::string>& issue_ids) = 0;

  // Whether a list tells of the window alone (a server can be asked so), or of whatever was saved.
  [[nodiscard]] virtual bool windowed() const = 0;
};

}  // namespace daydream::sentry
