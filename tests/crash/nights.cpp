#include "crash/nights.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <map>

#include "daydream/kit/json.hpp"
#include "e2e/results.hpp"
#include "e2e/running.hpp"
#include "e2e/six/service.hpp"

namespace daydream::crash {

namespace {

namespace fs = std::filesystem;

constexpr const char* kNow = "2026-11-22T02:30:00Z";

void command(const std::vector<std::string>& arguments) {
  process::Command command;
  command.arguments = arguments;
  auto outcome = process::run(command);
  REQUIRE(outcome.ok());
  INFO(outcome->error);
  REQUIRE(outcome->good());
}

void write_manifest(World& world, Flavour flavour) {
  const bool in_place = flavour == Flavour::kInPlace, plain = flavour == Flavour::kPlain;
  world.manifest(
      std::string(R"({"manifest": 1, "extends": [")" CONFIG_DIRECTORY R"(/daydream.json"], )") +
      (in_place ? R"("mode": "in-place", )"
       : plain  ? R"("mode": "patch", )"
                : R"("verify": {"command": ["grep", "-q", "def total", "shop/cart.py"]}, )") +
      R"("steps": [{"id": "sentry_review", "config": {"source": {"directory": "sentry"}}})" +
      (in_place ? R"(, {"id": "log_review", "config": {"archive": {"apply": true, "unlink": true, "after": "1h"}}}])"
                : "]") +
      "}");
}

void prepare(World& world, Flavour flavour) {
  e2e::service_project(world);
  world.write("shop/old.py",
              "import os\nimport json\n\n\ndef load(text):\n    return json.loads(text)\n    print(\"never\")\n");
  world.commit("older", "2026-11-02T10:00:00Z");
  fs::remove_all(world.repository() / (under_git(flavour) ? ".git/hooks" : ".git"));
  world.write("logs/app.log.1",
              "2026-11-20 03:00:00,000 INFO shop.cart: started\n2026-11-20 04:00:00,000 INFO shop.cart: stopped\n");
  for (const char* name : {"logs/app.log", "logs/app.log.1"})
    command({"touch", "-d", "2026-11-21T20:00:00Z", (world.repository() / name).string()});
  write_manifest(world, flavour);
}

// Names below a folder; a name in capital X where a random or numbered part would stand is not needed: none has one.
std::string names_below(const fs::path& folder, const std::string& title) {
  std::string names;
  for (const auto& [name, content] : World::snapshot(folder)) names += title + name + "\n";
  return names;
}

// Files with their bytes, without those of the state directory but for the patches.
std::string files_of(const fs::path& folder) {
  std::string view;
  for (const auto& [path, content] : World::snapshot(folder)) {
    if (path.rfind("logs/daydream/", 0) != 0 || path.rfind("logs/daydream/patches/", 0) == 0)
      view += path + "\n" + content + "\n";
  }
  return view;
}

std::string locks_of_git(const World& world) {
  std::string names;
  for (const auto& [name, content] : World::snapshot(world.repository() / ".git")) {
    if (name.size() > 5 && name.compare(name.size() - 5, 5, ".lock") == 0) names += ".git/" + name + "\n";
  }
  return names;
}

std::string work_directory_names(const World& world) {
  std::string names;
  for (const auto& [name, content] : World::snapshot(world.root() / "cache")) {
    const auto inside = name.find('/', name.find('/') + 1);  // daydream/<hash of the path>/...
    const std::string rest = inside == std::string::npos ? name : name.substr(inside + 1);
    if (rest.rfind("tree/", 0) != 0) names += "cache " + rest + "\n";
  }
  return names;
}

}  // namespace

const char* name_of(Flavour flavour) {
  switch (flavour) {
    case Flavour::kBranch:
      return "branch";
    case Flavour::kInPlace:
      return "in-place";
    case Flavour::kSecondNight:
      return "second night";
    case Flavour::kPlain:
      return "without git";
  }
  return "?";
}

bool under_git(Flavour flavour) {
  return flavour != Flavour::kPlain;
}

Prepared::Prepared(Flavour flavour) : flavour_(flavour) {
  if (access("/dev/shm", W_OK) == 0) setenv("TMPDIR", "/dev/shm", 0);  // SIGKILL loses nothing of a page cache
  original_ = std::make_unique<World>();
  prepare(*original_, flavour);
  const auto calm = copy();
  const Ran ran = start_again(*calm);
  INFO(ran.out << ran.err);
  REQUIRE(ran.exit_code == 0);
  expected_ = outcome(*calm);
}

const Prepared& Prepared::of(Flavour flavour) {
  static std::map<Flavour, std::unique_ptr<Prepared>> made;
  auto& prepared = made[flavour];
  if (!prepared) prepared = std::make_unique<Prepared>(flavour);
  return *prepared;
}

std::unique_ptr<World> Prepared::copy() const {
  auto world = std::make_unique<World>();
  fs::remove(world->repository());
  command({"cp", "-a", original_->repository().string(), world->root().string()});
  write_manifest(*world, flavour_);
  if (flavour_ != Flavour::kSecondNight) return world;
  const Ran first = world->run({"--now", "2026-11-21T02:30:00Z"});
  INFO(first.err);
  REQUIRE(first.exit_code == 0);
  world->write("shop/new.py", "import re\nimport json\n\n\ndef dump(data):\n    return json.dumps(data)\n");
  world->commit("a human's", "2026-11-21T10:00:00Z");
  return world;
}

Program night_of(const World& world) {
  Program program;
  program.arguments = {testing::daydream_program(),
                       "run",
                       "--if-due",
                       "--manifest",
                       (world.root() / "pipeline.json").string(),
                       "--now",
                       kNow};
  program.environment = world.environment;
  program.directory = world.repository().string();
  program.output = (world.root() / "output.txt").string();
  return program;
}

Ran start_again(const World& world) {
  return world.run({"--if-due"});
}

std::string outcome(const World& world) {
  if (!fs::exists(world.state() / "report_2026-11-22.json")) return "no report";
  const std::string report = e2e::report_json(world);
  if (!json::Text::parse(report, {.name = "report", .positions = false})) return "a torn report";
  std::string view;
  if (fs::exists(world.repository() / ".git"))
    view = e2e::result_of(world) + world.users_view() + world.git({"for-each-ref"}) + "\n";
  else
    view = e2e::steady(report) + files_of(world.repository());
  for (const auto& [name, content] : World::snapshot(world.repository() / "logs")) {
    if (name.rfind("daydream/", 0) != 0 || name.rfind("daydream/archive/", 0) == 0)
      view += name + "\n" + content + "\n";
  }
  const std::string markdown = e2e::report(world);
  view += "report " + markdown.substr(0, markdown.find('\n')) + "\n";
  view += "status " + e2e::state_member(world, "status") + "\n";
  view += names_below(world.state(), "state ");
  return view + work_directory_names(world) + locks_of_git(world);
}

}  // namespace daydream::crash
