// What a manifest that came with a repository may not do, whatever trick it tries: run a program, load a library
// by its path, name a host or a secret, read beyond the repository, change what it is.
#include <catch2/catch.hpp>

#include "manifest/load.hpp"
#include "manifest/test_folder.hpp"

using namespace daydream;

namespace {

struct World : testing::Shelved {
  World() {
    std::filesystem::create_directories(repository());
    ::setenv("XDG_CONFIG_HOME", (path() / "config").c_str(), 1);
    options.repository = repository();
  }
  Path repository() const { return path() / "repo"; }
  Path file() const { return repository() / ".daydream/pipeline.json"; }

  // What stands between the repository's manifest and a run: "nothing", or the refusal without the test's folder.
  std::string against(const std::string& manifest) const {
    write("repo/.daydream/pipeline.json", manifest);
    const auto loaded = manifest::load(file(), options);
    if (!loaded) return plain(loaded.error().message());
    const auto trusted = manifest::require_trust(*loaded, repository(), false);
    return trusted ? "nothing" : plain(trusted.error().message());
  }
  // The places and keys it is refused for.
  std::string keys(const std::string& members) const {
    const std::string words = against("{\"manifest\": 1, " + members + "}");
    std::string all;
    for (std::size_t at = words.find("\n  "); at != std::string::npos; at = words.find("\n  ", at + 1)) {
      const std::size_t end = words.find('\n', at + 1);
      const std::string line = words.substr(at + 3, end - at - 3);
      all.append(all.empty() ? "" : "; ").append(line.substr(line.find(": ") + 2));
    }
    return all.empty() ? words : all;
  }
  std::string plain(std::string words) const {
    words = testing::without_excerpts(words);
    for (auto at = words.find(path().native()); at != std::string::npos; at = words.find(path().native())) {
      words.erase(at, path().native().size());
    }
    return words;
  }
};

constexpr const char* kSteps = R"("steps": [{"id": "a", "plugin": "a"}])";

std::string with(const std::string& member) {
  return member + ", " + kSteps;
}
std::string step(const std::string& members) {
  return R"("steps": [{"id": "a", "plugin": "a", )" + members + "}]";
}

}  // namespace

TEST_CASE_METHOD(World, "the refusal says what, where and the way out") {
  CHECK(against(R"({"manifest": 1, "verify": {"command": ["make"]}, "steps": [{"id": "a", "plugin": "./a.so"}]})") ==
        "/repo/.daydream/pipeline.json lies in the repository and names what needs your trust:\n"
        "  /repo/.daydream/pipeline.json:1:27: verify\n"
        "  /repo/.daydream/pipeline.json:1:82: steps[0].plugin\n"
        "read it; if all of that may run on this machine: daydream trust --repo /repo");
}

TEST_CASE_METHOD(World, "it runs no program, also by way of a list that it changes") {
  CHECK(keys(with(R"("verify": {"command": ["sh"]})")) == "verify");
  CHECK(keys(with(R"("verify": {"command": {"append": ["sh"]}})")) == "verify");
  CHECK(keys(with(R"("workspace": {"setup": {"append": [["sh"]]}})")) == "workspace");
  CHECK(keys(with(R"("inputs": {"x": {"command": {"append": ["sh"]}}})")) == "inputs");
  CHECK(keys(with(R"("\u0076erify": {"command": ["sh"]})")) == "verify");
}

TEST_CASE_METHOD(World, "it loads no library by path, also by a parameter or what it appends") {
  CHECK(keys(R"("steps": [{"id": "a", "plugin": "./a.so"}])") == "steps[0].plugin");
  CHECK(keys(R"("steps": {"append": [{"id": "a", "plugin": "x/a"}]})") == "steps.append[0].plugin");
  CHECK(keys(R"("steps": [{"id": "a", "plugin": "a.so"}])") == "steps[0].plugin");
  CHECK(keys(R"("parameters": {"p": {"default": "./a.so"}}, "steps": [{"id": "a", "plugin": "${p}"}])") ==
        "steps[0].plugin");
  CHECK_THAT(against(R"({"manifest": 1, "steps": [{"id": "a", "plugin": "../a"}]})"),
             Catch::Contains("steps[0].plugin"));
}

