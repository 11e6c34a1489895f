// Undisturbed runs: that they end well, and that neither tables, time nor company change what they come to.
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <memory>

#include "check.hpp"
#include "descriptor.hpp"
#include "isolate.hpp"
#include "lens.hpp"
#include "snapshot.hpp"
#include "tables.hpp"
#include "trial.hpp"

namespace daydream::conformance {
namespace {

std::string counted(int number, const std::string& what) {
  return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

// In this process, which ends with the check.
Trial here(const dd_plugin& step, const testing::Start& start) {
  testing::MemoryHost host(start);
  stage("in a run");
  testing::Answer answer = host.run(step);
  return trial_of(host, std::move(answer));
}

}  // namespace

Verdict check_run(const Subject& subject) {
  return with_step(subject, [&](const dd_plugin& step) {
    testing::MemoryHost host(subject.start);
    stage("in a run");
    const testing::Answer answer = host.run(step);
    if (const std::string wrong = trouble(answer); !wrong.empty()) return Verdict::fail(wrong);
    if (has_children()) return Verdict::fail(kChildLeft);
    if (answer.status != DD_OK && answer.status != DD_SKIPPED) {
      return Verdict::fail(answer.stage + " said " + outcome_of(answer) +
                           (subject.config_given ? "" : "; --config gives it options, --case what earlier steps said"));
    }
    return Verdict::ok(outcome_of(answer) + ", " + counted(static_cast<int>(host.commits().size()), "commit") + ", " +
                       counted(static_cast<int>(host.ledger().findings().size()), "finding"));
  });
}

Verdict check_commands(const Subject& subject) {
  return with_step(subject, [&](const dd_plugin& step) {
    auto descriptor = read_descriptor(step.descriptor);
    if (!descriptor) return Verdict::fail(descriptor.error().message());
    if (descriptor->commands.empty()) return Verdict::skip("it has no commands");
    for (const std::string& name : descriptor->commands) {
      for (const char* arguments : {"[]", R"(["--no-such-flag"])", R"(["", "two", "three", "four"])"}) {
        testing::MemoryHost host(subject.start);
        stage("in command " + name + " with the arguments " + arguments);
        const testing::Answer answer = host.command(step, name, arguments);
        if (const std::string wrong = trouble(answer); !wrong.empty()) {
          return Verdict::fail(name + " " + arguments + ": " + wrong);
        }
      }
    }
    return Verdict::ok(counted(static_cast<int>(descriptor->commands.size()), "command"));
  });
}

Verdict check_smallest_tables(const Subject& subject) {
  return with_step(subject, [&](const dd_plugin& step) {
    const Trial first = undisturbed(step, subject.start);
    Lens lens(step);
    lens.service = [](std::string_view id, const void* table) { return smallest_table(id, table); };
    lens.host_table = [](const dd_host* table) { return smallest_host(table); };
    const std::string wrong = difference(first, here(lens.plugin(), subject.start));
    return wrong.empty() ? Verdict::ok() : Verdict::fail("with tables of the first minor: " + wrong);
  });
}

Verdict check_newest_tables(const Subject& subject) {
  return with_step(subject, [&](const dd_plugin& step) {
    const Trial first = undisturbed(step, subject.start);
    Lens lens(step);
    lens.service = [](std::string_view, const void* table) { return grown_table(table); };
    lens.host_table = [](const dd_host* table) { return grown_host(table); };
    const std::string wrong = difference(first, here(lens.plugin(), subject.start));
    return wrong.empty() ? Verdict::ok()
                         : Verdict::fail("with tables that have grown at their end (struct_size is larger): " + wrong);
  });
}

Verdict check_missing_services(const Subject& subject) {
  return with_step(subject, [&](const dd_plugin& step) {
    const std::string all;
    for (const std::string& missing : {all, std::string("daydream.run/1"), std::string("daydream.state/1"),
                                       std::string("daydream.changes/1"), std::string("daydream.http/1")}) {
      Lens lens(step);
      lens.service = [&](std::string_view id, const void* table) {
        return missing.empty() || id == missing ? nullptr : table;
      };
      testing::MemoryHost host(subject.start);
      const std::string what = missing.empty() ? "any service" : missing;
      stage("where the host lacks " + what);
      const testing::Answer answer = host.run(lens.plugin());
      if (const std::string wrong = trouble(answer); !wrong.empty()) {
        return Verdict::fail("where the host lacks " + what + ": " + wrong);
      }
    }
    return Verdict::ok();
  });
}

Verdict check_run_twice(const Subject& subject) {
  return with_step(subject, [&](const dd_plugin& step) {
    const Trial first = undisturbed(step, subject.start);
    for (const char* turn : {"the first", "the second", "the third"}) {
      const std::string wrong = difference(first, here(step, subject.start));
      if (!wrong.empty()) {
        return Verdict::fail(std::string(turn) + " run of one process: " + wrong +
                             ": does something static outlive close()?");
      }
    }
    return Verdict::ok();
  });
}

namespace {

// Two instances, the calls in the order open 1, open 2, run 1, run 2, close 2, close 1.
struct Pair {
  const dd_plugin* step = nullptr;
  testing::MemoryHost* second = nullptr;
  void* first_self = nullptr;
  dd_status first_status = DD_OK;
  testing::Answer second_answer;
};
Pair pair;

dd_status run_second(void* self) noexcept {
  pair.first_status = pair.step->run(pair.first_self);
  return pair.step->run(self);
}

dd_status run_first(void* self) noexcept {
  pair.first_self = self;
  dd_plugin inner = *pair.step;
  inner.run = &run_second;
  pair.second_answer = pair.second->run(inner);
  return pair.first_status;
}

// Every other file only: what the two see must differ, or a mix of both would not show.
testing::Start halved(testing::Start start) {
  bool keep = false;
  std::erase_if(start.files, [&](const auto&) { return keep = !keep; });
  start.history.clear();
  return start;
}

}  // namespace

Verdict check_two_instances(const Subject& subject) {
  return with_step(subject, [&](const dd_plugin& step) {
    const testing::Start other = halved(subject.start);
    const Trial alone = undisturbed(step, subject.start);
    const Trial other_alone = undisturbed(step, other);
    testing::MemoryHost first(subject.start);
    testing::MemoryHost second(other);
    pair = {&step, &second, nullptr, DD_OK, {}};
    dd_plugin outer = step;
    outer.run = &run_first;
    stage("with two instances at once");
    testing::Answer answer = first.run(outer);
    if (const auto wrong = difference(alone, trial_of(first, std::move(answer))); !wrong.empty()) {
      return Verdict::fail("the first of two instances: " + wrong + ": keep host, run and tables in the instance");
    }
    const auto wrong = difference(other_alone, trial_of(second, pair.second_answer));
    return wrong.empty() ? Verdict::ok() : Verdict::fail("the second of two instances: " + wrong);
  });
}

namespace {

// Other addresses from the heap, another clock, zone, language, user and folder: none is the tree's.
void disturb(int round) {
  for (int size = 16; size < 600; size += 24) {
    for (int count = 0; count < 7 + round; ++count) {
      void* block = std::malloc(static_cast<std::size_t>(size));
      if (count % (round + 2) == 0) std::free(block);
    }
  }
  const std::time_t now = std::time(nullptr);
  while (std::time(nullptr) == now) ::usleep(10'000);
  ::setenv("TZ", round == 1 ? "Asia/Tokyo" : "America/Lima", 1);
  ::setenv("LANG", round == 1 ? "tr_TR.UTF-8" : "C", 1);
  ::setenv("USER", round == 1 ? "somebody" : "another", 1);
  ::tzset();
  if (::chdir("/") != 0) stage("in /");
}

}  // namespace

Verdict check_deterministic(const Subject& subject) {
  return with_step(subject, [&](const dd_plugin& step) {
    const Trial first = undisturbed(step, subject.start);
    for (const int round : {1, 2}) {
      testing::Start start = subject.start;
      start.page = round == 1 ? 1000 : 5;
      disturb(round);
      const std::string wrong = difference(first, undisturbed(step, start));
      if (!wrong.empty()) {
        return Verdict::fail("another time, in another folder: " + wrong + ": no clock, no order of a hash, no path");
      }
    }
    return Verdict::ok();
  });
}

}  // namespace daydream::conformance
