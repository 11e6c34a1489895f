// The real program on damaged state directories: the right result, or exit 78 with what is damaged and the command
// that mends it; then that command mends it and the next run comes to the right result.
#include <catch2/catch.hpp>
#include <filesystem>

#include "crash/sweep.hpp"
#include "damage/damages.hpp"
#include "e2e/results.hpp"
#include "e2e/running.hpp"

namespace daydream::damage {
namespace {

namespace fs = std::filesystem;
using e2e::contains;
using testing::Ran;
using testing::World;

constexpr const char* kLastNight = "2026-11-21T02:30:00Z";

void copy_tree(const fs::path& from, const fs::path& into) {
  process::Command command;
  command.arguments = {"cp", "-a", from.string(), into.string()};
  auto outcome = process::run(command);
  REQUIRE(outcome.ok());
  REQUIRE(outcome->good());
}

enum class Moment {
  kBetween,  // last night is done, tonight is to come
  kMiddle,   // tonight's run was killed in its step, with a commit behind it
};

// A repository with a night behind it, and what tonight comes to.
class Prepared {
 public:
  explicit Prepared(Moment moment) {
    if (access("/dev/shm", W_OK) == 0) setenv("TMPDIR", "/dev/shm", 0);
    e2e::marked_project(original_);
    e2e::marker_manifest(original_);
    REQUIRE(original_.run({"--now", kLastNight}).exit_code == 0);
    original_.write("d.txt", "keep d\nBAD five\n");
    original_.commit("a human's", "2026-11-21T10:00:00Z");
    material.older.push_back(image_of(original_.state()));
    if (moment == Moment::kMiddle) kill_in_the_middle();
    material.now = image_of(original_.state());
    prepare_other();
    const auto calm = copy();
    const Ran ran = calm->run();
    INFO(ran.err);
    REQUIRE(ran.exit_code == 0);
    expected = result(*calm);
  }

  [[nodiscard]] std::unique_ptr<World> copy() const {
    auto world = std::make_unique<World>();
    fs::remove(world->repository());
    copy_tree(original_.repository(), world->root());
    e2e::marker_manifest(*world);
    return world;
  }

  // The night branch's tree and what was found; which commits lead there may differ.
  static std::string result(const World& world) {
    if (!fs::exists(world.state() / "report_2026-11-22.json")) return "no report";
    return world.git({"ls-tree", "-r", "daydream/2026-11-22"}) + "\n" + found_in(world) + world.users_view();
  }

  Material material;
  std::string expected;

 private:
  // Ids of findings are of the store's memory, which a repair may have to give up: rules, places, actions.
  static std::string found_in(const World& world) {
    const std::string text = e2e::report_json(world);
    const auto parsed = json::Text::parse(text, {.name = "report", .positions = false});
    REQUIRE(parsed.ok());
    std::string view;
    const json::Value* findings = json::find(parsed->root(), "findings");
    if (findings == nullptr) return view;
    for (const auto& finding : findings->GetArray())
      view += json::get_string(finding, "rule") + " " + json::get_string(finding, "path") + " " +
              json::get_string(finding, "context") + " " + json::get_string(finding, "action") + "\n";
    return view;
  }

  void kill_in_the_middle() {
    e2e::marker_manifest(original_, R"({"trouble": "hang", "at": 3})", "", R"("idle_timeout": "60s", )");
    e2e::Running run = e2e::Running::night(original_);
    REQUIRE(run.until([&] { return contains(e2e::state_member(original_, "step_progress"), "b.txt"); }));
    run.signal(SIGKILL);
    REQUIRE(run.wait(std::chrono::seconds(10)));
    e2e::marker_manifest(original_);
  }

  void prepare_other() {
    World other;
    e2e::marked_project(other);
    e2e::marker_manifest(other);
    REQUIRE(other.run({"--now", kLastNight}).exit_code == 0);
    material.other = image_of(other.state());
  }

