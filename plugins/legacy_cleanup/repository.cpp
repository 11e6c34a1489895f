#include "plugins/legacy_cleanup/repository.hpp"

#include <set>

#include "daydream/source/javascript_kinds.hpp"
#include "plugins/legacy_cleanup/rules/migration_table.hpp"

namespace daydream::legacy {

void Repository::add(const std::string& path, const Facts& facts) {
  std::set<std::string> apis(facts.apis.begin(), facts.apis.end());
  for (const std::string& module : facts.script.modules) apis.insert("js " + module);
  for (const Import& import : facts.imports) {
    apis.insert("py " + import.module);
    apis.insert("py " + import.module.substr(0, import.module.find('.')));
    // from importlib import metadata
    if (!import.name.empty()) apis.insert("py " + import.module + "." + import.name);
  }
  for (const std::string& api : apis) {
    if (in_migration_table(api) && !settings.excluded(path)) users[api].push_back(path);
  }
  if (source::javascript::is_script(source::detect(path))) {
    scripts.add(path, facts.script);
  } else {
    index.add(path, facts);
  }
}

bool Repository::past(const std::string& day) const {
  if (day < date) return true;
  if (answers_until_.empty() || day < answers_until_) answers_until_ = day;
  return false;
}

ScriptProjects& Repository::script_projects() const {
  if (script_projects_ == nullptr) {
    std::vector<std::string> paths;
    paths.reserve(files.size());
    for (const TreeFile& file : files) paths.push_back(file.path);
    script_projects_ = std::make_shared<ScriptProjects>(source_root, paths);
  }
  return *script_projects_;
}

}  // namespace daydream::legacy
