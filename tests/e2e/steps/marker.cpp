// A step for tests of the host: in every .txt file a line "BAD ..." is a safe finding with its removal, a
// line "MAYBE ..." one for review, "NOTE ..." information. One commit a file. "trouble" makes it misbehave
// when it comes to file number "at" (from 1), "times" tries long (0: always).
#include <unistd.h>
#include <csignal>
#include <cstdlib>
#include <daydream/sdk.hpp>
#include <stdexcept>
#include <string>

namespace {

using namespace daydream;

constexpr const char* kDescriptor = R"({
  "id": "marker", "version": "0.1.0", "summary": "finds marked lines", "role": "step",
  "config_schema": {"type": "object", "properties": {
    "trouble": {"type": "string", "enum": ["none", "throw", "abort", "exit", "hang", "retry", "permanent", "skip"],
                "default": "none"},
    "at": {"type": "integer", "default": 1}, "times": {"type": "integer", "default": 0},
    "word": {"type": "string", "default": "BAD"}}},
  "checkpoint_schema": 1, "memory_schema": 1,
  "services": ["daydream.run/1", "daydream.state/1", "daydream.changes/1"],
  "report": {"title": "Marked Lines", "lines": [
    {"text": "Removed {n} marked lines", "rules": ["test/bad"]},
    {"text": "Looked at {n} files", "metric": "files"}]}
})";

class Marker {
 public:
  Marker(sdk::Run& run, const json::Value& configuration)
      : run_(run),
        trouble_(json::get_string(configuration, "trouble", "none")),
        word_(json::get_string(configuration, "word", "BAD")),
        at_(json::get_int(configuration, "at", 1)),
        times_(json::get_int(configuration, "times", 0)) {}

  Result<sdk::Outcome> run() {
    if (trouble_ == "skip") return sdk::Outcome::skipped("nothing is configured", "not-configured");
    auto facts = run_.facts();
    if (!facts) return std::move(facts.error());
    const bool troubled = times_ == 0 || facts->attempt <= times_;
    auto checkpoint = run_.state().checkpoint();
    if (!checkpoint) return std::move(checkpoint.error());
    std::string after = *checkpoint ? std::string((*checkpoint)->bytes) : "";
    auto files = run_.files().list({"*.txt"}, "");
    if (!files) return std::move(files.error());
    std::int64_t number = 0;
    for (const auto& file : *files) {
      ++number;
      if (file.path <= after && !after.empty()) continue;
      if (run_.cancelled()) return sdk::Outcome::cancelled();
      if (troubled && number == at_) {
        auto made = make_trouble();
        if (made.status() != DD_OK) return made;
      }
      if (auto looked = look_at(file.path, number); !looked) return std::move(looked.error());
      run_.progress(static_cast<std::uint64_t>(number), files->size(), file.path);
    }
    return sdk::Outcome::ok();
  }

 private:
  sdk::Outcome make_trouble() {
    if (trouble_ == "throw") throw std::runtime_error("thrown by the test");
    if (trouble_ == "abort") std::abort();
    if (trouble_ == "exit") std::exit(3);
    while (trouble_ == "hang") pause();
    if (trouble_ == "retry") return sdk::Outcome::retry("try again later");
    if (trouble_ == "permanent") return sdk::Outcome::permanent("will never work");
    return sdk::Outcome::ok();
  }

  Result<void> look_at(const std::string& path, std::int64_t number) {
    auto content = run_.files().read(path);
    if (!content) return std::move(content.error());
    const std::string bytes(content->bytes);
    auto txn = run_.begin();
    if (!txn) return std::move(txn.error());
    int line = 0;
    for (std::size_t start = 0; start < bytes.size();) {
      std::size_t end = bytes.find('\n', start);
      end = end == std::string::npos ? bytes.size() : end + 1;
      ++line;
      put(*txn, path, content->token, bytes.substr(start, end - start), start, line);
      start = end;
    }
    txn->put_metric("files", static_cast<double>(number));
    txn->put_checkpoint(1, path);
    return txn->commit();
  }

  void put(sdk::Transaction& txn, const std::string& path, std::uint64_t token, const std::string& text,
           std::size_t offset, int line) {
    sdk::Finding finding;
    finding.path = path;
    finding.line = line;
    finding.context = text.substr(0, text.find('\n'));
    finding.message = finding.context;
    finding.evidence = "the line says so";
    if (text.rfind(word_, 0) == 0) {
      finding.rule = "test/bad";
      finding.severity = sdk::Severity::kWarning;
      finding.safety = sdk::Safety::kSafe;
    } else if (text.rfind("MAYBE", 0) == 0) {
      finding.rule = "test/maybe";
      finding.safety = sdk::Safety::kReview;
    } else if (text.rfind("NOTE", 0) == 0) {
      finding.rule = "test/note";
    } else {
      return;
    }
    const std::uint64_t number = txn.put_finding(finding);
    if (finding.rule != "test/note") txn.edit(path, token, {{offset, text.size(), ""}}, number);
  }

  sdk::Run& run_;
  std::string trouble_, word_;
  std::int64_t at_, times_;
};

}  // namespace

DAYDREAM_PLUGIN(Marker, kDescriptor);
