// Asks its host about the corners of the ABI, and puts every answer into one output and one finding's message.
#include "daydream/kit/hash.hpp"
#include "daydream/sdk.hpp"

namespace {

using namespace daydream;

constexpr const char* kDescriptor = R"({"id": "acme/corners", "version": "1.0.0", "summary": "Asks about corners",
  "checkpoint_schema": 1, "services": ["daydream.run/1", "daydream.state/1", "daydream.changes/1"]})";
constexpr std::string_view kContent = "one two\n";

class Corners {
 public:
  Corners(sdk::Run& run, const json::Value& /*configuration*/)
      : run_(run),
        state_(static_cast<const dd_state_service*>(run.host()->service(run.handle(), DD_STATE_SERVICE))),
        changes_(static_cast<const dd_changes_service*>(run.host()->service(run.handle(), DD_CHANGES_SERVICE))) {}

  Result<sdk::Outcome> run() {
    auto old = run_.files().read("old.txt");
    if (!old) return std::move(old.error());
    const std::uint64_t token = old->token;
    dd_txn* txn = state_->begin(run_.handle());
    std::uint64_t finding = 0;
    put_finding(txn, "safe", "new.txt", "made and edited", &finding);
    say("create", changes_->create(txn, sdk::bytes_of("new.txt"), sdk::bytes_of(kContent), finding));
    const std::uint64_t made = hash::token_of_blob_id(hash::git_blob_id(kContent));
    edit(txn, "edit of what is created here", "new.txt", made, {{4, 3, sdk::bytes_of("2")}}, finding);
    ask_about_spans(txn, token, finding);
    say("checkpoint of another schema", state_->put_checkpoint(txn, 9, sdk::bytes_of("x")));
    say("discard below log:0", changes_->discard(txn, sdk::text_of("log:0"), sdk::bytes_of("x"), finding));
    say("discard below log:1", changes_->discard(txn, sdk::text_of("log:1"), sdk::bytes_of("x"), finding));
    say("begin within", state_->begin(run_.handle()) == nullptr ? 0 : 1);
    put_finding(txn, "info", "", answers_, nullptr);
    say("commit", state_->commit(txn));
    say("commit again", state_->commit(txn));
    if (!answers_.ends_with("commit 0, commit again -6, ")) return sdk::Outcome::permanent(answers_);
    return sdk::Outcome::ok();
  }

 private:
  void say(const std::string& what, dd_status status) { answers_ += what + " " + std::to_string(status) + ", "; }

  void put_finding(dd_txn* txn, const char* safety, const std::string& path, const std::string& message,
                   std::uint64_t* number) {
    json::Writer out;
    out.begin_object().field("rule", "acme/corner").field("severity", "info").field("safety", safety);
    if (!path.empty()) out.field("path", path);
    out.field("message", message).end_object();
    const std::string json = out.take();
    say("put_finding", state_->put_finding(txn, sdk::text_of(json), number));
  }

  void edit(dd_txn* txn, const std::string& what, std::string_view path, std::uint64_t token,
            const std::vector<dd_span>& spans, std::uint64_t finding) {
    say(what, changes_->edit(txn, sdk::bytes_of(path), token, spans.data(), spans.size(), finding));
  }

  void ask_about_spans(dd_txn* txn, std::uint64_t token, std::uint64_t finding) {
    const dd_bytes x = sdk::bytes_of("x");
    edit(txn, "no span", "old.txt", token, {}, finding);
    edit(txn, "two insertions at one place", "old.txt", token, {{1, 0, x}, {1, 0, x}}, finding);
    edit(txn, "an insertion where a span begins", "old.txt", token, {{1, 0, x}, {1, 1, x}}, finding);
    edit(txn, "descending", "old.txt", token, {{2, 1, x}, {1, 1, x}}, finding);
    edit(txn, "behind the end", "old.txt", token, {{0, 99, x}}, finding);
    edit(txn, "an insertion at the end of a span, and one that does nothing", "old.txt", token,
         {{0, 1, x}, {1, 0, x}, {2, 0, {nullptr, 0}}}, finding);
  }

  sdk::Run& run_;
  const dd_state_service* state_;
  const dd_changes_service* changes_;
  std::string answers_;
};

}  // namespace

DAYDREAM_PLUGIN(Corners, kDescriptor);
