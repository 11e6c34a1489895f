#include "checkpoint/store.hpp"

#include "base/files.hpp"
#include "checkpoint/operation.hpp"
#include "checkpoint/reread.hpp"
#include "checkpoint/state.hpp"
#include "checkpoint/tables.hpp"
#include "daydream/kit/hash.hpp"

namespace daydream::checkpoint {

namespace {

// Links of the chain that lie behind the anchor are dropped once there are this many.
constexpr std::int64_t kOldLinks = 1024;

Path marker_file(const Store::Options& options) {
  return options.marker_directory / "state-directory";
}
std::string marker_text(const Store::Options& options) {
  return std::filesystem::absolute(options.state_directory).lexically_normal().string() + "\n";
}

bool marked(const Store::Options& options) {
  if (options.marker_directory.empty()) return false;
  auto content = files::read(marker_file(options), std::size_t{1} << 16);
  return content && *content == marker_text(options);
}

Result<void> mark(const Store::Options& options) {
  if (options.marker_directory.empty() || marked(options)) return {};
  auto made = files::make_directories(options.marker_directory);
  if (made) made = files::write_replace(marker_file(options), marker_text(options), files::Durability::kNone);
  if (!made) return std::move(made.error()).context("work directory");
  return {};
}

Result<Opened> open_or_create(const Store::Options& options) {
  if (!Files(options.state_directory).bare()) return open_store(options);
  if (!options.create || options.read_only) {
    return Error(ErrorKind::kNotFound,
                 "no run has been made yet: " + options.state_directory.string() + " holds no store");
  }
  bool vanished = marked(options);
  auto opened = create_store(options.state_directory);
  if (opened && vanished) {
    opened->notices.push_back(
        "the state of earlier runs in " + options.state_directory.string() +
        " has vanished (git clean?): what earlier nights remembered is lost, Daydream starts anew");
  }
  return opened;
}

}  // namespace

Store::Store() = default;
Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::open(const Options& options) {
  const std::string doubt = options.read_only ? "" : read_again_from_disk(options.state_directory);
  auto opened = open_or_create(options);
  if (!opened) return with_remedy(std::move(opened.error()), options.state_directory).context("store");
  if (!doubt.empty())
    opened->notices.push_back("the last start ended with an error of the disk; what lies on it was read again: " +
                              doubt);
  if (!options.read_only) {
    auto noted = mark(options);
    if (!noted) return std::move(noted.error());
  }
  std::unique_ptr<Store> store(new Store);
  store->state_ = std::make_unique<State>(State{options, std::move(*opened), false, std::nullopt});
  return store;
}

namespace {

Result<void> run_bound(Database& database, const std::string& sql, const std::vector<Bound>& bound) {
  auto prepared = database.prepare(sql);
  if (!prepared) return std::move(prepared.error());
  for (std::size_t i = 0; i < bound.size(); ++i) {
    (*prepared)->bind(static_cast<int>(i) + 1, bound[i].value, bound[i].kind);
  }
  return (*prepared)->run();
}

Result<void> drop_row(Database& database, const Table& table, const Row& keys, Content& content) {
  std::vector<Bound> bound;
  bound.reserve(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) bound.push_back({keys[i], table.columns[i].kind});
  return delete_rows(database, drop_sql(table), bound, content);
}

Result<Digest> put_effect_rows(Database& database, const Row& owner, const Effect& effect, Content& content) {
  auto what = put_row(database, tables::kEffect, row_of(text(owner, 0), text(owner, 1), effect), content);
  if (!what) return what;
  auto state = put_row(database, tables::kEffectState, state_row_of(effect), content);
  if (!state) return state;
  return hash::sha256(std::string(bytes_of(*what)) + std::string(bytes_of(*state)));
}

Result<Digest> set_effect_row(Database& database, const Row& row, Content& content) {
  bool known = false;
  auto found = each_row(database, tables::kEffectState, "WHERE sequence=?", {as_number(integer(row, 0))}, [&](Row&&) {
    known = true;
    return false;
  });
  if (!found) return std::move(found.error());
  if (!known) return Error(ErrorKind::kInternal, "no effect has sequence " + std::to_string(integer(row, 0)));
  return put_row(database, tables::kEffectState, row, content);
}

Result<void> delete_all(Database& database, const std::vector<std::string>& statements, const std::vector<Bound>& bound,
                        Content& content) {
  for (const std::string& sql : statements) {
    auto done = delete_rows(database, sql, bound, content);
    if (!done) return done;
  }
  return {};
}

// Files of the state directory that were written stay written: their effects are kept.
Result<void> forget_step_rows(Database& database, const Row& row, Content& content) {
  static const std::string dropped =
      " (SELECT sequence FROM effect JOIN effect_state USING(sequence)"
      " WHERE run=?1 AND step=?2 AND NOT (kind=" +
      std::to_string(static_cast<int>(EffectKind::kStateFile)) +
      " AND state=" + std::to_string(static_cast<int>(EffectState::kApplied)) + "))";
  const std::vector<Bound> bound{as_text(text(row, 0)), as_text(text(row, 1))};
  auto done =
      delete_all(database,
                 {"DELETE FROM checkpoint WHERE run=?1 AND step=?2", "DELETE FROM output WHERE run=?1 AND step=?2",
                  "DELETE FROM metric WHERE run=?1 AND step=?2", "DELETE FROM finding WHERE run=?1 AND step=?2",
                  // The states last: they say which effects go.
                  "DELETE FROM effect WHERE sequence IN" + dropped},
                 bound, content);
  if (!done) return done;
  return delete_rows(database, "DELETE FROM effect_state WHERE sequence NOT IN (SELECT sequence FROM effect)", {},
                     content);
}

Result<void> forget_run_rows(Database& database, const Row& row, Content& content) {
  return delete_all(database,
                    {"DELETE FROM checkpoint WHERE run=?1", "DELETE FROM output WHERE run=?1",
                     "DELETE FROM metric WHERE run=?1", "DELETE FROM finding WHERE run=?1",
                     "DELETE FROM effect_state WHERE sequence IN (SELECT sequence FROM effect WHERE run=?1)",
                     "DELETE FROM effect WHERE run=?1", "DELETE FROM step WHERE run=?1", "DELETE FROM run WHERE id=?1"},
                    {as_text(text(row, 0))}, content);
}

}  // namespace

// One commit while it is being made.
class Store::Commit {
 public:
  explicit Commit(State& state) : state_(state), chain_(state.opened.chain) {}

