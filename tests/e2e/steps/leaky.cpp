// A step that repeats what it read wherever a plugin can say something: the content of every .secret file
// in findings, log, progress, output, explanation. "how" says how it ends.
#include <cstdio>
#include <cstdlib>
#include <daydream/sdk.hpp>
#include <stdexcept>
#include <string>

namespace {

using namespace daydream;

constexpr const char* kDescriptor = R"({
  "id": "leaky", "version": "0.1.0", "summary": "repeats what it read", "role": "step",
  "config_schema": {"type": "object", "properties": {
    "how": {"type": "string", "enum": ["ok", "skip", "retry", "throw", "exit"], "default": "ok"},
    "print": {"type": "boolean", "default": true}}},
  "checkpoint_schema": 1, "memory_schema": 1,
  "services": ["daydream.run/1", "daydream.state/1", "daydream.changes/1"],
  "report": {"title": "Leaks", "lines": [{"text": "Said {n} things", "rules": ["test/leak"], "actions": ["reported"]}]}
})";

class Leaky {
 public:
  Leaky(sdk::Run& run, const json::Value& configuration)
      : run_(run),
        how_(json::get_string(configuration, "how", "ok")),
        print_(json::get_bool(configuration, "print", true)) {}

  Result<sdk::Outcome> run() {
    auto files = run_.files().list({"*.secret"}, "");
    if (!files) return std::move(files.error());
    std::string all;
    for (const auto& file : *files) {
      auto content = run_.files().read(file.path);
      if (!content) return std::move(content.error());
      all += std::string(content->bytes);
      if (auto said = say(file.path, std::string(content->bytes)); !said) return std::move(said.error());
    }
    return end(all);
  }

 private:
  Result<void> say(const std::string& path, const std::string& text) {
    run_.warning("read " + text);
    run_.progress(1, 2, text);
    if (print_) {
      std::printf("%s\n", text.c_str());
      std::fprintf(stderr, "%s\n", text.c_str());
      std::fflush(stdout);
    }
    auto txn = run_.begin();
    if (!txn) return std::move(txn.error());
    sdk::Finding finding;
    finding.rule = "test/leak";
    finding.severity = sdk::Severity::kWarning;
    finding.path = path;
    finding.line = 1;
    finding.symbol = finding.context = finding.message = finding.evidence = finding.suggestion = text;
    txn->put_finding(finding);
    return txn->commit();
  }

  [[nodiscard]] sdk::Outcome end(const std::string& all) const {
    if (how_ == "skip") return sdk::Outcome::skipped("skipped for " + all, "not-configured");
    if (how_ == "retry") return sdk::Outcome::retry("try again: " + all);
    if (how_ == "throw") throw std::runtime_error("thrown with " + all);
    if (how_ == "exit") std::exit(3);
    return sdk::Outcome::ok();
  }

  sdk::Run& run_;
  std::string how_;
  bool print_;
};

}  // namespace

DAYDREAM_PLUGIN(Leaky, kDescriptor);
