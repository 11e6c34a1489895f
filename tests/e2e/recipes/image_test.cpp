// container/Dockerfile: no Docker is at hand where tests run, but what it installs can be held against what is linked.
#include <catch2/catch.hpp>
#include <filesystem>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "daydream/kit/process.hpp"
#include "daydream/kit/text.hpp"
#include "support/world.hpp"

using namespace daydream;
namespace fs = std::filesystem;
using Names = std::set<std::string>;

namespace {

std::string output_of(std::vector<std::string> arguments) {
  process::Command command;
  command.arguments = std::move(arguments);
  const auto outcome = process::run(command);
  // Also where it fails: dpkg does so when it does not know one of many names, and tells of the others.
  return outcome ? outcome->output : "";
}

// Of the stage that is kept: the words behind the last "--no-install-recommends".
Names installed_by(const std::string& dockerfile) {
  const std::string option = "--no-install-recommends";
  const auto begin = dockerfile.rfind(option);
  REQUIRE(begin != std::string::npos);
  std::istringstream words(
      dockerfile.substr(begin + option.size(), dockerfile.find("&&", begin) - begin - option.size()));
  Names names;
  for (std::string word; words >> word;) {
    if (word != "\\") names.insert(word);
  }
  return names;
}

// Debian's packages of the libraries that the dynamic linker takes for `program`.
Names linked_by(const fs::path& program) {
  Names names;
  std::istringstream lines(output_of({"ldd", program.string()}));
  for (std::string line; std::getline(lines, line);) {
    const auto path = line.find("=> /");
    if (path == std::string::npos) continue;
    std::string library = fs::canonical(line.substr(path + 3, line.find(" (") - path - 3)).string();
    // /lib is a link to /usr/lib, and dpkg knows a file by one of the two.
    if (library.rfind("/usr/", 0) == 0) library.erase(0, 4);
    const std::string owner = output_of({"dpkg-query", "-S", "*" + library});
    if (!owner.empty()) names.insert(owner.substr(0, owner.find(':')));
  }
  return names;
}

// They come with those that need them.
Names with_what_they_need(Names names) {
  std::vector<std::string> arguments{"dpkg-query", "-W", "-f", "${Depends}, "};
  arguments.insert(arguments.end(), names.begin(), names.end());
  const std::string needs = output_of(arguments);
  for (const std::string_view one : text::split(needs, ',')) {
    const auto begin = one.find_first_not_of(' ');
    if (begin != std::string_view::npos) names.emplace(one.substr(begin, one.find_first_of(" :(", begin) - begin));
  }
  return names;
}

}  // namespace

TEST_CASE("container: the image installs what the program and the six steps are linked against") {
  if (output_of({"dpkg-query", "--version"}).empty() || output_of({"ldd", "--version"}).empty()) {
    WARN("skipped: no dpkg or no ldd here");
    return;
  }
  const fs::path program = DAYDREAM_PROGRAM;
  Names linked = linked_by(program);
  REQUIRE(linked.count("libsqlite3-0") == 1);
  std::size_t steps = 0;
  for (const auto& step : fs::directory_iterator(program.parent_path() / "plugins")) {
    if (step.path().extension() != ".so") continue;
    linked.merge(linked_by(step.path()));
    ++steps;
  }
  CHECK(steps >= 6);
  const Names listed = installed_by(testing::read_file(fs::path(RECIPES) / "container/Dockerfile"));
  const Names there = with_what_they_need(listed);
  for (const std::string& package : linked) {
    INFO(package);
    CHECK(there.count(package) == 1);
  }
  // What no linker knows of: opened late, started, read.
  for (const char* package : {"libcurl4", "git", "ca-certificates", "tzdata"}) CHECK(listed.count(package) == 1);
}
