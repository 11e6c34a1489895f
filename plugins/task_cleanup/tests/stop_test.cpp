// While it looks at the comments of a folder the step says where it is and hears that it is to stop; the next try
// ends as an undisturbed one does.
#include <algorithm>
#include <catch2/catch.hpp>

#include "daydream/testing/memory_host.hpp"

using namespace daydream::testing;

namespace {

// The step behind a host that notes each word of progress, and wants it to stop once one of them was said.
struct Listener {
  const dd_host* host = nullptr;  // the one behind it
  dd_host own{};
  std::vector<std::string> said;
  std::string stop_at;
  bool stops = false;
};
Listener listener;  // one thread, one try at a time

void progress(dd_run* run, std::uint64_t done, std::uint64_t total, dd_text what) noexcept {
  listener.said.emplace_back(what.data, what.size);
  // While the files are first read their number is known.
  if (total == 0 && listener.said.back() == listener.stop_at) listener.stops = true;
  listener.host->progress(run, done, total, what);
}

std::int32_t cancelled(dd_run* run) noexcept {
  return listener.stops ? 1 : listener.host->cancelled(run);
}

const dd_plugin& step() {
  auto opened = open_plugin(TASK_CLEANUP_SO);
  if (!opened) FAIL(opened.error().message());
  return **opened;
}

dd_status open(const dd_host* host, dd_run* run, dd_text config, void** self) noexcept {
  listener.host = host;
  listener.own = *host;
  listener.own.progress = &progress;
  listener.own.cancelled = &cancelled;
  return step().open(&listener.own, run, config, self);
}

Answer listened(MemoryHost& host, const std::string& stop_at) {
  listener = {};
  listener.stop_at = stop_at;
  dd_plugin plugin = step();
  plugin.open = &open;
  return host.run(plugin);
}

Start start() {
  Start start;
  HistoryCommit first;
  first.message = "start";
  first.date = "2026-10-01T10:00:00Z";
  for (const char* path : {"a.c", "b.c", "c.c"}) {
    first.files[path] = std::string("int x;  // TODO(#12): handle empty ").append(path).append("\n");
  }
  HistoryCommit second;
  second.message = "Fixes #12";
  second.date = "2026-10-02T10:00:00Z";
  second.files["d.c"] = "int d;\n";
  start.files = first.files;
  start.files.insert(second.files.begin(), second.files.end());
  start.history = {first, second};
  return start;
}

}  // namespace

TEST_CASE("asked to stop amid the comments of a folder it stops there, and the next try ends as one that was not") {
  MemoryHost calm(start());
  REQUIRE(listened(calm, "").good());
  const auto& said = listener.said;
  for (const char* path : {"a.c", "b.c", "c.c"}) CHECK(std::count(said.begin(), said.end(), path) == 2);
  REQUIRE(calm.finding_lines().size() == 3);

  MemoryHost host(start());
  const Answer stopped = listened(host, "b.c");
  CHECK(stopped.status == DD_CANCELLED);
  CHECK(std::count(listener.said.begin(), listener.said.end(), "c.c") == 1);
  CHECK(host.finding_lines().empty());
  // What git said of the first file is kept, and of the second it was not asked.
  CHECK(host.ledger().memory().contains("written/a.c"));
  CHECK_FALSE(host.ledger().memory().contains("written/b.c"));

  REQUIRE(listened(host, "").good());
  CHECK(host.finding_lines() == calm.finding_lines());
  CHECK(host.ledger().memory() == calm.ledger().memory());
  for (const char* path : {"a.c", "b.c", "c.c"}) CHECK(host.file(path) == calm.file(path));
}
