// The worked manifests of config/teams/, each on a repository of its kind. Only what no test may do is replaced:
// the web, and programs that a bare machine lacks.
#include <catch2/catch.hpp>

#include "e2e/running.hpp"
#include "service.hpp"

using namespace daydream::e2e;

namespace {

// The team's manifest with `more` upon it.
void build_upon(World& world, const std::string& team, const std::string& more) {
  world.manifest(R"({"manifest": 1, "extends": [")" CONFIG_DIRECTORY "/teams/" + team + R"(.json"], )" + more + "}");
}

void check_night(const World& world, const std::string& verified) {
  const Ran ran = world.run();
  INFO(ran.err << report(world));
  CHECK(ran.exit_code == 0);
  CHECK_FALSE(contains(ran.out, "failed"));
  CHECK(contains(world.git({"log", "-1", "--format=%B", "daydream/2026-11-22"}), "Daydream-Verified: " + verified));
  CHECK(world.git({"status", "--porcelain"}).empty());
}

}  // namespace

TEST_CASE("each worked manifest is whole") {
  World world;
  service_project(world);
  world.environment["SENTRY_AUTH_TOKEN"] = "token";
  for (const char* team : {"python_service", "javascript_front_end", "cpp_library"}) {
    const Ran ran =
        world.daydream({"validate", "--manifest", std::string(CONFIG_DIRECTORY "/teams/") + team + ".json"});
    INFO(ran.out << ran.err);
    CHECK(ran.exit_code == 0);
  }
}

TEST_CASE("the Python service: verified by its tests, logs outside the repository, Sentry from saved pages") {
  World world;
  service_project(world);
  world.environment["SENTRY_AUTH_TOKEN"] = "token";
  const auto logs = world.root() / "var-log-shop";
  std::filesystem::create_directories(logs);
  daydream::testing::write_file(logs / "shop.log", service_log());
  build_upon(world, "python_service",
             R"("verify": {"command": ["grep", "-q", "def total", "shop/cart.py"]}, "workspace": {"link": []},
                "steps": [{"id": "log_review", "paths": [")" +
                 logs.string() + R"("]},
                          {"id": "sentry_review", "config": {"source": {"directory": "sentry"}}}])");
  check_night(world, "grep -q def total shop/cart.py");
  CHECK(contains(report(world), "Steps completed: 6/6"));
  CHECK(contains(report(world), "Analyzed 162 log entries"));
}

TEST_CASE("the JavaScript front end: linked node_modules, documentation checked") {
  World world;
  world.init_git();
  world.write(".gitignore", "node_modules/\n");
  world.write("package.json", "{\"name\": \"till\", \"version\": \"1.0.0\", \"private\": true}\n");
  world.write("src/till.js", "export function till(list) {\n  return list.length;\n  console.log('never');\n}\n");
  world.write("README.md", "# Till\n\nSee [the code](src/till.js).\n");
  world.commit("start", "2026-11-01T10:00:00Z");
  world.write("node_modules/left/index.js", "module.exports = 1;\n");
  build_upon(world, "javascript_front_end",
             R"("verify": {"command": ["test", "-f", "node_modules/left/index.js"]},
                "steps": [{"id": "docs_update", "config": {"external": {"enabled": false}}}])");
  check_night(world, "test -f node_modules/left/index.js");
  CHECK(contains(report(world), "Verified 1 links"));
  CHECK_FALSE(contains(world.git({"show", "daydream/2026-11-22:src/till.js"}), "never"));
}

TEST_CASE("the C++ library: set up and verified in the night's own work tree") {
  World world;
  world.init_git();
  world.write("CMakeLists.txt", "cmake_minimum_required(VERSION 3.20)\nproject(pair NONE)\n");
  world.write("src/pair.cpp", "int pair(int a) {\n  return a + a;\n  a = 0;\n}\n");
  world.write("TODO.md", "# To do\n\n- [x] add\n- [ ] multiply\n");
  world.commit("start", "2026-11-01T10:00:00Z");
  build_upon(world, "cpp_library", R"("verify": {"command": ["test", "-f", "build/CMakeCache.txt"]})");
  check_night(world, "test -f build/CMakeCache.txt");
  CHECK_FALSE(world.has("build/CMakeCache.txt"));
  CHECK_FALSE(contains(world.git({"show", "daydream/2026-11-22:src/pair.cpp"}), "a = 0"));
  CHECK(world.read("TODO.md") == "# To do\n\n- [x] add\n- [ ] multiply\n");
}
