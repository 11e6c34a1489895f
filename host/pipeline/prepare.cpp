#include "pipeline/prepare.hpp"

#include <algorithm>

#include "base/files.hpp"
#include "daydream/kit/hash.hpp"
#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"
#include "loader/loader.hpp"
#include "pipeline/list_options.hpp"
#include "pipeline/needs.hpp"

namespace daydream::pipeline {

namespace {

constexpr std::size_t kMostPluginBytes = std::size_t{1} << 30;

// All that is wrong is told at once.
class Problems {
 public:
  void add(const std::string& words) { words_.push_back(words); }
  [[nodiscard]] bool empty() const { return words_.empty(); }
  [[nodiscard]] Error error() const { return {ErrorKind::kInvalid, text::join(words_, "\n")}; }

 private:
  std::vector<std::string> words_;
};

std::string at(const manifest::Loaded& loaded, const PreparedStep& step, const std::string& key,
               const std::string& words) {
  const std::string pointer = "/steps/" + std::to_string(step.number - 1) + (key.empty() ? "" : "/" + key);
  return loaded.error_at(pointer, words).message();
}

// Before the file is opened: opening it runs code of it. What cannot be read is said by who opens it.
bool has_pinned_content(const manifest::Loaded& loaded, const PreparedStep& step, const std::string& file,
                        Problems& problems) {
  const std::string& pinned = step.manifest.sha256;
  if (pinned.empty()) return true;
  auto content = files::read(file, kMostPluginBytes);
  const std::string found = content ? hash::sha256_hex(*content) : "";
  if (!content || found == pinned) return true;
  problems.add(at(loaded, step, "sha256",
                  "plugin " + text::show_path(file) + " is not the one that is pinned\n    pinned " + pinned +
                      "\n    found  " + found + "\n  if the change is meant, write what `daydream plugins info " +
                      text::show_path(step.manifest.plugin_is_path ? file : step.manifest.plugin) + "` prints"));
  return false;
}

void find_files(const manifest::Loaded& loaded, std::vector<PreparedStep>& steps, Problems& problems) {
  for (PreparedStep& step : steps) {
    auto file = step.manifest.plugin_is_path ? Result<std::string>(step.manifest.plugin)
                                             : loader::find_plugin(step.manifest.plugin);
    if (!file) {
      problems.add(at(loaded, step, "plugin", file.error().message()));
    } else if (has_pinned_content(loaded, step, *file, problems)) {
      step.plugin.file = std::move(*file);
    }
  }
}

void probe_files(const manifest::Loaded& loaded, std::vector<PreparedStep>& steps, const Path& cache,
                 Problems& problems) {
  std::vector<std::string> files;
  for (const PreparedStep& step : steps) {
    if (!step.plugin.file.empty()) files.push_back(step.plugin.file);
  }
  auto plugins = loader::probe(files, cache);
  contract(plugins.size() == files.size(), "one answer for every probed file");
  std::size_t next = 0;
  for (PreparedStep& step : steps) {
    if (step.plugin.file.empty()) continue;
    auto& plugin = plugins[next++];
    if (plugin) {
      step.plugin = std::move(*plugin);
    } else {
      problems.add(at(loaded, step, "plugin", plugin.error().message()));
      step.plugin.file.clear();
      continue;
    }
    if (!step.manifest.sha256.empty() && step.manifest.sha256 != step.plugin.sha256)
      problems.add(at(loaded, step, "sha256", "plugin " + step.plugin.file + " was replaced while it was looked at"));
  }
}

void check_configuration(const manifest::Loaded& loaded, PreparedStep& step, Problems& problems) {
  auto schema = json::Schema::compile(step.plugin.descriptor.config_schema, step.plugin.file + ": config schema");
  if (!schema) return problems.add(schema.error().message());
  auto config = json::Text::parse(step.manifest.config, {.name = loaded.main_file, .positions = false});
  if (!config) return problems.add(config.error().message());
  auto options = json::Text::parse(step.plugin.descriptor.config_schema, {.name = "config schema", .positions = false});
  contract(options.ok(), "a schema that was compiled is JSON");
  std::vector<json::Problem> wrong;
  const json::Document whole = with_lists(config->root(), options->root(), wrong);
  for (json::Problem& problem : schema->check(whole)) wrong.push_back(std::move(problem));
  for (const json::Problem& problem : wrong) problems.add(loaded.config_error(step.manifest, problem).message());
  if (!wrong.empty()) return;
  step.config = json::write(schema->with_defaults(whole));
  step.config_hash = hash::sha256_hex(step.manifest.id + '\0' + step.plugin.descriptor.id + '\0' + step.config);
}

void check_roles(const manifest::Loaded& loaded, const std::vector<PreparedStep>& steps, Problems& problems) {
  int reports = 0;
  for (const PreparedStep& step : steps) {
    if (step.plugin.descriptor.role != "report") continue;
    if (++reports > 1) problems.add(at(loaded, step, "", "a second step with the role \"report\"; there may be one"));
    const auto& id = step.manifest.id;
    if (step.manifest.when.kind != manifest::When::Kind::kInTurn || step.manifest.every != manifest::Every::kRun)
      problems.add(at(loaded, step, step.manifest.every != manifest::Every::kRun ? "every" : "when",
                      "every run has its report: \"when\" and \"every\" are not for a step with the role \"report\""));
    for (const PreparedStep& other : steps) {
      const auto& after = other.manifest.after;
      if (std::find(after.begin(), after.end(), id) != after.end())
        problems.add(at(loaded, other, "after", "the report is written last: no step stands after \"" + id + "\""));
    }
  }
}

// A team's overlay adds its steps behind those of the base, the report among them; it speaks of all.
void put_report_last(std::vector<PreparedStep>& steps) {
  std::stable_partition(steps.begin(), steps.end(),
                        [](const PreparedStep& step) { return step.plugin.descriptor.role != "report"; });
  int number = 0;
  for (PreparedStep& step : steps) step.number = ++number;
}

}  // namespace

Result<std::vector<PreparedStep>> prepare(const manifest::Loaded& loaded, const Path& work_directory) {
  std::vector<PreparedStep> steps;
  for (const manifest::Step& step : loaded.pipeline.steps) {
    PreparedStep prepared;
    prepared.number = static_cast<int>(steps.size()) + 1;
    prepared.manifest = step;
    steps.push_back(std::move(prepared));
  }
  Problems problems;
  find_files(loaded, steps, problems);
  probe_files(loaded, steps, work_directory / "descriptors.json", problems);
  for (PreparedStep& step : steps) {
    if (!step.plugin.file.empty()) check_configuration(loaded, step, problems);
  }
  if (problems.empty()) check_roles(loaded, steps, problems);
  if (!problems.empty()) return problems.error();
  put_report_last(steps);
  for (const std::string& unmet : unmet_needs(loaded, steps)) problems.add(unmet);
  if (!problems.empty()) return problems.error();
  return steps;
}

}  // namespace daydream::pipeline
