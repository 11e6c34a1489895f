// "daydream.run/1": facts, roots, the standard output of a command.
#include "worker/run.hpp"

namespace daydream::worker {
namespace {

dd_status facts(dd_run* run, dd_text* json) noexcept {
  if (on_run_thread(run, "facts") == nullptr) return DD_BAD_ARGUMENT;
  if (json == nullptr) return bad_argument(run, "facts", "nowhere to put the answer");
  *json = to_text(run->start.facts);
  return DD_OK;
}

dd_status root(dd_run* run, dd_text name, dd_bytes* path) noexcept {
  if (on_run_thread(run, "root") == nullptr) return DD_BAD_ARGUMENT;
  const auto wanted = view(name);
  if (!wanted || path == nullptr) return bad_argument(run, "root", "NULL");
  for (const auto& [known, where] : run->start.roots) {
    if (known != *wanted) continue;
    *path = to_bytes(where);
    return DD_OK;
  }
  return DD_NOT_FOUND;
}

dd_status print(dd_run* run, dd_bytes bytes) noexcept {
  if (on_run_thread(run, "print") == nullptr) return DD_BAD_ARGUMENT;
  const auto text = view(bytes);
  if (!text) return bad_argument(run, "print", "NULL with a size");
  if (run->start.task == frames::Task::kCommand) run->link.print(*text);
  return DD_OK;
}

}  // namespace

const dd_run_service* run_table() {
  static constexpr dd_run_service kTable = {sizeof(dd_run_service), facts, root, print};
  return &kTable;
}

}  // namespace daydream::worker
