#include <string>

#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"
#include "plugins/sentry_review/read/clean.hpp"
#include "plugins/sentry_review/read/payload.hpp"
#include "plugins/sentry_review/read/repair.hpp"
#include "plugins/sentry_review/source/link.hpp"
#include "targets.hpp"

namespace daydream::fuzz {

namespace {

void kept_the_same(const sentry::Issue& issue) {
  promise(!issue.id.empty(), "an issue has an id");
  promise(issue.count >= 0 && issue.users >= 0, "nothing is counted below nothing");
  const std::string written = issue.to_json();
  auto parsed = json::Text::parse(written, {});
  promise(parsed.ok(), "what is kept of an issue can be read");
  promise(sentry::Issue::from_json(parsed->root()).to_json() == written, "an issue is kept as it was");
}

void kept_the_same(const sentry::Event& event) {
  const std::string written = event.to_json();
  auto parsed = json::Text::parse(written, {});
  promise(parsed.ok(), "what is kept of an event can be read");
  promise(sentry::Event::from_json(parsed->root()).to_json() == written, "an event is kept as it was");
  promise(written.size() < std::size_t{4} << 20, "what is kept of an event is small");
}

}  // namespace

void sentry_page(std::string_view bytes) {
  const std::string repaired = sentry::repair_json(bytes);
  promise(repaired.size() <= 4 * bytes.size() + 64, "repairing does not blow up");
  promise(sentry::repair_json(repaired) == repaired, "what is repaired stays as it is");
  if (auto payload = sentry::read_payload(bytes)) {
    for (const sentry::Issue& issue : payload->issues) kept_the_same(issue);
    for (const sentry::Event& event : payload->events) kept_the_same(event);
  } else {
    promise(!payload.error().message().empty() && payload.error().message().size() < 1000,
            "a refusal has words, not many");
  }
  promise(sentry::error_detail(bytes).size() <= 210, "a server's reason is short");
  if (const auto next = sentry::next_page(bytes)) promise(next->cursor.size() <= 500, "a cursor is short");
  const std::string clean = sentry::clean(bytes, 200);
  promise(clean.size() <= 203 && text::valid_utf8(clean), "what is kept of a text is short and whole");
  promise(clean.find('\n') == std::string::npos, "what is kept of a text is one line");
}

}  // namespace daydream::fuzz
