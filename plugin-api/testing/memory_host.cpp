#include "daydream/testing/memory_host.hpp"

#include <dlfcn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "daydream/kit/json.hpp"
#include "session.hpp"

namespace daydream::testing {

MemoryHost::MemoryHost(Start start) : start_(std::move(start)), ledger_(std::make_unique<Ledger>(start_)) {}
MemoryHost::~MemoryHost() = default;

std::string MemoryHost::file(const std::string& path) const {
  const FileMap files = ledger_->applied();
  const auto found = files.find(path);
  return found == files.end() ? "" : found->second;
}

std::vector<std::string> MemoryHost::finding_lines() const {
  std::vector<const StoredFinding*> findings;
  for (const auto& [number, finding] : ledger_->findings()) findings.push_back(&finding);
  std::sort(findings.begin(), findings.end(), [](const StoredFinding* left, const StoredFinding* right) {
    return std::tie(left->path, left->line, left->rule, left->symbol, left->column) <
           std::tie(right->path, right->line, right->rule, right->symbol, right->column);
  });
  std::vector<std::string> lines;
  lines.reserve(findings.size());
  for (const auto* finding : findings) lines.push_back(finding_line(*finding));
  return lines;
}

void MemoryHost::forget() {
  commits_.clear();
  attempt_ = 0;
  ledger_ = std::make_unique<Ledger>(start_);
}

Result<void> MemoryHost::prepare() {
  if (!workspace_) {
    auto made = Workspace::create(start_);
    if (!made) return std::move(made.error());
    workspace_ = std::move(*made);
  }
  return workspace_->sync(*ledger_, visible());
}

const FileMap& MemoryHost::visible() const {
  return start_.edits_visible ? ledger_->draft().edited() : ledger_->draft().base();
}

void MemoryHost::take(Commit commit) {
  ledger_->apply(commit);
  commits_.push_back(std::move(commit));
  if (workspace_ && !commits_.back().effects.empty()) (void)workspace_->sync(*ledger_, visible());
}

namespace {

struct Described {
  std::uint32_t checkpoint_schema = 1, memory_schema = 1;
  std::string config;  // with defaults
};

Result<Described> describe(const dd_plugin& plugin, const std::string& config) {
  json::ParseOptions options;
  options.name = "descriptor";
  auto descriptor = json::Text::parse(plugin.descriptor == nullptr ? "" : plugin.descriptor, options);
  if (!descriptor) return std::move(descriptor.error());
  const json::Value& root = descriptor->root();
  if (!root.IsObject() || json::get_string(root, "id").empty()) {
    return Error(ErrorKind::kInvalid, "descriptor: not an object with an id");
  }
  Described described;
  described.checkpoint_schema = static_cast<std::uint32_t>(json::get_int(root, "checkpoint_schema", 1));
  described.memory_schema = static_cast<std::uint32_t>(json::get_int(root, "memory_schema", 1));
  described.config = config;
  options.name = "configuration";
  auto given = json::Text::parse(config, options);
  if (!given) return std::move(given.error());
  if (const json::Value* schema_json = json::find(root, "config_schema")) {
    auto schema = json::Schema::compile(json::write(*schema_json), "config_schema");
    if (!schema) return std::move(schema.error());
    const auto problems = schema->check(given->root());
    if (!problems.empty()) return given->error_at(problems.front().pointer, problems.front().message);
    described.config = json::write(schema->with_defaults(given->root()));
  }
  return described;
}

void fail(Answer& answer, const char* stage, const Error& error) {
  answer.status = DD_PERMANENT;
  answer.stage = stage;
  answer.code = "invalid";
  answer.message = error.message();
}

// In one transaction that the host commits; without `migrate` an older checkpoint is dropped.
dd_status migrate(const dd_plugin& plugin, void* self, Session& session, const Described& described) {
  const auto& checkpoint = session.ledger().checkpoint();
  const std::uint32_t had = checkpoint ? checkpoint->schema : 0;
  // A commit of this run has brought memory to the plugin's own schema.
  const bool earlier = session.start().memory_schema != 0 && session.host().commits().empty();
  const bool present = !session.ledger().memory().empty();
  const std::uint32_t memory = !present ? 0 : earlier ? session.start().memory_schema : described.memory_schema;
  const bool old_checkpoint = had != 0 && had < described.checkpoint_schema;
  const bool old_memory = memory != 0 && memory < described.memory_schema;
  if (!old_checkpoint && !old_memory) return DD_OK;
  if (plugin.migrate == nullptr) return DD_OK;
  Txn* txn = session.begin("migrate");
  const dd_status status = plugin.migrate(self, had, memory, reinterpret_cast<dd_txn*>(txn));
  if (status != DD_OK) {
    session.rollback(*txn);
    return status;
  }
  if (!txn->open) return session.broken("migrate: its transaction is the host's to end"), DD_OK;
  return session.commit(*txn);
}

}  // namespace

Answer MemoryHost::one_try(const dd_plugin& plugin, Session& session, const std::string* command,
                           std::string_view arguments) {
  Answer& answer = session.answer();
  session.attempt = ++attempt_;
  auto described = describe(plugin, start_.config);
  if (!described) return fail(answer, "open", described.error()), answer;
  session.checkpoint_schema = described->checkpoint_schema;
  void* self = nullptr;
  answer.stage = "open";
  answer.status = plugin.open(&Session::table(), session.handle(), text_of(described->config), &self);
  if (answer.status != DD_OK) return session.end(), answer;
  answer.stage = "migrate";
  answer.status = migrate(plugin, self, session, *described);
  session.migrated = true;
  if (answer.status == DD_OK && command == nullptr) {
    answer.stage = "run";
    answer.status = plugin.run(self);
  } else if (answer.status == DD_OK && plugin.command == nullptr) {
    fail(answer, "command", Error(ErrorKind::kUsage, "the plugin has no commands"));
  } else if (answer.status == DD_OK) {
    answer.stage = "command";
    session.command = *command;
    answer.status = plugin.command(self, text_of(*command), {arguments.data(), arguments.size()});
  }
  plugin.close(self);
  session.end();
  return answer;
}

Answer MemoryHost::run(const dd_plugin& plugin) {
  sessions_.push_back(std::make_unique<Session>(*this, std::exchange(stop_after_, 0)));
  Answer answer;
  if (auto ready = prepare(); !ready) return fail(answer, "prepare", ready.error()), answer;
  return one_try(plugin, *sessions_.back(), nullptr, "");
}

Answer MemoryHost::command(const dd_plugin& plugin, std::string_view name, std::string_view arguments_json) {
  sessions_.push_back(std::make_unique<Session>(*this, 0));
  Answer answer;
  if (auto ready = prepare(); !ready) return fail(answer, "prepare", ready.error()), answer;
  const std::string word(name);
  return one_try(plugin, *sessions_.back(), &word, arguments_json);
}

namespace {

void send(int pipe, char kind, const std::string& body) {
  std::string frame(1, kind);
  const std::uint64_t size = body.size();
  frame.append(reinterpret_cast<const char*>(&size), sizeof size);
  frame += body;
  for (std::size_t sent = 0; sent < frame.size();) {
    const ssize_t written = ::write(pipe, frame.data() + sent, frame.size() - sent);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) ::_exit(3);
    sent += static_cast<std::size_t>(written);
  }
}

std::string receive_all(int pipe) {
  std::string bytes;
  char buffer[65536];
  for (;;) {
    const ssize_t got = ::read(pipe, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return bytes;
    bytes.append(buffer, static_cast<std::size_t>(got));
  }
}

}  // namespace

// Never returns. Commits are sent as they are made, so that a crash keeps them too.
void MemoryHost::child(const dd_plugin& plugin, int commits, int stop_after, int pipe) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::alarm(60);
  sessions_.push_back(std::make_unique<Session>(*this, stop_after));
  Session& session = *sessions_.back();
  session.on_commit = [&](int count, const Commit& commit) {
    send(pipe, 'C', pack(commit));
    if (count != commits) return;
    Answer answer = session.answer();
    answer.killed = true;
    send(pipe, 'A', pack(answer));
    ::_exit(0);
  };
  const Answer answer = one_try(plugin, session, nullptr, "");
  send(pipe, 'A', pack(answer));
  ::_exit(0);
}

