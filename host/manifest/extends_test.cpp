// Manifests that build upon others.
#include <catch2/catch.hpp>

#include "base/files.hpp"
#include "manifest/load.hpp"
#include "manifest/test_folder.hpp"

using namespace daydream;

namespace {

struct World : testing::Folder {
  Result<manifest::Loaded> load(const std::string& name = "m.json") const { return manifest::load(path() / name); }
  static std::string without_excerpts(const std::string& words) { return testing::without_excerpts(words); }
  std::string why(const std::string& name = "m.json") const {
    const auto loaded = load(name);
    return loaded ? "accepted" : without_excerpts(loaded.error().message());
  }
  std::vector<std::string> ids() const {
    std::vector<std::string> ids;
    const auto loaded = load();
    if (!loaded) return {loaded.error().message()};
    for (const auto& step : loaded->pipeline.steps) ids.push_back(step.id);
    return ids;
  }
  std::string at(const std::string& name) const { return (path() / name).native(); }
};
using Ids = std::vector<std::string>;

constexpr const char* kBase = R"({"manifest": 1, "mode": "patch", "verify": {"command": ["make"], "timeout": "5m"},
  "defaults": {"timeout": "1m"},
  "steps": [{"id": "a", "plugin": "a", "config": {"deep": {"x": 1, "y": [1, 2]}}}, {"id": "z", "plugin": "z"}]})";

}  // namespace

TEST_CASE_METHOD(World, "maps merge deep, steps by id, lists are replaced, later wins") {
  write("team/base.json", kBase);
  write("other.json", R"({"manifest": 1, "mode": "observe", "steps": [{"id": "z", "timeout": "9m"}]})");
  write("m.json",
        R"({"manifest": 1, "extends": ["team/base.json", "other.json"], "verify": {"command": ["ninja", "test"]},
    "steps": [{"id": "a", "config": {"deep": {"y": [3]}, "more": true}}]})");
  const auto loaded = load();
  REQUIRE(loaded.ok());
  CHECK(loaded->pipeline.mode == Mode::kObserve);
  CHECK(loaded->pipeline.verify.command == Ids{"ninja", "test"});
  CHECK(loaded->pipeline.verify.timeout == std::chrono::minutes(5));
  CHECK(loaded->pipeline.steps.at(0).config == R"({"deep":{"x":1,"y":[3]},"more":true})");
  CHECK(loaded->pipeline.steps.at(0).timeout == std::chrono::minutes(1));
  CHECK(loaded->pipeline.steps.at(1).timeout == std::chrono::minutes(9));
  CHECK(loaded->files.size() == 3);
}

TEST_CASE_METHOD(World, "a new step stands where the list that names it puts it") {
  write("base.json", kBase);
  write("m.json", R"({"manifest": 1, "extends": ["base.json"], "steps": [{"id": "n", "plugin": "n"}]})");
  CHECK(ids() == Ids{"a", "z", "n"});
  write("m.json", R"({"manifest": 1, "extends": ["base.json"], "steps": [{"id": "n", "plugin": "n"}, {"id": "z"}]})");
  CHECK(ids() == Ids{"a", "n", "z"});
  write("m.json", R"({"manifest": 1, "extends": ["base.json"],
    "steps": [{"id": "a"}, {"id": "n", "plugin": "n"}, {"id": "o", "plugin": "o"}]})");
  CHECK(ids() == Ids{"a", "n", "o", "z"});
}

TEST_CASE_METHOD(World, "a plugin's path is relative to the file that names it") {
  write("team/base.json", R"({"manifest": 1, "steps": [{"id": "a", "plugin": "./own.so"}]})");
  write("m.json", R"({"manifest": 1, "extends": ["team/base.json"]})");
  CHECK(load()->pipeline.steps.at(0).plugin == at("team/own.so"));
}

TEST_CASE_METHOD(World, "a cycle is refused with its chain") {
  write("m.json", R"({"manifest": 1, "extends": ["b.json"]})");
  write("b.json", R"({"manifest": 1, "extends": ["./m.json"]})");
  CHECK(why() ==
        at("b.json") + ":1:29: extends[0]: a cycle: " + at("m.json") + " -> " + at("b.json") + " -> " + at("m.json"));
}

TEST_CASE_METHOD(World, "a diamond is no cycle") {
  write("base.json", kBase);
  write("b.json", R"({"manifest": 1, "extends": ["base.json"]})");
  write("c.json", R"({"manifest": 1, "extends": ["base.json"]})");
  write("m.json", R"({"manifest": 1, "extends": ["b.json", "c.json"]})");
  CHECK(ids() == Ids{"a", "z"});
  CHECK(load()->files.size() == 4);
}

