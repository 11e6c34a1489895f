#include "plugins/legacy_cleanup/rules/javascript/module_effects.hpp"

#include <algorithm>
#include <array>

namespace daydream::legacy::script {
namespace {

// Of Node.js; those that change the process when loaded (domain, inspector, test) are left out.
constexpr std::array<std::string_view, 36> kBuiltins{
    "assert",         "async_hooks", "buffer",  "child_process", "cluster",  "console",
    "constants",      "crypto",      "dgram",   "dns",           "events",   "fs",
    "http",           "http2",       "https",   "module",        "net",      "os",
    "path",           "perf_hooks",  "process", "querystring",   "readline", "stream",
    "string_decoder", "timers",      "tls",     "url",           "util",     "v8",
    "worker_threads", "zlib",        "vm",      "tty",           "repl",     "diagnostics_channel"};

// Packages in wide use that do nothing but define when they are loaded.
constexpr std::array<std::string_view, 34> kDefining{
    "react",    "prop-types", "lodash",        "lodash-es", "underscore",   "ramda", "classnames",
    "clsx",     "uuid",       "semver",        "minimist",  "yargs-parser", "chalk", "axios",
    "express",  "rxjs",       "immutable",     "qs",        "ms",           "debug", "async",
    "bluebird", "inherits",   "object-assign", "mkdirp",    "rimraf",       "glob",  "minimatch",
    "date-fns", "dayjs",      "moment",        "zod",       "redux",        "vue"};

bool defining_package(std::string_view module) {
  return builtin_module(module) || std::any_of(kDefining.begin(), kDefining.end(), [&](std::string_view known) {
           // lodash/get, but not a stylesheet or a registering part of it
           return module == known ||
                  ((known == "lodash" || known == "rxjs" || known == "date-fns") && module.starts_with(known) &&
                   module.substr(known.size()).starts_with("/") && module.find("register") == std::string_view::npos);
         });
}

// The statement or call that asks for a module, in the order of the file.
struct Asked {
  NodeId at;
  bool import;
};

std::vector<Asked> askers(const Script& script, std::string_view module) {
  std::vector<Asked> found;
  const File& file = script.file();
  for (NodeId node = 0; node < file.nodes().size(); ++node) {
    const Kind kind = script.kind(node);
    if (kind == Kind::kImport || kind == Kind::kExport) {
      const NodeId source = file.child(node, script.grammar().f_source);
      if (source != kNoNode && script.literal(source) == module) found.push_back({node, true});
    } else if (kind == Kind::kCall && script.required(node) == module) {
      found.push_back({node, false});
    }
  }
  return found;
}

bool types_alone(const Script& script, NodeId statement) {
  for (NodeId at = script.file().first_child(statement); at != kNoNode; at = script.file()[at].next) {
    if (script.text(at) == "type") return true;
    if (script.kind(at) == Kind::kImportClause) return false;
  }
  return false;
}

// Whether another import of the module, one that is not erased, runs it just as early.
bool asked_elsewhere(const Script& script, NodeId statement, std::string_view module) {
  for (const Asked& other : askers(script, module)) {
    if (other.at == statement || (other.at > statement && other.at <= script.file()[statement].last)) continue;
    if (!other.import || script.kind_above(other.at) != Kind::kProgram || types_alone(script, other.at)) continue;
    if (script.typescript() && script.kind(other.at) == Kind::kImport) continue;  // may be erased as well
    if (other.at < statement) return true;
    // Later, with nothing but other text between them: the order of loading stays.
    if (script.behind(statement) == other.at) return true;
  }
  return false;
}

Effects own_file(const std::string& file, const Repository& repository) {
  if (repository.scripts.only_defines(file, defining_package)) {
    return {true, "`" + file + "` and what it loads only define things"};
  }
  if (repository.script_projects().of(file).no_effects) {
    return {true, "package.json says that files of this package have no side effects"};
  }
  return {false, "loading `" + file + "` does something"};
}

// What the compiler leaves out cannot be missed when running; types of others may still hang on it.
Effects erased(std::string_view module, const std::string& path, const std::string& file,
               const Repository& repository) {
  if (!file.empty()) {
    if (!repository.scripts.augments(file)) return {true, "the TypeScript compiler drops imports that nothing reads"};
    return {false, "`" + file + "` widens types of others"};
  }
  // "The inferred type cannot be named without a reference to": an import without a reader can be that.
  if (repository.script_projects().of(path).declares && !builtin_module(module)) {
    return {false, "declarations made from this file may need types of `" + std::string(module) + "`"};
  }
  if (defining_package(module) || repository.scripts.importers(module) > 1) {
    return {true, "the TypeScript compiler drops imports that nothing reads"};
  }
  return {false, "no other file imports `" + std::string(module) + "`: its types may be needed"};
}

}  // namespace

bool builtin_module(std::string_view module) {
  const bool marked = module.starts_with("node:");
  if (marked) module.remove_prefix(5);
  module = module.substr(0, module.find('/'));
  return std::find(kBuiltins.begin(), kBuiltins.end(), module) != kBuiltins.end();
}

Effects effects_of_removal(const Script& script, NodeId statement, std::string_view module, const std::string& path,
                           const Repository& repository) {
  const bool typed = script.typescript() && script.kind(statement) == Kind::kImport;
  if (defining_package(module) && !typed) return {true, "loading `" + std::string(module) + "` has no effect"};
  if (asked_elsewhere(script, statement, module)) return {true, "the module is loaded by another import"};
  const std::string file = repository.scripts.file_of(path, module);
  if (typed) {
    if (types_alone(script, statement) || repository.script_projects().of(path).drops_unused) {
      return erased(module, path, file, repository);
    }
  }
  if (defining_package(module) && !repository.script_projects().of(path).declares) {
    return {true, "loading `" + std::string(module) + "` has no effect"};
  }
  if (!file.empty()) return own_file(file, repository);
  return {false, "loading `" + std::string(module) + "` may do something"};
}

}  // namespace daydream::legacy::script
