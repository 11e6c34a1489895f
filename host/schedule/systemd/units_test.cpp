// The units in config/systemd, read by systemd's own checker where there is one.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/files.hpp"
#include "daydream/kit/process.hpp"

using namespace daydream;
namespace fs = std::filesystem;

namespace {

// The units as installed, but with a program that is there: the checker looks for it.
struct Units {
  Path path;
  Units() {
    std::string name = "/tmp/daydream_units_XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
    for (const auto& entry : fs::directory_iterator(DAYDREAM_SYSTEMD_UNITS)) {
      if (entry.path().filename() == "CMakeLists.txt") continue;
      std::string unit = *files::read(entry.path());
      if (const std::size_t at = unit.find("ExecStart=daydream "); at != std::string::npos)
        unit.replace(at + 10, 8, "/bin/true");
      std::ofstream(path / entry.path().filename()) << unit;
    }
  }
  ~Units() { fs::remove_all(path); }

  [[nodiscard]] process::Outcome analyze(std::vector<std::string> arguments) const {
    process::Command command;
    command.arguments = {"systemd-analyze"};
    command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
    command.extra = {{"XDG_RUNTIME_DIR", path.string()}, {"SYSTEMD_COLORS", "0"}};
    auto outcome = process::run(command);
    REQUIRE(outcome);
    return *std::move(outcome);
  }
};

bool no_checker() {
  if (process::find_program("systemd-analyze")) return false;
  WARN("skipped: this machine has no systemd-analyze");
  return true;
}

}  // namespace

TEST_CASE("systemd finds nothing wrong with the units, for the system and for a user") {
  if (no_checker()) return;
  const Units units;
  const auto* unit = GENERATE("daydream@.service", "daydream@.timer", "daydream-serve@.service");
  const auto* manager = GENERATE("--system", "--user");
  CAPTURE(unit, manager);
  const auto outcome = units.analyze({"verify", manager, "--man=no", (units.path / unit).string()});
  CHECK(outcome.error == "");
  CHECK(outcome.good());
}

TEST_CASE("a unit with a misspelt key would be found") {
  if (no_checker()) return;
  const Units units;
  std::ofstream(units.path / "daydream@.timer", std::ios::app) << "[Timer]\nPersistant=yes\n";
  const auto outcome = units.analyze({"verify", "--system", "--man=no", (units.path / "daydream@.timer").string()});
  CHECK_THAT(outcome.error, Catch::Contains("Persistant"));
}

TEST_CASE("the services are confined: systemd calls their exposure ok") {
  if (no_checker()) return;
  const Units units;
  const auto* unit = GENERATE("daydream@.service", "daydream-serve@.service");
  CHECK(units.analyze({"security", "--offline=yes", "--threshold=25", (units.path / unit).string()}).good());
  CHECK_FALSE(units.analyze({"security", "--offline=yes", "--threshold=5", (units.path / unit).string()}).good());
}
