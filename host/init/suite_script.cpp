// JavaScript and TypeScript: the test script of package.json, by the package manager whose lock file is there.
#include <algorithm>
#include <optional>

#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"
#include "init/suite.hpp"

namespace daydream::init {
namespace {

struct Package {
  std::string file;
  std::vector<std::pair<std::string, std::string>> scripts;
  std::string manager;  // "packageManager": "pnpm@9.1.0"
  bool has_dependencies = false;
  bool has_workspaces = false;
};

std::optional<Package> package_of(const Survey& survey, const std::string& folder) {
  Package package;
  package.file = inside(folder, "package.json");
  if (!survey.has(package.file)) return std::nullopt;
  const auto text = json::Text::parse(survey.read(package.file), {.name = package.file, .positions = false});
  if (!text || !text->root().IsObject()) return std::nullopt;
  const json::Value* scripts = json::find(text->root(), "scripts");
  if (scripts != nullptr && scripts->IsObject()) {
    for (const auto& member : scripts->GetObject()) {
      if (member.value.IsString())
        package.scripts.emplace_back(json::string_of(member.name), json::string_of(member.value));
    }
  }
  package.manager = json::get_string(text->root(), "packageManager");
  package.has_workspaces =
      json::find(text->root(), "workspaces") != nullptr || survey.has(inside(folder, "pnpm-workspace.yaml"));
  for (const char* key : {"dependencies", "devDependencies"}) {
    const json::Value* list = json::find(text->root(), key);
    if (list != nullptr && list->IsObject() && !list->ObjectEmpty()) package.has_dependencies = true;
  }
  return package;
}

struct Manager {
  const char* name;
  const char* lock;
  Words install;
};

Manager manager_of(const Survey& survey, const std::string& folder, const Package& package) {
  const Manager managers[] = {{"pnpm", "pnpm-lock.yaml", {"pnpm", "install", "--frozen-lockfile"}},
                              {"yarn", "yarn.lock", {"yarn", "install", "--frozen-lockfile"}},
                              {"bun", "bun.lockb", {"bun", "install", "--frozen-lockfile"}},
                              {"npm", "package-lock.json", {"npm", "ci", "--no-audit", "--no-fund"}},
                              {"npm", "npm-shrinkwrap.json", {"npm", "ci", "--no-audit", "--no-fund"}}};
  for (const Manager& manager : managers) {
    if (package.manager.starts_with(std::string(manager.name) + "@") && survey.has(inside(folder, manager.lock)))
      return manager;
  }
  for (const Manager& manager : managers) {
    if (survey.has(inside(folder, manager.lock))) return manager;
  }
  return {"npm", nullptr, {}};
}

// The script that comes nearest to a test, and how it is called.
const std::pair<std::string, std::string>* script_of(const Package& package) {
  for (const char* name : {"test", "tests", "typecheck", "type-check", "check", "lint"}) {
    for (const auto& script : package.scripts) {
      const bool is_default = script.second.find("no test specified") != std::string::npos;
      if (script.first == name && !is_default) return &script;
    }
  }
  return nullptr;
}

// Runners that would wait for changes unless they know that nobody sits there.
bool may_watch(const std::string& script) {
  for (const char* runner : {"react-scripts", "vitest", "--watch", "ng test", "karma", "vue-cli-service"}) {
    if (script.find(runner) != std::string::npos) return true;
  }
  return false;
}

// node_modules of this folder and of the workspaces below it.
std::vector<std::string> modules_of(const Survey& survey, const std::string& folder) {
  constexpr std::size_t kMostLinks = 60;
  std::vector<std::string> links;
  const std::string prefix = folder.empty() ? "" : folder + "/";
  for (const std::string& file : survey.files()) {
    if (!file.starts_with(prefix) || name_of(file) != "package.json" || links.size() >= kMostLinks) continue;
    const std::string own(folder_of(file));
    if (own != folder && is_aside(file)) continue;
    const std::string modules = inside(own, "node_modules");
    if (survey.is_beside(modules) && text::valid_utf8(modules)) links.push_back(modules);
  }
  return links;
}

}  // namespace

void script_suites(const Survey& survey, const std::string& folder, std::vector<Suite>& suites) {
  const auto package = package_of(survey, folder);
  if (!package) return;
  const auto* script = script_of(*package);
  if (script == nullptr) return;
  const Manager manager = manager_of(survey, folder, *package);
  Suite suite{folder, "JavaScript", {}, {}, {}, "", false};
  Words words;
  if (may_watch(script->second)) words = {"env", "CI=true"};
  words.emplace_back(manager.name);
  if (script->first != "test") words.emplace_back("run");
  words.push_back(script->first);
  if (std::string_view(manager.name) == "npm") words.emplace_back("--silent");
  suite.command = in_folder(folder, words);
  const std::string sign = "\"" + script->first + "\"";
  suite.why = place(package->file, survey.line_of(package->file, sign)) + " has the script " + sign;
  // Packages of one workspace are links from its node_modules to their live code, which is not what is tested.
  const bool shared =
      survey.is_beside(inside(folder, "node_modules")) && (!package->has_workspaces || manager.lock == nullptr);
  if (shared) {
    suite.link = modules_of(survey, folder);
    suite.why += "; " + place(inside(folder, "node_modules")) + " is there";
  } else if ((package->has_dependencies || package->has_workspaces) && manager.lock != nullptr) {
    suite.setup = {in_folder(folder, manager.install)};
    suite.why += "; packages from " + place(inside(folder, manager.lock));
  }
  if (!shared && suite.setup.empty()) {
    suite.hint = std::string(manager.name) +
                 " install (with node_modules/ in .gitignore), then remove this file and `daydream init` again: a "
                 "node_modules that lies there is shared";
  }
  suites.push_back(std::move(suite));
}

}  // namespace daydream::init