Answer MemoryHost::listen(int pipe, int child) {
  const std::string bytes = receive_all(pipe);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  Answer answer;
  bool answered = false;
  for (std::string_view rest = bytes; rest.size() >= 9;) {
    const char kind = rest[0];
    std::uint64_t size = 0;
    std::memcpy(&size, rest.data() + 1, sizeof size);
    if (size > rest.size() - 9) break;
    const std::string_view body = rest.substr(9, size);
    rest.remove_prefix(9 + size);
    if (kind == 'C') {
      if (auto commit = unpack_commit(body)) take(std::move(*commit));
    } else if (auto read = unpack_answer(body)) {
      answer = std::move(*read);
      answered = true;
    }
  }
  if (!answered) {
    answer.status = DD_PERMANENT;
    answer.crash = WIFSIGNALED(status)
                       ? "signal " + std::to_string(WTERMSIG(status)) + " (" + ::strsignal(WTERMSIG(status)) + ")"
                       : "exit " + std::to_string(WEXITSTATUS(status));
  }
  return answer;
}

Answer MemoryHost::run_killed_after(const dd_plugin& plugin, int commits) {
  Answer answer;
  if (auto ready = prepare(); !ready) return fail(answer, "prepare", ready.error()), answer;
  int ends[2];
  if (::pipe(ends) != 0) return fail(answer, "prepare", Error::from_errno(errno, "pipe")), answer;
  const int stop_after = std::exchange(stop_after_, 0);
  const pid_t pid = ::fork();
  if (pid < 0) return fail(answer, "prepare", Error::from_errno(errno, "fork")), answer;
  if (pid == 0) {
    ::close(ends[0]);
    child(plugin, commits, stop_after, ends[1]);
  }
  ::close(ends[1]);
  answer = listen(ends[0], pid);
  ::close(ends[0]);
  ++attempt_;
  return answer;
}

Result<const dd_plugin*> open_plugin(const std::string& file) {
  void* library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return Error(ErrorKind::kInvalid, ::dlerror());
  const auto* plugin = static_cast<const dd_plugin*>(::dlsym(library, "daydream_plugin_v1"));
  if (plugin == nullptr) return Error(ErrorKind::kInvalid, file + ": exports no daydream_plugin_v1: not a step");
  constexpr std::size_t kFirstSize = offsetof(dd_plugin, close) + sizeof(dd_plugin::close);  // of ABI 1.0
  if (plugin->abi_major != DD_ABI_MAJOR || plugin->struct_size < kFirstSize) {
    return Error(ErrorKind::kInvalid, file + ": built for plugin ABI " + std::to_string(plugin->abi_major) + "." +
                                          std::to_string(plugin->abi_minor) + ", this is " +
                                          std::to_string(DD_ABI_MAJOR) + "." + std::to_string(DD_ABI_MINOR));
  }
  return plugin;
}

}  // namespace daydream::testing
