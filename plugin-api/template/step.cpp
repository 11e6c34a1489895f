// The step: which files, how far it has come, what it commits.
#include <daydream/sdk.hpp>

#include "daydream_descriptor.hpp"
#include "trailing_space.hpp"

namespace {

using namespace daydream;

// The files up to `after` are done; `files` of them were looked at.
struct Progress {
  static constexpr std::uint32_t kSchema = 1;
  std::string after;
  std::uint64_t files = 0;

  [[nodiscard]] std::string to_bytes() const {
    json::Writer out;
    out.begin_array().value(files).end_array();
    return out.take() + after;  // a path is bytes, JSON is not
  }
  static Result<Progress> from_bytes(std::string_view bytes) {
    const std::size_t border = bytes.find(']');
    if (border == std::string_view::npos) return Error(ErrorKind::kDamaged, "no count");
    auto head = json::Text::parse(bytes.substr(0, border + 1));
    if (!head) return std::move(head.error());
    if (!head->root().IsArray() || head->root().Size() != 1 || !head->root()[0].IsUint64()) {
      return Error(ErrorKind::kDamaged, "no count");
    }
    return Progress{std::string(bytes.substr(border + 1)), head->root()[0].GetUint64()};
  }
};

class Step {
 public:
  Step(sdk::Run& run, const json::Value& configuration)
      : run_(run),
        globs_(json::get_strings(configuration, "files")),
        batch_(static_cast<std::size_t>(json::get_int(configuration, "batch", 100))) {}

  Result<sdk::Outcome> run() {
    auto progress = run_.state().checkpoint_as<Progress>();
    if (!progress) return std::move(progress.error());
    Progress done = progress->value_or(Progress{});
    auto files = run_.files().list(globs_, done.after);
    if (!files) return std::move(files.error());
    const std::uint64_t total = done.files + files->size();

    for (std::size_t begin = 0; begin < files->size(); begin += batch_) {
      if (run_.cancelled()) return sdk::Outcome::cancelled();
      auto txn = run_.begin();
      if (!txn) return std::move(txn.error());
      const std::size_t end = std::min(files->size(), begin + batch_);
      for (std::size_t index = begin; index < end; ++index) {
        const std::string& path = (*files)[index].path;
        run_.progress(++done.files, total, path);
        if (auto looked = look_at(path, *txn); !looked) return std::move(looked.error());
        done.after = path;
      }
      txn->put_metric("files", static_cast<double>(done.files));
      txn->put_checkpoint(done);
      if (auto committed = txn->commit(); !committed) return std::move(committed.error());
    }
    return sdk::Outcome::ok();
  }

 private:
  // One finding and one edit a line: each can be declined by itself.
  Result<void> look_at(const std::string& path, sdk::Transaction& txn) {
    auto content = run_.files().read(path);
    if (!content) {
      if (content.error().kind() != ErrorKind::kUnsupported) return std::move(content.error());
      run_.info(content.error().message());
      return {};
    }
    if (content->bytes.find('\0') != std::string_view::npos) return {};  // not text
    for (const auto& blank : trailing_space::find(content->bytes)) {
      const std::uint64_t finding = txn.put_finding({.rule = "example/trailing-space",
                                                     .severity = sdk::Severity::kInfo,
                                                     .safety = sdk::Safety::kSafe,
                                                     .path = path,
                                                     .line = blank.line,
                                                     .message = "the line ends in white space",
                                                     .evidence = std::to_string(blank.size) + " invisible bytes",
                                                     .suggestion = "remove them"});
      txn.edit(path, content->token, {{blank.offset, blank.size, ""}}, finding);
    }
    return {};
  }

  sdk::Run& run_;
  std::vector<std::string> globs_;
  std::size_t batch_;
};

}  // namespace

DAYDREAM_PLUGIN(Step, daydream::kStepDescriptor);
