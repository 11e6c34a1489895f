#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "cli/plugins.hpp"
#include "daydream/kit/process.hpp"

using namespace daydream;
using Catch::Matchers::Contains;

namespace {

namespace fs = std::filesystem;

// A folder of its own, removed at the end.
struct Place {
  Place() {
    std::string name = "/tmp/daydream-plugins-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    root = name;
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place() { fs::remove_all(root); }
  [[nodiscard]] process::Outcome daydream(std::vector<std::string> words) const {
    words.insert(words.begin(), DAYDREAM_PROGRAM);
    process::Command command;
    command.arguments = std::move(words);
    command.directory = root.native();
    auto outcome = process::run(command);
    REQUIRE(outcome);
    return *outcome;
  }
  fs::path root;
};

std::string content_of(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string why(const std::string& typed) {
  auto name = cli::step_name(typed);
  return name ? "" : name.error().message();
}

}  // namespace

TEST_CASE("a step's name gives its id, its target and its title") {
  auto name = cli::step_name("acme/team_lint2");
  REQUIRE(name);
  CHECK(name->step == "team_lint2");
  CHECK(name->vendor == "acme");
  CHECK(name->title == "Team Lint2");
  CHECK(name->id == "acme/team_lint2");
  name = cli::step_name("lint");
  REQUIRE(name);
  CHECK(name->id == "lint");
  CHECK(name->vendor.empty());
}

TEST_CASE("what cannot name a step is told what can") {
  CHECK(why("Team-Lint") ==
        "\"Team-Lint\" cannot name a step: expected lower-case letters, digits and '_', beginning with a letter, at "
        "most 31, perhaps as vendor/name; did you mean \"team_lint\"?");
  CHECK_THAT(why("Acme Inc/Lint"), Contains("did you mean \"acme_inc/lint\"?"));
  CHECK_THAT(why("2fast"), Contains("did you mean \"fast\"?"));
  for (const char* typed : {"", "/", "a/", "/a", "a/b/c", "..", "../x", "a b", "\xff", "ä", "-"})
    CHECK(!why(typed).empty());
  CHECK(why("").find("did you mean") == std::string::npos);
  CHECK(!why(std::string(32, 'a')).empty());
  CHECK(why(std::string(31, 'a')).empty());
  CHECK(why("test") == "\"test\" cannot name a step: CMake has a target of that name");
}

TEST_CASE("a new step is the template under its name, and overwrites nothing") {
  const Place place;
  const auto made = place.daydream({"plugins", "new", "acme/team_lint"});
  CHECK(made.exit_code == 0);
  CHECK_THAT(made.output, Contains("team_lint: CMakeLists.txt, ") && Contains("tests/first.case"));
  const fs::path step = place.root / "team_lint";
  CHECK_THAT(content_of(step / "descriptor.json"), Contains("\"acme/team_lint\"") && Contains("\"Team Lint\""));
  CHECK_THAT(content_of(step / "CMakeLists.txt"), Contains("daydream_add_step(team_lint SOURCES"));
  CHECK_THAT(content_of(step / "tests/first.case"), Contains("acme/trailing-space safe"));
  CHECK((fs::status(step / "check.sh").permissions() & fs::perms::owner_exec) != fs::perms::none);

  std::ofstream(step / "step.cpp") << "mine";
  const auto again = place.daydream({"plugins", "new", "acme/team_lint"});
  CHECK(again.exit_code == 64);
  CHECK(again.error == "daydream: team_lint is there already, and nothing is overwritten: name another with --dir\n");
  CHECK(content_of(step / "step.cpp") == "mine");
  const auto dangling = place.root / "link";
  fs::create_symlink("nowhere", dangling);
  CHECK(place.daydream({"plugins", "new", "other", "--dir", "link"}).exit_code == 64);
  std::ptrdiff_t entries = std::distance(fs::directory_iterator(place.root), fs::directory_iterator());
  CHECK(entries == 2);  // nothing half-made is left

  fs::create_directory(place.root / "empty");
  CHECK(place.daydream({"plugins", "new", "other", "--dir", "empty/"}).exit_code == 0);
  CHECK(fs::exists(place.root / "empty/step.cpp"));
  CHECK(place.daydream({"plugins", "new", "third", "--dir", "a/b/third"}).exit_code == 0);
  CHECK_THAT(content_of(place.root / "a/b/third/descriptor.json"), Contains("\"id\": \"third\""));
}

TEST_CASE("words of `plugins` take their own flags only, and say what they lack") {
  const Place place;
  CHECK(place.daydream({"plugins", "new", "x", "--json"}).error == "daydream: plugins new takes no --json\n");
  CHECK(place.daydream({"plugins", "list", "--dir", "x"}).error == "daydream: plugins list takes no --dir\n");
  CHECK(place.daydream({"plugins", "new"}).exit_code == 64);
  CHECK(place.daydream({"plugins", "test", "x.so"}).exit_code == 64);
  CHECK_THAT(place.daydream({"plugins", "test", "x.so", "."}).error, Contains("x.so") && Contains("No such file"));
  CHECK_THAT(place.daydream({"plugins", "run", "x.so"}).error, Contains("x.so") && Contains("No such file"));
  std::ofstream(place.root / "x.so") << "no library";
  fs::create_directory(place.root / "cases");
  const auto none = place.daydream({"plugins", "test", "x.so", "cases"});
  CHECK(none.exit_code == 64);
  CHECK(none.error == "daydream: cases: holds no .case file\n");
}
