// What a plugin's calls become, and what a worker refuses.
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "base/files.hpp"
#include "host_side.hpp"

namespace daydream::worker_test {
namespace {

using Catch::Contains;

// A tree with a.py ("abcdef") and a link out of it.
frames::Start with_tree(const std::string& name, const Folder& folder) {
  (void)folder.write("tree/a.py", "abcdef");
  (void)folder.write("outside.py", "secret");
  REQUIRE(::symlink("../outside.py", (folder.path + "/tree/link.py").c_str()) == 0);
  frames::Start start = start_of(name);
  start.roots = {{"source", folder.path + "/tree"}};
  start.readable = {folder.path + "/tree"};
  return start;
}

void fill(HostSide& host) {
  host.memory = {{"one", "1"}, {"page/a", "A"}, {"page/b", "B"}, {"page/c", "C"}, {"zz", "z"}};
  host.outputs = {{"earlier/numbers", "[3]"}};
  host.findings = "{\"rule\":\"r\"}\n";
  host.listed = {{"a.py", 6, 1}, {"b.py", 1, 2}, {"c.py", 1, 3}};
}

void check_reads(const HostSide& host, const std::string& tree) {
  for (const char* line :
       {"config {\"x\":1}", "facts {\"run_id\":\"r\"}", "checkpoint 1 before", "output [3]", "memory 1", "memory none",
        "listed a.py", "listed b.py", "listed c.py", "scanned page/a=A;page/b=B;page/c=C;", "read abcdef"}) {
    INFO(line << " in\n" << host.all_logs());
    CHECK(host.said(line));
  }
  CHECK(host.said("root " + tree));
  CHECK(host.said("findings {\"rule\":\"r\"}\n"));
}

void check_commit(const frames::Commit& commit) {
  CHECK(commit.checkpoint == "half way");
  CHECK(commit.has_checkpoint);
  CHECK_FALSE(commit.migrated);
  CHECK(commit.put_memory == std::vector<std::pair<std::string, std::string>>{{"two", "2"}});
  CHECK(commit.drop_memory == std::vector<std::string>{"one"});
  CHECK(commit.outputs == std::vector<std::pair<std::string, std::string>>{{"made", "[1]"}});
  CHECK(commit.metrics == std::vector<std::pair<std::string, double>>{{"files", 3}});
  REQUIRE(commit.findings.size() == 1);
  CHECK(commit.findings[0].first == 41);  // numbers go on where the last try stopped
  REQUIRE(commit.effects.size() == 2);
  CHECK(commit.effects[0].kind == EffectKind::kEdit);
  CHECK(commit.effects[0].finding == 41);
  CHECK(commit.effects[0].token != 0);
  REQUIRE(commit.effects[0].spans.size() == 2);
  CHECK(commit.effects[0].spans[1].replacement == "new");
  CHECK(commit.effects[1].kind == EffectKind::kStateFile);
  CHECK(commit.effects[1].path == "made/report.md");
  CHECK(commit.effects[1].content == "# hello");
}

void run_good(HostSide& host, const Folder& folder, bool in_process) {
  fill(host);
  frames::Start start = with_tree("good", folder);
  start.config = R"({"x":1})";
  start.facts = R"({"run_id":"r"})";
  start.has_checkpoint = true;
  start.checkpoint_schema = 1;
  start.checkpoint = "before";
  start.next_finding = 41;
  in_process ? host.run_in_process(start) : host.run(start);
}

TEST_CASE("every function of every table works, in a process of its own and inside the host") {
  const bool in_process = GENERATE(false, true);
  const Folder folder;
  HostSide host;
  run_good(host, folder, in_process);
  REQUIRE(host.done);
  CHECK(host.done->status == DD_OK);
  CHECK(host.done->stage == "run");
  REQUIRE(host.ready);
  if (!in_process) {
    REQUIRE(host.exit);
    CHECK(host.exit->exit_code == 0);
  }
  check_reads(host, folder.path + "/tree");
  REQUIRE(host.commits.size() == 1);
  check_commit(host.commits[0]);
  CHECK(host.said("checkpoint 1 half way"));  // what is read after the commit
  CHECK(host.memory.count("never") == 0);
  CHECK_THAT(host.all_logs(), !Contains("contract broken"));
}

TEST_CASE("progress is thinned out, and the last of it stands before the commit") {
  const Folder folder;
  HostSide host;
  run_good(host, folder, false);
  REQUIRE_FALSE(host.progress.empty());
  CHECK(host.progress.size() < 50);  // of 500
  CHECK(host.progress.back().done == 500);
  CHECK(host.progress.back().what == "item");
  const auto commit = std::find(host.order.begin(), host.order.end(), "commit");
  CHECK(std::find(commit, host.order.end(), "progress") == host.order.end());
}

TEST_CASE("a scan fetches pages, not entries") {
  const Folder folder;
  HostSide host;
  host.page = 100;
  run_good(host, folder, false);
  CHECK(host.requests[frames::Type::kScanMemory] == 2);  // the page, and that nothing is behind it
}

TEST_CASE("a commit that the host refuses is told, and nothing of it is seen") {
  const Folder folder;
  HostSide host;
  host.commit_status = DD_RETRY;
  run_good(host, folder, false);
  REQUIRE(host.done);
  CHECK(host.done->status == DD_RETRY);
}

TEST_CASE("a file's token is that of the repository's own format") {
  const Folder folder;
  std::vector<std::uint64_t> tokens;
  for (const char* facts : {R"({})", R"({"blob_format":"sha1"})", R"({"blob_format":"sha256"})"}) {
    HostSide host;
    fill(host);
    frames::Start start = start_of("good");
    if (tokens.empty()) (void)with_tree("good", folder);
    start.roots = {{"source", folder.path + "/tree"}};
    start.readable = {folder.path + "/tree"};
    start.facts = facts;
    host.run(start);
    REQUIRE(host.commits.size() == 1);
    tokens.push_back(host.commits[0].effects.at(0).token);
  }
  CHECK(tokens[0] == 0xd96dc95707c20a37ULL);  // printf abcdef | git hash-object --stdin
  CHECK(tokens[1] == tokens[0]);
  CHECK(tokens[2] != tokens[0]);
}

TEST_CASE("a command prints, a nightly run does not") {
  HostSide host;
  frames::Start start = start_of("good");
  start.task = frames::Task::kCommand;
  start.command = "hello";
  start.arguments = R"(["a"])";
  host.run(start);
  REQUIRE(host.done);
  CHECK(host.done->stage == "command");
  CHECK(host.done->status == DD_OK);
  CHECK(host.printed == "hello [\"a\"]");
  HostSide without;
  start.plugin_file = plugin("hangs");
  start.plugin_sha256.clear();
  without.run(start);
  REQUIRE(without.done);
  CHECK(without.done->status == DD_UNSUPPORTED);
}

TEST_CASE("a check of the configuration opens and runs nothing") {
  HostSide host;
  frames::Start start = start_of("aborts");
  start.task = frames::Task::kCheckConfig;
  host.run(start);
  REQUIRE(host.done);
  CHECK(host.done->status == DD_OK);
  CHECK(host.done->stage == "open");
}

TEST_CASE("a broken contract is answered, logged and survived", "[contract]") {
  const bool in_process = GENERATE(false, true);
  const Folder folder;
  HostSide host;
  const frames::Start start = with_tree("breaks_contract", folder);
  in_process ? host.run_in_process(start) : host.run(start);
  REQUIRE(host.done);
  CHECK(host.done->status == DD_OK);
  const std::string bad = " = " + std::to_string(DD_BAD_ARGUMENT);
  for (const char* call : {"facts(NULL run)",
                           "facts(NULL)",
                           "root(NULL)",
                           "checkpoint(NULL)",
                           "memory(NULL key)",
                           "scan(NULL)",
                           "read(NULL)",
                           "list(NULL)",
                           "commit(NULL)",
                           "read ..",
                           "read /etc/passwd",
                           "edit finding 0",
                           "edit unknown finding",
                           "edit token 0",
                           "edit path",
                           "edit no spans",
                           "edit beyond",
                           "edit huge",
                           "edit NULL text",
                           "edit overlap",
                           "edit backwards",
                           "create NULL",
                           "remove token 0",
                           "discard root",
                           "archive to ..",
                           "archive options",
                           "memory NULL value",
                           "memory empty key",
                           "checkpoint schema",
                           "output not JSON",
                           "metric NaN",
                           "finding unknown key",
                           "finding not JSON",
                           "file ..",
                           "file absolute",
                           "thread: memory",
                           "thread: put",
                           "commit again",
                           "put after commit",
                           "old handle while another is open",
                           "finding that was rolled back"}) {
    INFO(call);
    CHECK(host.said(call + bad));
  }
  for (const char* line : {"cancelled(NULL) = 0", "service(NULL) = 0", "service(unknown) = 0", "begin(NULL) = 0",
                           "second begin = 0", "thread: begin = 0", "thread: service = 0", "thread: log is allowed",
                           "good put = 0", "commit = 0", "new handle = 1"}) {
    INFO(line);
    CHECK(host.said(line));
  }
  CHECK(host.said("read symlink = " + std::to_string(DD_NOT_FOUND)));
  CHECK(host.said("read missing = " + std::to_string(DD_NOT_FOUND)));
  CHECK(host.said("contract broken: begin(): another transaction is open"));
  CHECK(host.said("contract broken: memory(): called from a thread that is not the run thread"));
  REQUIRE(host.commits.size() == 1);
  CHECK(host.commits[0].effects.empty());
  CHECK(host.commits[0].put_memory.size() == 1);
  CHECK(host.commits[0].findings.size() == 1);
}

TEST_CASE("a transaction left open is rolled back and said") {
  HostSide host;
  host.run(start_of("forgets_transaction"));
  REQUIRE(host.done);
  CHECK(host.done->status == DD_OK);
  CHECK(host.commits.empty());
  CHECK_THAT(host.all_logs(), Contains("open transaction"));
}

struct Migration {
  std::uint32_t checkpoint = 0, memory = 0;
  std::string config = "{}";
};
void migrate(HostSide& host, const Migration& from) {
  frames::Start start = start_of("migrates");
  start.config = from.config;
  start.has_checkpoint = from.checkpoint != 0;
  start.checkpoint_schema = from.checkpoint;
  start.checkpoint = "as it was";
  start.memory_schema = from.memory;
  host.run(start);
}

TEST_CASE("older state is migrated in one commit of its own, before run") {
  HostSide host;
  migrate(host, {1, 2});
  REQUIRE(host.done);
  CHECK(host.done->status == DD_OK);
  CHECK(host.said("migrate 1 2"));
  CHECK(host.said("migrate: 1 as it was"));
  CHECK_FALSE(host.said("a second transaction"));
  CHECK_FALSE(host.said("committed by itself"));
  REQUIRE(host.commits.size() == 1);
  CHECK(host.commits[0].migrated);
  CHECK(host.commits[0].put_memory.size() == 1);
  CHECK(host.said("run: 3 rewritten"));
}

TEST_CASE("state of this version or none is not migrated") {
  for (const Migration& from : {Migration{0, 0}, Migration{3, 3}, Migration{3, 0}}) {
    HostSide host;
    migrate(host, from);
    CHECK(host.commits.empty());
    CHECK(host.said(from.checkpoint == 3 ? "run: 3 as it was" : "run: no checkpoint"));
  }
}

TEST_CASE("a migration that fails keeps everything as it was, and the step does not run") {
  HostSide host;
  migrate(host, {1, 1, "\"fail\""});
  REQUIRE(host.done);
  CHECK(host.done->stage == "migrate");
  CHECK(host.done->status == DD_PERMANENT);
  CHECK(host.commits.empty());
  CHECK_THAT(host.all_logs(), !Contains("run:"));
}

TEST_CASE("memory of a newer version is left alone, a newer checkpoint is dropped") {
  HostSide host;
  migrate(host, {3, 4});
  REQUIRE(host.done);
  CHECK(host.done->status == DD_PERMANENT);
  REQUIRE(host.explain);
  CHECK_THAT(host.explain->message, Contains("newer version"));
  HostSide dropped;
  migrate(dropped, {9, 3});
  CHECK(dropped.said("run: no checkpoint"));
}

}  // namespace
}  // namespace daydream::worker_test