TEST_CASE_METHOD(World, "it names no host and no secret") {
  CHECK(keys(with(R"("hosts": {"a": {"append": ["x.org"]}})")) == "hosts");
  CHECK(keys(R"("secrets": {"T": {"env": "T", "hosts": ["x.org"]}}, )" + step(R"("secrets": ["T"])")) ==
        "secrets; steps[0].secrets");
  CHECK(keys(with(R"("parameters": {"h": {"env": "HOME", "default": "x"}})")) ==
        "parameters.h.env (reads the environment; DAYDREAM_... needs no trust)");
  CHECK(keys(with(R"("parameters": {"t": {"env": "DAYDREAM_TEAM_X", "default": "x"}})")) == "nothing");
}

TEST_CASE_METHOD(World, "it neither changes what lies outside nor in the work tree") {
  CHECK(keys(with(R"("mode": "in-place")")) == "mode");
  CHECK(keys(step(R"("config": {"archive": {"apply": true}})")) == "steps[0].config.archive.apply");
  CHECK(keys(step(R"("config": {"archive": {"apply": "${yes}"}})") + R"(, "parameters": {"yes": {"default": true}})") ==
        "steps[0].config.archive.apply");
  CHECK(keys(step(R"("paths": {"append": ["/var/log"]})")) == "steps[0].paths.append[0]");
  CHECK(keys(step(R"("paths": ["${p}"])") + R"(, "parameters": {"p": {"default": "/var/log"}})") ==
        "steps[0].paths[0]");
}

TEST_CASE_METHOD(World, "keys said twice, in other letters or escaped are no way around") {
  CHECK_THAT(against("{\"manifest\": 1, " + with(R"("mode": "patch", "mode": "in-place")") + "}"),
             Catch::Contains("duplicate key \"mode\""));
  CHECK_THAT(against("{\"manifest\": 1, " + with(R"("mode": "patch", "m\u006fde": "in-place")") + "}"),
             Catch::Contains("duplicate key \"mode\""));
  CHECK_THAT(against("{\"manifest\": 1, " + with(R"("Verify": {"command": ["sh"]})") + "}"),
             Catch::Contains("unknown key \"Verify\"; did you mean \"verify\"?"));
  CHECK_THAT(against("{\"manifest\": 1, " + step(R"("Plugin": "./a.so")") + "}"),
             Catch::Contains("unknown key \"Plugin\""));
  CHECK(keys(step(R"("config": {"Archive": {"apply": true}})")) == "nothing");  // the plugin's schema refuses it
}

TEST_CASE_METHOD(World, "a file outside that it extends is not so much as opened") {
  write("outside.json", "root:x:0:0 this is no manifest");
  const std::string manifest = R"({"manifest": 1, "extends": ["../../outside.json"]})";
  CHECK(against(manifest) ==
        "/repo/.daydream/pipeline.json lies in the repository and names what needs your trust:\n"
        "  /repo/.daydream/pipeline.json:1:29: extends[0]: /outside.json, a file outside the repository\n"
        "read it; if all of that may run on this machine: daydream trust --repo /repo");
  CHECK(against(R"({"manifest": 1, "extends": [")" + (path() / "outside.json").native() + "\"]}") == against(manifest));
  std::filesystem::create_symlink(path() / "outside.json", repository() / "link.json");
  CHECK_THAT(against(R"({"manifest": 1, "extends": ["../link.json"]})"),
             Catch::Contains("extends[0]: /repo/link.json, a file outside the repository"));
  CHECK_THAT(against(R"({"manifest": 1, "extends": ["/etc/shadow", "/dev/zero"]})"),
             Catch::Contains("extends[0]: /etc/shadow, a file") && Catch::Contains("extends[1]: /dev/zero, a file"));
  std::filesystem::remove(file());
  std::filesystem::create_symlink(path() / "outside.json", file());
  const auto linked = manifest::load(file(), options);
  REQUIRE_FALSE(linked.ok());
  CHECK_THAT(linked.error().message(), Catch::Contains("a symbolic link out of the repository"));
  CHECK_THAT(linked.error().message(), !Catch::Contains("root:x"));
}

TEST_CASE_METHOD(World, "a file outside is read once it is trusted, and no other in its place") {
  write("outside.json", R"({"manifest": 1, "steps": [{"id": "a", "plugin": "a"}]})");
  write("other.json", R"(secret text)");
  write("repo/.daydream/pipeline.json", R"({"manifest": 1, "extends": ["../link.json"]})");
  std::filesystem::create_symlink(path() / "outside.json", repository() / "link.json");
  manifest::LoadOptions look = options;
  look.look = true;
  const auto loaded = manifest::load(file(), look);
  REQUIRE(loaded.ok());
  REQUIRE(manifest::trust(*loaded, repository()).ok());
  const auto trusted = manifest::load(file(), options);
  REQUIRE(trusted.ok());
  CHECK(manifest::require_trust(*trusted, repository(), false).ok());
  std::filesystem::remove(repository() / "link.json");
  std::filesystem::create_symlink(path() / "other.json", repository() / "link.json");
  const auto turned = manifest::load(file(), options);
  REQUIRE_FALSE(turned.ok());
  CHECK_THAT(turned.error().message(), Catch::Contains("a file outside the repository"));
  CHECK_THAT(turned.error().message(), !Catch::Contains("secret text"));
}