  World original_;
};

std::string words_of(const Ran& ran) {
  return "exit " + std::to_string(ran.exit_code) + (ran.signal != 0 ? ", signal " + std::to_string(ran.signal) : "") +
         "\n" + ran.out + ran.err;
}

Ran doctor(const World& world, const std::string& flag) {
  return world.daydream(
      {"doctor", flag, "--manifest", (world.root() / "pipeline.json").string(), "--now", "2026-11-22T02:30:00Z"});
}

// After 78: what the message says, then the night.
std::string mend(const World& world, const Ran& refused, const std::string& expected) {
  if (!contains(refused.err, "is damaged: ") || !contains(refused.err, "daydream doctor --repair"))
    return "78 without its command: " + words_of(refused);
  const Ran repaired = doctor(world, "--repair");
  const bool nothing_left = contains(repaired.err, "daydream doctor --accept-lost-memory");
  if (repaired.exit_code != 0 && !nothing_left) return "doctor --repair: " + words_of(repaired);
  if (nothing_left) {
    const Ran accepted = doctor(world, "--accept-lost-memory");
    if (accepted.exit_code != 0) return "doctor --accept-lost-memory: " + words_of(accepted);
  }
  const Ran again = world.run();
  if (again.exit_code != 0) return "mended, then " + words_of(again);
  if (nothing_left) return "";  // today counts as done: this was a second run
  const std::string parted = e2e::difference(expected, Prepared::result(world));
  return parted.empty() ? "" : "mended, then " + parted + "\n" + repaired.out + again.err;
}

// host/checkpoint/README.md, "What cannot be detected": the newest word of the anchor is gone, and with it the log that
// it would have missed. What is left is a store that once was.
bool is_beyond_detection(const std::vector<Damage>& damages) {
  const auto hits = [&](const char* file) {
    return std::any_of(damages.begin(), damages.end(), [file](const Damage& damage) { return damage.file == file; });
  };
  return hits("daydream.anchor") && hits("daydream.db-wal");
}

std::string try_one(const Prepared& prepared, const std::vector<Damage>& damages) {
  const auto world = prepared.copy();
  Image image = prepared.material.now;
  for (const Damage& damage : damages) (void)apply(damage, prepared.material, image);
  for (const auto& [name, bytes] : prepared.material.now) fs::remove(world->state() / name);
  for (const auto& [name, bytes] : image) testing::write_file(world->state() / name, bytes);
  const Ran ran = world->run();
  if (ran.exit_code == 78) return mend(*world, ran, prepared.expected);
  if (ran.exit_code != 0) return words_of(ran);
  const std::string parted = e2e::difference(prepared.expected, Prepared::result(*world));
  return parted.empty() || is_beyond_detection(damages) ? "" : parted + "\n" + ran.err;
}

void try_all(const char* title, Moment moment) {
  const Prepared prepared(moment);
  std::vector<std::vector<Damage>> points;
  for (const char* file :
       {"daydream.db", "daydream.db-wal", "daydream.anchor", "daydream.db.bak", "state.json", "lock"}) {
    for (auto& one : alone(prepared.material, file)) points.push_back(std::move(one));
  }
  for (auto& more : together(points, points.size() / 2)) points.push_back(std::move(more));
  // Of bytes alone, the store's own tests try all; here each twentieth in the long run.
  std::vector<std::vector<Damage>> some;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const bool bytes = points[i].size() == 1 && points[i][0].kind == Kind::kFlip;
    if (!bytes || i % 20 == 0) some.push_back(points[i]);
  }
  crash::Sweep sweep(title, some.size(), std::chrono::milliseconds(5000));
  sweep.run([&](std::uint64_t point) {
    const std::string wrong = try_one(prepared, some[point]);
    return wrong.empty() ? "" : words_of(some[point]) + ": " + wrong;
  });
}

TEST_CASE("a state directory damaged between two nights: the night is right, or refused and mended", "[damage]") {
  try_all("program between two nights", Moment::kBetween);
}

TEST_CASE("a state directory damaged in the middle of a night: it is right, or refused and mended", "[damage]") {
  try_all("program in the middle of a night", Moment::kMiddle);
}

}  // namespace
}  // namespace daydream::damage
