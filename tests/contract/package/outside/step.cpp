#include <daydream/kit/text.hpp>
#include <daydream/sdk.hpp>
#include "daydream_descriptor.hpp"

using namespace daydream;

namespace {
struct Progress {
  static constexpr std::uint32_t kSchema = 1;
  std::string after;
  std::uint64_t files = 0;
  std::string to_bytes() const { return std::to_string(files) + "\n" + after; }
  static Result<Progress> from_bytes(std::string_view bytes) {
    const auto end = bytes.find('\n');
    if (end == bytes.npos) return Error(ErrorKind::kDamaged, "no count");
    return Progress{std::string(bytes.substr(end + 1)), std::stoull(std::string(bytes.substr(0, end)))};
  }
};

class TodoOwner {
 public:
  TodoOwner(sdk::Run& run, const json::Value& config) : run_(run), config_(config) {}

  Result<sdk::Outcome> run() {
    std::string owner = json::get_string(config_, "owner", "nobody");
    if (const std::string from = json::get_string(config_, "owners_from"); !from.empty()) {
      auto said = run_.state().output(from, "owner");
      if (!said) return std::move(said.error());
      if (*said) owner = std::string(**said).substr(1, (*said)->size() - 2);
    }
    auto done = run_.state().checkpoint_as<Progress>();
    if (!done) return std::move(done.error());
    Progress progress = done->value_or(Progress{});
    auto files = run_.files().list(json::get_strings(config_, "files"), progress.after);
    if (!files) return std::move(files.error());
    const auto batch = static_cast<std::size_t>(json::get_int(config_, "batch", 50));
    for (std::size_t at = 0; at < files->size(); at += batch) {
      if (run_.cancelled()) return sdk::Outcome::cancelled();
      auto txn = run_.begin();
      if (!txn) return std::move(txn.error());
      for (std::size_t i = at; i < std::min(files->size(), at + batch); ++i) {
        const auto& path = (*files)[i].path;
        run_.progress(++progress.files, 0, path);
        auto content = run_.files().read(path);
        if (!content) return std::move(content.error());
        look(path, *content, owner, *txn);
        progress.after = path;
      }
      txn->put_metric("files", static_cast<double>(progress.files));
      txn->put_checkpoint(progress);
      if (auto committed = txn->commit(); !committed) return std::move(committed.error());
    }
    return sdk::Outcome::ok();
  }

 private:
  void look(const std::string& path, const sdk::Content& content, const std::string& owner, sdk::Transaction& txn) {
    int line = 0, found = 0;
    std::uint64_t offset = 0;
    for (const auto text : text::split(content.bytes, '\n')) {
      ++line;
      const auto at = text.find("TODO");
      if (at != text.npos && text.substr(at + 4, 1) != "(") {
        ++found;
        const auto number = txn.put_finding({.rule = "acme/todo-without-owner",
                                             .severity = sdk::Severity::kWarning,
                                             .safety = sdk::Safety::kReview,
                                             .path = path,
                                             .line = line,
                                             .message = "a TODO that nobody owns",
                                             .suggestion = "name an owner"});
        txn.edit(path, content.token, {{offset + at + 4, 0, "(" + owner + ")"}}, number);
      }
      offset += text.size() + 1;
    }
    txn.put_memory("todos/" + path, std::to_string(found));
  }

  sdk::Run& run_;
  const json::Value& config_;
};
}  // namespace

DAYDREAM_PLUGIN(TodoOwner, daydream::kStepDescriptor);
