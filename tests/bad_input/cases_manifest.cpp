#include "bad_input/cases.hpp"

#include <filesystem>

namespace daydream::bad_input {

namespace {

using testing::read_file;
using testing::write_file;

std::function<Ran(World&)> with_manifest(const std::string& text) {
  return [text](World& world) {
    e2e::marked_project(world);
    world.manifest(text);
    return run_untouched(world);
  };
}

std::string one_step(const std::string& plugin, const std::string& more = "") {
  return R"({"manifest": 1, "steps": [{"id": "one", "plugin": ")" + plugin + "\"" + more + "}]}";
}

std::function<Ran(World&)> with_plugin_file(const std::function<std::string()>& content) {
  return [content](World& world) {
    e2e::marked_project(world);
    const auto file = world.root() / "plugin.so";
    write_file(file, content());
    world.manifest(one_step(file.string()));
    return run_untouched(world);
  };
}

std::string marker() {
  return std::string(E2E_STEPS) + "/marker.so";
}

std::string other_machine() {
  std::string bytes = read_file(marker());
  bytes[18] = static_cast<char>(0xB7);  // e_machine: AArch64
  bytes[19] = 0;
  return bytes;
}

Ran untrusted(World& world) {
  e2e::marked_project(world);
  world.write(".daydream/pipeline.json",
              R"({"manifest": 1, "verify": {"command": ["touch", "/tmp/daydream-was-here"]},
                  "steps": [{"id": "daily_report", "plugin": "daily_report"}]})");
  world.commit("a manifest of its own");
  return run_untouched(world);
}

Ran trusted_then_changed(World& world) {
  untrusted(world);
  world.daydream({"trust"});
  world.write(".daydream/pipeline.json",
              R"({"manifest": 1, "verify": {"command": ["true", "other"]},
                  "steps": [{"id": "daily_report", "plugin": "daily_report"}]})");
  return run_untouched(world);
}

Ran bad_step_configuration(World& world) {
  e2e::marked_project(world);
  e2e::marker_manifest(world, R"({"troubel": "none"})");
  return run_untouched(world);
}

}  // namespace

std::vector<Case> manifest_cases() {
  return {
      {"manifest that is not JSON", 65, "pipeline.json:1:", with_manifest("{\"manifest\": 1, steps}"), false, ""},
      {"manifest that is empty", 65, "pipeline.json", with_manifest(""), false, ""},
      {"manifest nested 100,000 deep", 65, "pipeline.json", with_manifest(std::string(100'000, '[')), false, ""},
      {"unknown key", 65, "did you mean \"steps\"", with_manifest(R"({"manifest": 1, "step": []})"), false, ""},
      {"duplicate key", 65, "manifest", with_manifest(R"({"manifest": 1, "manifest": 1, "steps": []})"), false, ""},
      {"missing plugin", 65, "did you mean \"daily_report\"", with_manifest(one_step("daily_reprot")), false, ""},
      {"plugin path that is not there", 65, "nowhere.so", with_manifest(one_step("/nowhere.so")), false, ""},
      {"plugin that is not ELF", 65, "ELF", with_plugin_file([] { return std::string("#!/bin/sh\n"); }), false, ""},
      {"plugin for another machine", 65, "machine", with_plugin_file(other_machine), false, ""},
      {"plugin with an unresolved symbol", 65, "symbol",
       with_manifest(one_step(std::string(E2E_STEPS) + "/unresolved.so")), false, ""},
      {"plugin of another ABI major", 65, "daydream_plugin_v1",
       with_manifest(one_step(std::string(E2E_STEPS) + "/other_major.so")), false, ""},
      {"bad step configuration", 65, "did you mean \"trouble\"", bad_step_configuration, false, ""},
      {"untrusted manifest that names a program", 65, "daydream trust", untrusted, false, ""},
      {"trusted manifest, changed since", 65, "daydream trust", trusted_then_changed, false, ""},
  };
}

}  // namespace daydream::bad_input
