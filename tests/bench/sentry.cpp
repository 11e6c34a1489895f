// The review of 10,000 issues, from a server on loopback that takes 200 ms for each answer and refuses (429) what
// comes faster than 10 requests a second: the time of the step, its memory, and how often it was refused.
#include <algorithm>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>

#include "daydream/kit/json.hpp"
#include "plugins/sentry_review/tests/fake_server.hpp"
#include "sandbox.hpp"
#include "support/http_server.hpp"

using namespace daydream;
using namespace daydream::bench;
using daydream::testing::HttpAsked;
using daydream::testing::HttpSays;
using daydream::testing::HttpServer;

namespace {

constexpr int kIssues = 10'000;
constexpr std::size_t kPerSecond = 10;
constexpr std::chrono::milliseconds kLatency{200};
constexpr std::size_t kIssueBytes = 2'400;  // as Sentry's are

// More than ten requests within any second are too many.
class Limit {
 public:
  bool allows() {
    const std::lock_guard lock(mutex_);
    const auto now = Steady::now();
    while (!recent_.empty() && now - recent_.front() >= std::chrono::seconds(1)) recent_.pop_front();
    if (recent_.size() >= kPerSecond) return ++refused_, false;
    recent_.push_back(now);
    return true;
  }
  [[nodiscard]] int refused() const { return refused_; }

 private:
  std::mutex mutex_;
  std::deque<Steady::time_point> recent_;
  int refused_ = 0;
};

sentry::fake::Server ten_thousand() {
  sentry::fake::Server fake;
  for (int i = 1; i <= kIssues; ++i) {
    const std::string id = std::to_string(i);
    fake.issues.push_back(
        {.id = id, .short_id = "PAY-" + id, .title = "KeyError: 'amount' " + std::string(kIssueBytes / 4, 'x')});
    fake.issues.back().last_seen = "2999-01-01T00:00:00Z";
  }
  return fake;
}

std::string newest_report(const Sandbox& sandbox) {
  std::string newest;
  for (const auto& entry : std::filesystem::directory_iterator(sandbox.state())) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("report_") && name.ends_with(".json")) newest = std::max(newest, entry.path().string());
  }
  std::ifstream file(newest, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

int main() {
  const sentry::fake::Server fake = ten_thousand();
  Limit limit_of_server;
  HttpServer server([&](const HttpAsked& asked) {
    HttpSays says;
    says.delay = kLatency;
    if (!limit_of_server.allows()) {
      says.status = 429;
      return says;
    }
    const auto reply = fake.answer(asked.target);
    says.status = reply.status;
    if (!reply.link.empty()) says.headers.emplace_back("Link", reply.link);
    says.body = reply.body;
    return says;
  });
  const Sandbox sandbox;
  sandbox.write("pay/views.py", "def charge(request):\n    return request\n");
  sandbox.commit_all();
  const auto token = sandbox.root() / "token";
  std::ofstream(token) << "bench-token-0123456789\n";
  std::filesystem::permissions(token, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  std::ofstream(sandbox.root() / "pipeline.json")
      << R"({"manifest": 1, "secrets": {"SENTRY_AUTH_TOKEN": {"file": ")" << token.string() << R"(", "hosts": [")"
      << server.authority() << R"("]}}, "hosts": {"sentry_review": [")" << server.authority()
      << R"("]}, "steps": [{"id": "sentry_review", "plugin": "sentry_review", "secrets": ["SENTRY_AUTH_TOKEN"],
            "config": {"organization": "acme", "url": ")"
      << server.url("") << "\"}}]}";
  sandbox.run_daydream(Sandbox::kToday);
  const std::string text = newest_report(sandbox);
  auto report = json::Text::parse(text, {.name = "report", .positions = false});
  const json::Value* steps = report ? json::find(report->root(), "steps") : nullptr;
  if (steps == nullptr || !steps->IsArray() || steps->Empty()) give_up("no report was written");
  const json::Value& step = (*steps)[0];
  const auto* findings = json::find(report->root(), "findings");
  limit("Sentry, 10,000 issues at 10 requests/s, 200 ms each",
        std::chrono::milliseconds(json::get_int(step, "duration_ms")), std::chrono::seconds(60));
  note("    " + json::get_string(step, "status") + ", " + std::to_string(findings != nullptr ? findings->Size() : 0) +
       " findings, " + std::to_string(server.asked().size()) + " requests, " +
       std::to_string(limit_of_server.refused()) + " refused with 429, peak memory " +
       std::to_string(json::get_int(step, "peak_memory") >> 20) + " MiB (bar 64)");
}