TEST_CASE_METHOD(World, "presets and the machine's folder may be extended, what they name is trusted as its own is") {
  CHECK(against(R"({"manifest": 1, "extends": ["daydream"]})") == "nothing");
  CHECK(against(R"({"manifest": 1, "extends": ["web"]})") == "nothing");
  write("etc/shop.json", R"({"manifest": 1, "extends": ["daydream"], "verify": {"command": ["make"]}})");
  CHECK(keys(R"("extends": ["shop"])") == "verify");
  CHECK(keys(R"("extends": [")" + (path() / "etc/shop.json").native() + "\"]") == "verify");
}

TEST_CASE_METHOD(World, "a shelf that lies in the repository is none for it") {
  write("repo/share/teams/own.json", R"({"manifest": 1, "steps": [{"id": "a", "plugin": "a"}]})");
  options.shelves.installed = repository() / "share";
  write("repo/.daydream/pipeline.json", R"({"manifest": 1, "extends": ["own"], "verify": {"command": ["make"]}})");
  const auto before = manifest::load(file(), options);
  REQUIRE(before.ok());
  REQUIRE(manifest::trust(*before, repository()).ok());
  write("repo/share/teams/own.json", R"({"manifest": 1, "steps": [{"id": "a", "plugin": "./evil.so"}]})");
  CHECK_FALSE(manifest::is_trusted(manifest::load(file(), options).value(), repository()));
}

TEST_CASE_METHOD(World, "what the machine's base says needs no trust, and nobody else gets the use of it") {
  write("etc/base.json",
        R"({"manifest": 1, "verify": {"command": ["make"]}, "hosts": {"a": ["x.org"]},
            "secrets": {"T": {"env": "T", "hosts": ["x.org"]}},
            "steps": [{"id": "a", "plugin": "a", "secrets": ["T"], "paths": ["/var/log"], "config": {"o": "acme"}},
                      {"id": "z", "plugin": "z"}]})");
  const std::string why = " (of a step to which the machine's base gives more than the repository)";
  CHECK(keys(R"("base": "main")") == "nothing");
  CHECK(keys(R"("steps": [{"id": "z", "config": {"o": 1}}])") == "nothing");
  CHECK(keys(R"("verify": {"command": {"remove": ["make"], "append": ["sh"]}})") == "verify");
  CHECK(keys(R"("steps": [{"id": "z", "secrets": ["T"]}])") == "steps[0].secrets");
  CHECK(keys(R"("hosts": {"z": ["x.org"]})") == "hosts");
  CHECK(keys(R"("steps": [{"id": "a", "plugin": "z"}])") == "steps[0].plugin" + why);
  CHECK(keys(R"("steps": [{"id": "a", "config": {"o": "evil"}}])") == "steps[0].config.o" + why);
}

TEST_CASE_METHOD(World, "a parameter of the machine's base is no way into what it says") {
  write("etc/base.json", R"({"manifest": 1, "extends": ["daydream"], "verify": {"command": ["${runner}"]},
    "parameters": {"runner": {"default": "make"}}})");
  CHECK(keys(R"("parameters": {"runner": {"default": "./evil"}})") ==
        "parameters.runner.default (of a parameter of the machine's base)");
  CHECK(keys(R"("parameters": {"own": {"default": "x"}})") == "nothing");
}

TEST_CASE_METHOD(World, "a change of the machine's files or of a preset asks nobody again") {
  write("repo/.daydream/pipeline.json", R"({"manifest": 1, "extends": ["web"], "verify": {"command": ["make"]}})");
  const auto before = manifest::load(file(), options);
  REQUIRE(before.ok());
  REQUIRE(manifest::trust(*before, repository()).ok());
  write("etc/base.json", R"({"manifest": 1, "base": "main"})");
  write("share/teams/web.json", R"({"manifest": 1, "extends": ["daydream"], "mode": "observe"})");
  const auto after = manifest::load(file(), options);
  REQUIRE(after.ok());
  CHECK(after->pipeline.mode == Mode::kObserve);
  CHECK(manifest::require_trust(*after, repository(), false).ok());
}
