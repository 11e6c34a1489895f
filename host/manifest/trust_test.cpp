// A repository's own manifest may not reach beyond it before somebody has said so.
#include <sys/stat.h>
#include <catch2/catch.hpp>
#include <thread>

#include "manifest/load.hpp"
#include "manifest/test_folder.hpp"

using namespace daydream;

namespace {

struct World : testing::Folder {
  World() {
    std::filesystem::create_directories(repository());
    ::setenv("XDG_CONFIG_HOME", (path() / "config").c_str(), 1);
  }
  Path repository() const { return path() / "repo"; }
  Path file() const { return repository() / ".daydream/pipeline.json"; }
  manifest::Loaded manifest(const std::string& members, const std::string& step = "") const {
    write("repo/.daydream/pipeline.json",
          "{\"manifest\": 1, \"steps\": [{\"id\": \"a\", \"plugin\": \"a\"" + step + "}]" + members + "}");
    return load();
  }
  manifest::Loaded load() const {
    auto loaded = manifest::load(file(), {.repository = repository(), .look = true, .shelves = {}});
    INFO((loaded ? "" : loaded.error().message()));
    REQUIRE(loaded.ok());
    return std::move(loaded).value();
  }
  std::string needs(const std::string& members, const std::string& step = "") const {
    std::string all;
    for (const std::string& key : manifest(members, step).needs_trust) all += key.substr(key.rfind(": ") + 2) + ";";
    return all;
  }
};

}  // namespace

TEST_CASE_METHOD(World, "what reaches beyond the repository needs trust") {
  CHECK(needs("") == "");
  CHECK(needs(R"(, "mode": "patch", "base": "main", "schedule": {"at": "01:00"}, "defaults": {"timeout": "1m"})") ==
        "");
  CHECK(needs(R"(, "verify": {"command": ["make"]})") == "verify;");
  CHECK(needs(R"(, "workspace": {"link": [".venv"]})") == "workspace;");
  CHECK(needs(R"(, "inputs": {"x": {"command": ["ls"]}})") == "inputs;");
  CHECK(needs(R"(, "hosts": {"a": ["x.org"]})") == "hosts;");
  CHECK(needs(R"(, "secrets": {"A": {"env": "A", "hosts": ["x.org"]}})") == "secrets;");
  CHECK(needs(R"(, "mode": "in-place")") == "mode;");
  CHECK(needs("", R"(, "config": {"archive": {"apply": true}})") == "steps[0].config.archive.apply;");
  CHECK(needs("", R"(, "config": {"archive": {"apply": false}})") == "");
  CHECK(needs("", R"(, "paths": ["/var/log", "../data"])") == "steps[0].paths[0];");
  std::filesystem::create_directory_symlink("/var", repository() / "data");
  CHECK(needs("", R"(, "paths": ["../data"])") == "steps[0].paths[0];");
}

TEST_CASE_METHOD(World, "a plugin by path needs trust, also from a file it extends") {
  write("repo/.daydream/more.json", R"({"manifest": 1, "steps": [{"id": "a", "plugin": "./x.so"}]})");
  write("repo/.daydream/pipeline.json", R"({"manifest": 1, "extends": ["more.json"]})");
  REQUIRE(load().needs_trust.size() == 1);
  CHECK_THAT(load().needs_trust[0], Catch::EndsWith("more.json:1:49: steps[0].plugin"));
}

TEST_CASE_METHOD(World, "a file outside, extended or linked to, needs trust") {
  write("outside.json", R"({"manifest": 1, "steps": [{"id": "a", "plugin": "a"}]})");
  write("repo/.daydream/pipeline.json", R"({"manifest": 1, "extends": ["../../outside.json"]})");
  REQUIRE(load().needs_trust.size() == 1);
  CHECK_THAT(load().needs_trust[0], Catch::Contains("outside.json: a file outside the repository"));
  std::filesystem::remove(file());
  std::filesystem::create_symlink(path() / "outside.json", file());
  REQUIRE(load().needs_trust.size() == 1);
  CHECK_THAT(load().needs_trust[0], Catch::Contains("a symbolic link out of the repository"));
}