TEST_CASE_METHOD(World, "what two bases share lies beneath both, so that neither is undone by the other's") {
  write("base.json", kBase);
  write("b.json", R"({"manifest": 1, "extends": ["base.json"], "mode": "observe"})");
  write("c.json", R"({"manifest": 1, "extends": ["base.json"]})");
  write("m.json", R"({"manifest": 1, "extends": ["b.json", "c.json"]})");
  CHECK(load()->pipeline.mode == Mode::kObserve);
}

TEST_CASE_METHOD(World, "diamonds upon diamonds are read once each, and there are 64 files at most") {
  write("f0.json", kBase);
  for (int i = 1; i < 66; ++i) {
    const std::string base = "\"f" + std::to_string(i - 1) + ".json\"";
    write("f" + std::to_string(i) + ".json", "{\"manifest\": 1, \"extends\": [" + base + ", " + base + "]}");
  }
  CHECK(load("f63.json")->files.size() == 64);
  CHECK(why("f65.json") == at("f2.json") + ":1:29: extends[0]: more than 64 files; extend fewer");
}

TEST_CASE_METHOD(World, "what cannot be read is told at the place that names it") {
  write("m.json",
        R"({"manifest": 1, "extends": ["none.json", "/dev/zero", "big.json"], "steps": [{"id": "a", "plugin": "a"}]})");
  write("big.json", std::string(10U << 20, ' '));
  const std::string words = why();
  CHECK_THAT(words, Catch::StartsWith(at("m.json") + ":1:29: extends[0]: " + at("none.json") + ": No such file"));
  CHECK_THAT(words, Catch::Contains("extends[1]: /dev/zero: not a regular file"));
  CHECK_THAT(words, Catch::Contains("extends[2]: " + at("big.json") + ": larger than 1 MiB"));
  CHECK(load().error().kind() == ErrorKind::kInvalid);
}

TEST_CASE_METHOD(World, "problems of every file are told together") {
  write("base.json", R"({"manifest": 1, "mode": 3})");
  write("m.json", R"({"manifest": 1, "extends": ["base.json"], "stepz": []})");
  const std::string words = why();
  CHECK_THAT(words, Catch::Contains("m.json:1:43: (top level): unknown key \"stepz\""));
}

TEST_CASE_METHOD(World, "the hash changes with any file and with nothing else") {
  write("base.json", kBase);
  write("m.json", R"({"manifest": 1, "extends": ["base.json"]})");
  const std::string before = load()->content_hash;
  CHECK(before.size() == 64);
  CHECK(load()->content_hash == before);
  write("base.json", std::string(kBase) + " ");
  CHECK(load()->content_hash != before);
}

TEST_CASE_METHOD(World, "each value is explained by the file and line it comes from") {
  write("base.json", "{\"manifest\": 1,\n \"mode\": \"patch\",\n \"steps\": [{\"id\": \"a\", \"plugin\": \"a\"}]}");
  write("m.json",
        "{\"manifest\": 1, \"extends\": [\"base.json\"],\n\n \"steps\": [{\"id\": \"a\", \"timeout\": \"3m\"}]}");
  const auto loaded = load();
  REQUIRE(loaded.ok());
  const auto find = [&](const std::string& pointer) {
    for (const auto& origin : loaded->origins) {
      if (origin.pointer == pointer) return origin.value + " " + origin.file + ":" + std::to_string(origin.line);
    }
    return std::string("none");
  };
  CHECK(find("/mode") == "\"patch\" " + at("base.json") + ":2");
  CHECK(find("/steps/0/plugin") == "\"a\" " + at("base.json") + ":3");
  CHECK(find("/steps/0/timeout") == "\"3m\" " + at("m.json") + ":3");
  CHECK(find("/base") == "\"HEAD\" :0");
  CHECK(find("/extends") == "none");
  CHECK(manifest::effective_json(*loaded).find("\"timeout\": \"3m\"") != std::string::npos);
}

TEST_CASE("the manifests we ship are good, by the schema we ship, which each of them names to editors") {
  const Path config = DAYDREAM_CONFIG_DIRECTORY;
  const auto text = files::read(config / "schema/manifest.schema.json", 1U << 20);
  REQUIRE(text.ok());
  const auto schema = json::Schema::compile(*text, "manifest.schema.json");
  REQUIRE(schema.ok());
  std::vector<Path> shipped{config / "daydream.json"};
  for (const auto& entry : std::filesystem::directory_iterator(config / "teams")) shipped.push_back(entry.path());
  CHECK(shipped.size() > 3);
  for (const Path& path : shipped) {
    INFO(path);
    const auto loaded = manifest::load(path);
    INFO((loaded ? "" : loaded.error().message()));
    CHECK(loaded.ok());
    const auto bytes = files::read(path, 1U << 20);
    const auto parsed = json::Text::parse(*bytes, {.name = path.native(), .comments = true});
    REQUIRE(parsed.ok());
    CHECK(schema->check(parsed->root()).empty());
    CHECK(std::filesystem::equivalent(path.parent_path() / json::get_string(parsed->root(), "$schema"),
                                      config / "schema/manifest.schema.json"));
  }
}
