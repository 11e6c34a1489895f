#include "plugins/legacy_cleanup/repository.hpp"

#include "daydream/source/javascript_kinds.hpp"

namespace daydream::legacy {

void Repository::add(const std::string& path, const Facts& facts) {
  if (source::javascript::is_script(source::detect(path))) {
    scripts.add(path, facts.script);
  } else {
    index.add(path, facts);
  }
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
