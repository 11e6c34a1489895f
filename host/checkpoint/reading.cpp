// Store: what can be asked of it.
#include <algorithm>

#include "checkpoint/state.hpp"
#include "checkpoint/store.hpp"
#include "checkpoint/tables.hpp"

namespace daydream::checkpoint {

namespace {

// All rows that `rest` names, each made into a T.
template <class T, class Make>
Result<std::vector<T>> all_of(Database& database, const Table& table, std::string_view rest,
                              const std::vector<Bound>& bound, Make make) {
  std::vector<T> list;
  auto read = each_row(database, table, rest, bound, [&](Row&& row) {
    list.push_back(make(std::move(row)));
    return true;
  });
  if (!read) return std::move(read.error());
  return list;
}

// One column of the one row that `rest` names.
Result<std::optional<std::string>> one_text(Database& database, const Table& table, std::string_view rest,
                                            const std::vector<Bound>& bound, std::size_t column) {
  std::optional<std::string> found;
  auto read = each_row(database, table, rest, bound, [&](Row&& row) {
    found = std::get<std::string>(std::move(row[column]));
    return false;
  });
  if (!read) return std::move(read.error());
  return found;
}

Row identity(Row&& row) {
  return std::move(row);
}

}  // namespace

// Reading never makes the object unusable, but damage is worded with its remedy.
template <class T>
Result<T> Store::worded(Result<T>&& result) {
  if (result.ok()) return std::move(result);
  return with_remedy(std::move(result.error()), state_->options.state_directory);
}

Result<std::vector<Run>> Store::runs() {
  return worded(all_of<Run>(state_->opened.database, tables::kRun, "ORDER BY rowid", {}, run_of));
}

Result<std::optional<Run>> Store::run(const std::string& id) {
  auto found = all_of<Run>(state_->opened.database, tables::kRun, "WHERE id=?", {as_text(id)}, run_of);
  if (!found) return worded(Result<std::optional<Run>>(std::move(found.error())));
  return found->empty() ? std::optional<Run>() : std::optional<Run>(std::move(found->front()));
}

Result<std::optional<Run>> Store::unfinished_run() {
  auto all = runs();
  if (!all) return std::move(all.error());
  auto found = std::find_if(all->rbegin(), all->rend(), [](const Run& run) {
    return run.status != RunStatus::kCompleted && run.status != RunStatus::kAbandoned;
  });
  return found == all->rend() ? std::optional<Run>() : std::optional<Run>(std::move(*found));
}

Result<std::vector<Step>> Store::steps(const std::string& run) {
  return worded(
      all_of<Step>(state_->opened.database, tables::kStep, "WHERE run=? ORDER BY number,id", {as_text(run)}, step_of));
}

Result<std::optional<Checkpoint>> Store::checkpoint(const std::string& run, const std::string& step) {
  auto found = all_of<Row>(state_->opened.database, tables::kCheckpoint, "WHERE run=? AND step=?",
                           {as_text(run), as_text(step)}, identity);
  if (!found) return worded(Result<std::optional<Checkpoint>>(std::move(found.error())));
  if (found->empty()) return std::optional<Checkpoint>();
  Row& row = found->front();
  return std::optional<Checkpoint>(
      {static_cast<std::uint32_t>(integer(row, 2)), std::get<std::string>(std::move(row[3]))});
}

Result<std::optional<std::string>> Store::memory(const std::string& plugin, const std::string& key) {
  return worded(one_text(state_->opened.database, tables::kMemory, "WHERE plugin=? AND key=?",
                         {as_text(plugin), as_bytes(key)}, 2));
}

Result<std::vector<std::pair<std::string, std::string>>> Store::scan_memory(const std::string& plugin,
                                                                            const std::string& prefix,
                                                                            const std::string& after, int most,
                                                                            std::size_t bytes) {
  std::vector<std::pair<std::string, std::string>> entries;
  std::size_t taken = 0;
  if (most <= 0) return entries;
  auto read = each_row(state_->opened.database, tables::kMemory, "WHERE plugin=? AND key>=? ORDER BY key",
                       {as_text(plugin), as_bytes(std::max(prefix, after))}, [&](Row&& row) {
                         auto& key = std::get<std::string>(row[1]);
                         if (!after.empty() && key == after) return true;
                         if (!key.starts_with(prefix)) return false;
                         taken += key.size() + text(row, 2).size();
                         entries.emplace_back(std::move(key), std::get<std::string>(std::move(row[2])));
                         return entries.size() < static_cast<std::size_t>(most) && taken < bytes;
                       });
  if (!read) return with_remedy(std::move(read.error()), state_->options.state_directory);
  return entries;
}

Result<std::optional<std::string>> Store::output(const std::string& run, const std::string& step,
                                                 const std::string& name) {
  return worded(one_text(state_->opened.database, tables::kOutput, "WHERE run=? AND step=? AND name=?",
                         {as_text(run), as_text(step), as_text(name)}, 3));
}

Result<std::vector<std::pair<std::string, double>>> Store::metrics(const std::string& run, const std::string& step) {
  return worded(all_of<std::pair<std::string, double>>(
      state_->opened.database, tables::kMetric, "WHERE run=? AND step=? ORDER BY name", {as_text(run), as_text(step)},
      [](Row&& row) { return std::pair(text(row, 2), std::get<double>(row[3])); }));
}

Result<std::vector<Finding>> Store::findings(const std::string& run, const std::string& step) {
  if (!step.empty()) {
    return worded(all_of<Finding>(state_->opened.database, tables::kFinding, "WHERE run=? AND step=? ORDER BY number",
                                  {as_text(run), as_text(step)}, finding_of));
  }
  return worded(all_of<Finding>(
      state_->opened.database, tables::kFinding,
      "WHERE run=?1 ORDER BY (SELECT step.number FROM step WHERE step.run=?1 AND step.id=finding.step),step,number",
      {as_text(run)}, finding_of));
}

Result<std::vector<Effect>> Store::effects(const std::string& run, const std::string& step) {
  Database& database = state_->opened.database;
  std::string which = step.empty() ? "WHERE run=?1" : "WHERE run=?1 AND step=?2";
  std::vector<Bound> bound{as_text(run)};
  if (!step.empty()) bound.push_back(as_text(step));
  auto rows = all_of<Row>(database, tables::kEffect, which + " ORDER BY sequence", bound, identity);
  if (!rows) return worded(Result<std::vector<Effect>>(std::move(rows.error())));
  auto states =
      all_of<Row>(database, tables::kEffectState,
                  "WHERE sequence IN (SELECT sequence FROM effect " + which + ") ORDER BY sequence", bound, identity);
  if (!states) return worded(Result<std::vector<Effect>>(std::move(states.error())));
  std::vector<Effect> effects;
  for (std::size_t i = 0; i < rows->size(); ++i) {
    if (i >= states->size() || integer((*states)[i], 0) != integer((*rows)[i], 0)) {
      return worded(Result<std::vector<Effect>>(Error(ErrorKind::kDamaged, "store: an effect has lost its state")));
    }
    auto effect = effect_of((*rows)[i], (*states)[i]);
    if (!effect) return worded(Result<std::vector<Effect>>(std::move(effect.error())));
    effects.push_back(std::move(*effect));
  }
  return effects;
}

Result<std::optional<std::string>> Store::host_value(const std::string& key) {
  return worded(one_text(state_->opened.database, tables::kHost, "WHERE key=?", {as_bytes(key)}, 1));
}

Result<std::vector<std::pair<std::string, std::string>>> Store::host_values(const std::string& prefix) {
  std::vector<std::pair<std::string, std::string>> entries;
  auto read =
      each_row(state_->opened.database, tables::kHost, "WHERE key>=? ORDER BY key", {as_bytes(prefix)}, [&](Row&& row) {
        if (!text(row, 0).starts_with(prefix)) return false;
        entries.emplace_back(text(row, 0), text(row, 1));
        return true;
      });
  if (!read) return with_remedy(std::move(read.error()), state_->options.state_directory);
  return entries;
}

}  // namespace daydream::checkpoint