TEST_CASE_METHOD(World, "a manifest outside the repository needs none") {
  write("m.json", R"({"manifest": 1, "mode": "in-place", "steps": [{"id": "a", "plugin": "./a.so"}]})");
  CHECK(manifest::load(path() / "m.json", {.repository = repository(), .shelves = {}})->needs_trust.empty());
}

TEST_CASE_METHOD(World, "trust is refused, given, lost by a change, and taken back") {
  const auto loaded = manifest(R"(, "verify": {"command": ["make"]})");
  const auto refused = manifest::require_trust(loaded, repository(), false);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().kind() == ErrorKind::kInvalid);
  CHECK_THAT(refused.error().message(), Catch::Contains("lies in the repository and names what needs your trust:\n  "));
  CHECK_THAT(refused.error().message(), Catch::Contains("pipeline.json:1:66: verify"));
  CHECK_THAT(refused.error().message(), Catch::EndsWith("daydream trust --repo " + repository().native()));
  CHECK(manifest::require_trust(loaded, repository(), true).ok());

  REQUIRE(manifest::trust(loaded, repository()).ok());
  CHECK(manifest::is_trusted(loaded, repository()));
  CHECK(manifest::require_trust(loaded, repository(), false).ok());
  struct stat status {};
  REQUIRE(::stat(manifest::trust_file()->c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);

  const auto changed = manifest(R"(, "verify": {"command": ["rm"]})");
  const auto again = manifest::require_trust(changed, repository(), false);
  REQUIRE_FALSE(again.ok());
  CHECK_THAT(again.error().message(), Catch::Contains("has changed since it was trusted"));

  CHECK(manifest::untrust(repository()).value());
  CHECK_FALSE(manifest::untrust(repository()).value());
  CHECK_FALSE(manifest::is_trusted(loaded, repository()));
}

TEST_CASE_METHOD(World, "trust belongs to one repository") {
  const auto loaded = manifest(R"(, "verify": {"command": ["make"]})");
  REQUIRE(manifest::trust(loaded, repository()).ok());
  std::filesystem::create_directories(path() / "repo 2\n");
  CHECK_FALSE(manifest::is_trusted(loaded, path() / "repo 2\n"));
  REQUIRE(manifest::trust(loaded, path() / "repo 2\n").ok());
  CHECK(manifest::untrust(repository()).value());
  CHECK(manifest::is_trusted(loaded, path() / "repo 2\n"));
}

TEST_CASE_METHOD(World, "a trust file that others may write does not count") {
  const auto loaded = manifest(R"(, "verify": {"command": ["make"]})");
  REQUIRE(manifest::trust(loaded, repository()).ok());
  ::chmod(manifest::trust_file()->c_str(), 0666);
  CHECK_FALSE(manifest::is_trusted(loaded, repository()));
  const auto refused = manifest::require_trust(loaded, repository(), false);
  REQUIRE_FALSE(refused.ok());
  CHECK_THAT(refused.error().message(), Catch::Contains("others may write it"));
}

TEST_CASE_METHOD(World, "two that trust at once both stay") {
  const auto loaded = manifest(R"(, "verify": {"command": ["make"]})");
  constexpr int kMany = 16;
  for (int i = 0; i < kMany; ++i) std::filesystem::create_directories(path() / std::to_string(i));
  std::vector<std::thread> all;
  for (int i = 0; i < kMany; ++i) {
    all.emplace_back([&, i] { (void)manifest::trust(loaded, path() / std::to_string(i)).ok(); });
  }
  for (auto& thread : all) thread.join();
  for (int i = 0; i < kMany; ++i) CHECK(manifest::is_trusted(loaded, path() / std::to_string(i)));
}
