// Repositories and manifests that several end-to-end tests start from.
#pragma once

#include <string>

#include "support/world.hpp"

namespace daydream::e2e {

using testing::contains;
using testing::Ran;
using testing::World;

// Three text files: two BAD lines, one MAYBE, one NOTE.
inline void marked_project(World& world) {
  world.init_git();
  world.write("a.txt", "keep a\nBAD one\nkeep a2\n");
  world.write("b.txt", "keep b\nMAYBE two\nNOTE three\n");
  world.write("c.txt", "BAD four\nkeep c\n");
  world.commit("start");
}

// A manifest with the marker step and the report; `marker` is the step's configuration, `more` further
// top-level members ("\"mode\": \"patch\",").
inline void marker_manifest(World& world, const std::string& marker = "{}", const std::string& more = "",
                            const std::string& step_more = "") {
  world.manifest(R"({"manifest": 1, )" + more + R"("steps": [
    {"id": "marker", "plugin": ")" +
                 std::string(E2E_STEPS) + R"(/marker.so", )" + step_more + R"("config": )" + marker + R"(},
    {"id": "daily_report", "plugin": "daily_report"}]})");
}

inline std::string report(const World& world, const std::string& id = "2026-11-22") {
  return testing::read_file(world.state() / ("report_" + id + ".md"));
}
inline std::string report_json(const World& world, const std::string& id = "2026-11-22") {
  return testing::read_file(world.state() / ("report_" + id + ".json"));
}

}  // namespace daydream::e2e
