// The store opened on damaged files: it shows a commit that it really had, no older than its anchor says, or says
// that it is damaged and by which command it is mended; and then that command mends it.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstring>

#include "checkpoint/anchor.hpp"
#include "checkpoint/store.hpp"
#include "crash/sweep.hpp"
#include "damage/history.hpp"
#include "support/world.hpp"

namespace daydream::damage {
namespace {

using checkpoint::Store;
using std::chrono::milliseconds;

bool has(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

// "" when the store shows what it showed after its newest commit.
std::string compare(Store& store, const std::map<std::int64_t, std::string>& views, std::int64_t at_least) {
  auto view = view_of(store);
  if (!view) return view.error().kind() == ErrorKind::kDamaged ? "" : "reading: " + view.error().message();
  const auto known = views.find(store.generation());
  if (known == views.end()) return "shows commit " + std::to_string(store.generation()) + ", which never was";
  if (known->second != *view) return "shows commit " + std::to_string(store.generation()) + " otherwise than it was";
  if (store.generation() < at_least) return "went back behind its anchor";
  return "";
}

// The store goes on: it takes a commit and shows it when it is opened again.
std::string goes_on(const Place& place) {
  for (int i = 0; i < 2; ++i) {
    auto store = Store::open(place.options());
    if (!store) return "mended, but: " + store.error().message();
    auto value = (*store)->memory("p", "new");
    if (!value) return "mended, but: " + value.error().message();
    if (value->value_or("") != (i == 0 ? "" : "value")) return "lost a commit after it was mended";
    checkpoint::Transaction transaction;
    transaction.put_memory("p", "new", "value");
    if (auto done = (*store)->commit(std::move(transaction)); !done) return "mended, but: " + done.error().message();
    if (auto done = (*store)->keep_copy(); !done) return "mended, but: " + done.error().message();
  }
  return "";
}

std::string accept_lost(const Place& place) {
  auto accepted = checkpoint::accept_lost_memory(place.options(), "2026-11-22");
  if (!accepted) return "accept-lost-memory: " + accepted.error().message();
  auto store = Store::open(place.options());
  if (!store) return "started anew, but: " + store.error().message();
  if ((*store)->runs()->size() != 1) return "started anew, but today does not count";
  store->reset();
  return goes_on(place);
}

std::string mended(const Place& place, const std::map<std::int64_t, std::string>& views) {
  const auto found = checkpoint::diagnose(place.options());
  std::string words;
  bool fatal = false;
  for (const auto& one : found) {
    words.append(one.what).append(" -> ").append(one.remedy).append("\n");
    fatal = fatal || one.fatal;
  }
  if (!fatal) return "refused, but doctor finds nothing: " + words;
  auto repaired = checkpoint::repair_store(place.options());
  if (!repaired) {
    const bool said = has(repaired.error().message(), "--accept-lost-memory") && has(words, "--accept-lost-memory");
    return said ? accept_lost(place) : "repair: " + repaired.error().message() + "; doctor said " + words;
  }
  if (!has(words, "doctor --repair")) return "repaired, but doctor had no word of it: " + words;
  auto store = Store::open(place.options());
  if (!store) return "repaired, but: " + store.error().message();
  auto view = view_of(**store);
  if (!view) return "repaired, but: " + view.error().message();
  const auto known = views.find((*store)->generation());
  if (known == views.end() || known->second != *view) return "repaired to something that never was";
  store->reset();
  return goes_on(place);
}

// What a damaged directory comes to. `views` also of another store, where one of its files was put here.
std::string judged(const Place& place, const std::map<std::int64_t, std::string>& views) {
  const auto anchor = checkpoint::Anchor::read(place.state());
  const std::int64_t at_least = anchor ? anchor->point().generation : 0;
  {
    auto store = Store::open(place.options());
    if (store) {
      const bool anew = (*store)->generation() == 0 && !(*store)->notices().empty() &&
                        has((*store)->notices().back(), "has vanished");
      if (anew) return "";
      if (auto view = view_of(**store); view) return compare(**store, views, at_least);
      const std::string wrong = compare(**store, views, at_least);
      if (!wrong.empty()) return wrong;
    } else if (store.error().kind() != ErrorKind::kDamaged) {
      return "opening: " + store.error().message();
    } else if (!has(store.error().message(), "daydream doctor --repair")) {
      return "no command: " + store.error().message();
    }
  }
  return mended(place, views);
}

// The same in a process of its own: a damaged file must not end the program either.
std::string judged_apart(const Place& place, const std::map<std::int64_t, std::string>& views) {
  int ends[2];
  if (pipe(ends) != 0) return "no pipe";
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGABRT, SIG_DFL);
    signal(SIGSEGV, SIG_DFL);
    const std::string words = judged(place, views);
    const ssize_t written = write(ends[1], words.data(), std::min<std::size_t>(words.size(), 4000));
    _exit(written < 0 ? 1 : 0);
  }
  close(ends[1]);
  std::string words(4000, '\0');
  const ssize_t got = read(ends[0], words.data(), words.size());
  close(ends[0]);
  words.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  int status = 0;
  waitpid(child, &status, 0);
  if (status != 0)
    return "the program ended with " + std::string(WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "an error") +
           " " + words;
  return words;
}

void try_all(Shape shape, milliseconds time) {
  const History history = history_of(shape);
  std::vector<std::vector<Damage>> points;
  for (const char* file : {"daydream.db", "daydream.db-wal", "daydream.anchor", "daydream.db.bak"}) {
    for (auto& one : alone(history.material, file)) points.push_back(std::move(one));
  }
  for (auto& more : together(points, points.size() / 3)) points.push_back(std::move(more));
  const Place place;
  testing::write_file(place.root() / "work/state-directory", place.state().string() + "\n");
  crash::Sweep sweep(std::string("store ") + name_of(shape), points.size(), time);
  sweep.run([&](std::uint64_t point) {
    Image image = history.material.now;
    for (const Damage& damage : points[point]) (void)apply(damage, history.material, image);
    put_back(image, place.state());
    const std::string wrong = judged_apart(place, history.views);
    return wrong.empty() ? "" : words_of(points[point]) + ": " + wrong;
  });
}

TEST_CASE("damage after a night: the store is right, or says so and is mended", "[damage]") {
  try_all(Shape::kClosed, milliseconds(3000));
}

TEST_CASE("damage after a kill: the store is right, or says so and is mended", "[damage]") {
  try_all(Shape::kKilled, milliseconds(3500));
}

TEST_CASE("damage after a kill of a run that had gone on: the store is right, or says so and is mended", "[damage]") {
  try_all(Shape::kResumed, milliseconds(3500));
}

}  // namespace
}  // namespace daydream::damage
