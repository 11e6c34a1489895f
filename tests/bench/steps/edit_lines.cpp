// Finds the first line of every .txt file, in one commit; with "edit": true it also edits it.
#include "stamp.hpp"

namespace {

using namespace daydream;

class EditLines {
 public:
  EditLines(sdk::Run& run, const json::Value& configuration)
      : run_(run), edits_(json::get_bool(configuration, "edit", false)) {}

  Result<sdk::Outcome> run() {
    auto files = run_.files().list({"*.txt"});
    if (!files) return std::move(files.error());
    auto txn = run_.begin();
    if (!txn) return std::move(txn.error());
    for (const auto& file : *files) {
      auto content = run_.files().read(file.path);
      if (!content) return std::move(content.error());
      const std::uint64_t number = txn->put_finding({.rule = "bench/line",
                                                     .safety = sdk::Safety::kSafe,
                                                     .path = file.path,
                                                     .line = 1,
                                                     .message = "the first line",
                                                     .evidence = "it is there"});
      if (edits_) txn->edit(file.path, content->token, {{0, 4, "edited"}}, number);
    }
    bench::stamp(run_, "commit");
    if (auto committed = txn->commit(); !committed) return std::move(committed.error());
    bench::stamp(run_, "committed");
    return sdk::Outcome::ok();
  }

 private:
  sdk::Run& run_;
  bool edits_;
};

constexpr const char* kDescriptor = R"({"id": "bench/edit_lines", "version": "1.0.0", "summary": "Edits first lines",
  "services": ["daydream.run/1", "daydream.state/1", "daydream.changes/1"],
  "config_schema": {"type": "object", "properties": {"edit": {"type": "boolean", "description": "edit, or only find"}}}})";

}  // namespace

DAYDREAM_PLUGIN(EditLines, kDescriptor);