  Result<void> make(Transaction&& transaction);
  std::vector<std::int64_t> sequences;

 private:
  Result<Digest> apply(Transaction::Operation& operation);
  Result<void> link(const Digest& digest);
  Result<void> drop_old_links();

  State& state_;
  ChainState chain_;
};

Result<Digest> Store::Commit::apply(Transaction::Operation& operation) {
  using Kind = Transaction::Operation::Kind;
  Database& database = state_.opened.database;
  Result<void> done;
  switch (operation.kind) {
    case Kind::kPut:
      return put_row(database, *operation.table, operation.row, chain_.content);
    case Kind::kEffect:
      operation.effect.sequence = chain_.next_effect++;
      sequences.push_back(operation.effect.sequence);
      return put_effect_rows(database, operation.row, operation.effect, chain_.content);
    case Kind::kSetEffect:
      return set_effect_row(database, operation.row, chain_.content);
    case Kind::kDrop:
      done = drop_row(database, *operation.table, operation.row, chain_.content);
      break;
    case Kind::kForgetStep:
      done = forget_step_rows(database, operation.row, chain_.content);
      break;
    case Kind::kForgetRun:
      done = forget_run_rows(database, operation.row, chain_.content);
      break;
  }
  if (!done) return std::move(done.error());
  return digest_of(std::string("drop ") + operation.table->name, *operation.table, operation.row);
}

Result<void> Store::Commit::link(const Digest& digest) {
  auto linked = add_link(state_.opened.database, chain_, digest);
  if (!linked && linked.error().kind() == ErrorKind::kConflict) {
    return Error(ErrorKind::kConflict, "another process has written to the store; is there a second run?");
  }
  return linked;
}

Result<void> Store::Commit::drop_old_links() {
  std::int64_t anchored = state_.opened.anchor->point().generation;
  if (anchored - chain_.first_generation < kOldLinks) return {};
  chain_.first_generation = anchored;
  return run_bound(state_.opened.database, "DELETE FROM chain WHERE generation<?", {as_number(anchored)});
}

Result<void> Store::Commit::make(Transaction&& transaction) {
  Database& database = state_.opened.database;
  std::string digests;
  auto begun = run_bound(database, "BEGIN IMMEDIATE", {});
  if (!begun) return begun;
  Result<void> done;
  for (auto& operation : transaction.operations_) {
    auto digest = apply(*operation);
    if (!digest) {
      done = std::move(digest.error());
      break;
    }
    digests += bytes_of(*digest);
  }
  if (done) done = link(hash::sha256(digests));
  if (done) done = drop_old_links();
  if (done) done = run_bound(database, "COMMIT", {});
  if (!done) {
    (void)database.execute("ROLLBACK");
    return done;
  }
  state_.opened.chain = chain_;
  return done;
}

Result<std::vector<std::int64_t>> Store::commit(Transaction&& transaction) {
  if (state_->broken) return *state_->broken;
  if (transaction.empty()) return std::vector<std::int64_t>{};
  contract(!state_->options.read_only, "commit to a store opened for reading");
  Commit commit(*state_);
  auto made = commit.make(std::move(transaction));
  if (!made) return state_->fail(std::move(made.error()).context("commit"));
  state_->unsynced = false;
  return std::move(commit.sequences);
}

Result<void> Store::commit_lazily(Transaction&& transaction) {
  if (state_->broken) return *state_->broken;
  if (transaction.empty()) return {};
  contract(!state_->options.read_only, "commit to a store opened for reading");
  // The log is one sequence of frames: the next synced commit syncs this one with it.
  Commit commit(*state_);
  auto made = run_bound(state_->opened.database, "PRAGMA synchronous=NORMAL", {});
  if (made) made = commit.make(std::move(transaction));
  if (made) made = run_bound(state_->opened.database, "PRAGMA synchronous=FULL", {});
  if (!made) return state_->fail(std::move(made.error()).context("commit"));
  state_->unsynced = true;
  return {};
}

Result<void> Store::anchor() {
  if (state_->broken) return *state_->broken;
  contract(!state_->options.read_only, "anchor of a store opened for reading");
  if (state_->unsynced) {  // an anchor must not promise more than the disk has
    Commit commit(*state_);
    auto synced = commit.make(Transaction());
    if (!synced) return state_->fail(std::move(synced.error()).context("commit"));
    state_->unsynced = false;
  }
  Anchor& anchor = *state_->opened.anchor;
  if (anchor.point() == state_->opened.chain.tip) return {};
  auto written = anchor.write(state_->opened.chain.tip);
  if (!written) return state_->fail(std::move(written.error()));
  return {};
}

std::int64_t Store::generation() const {
  return state_->opened.chain.tip.generation;
}
const std::vector<std::string>& Store::notices() const {
  return state_->opened.notices;
}

}  // namespace daydream::checkpoint
