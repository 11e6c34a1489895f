#include "pipeline/retention.hpp"

#include "base/files.hpp"
#include "base/zone.hpp"
#include "pipeline/identity.hpp"
#include "report/identity.hpp"

namespace daydream::pipeline {

Result<void> forget_old_runs(Context& context, Instant started) {
  auto runs = context.store.runs();
  if (!runs) return std::move(runs.error());
  const std::int64_t oldest = started.ms - std::int64_t{86'400'000} * context.options.manifest.pipeline.retention_days;
  checkpoint::Transaction transaction;
  for (const auto& old : *runs) {
    if (old.started.ms >= oldest || is_unfinished(old)) continue;
    transaction.forget_run(old.id);
    transaction.drop_host("true_base/" + old.id);
    if (auto gone = files::remove_tree(context.options.state_directory / "undo" / old.id); !gone) return gone;
  }
  const std::string oldest_date = zone::local_date(Instant{oldest}, context.zone);
  if (auto pruned = report::prune_identities(context.store, oldest_date, transaction); !pruned) return pruned;
  if (!transaction.empty()) {
    auto committed = context.store.commit(std::move(transaction));
    if (!committed) return std::move(committed.error());
  }
  return context.store.keep_copy();
}

}  // namespace daydream::pipeline
