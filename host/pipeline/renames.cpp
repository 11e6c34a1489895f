#include "pipeline/renames.hpp"

#include "daydream/kit/text.hpp"
#include "log/log.hpp"

namespace daydream::pipeline {

std::string Renames::now(const std::string& old_path) {
  if (!renamed_) load();
  auto found = renamed_->find(old_path);
  return found == renamed_->end() ? "" : found->second;
}

void Renames::load() {
  renamed_.emplace();
  auto last = context_.store.host_value("last_base");
  if (!last || !*last || **last == run_.base) return;
  // The old base may be gone (a rewritten history, no git before): then nothing was renamed, as far as we know.
  auto listing =
      context_.tree.repository().run({"diff", "--name-status", "-M", "--diff-filter=R", "-z", **last, run_.base, "--"});
  if (!listing || !listing->good()) {
    log::info("pipeline", "renames since the last run are not known");
    return;
  }
  const auto parts = text::split(listing->output, '\0');
  for (std::size_t i = 0; i + 2 < parts.size(); i += 3) renamed_->emplace(parts[i + 1], parts[i + 2]);
}

}  // namespace daydream::pipeline
