#include "frames/messages.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "frames/codec.hpp"

namespace daydream::frames {
namespace {

Start some_start() {
  Start start;
  start.task = Task::kCommand;
  start.plugin_file = "/p.so";
  start.config = R"({"a":1})";
  start.roots = {{"source", "/tree"}, {"log:0", "/var/log"}};
  start.has_checkpoint = true;
  start.checkpoint_schema = 3;
  start.checkpoint = std::string("\0\xff", 2);
  start.readable = {"/tree", ""};
  start.memory_bytes = 1ULL << 40;
  return start;
}

Effect some_edit() {
  Effect effect;
  effect.finding = 7;
  effect.path = "src/\xff.py";
  effect.token = 0x123456789abcdef0;
  effect.spans = {{1, 2, "new"}, {9, 0, ""}};
  return effect;
}

Commit some_commit() {
  Commit commit;
  commit.migrated = true;
  commit.checkpoint = "here";
  commit.put_memory = {{"k", "v"}, {"", ""}};
  commit.drop_memory = {"gone"};
  commit.outputs = {{"o", "[]"}};
  commit.metrics = {{"m", -0.5}};
  commit.findings = {{7, "{}"}};
  commit.effects = {some_edit(), some_edit()};
  commit.effects[1].kind = EffectKind::kStateFile;
  return commit;
}

// Calls `check` with the bytes of one of each message and the function that reads and writes them again.
template <class Check>
void for_each_message(Check check) {
  const auto one = [&](const auto& message) {
    using Message = std::remove_cvref_t<decltype(message)>;
    check(message.encode(), [](std::string_view body) -> std::optional<std::string> {
      auto decoded = Message::decode(body);
      if (!decoded) return std::nullopt;
      return decoded->encode();
    });
  };
  one(some_start());
  one(Ready{{"Landlock", "seccomp"}});
  one(Log{-1, "line"});
  one(Progress{1, 2, "x"});
  one(Explain{"code", "words"});
  one(Done{-3, "run"});
  one(Reply{-7, "body"});
  one(some_commit());
  one(MemoryRequest{"key"});
  one(ScanRequest{"p", "a"});
  one(Pairs{{{"k", "v"}}, true});
  one(OutputRequest{"step", "name"});
  one(ListRequest{"[]", "after"});
  one(Entries{{{"path", 1, 2}}, false});
}

TEST_CASE("every message comes back as it was sent") {
  for_each_message([](const std::string& body, auto again) { CHECK(again(body) == body); });
  auto commit = Commit::decode(some_commit().encode());
  REQUIRE(commit);
  CHECK(commit->effects[0].spans[1].offset == 9);
  CHECK(commit->effects[1].kind == EffectKind::kStateFile);
  CHECK(commit->metrics[0].second == -0.5);
  auto start = Start::decode(some_start().encode());
  REQUIRE(start);
  CHECK(start->task == Task::kCommand);
  CHECK(start->checkpoint == std::string("\0\xff", 2));
  CHECK(start->roots[1].second == "/var/log");
}

TEST_CASE("a message cut short anywhere, or with a byte behind it, is refused") {
  for_each_message([](const std::string& body, auto again) {
    for (std::size_t size = 0; size < body.size(); ++size) {
      // A copy of its own, so that a sanitizer sees a read beyond the end.
      const std::string part(body.data(), size);
      CHECK_FALSE(again(part));
    }
    CHECK_FALSE(again(body + '\0'));
  });
}

TEST_CASE("whatever bit is flipped, a message is refused or read as exactly those bytes") {
  for_each_message([](const std::string& body, auto again) {
    for (std::size_t bit = 0; bit < body.size() * 8; ++bit) {
      std::string flipped = body;
      flipped[bit / 8] = static_cast<char>(static_cast<unsigned char>(flipped[bit / 8]) ^ (1U << (bit % 8)));
      const auto written = again(flipped);
      if (written && *written != flipped) FAIL("bit " << bit << " was read as something else");
    }
  });
}

TEST_CASE("a count that cannot be there is refused before memory is taken for it") {
  Encoder out;
  out.u64(std::numeric_limits<std::uint64_t>::max() / 8);
  CHECK_FALSE(Ready::decode(out.take()));
}

TEST_CASE("an effect of an unknown kind and a metric that is no number are refused") {
  Commit commit;
  commit.effects = {some_edit()};
  commit.effects[0].kind = static_cast<EffectKind>(8);
  CHECK_FALSE(Commit::decode(commit.encode()));
  commit.effects[0].kind = static_cast<EffectKind>(0);
  CHECK_FALSE(Commit::decode(commit.encode()));
  commit.effects.clear();
  commit.metrics = {{"m", std::numeric_limits<double>::quiet_NaN()}};
  CHECK_FALSE(Commit::decode(commit.encode()));
}

}  // namespace
}  // namespace daydream::frames
