#include "worker/task.hpp"

#include "base/files.hpp"
#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"
#include "loader/loader.hpp"
#include "worker/run.hpp"

namespace daydream::worker {
namespace {

struct Ended {
  dd_status status = DD_OK;
  const char* stage = "run";
};

Ended refuse_load(Link& link, const std::string& why) {
  link.explain("load", why);
  return {DD_PERMANENT, "load"};
}

// A plugin that was replaced since it was checked is not run.
Result<const dd_plugin*> load(const frames::Start& start, loader::Descriptor& descriptor) {
  const std::string name = "plugin " + text::show_path(start.plugin_file);
  const bool unchanged = !start.plugin_facts.empty() && loader::file_facts(start.plugin_file) == start.plugin_facts;
  if (!unchanged && !start.plugin_sha256.empty()) {
    auto content = files::read(start.plugin_file);
    if (!content) return std::move(content.error()).context(name);
    if (hash::sha256_hex(*content) != start.plugin_sha256)
      return Error(ErrorKind::kInvalid, name + ": the file has changed since it was checked; start the run again");
  }
  auto plugin = loader::open(start.plugin_file);
  if (!plugin) return plugin;
  auto parsed = loader::parse_descriptor((*plugin)->descriptor, text::show_path(start.plugin_file));
  if (!parsed) return std::move(parsed.error());
  descriptor = std::move(*parsed);
  return plugin;
}

hash::GitFormat blob_format(const std::string& facts) {
  json::ParseOptions options;
  options.name = "facts";
  options.positions = false;
  auto parsed = json::Text::parse(facts, options);
  const bool sha256 =
      parsed && parsed->root().IsObject() && json::get_string(parsed->root(), "blob_format") == "sha256";
  return sha256 ? hash::GitFormat::kSha256 : hash::GitFormat::kSha1;
}

// What an earlier version left and this one cannot read as it is.
struct Age {
  bool old_checkpoint = false, old_memory = false, new_checkpoint = false, new_memory = false;
};
Age age_of(const frames::Start& start, const loader::Descriptor& descriptor) {
  Age age;
  age.old_checkpoint = start.has_checkpoint && start.checkpoint_schema < descriptor.checkpoint_schema;
  age.new_checkpoint = start.has_checkpoint && start.checkpoint_schema > descriptor.checkpoint_schema;
  age.old_memory = start.memory_schema != 0 && start.memory_schema < descriptor.memory_schema;
  age.new_memory = start.memory_schema > descriptor.memory_schema;
  return age;
}

// One transaction: what migrate puts, and that memory now has the new schema.
dd_status commit_migration(dd_run& run, const dd_plugin& plugin, void* self) {
  dd_txn* const txn = begin_transaction(run);
  run.migrating = true;
  dd_status status = DD_OK;
  if (plugin.migrate != nullptr)
    status =
        plugin.migrate(self, run.start.has_checkpoint ? run.start.checkpoint_schema : 0, run.start.memory_schema, txn);
  run.migrating = false;
  if (status != DD_OK) {
    roll_back(run);
    return status;
  }
  run.transaction->commit.migrated = true;
  return commit_open(run);
}

dd_status bring_up_to_date(dd_run& run, const dd_plugin& plugin, void* self) {
  const Age age = age_of(run.start, run.descriptor);
  if (age.new_memory) {
    run.link.explain("newer-memory", "its memory was written by a newer version of this plugin (memory schema " +
                                         std::to_string(run.start.memory_schema) + ", this one knows " +
                                         std::to_string(run.descriptor.memory_schema) + "): install that version");
    return DD_PERMANENT;
  }
  if (age.old_checkpoint || age.old_memory) {
    if (const dd_status status = commit_migration(run, plugin, self); status != DD_OK) return status;
  }
  if (run.checkpoint && run.checkpoint->schema != run.descriptor.checkpoint_schema) {
    run.link.log(DD_LOG_WARNING, "the checkpoint of another version of this plugin (schema " +
                                     std::to_string(run.checkpoint->schema) + ") is dropped: the step begins anew");
    run.checkpoint.reset();
  }
  return DD_OK;
}

void drop_forgotten(dd_run& run);

// Remote changes that were on their way when an earlier try ended: only the plugin can tell.
void reconcile(dd_run& run, const dd_plugin& plugin, void* self) {
  for (const auto& [key, request] : run.start.reconcile) {
    frames::HttpReconciled said{key, DD_UNSUPPORTED, 0};
    if (plugin.reconcile != nullptr)
      said.status = plugin.reconcile(self, to_text(key), to_text(request), &said.happened);
    drop_forgotten(run);
    run.link.ask(frames::Type::kHttpReconciled, said.encode());
  }
}

void drop_forgotten(dd_run& run) {
  if (!run.transaction) return;
  contract_break(&run, "run", "came back with an open transaction: it is rolled back");
  roll_back(run);
}

Ended call(dd_run& run, const dd_plugin& plugin) {
  const frames::Start& start = run.start;
  void* self = nullptr;
  const dd_status opened = plugin.open(core_table(), &run, to_text(start.config), &self);
  drop_forgotten(run);
  if (opened != DD_OK) return {opened, "open"};
  Ended ended{DD_OK, "open"};
  if (start.task != frames::Task::kCheckConfig) {
    ended = {bring_up_to_date(run, plugin, self), "migrate"};
    if (start.task == frames::Task::kRun) {
      if (ended.status == DD_OK) reconcile(run, plugin, self);
      if (ended.status == DD_OK) ended = {plugin.run(self), "run"};
    }
    if (ended.status == DD_OK && start.task == frames::Task::kCommand)
      ended = {plugin.command == nullptr ? DD_UNSUPPORTED
                                         : plugin.command(self, to_text(start.command), to_text(start.arguments)),
               "command"};
    drop_forgotten(run);
  }
  plugin.close(self);
  drop_forgotten(run);
  return ended;
}

}  // namespace

void run_task(Link& link, const frames::Start& start, frames::Ready ready) {
  dd_run run(link, start);
  run.next_finding = start.next_finding;
  run.blob_format = blob_format(start.facts);
  if (start.has_checkpoint)
    run.checkpoint =
        std::make_shared<dd_run::Checkpoint>(dd_run::Checkpoint{start.checkpoint_schema, start.checkpoint});
  const Registration registration(run);
  auto plugin = load(start, run.descriptor);
  Ended ended;
  if (!plugin) {
    ended = refuse_load(link, plugin.error().message());
  } else {
    link.ready(ready);
    ended = call(run, **plugin);
  }
  link.done(ended.status, ended.stage);
}

}  // namespace daydream::worker
