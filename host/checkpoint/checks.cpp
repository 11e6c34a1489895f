#include "checkpoint/checks.hpp"

#include <charconv>

#include "base/files.hpp"
#include "checkpoint/tables.hpp"
#include "daydream/kit/hash.hpp"

namespace daydream::checkpoint {

namespace {

Error damaged(const std::string& message) {
  return {ErrorKind::kDamaged, message};
}

Result<bool> read_row(Statement& statement, const Table& table, Row& row) {
  auto more = statement.step();
  if (!more || !*more) return more;
  row.clear();
  int index = 0;
  for (const Column& column : table.columns) row.push_back(statement.column(index++, column.kind));
  auto sum = std::get<std::string>(statement.column(index, 'b'));
  if (sum != sum_of(digest_of(table.name, table, row))) {
    return damaged("store: row \"" + key_text(table, row) + "\" of table " + table.name +
                   " is not what was written (checksum)");
  }
  return true;
}

Error not_a_sum() {
  return damaged("store: a row has a checksum of the wrong size");
}

// 0 when there is no such row.
Result<Content> sum_of_row(Database& database, const Table& table, const Row& row) {
  auto prepared = database.prepare(sum_sql(table));
  if (!prepared) return std::move(prepared.error());
  Statement& statement = **prepared;
  for (std::size_t i = 0; i < table.keys; ++i) statement.bind(static_cast<int>(i) + 1, row[i], table.columns[i].kind);
  auto there = statement.step();
  std::string sum;
  if (there && *there) sum = std::get<std::string>(statement.column(0, 'b'));
  statement.reset();
  if (!there) return std::move(there.error());
  if (!*there) return Content{0};
  return sum.size() == kSumBytes ? Result<Content>(read_number(sum)) : Result<Content>(not_a_sum());
}

// Adds up the only column of all rows that `statement` gives.
Result<Content> add_up(Statement& statement) {
  Content content = 0;
  while (true) {
    auto more = statement.step();
    const bool over = !more || !*more;
    const std::string sum = over ? "" : std::get<std::string>(statement.column(0, 'b'));
    if (over || sum.size() != kSumBytes) statement.reset();
    if (!more) return std::move(more.error());
    if (over) return content;
    if (sum.size() != kSumBytes) return not_a_sum();
    content += read_number(sum);
  }
}

std::string link_of(const Digest& digest, Content content) {
  std::string link(bytes_of(digest));
  append_number(link, content);
  return link;
}

void read_content(const std::string& link, ChainState& state) {
  constexpr std::size_t kContentBytes = 8;
  state.content_known = link.size() % Digest().size() == kContentBytes;
  if (state.content_known) state.content = read_number(std::string_view(link).substr(link.size() - kContentBytes));
}

Digest digest_in(const std::string& bytes) {
  Digest digest{};
  for (std::size_t i = 0; i < digest.size() && i < bytes.size(); ++i) digest[i] = static_cast<std::uint8_t>(bytes[i]);
  return digest;
}

std::string commit_words(std::int64_t generation) {
  return "commit " + std::to_string(generation);
}

}  // namespace

Result<void> each_row(Database& database, const Table& table, std::string_view rest, const std::vector<Bound>& bound,
                      const std::function<bool(Row&&)>& use) {
  auto prepared = database.prepare(select_sql(table, rest));
  if (!prepared) return std::move(prepared.error());
  Statement& statement = **prepared;
  for (std::size_t i = 0; i < bound.size(); ++i) {
    statement.bind(static_cast<int>(i) + 1, bound[i].value, bound[i].kind);
  }
  Row row;
  while (true) {
    auto more = read_row(statement, table, row);
    if (!more) {
      statement.reset();
      return std::move(more.error());
    }
    if (!*more || !use(std::move(row))) break;
  }
  statement.reset();
  return {};
}

Result<Digest> put_row(Database& database, const Table& table, const Row& row, Content& content) {
  auto old = sum_of_row(database, table, row);
  if (!old) return std::move(old.error());
  auto prepared = database.prepare(put_sql(table));
  if (!prepared) return std::move(prepared.error());
  Digest digest = digest_of(table.name, table, row);
  Value sum = sum_of(digest);
  content += read_number(std::get<std::string>(sum)) - *old;
  int index = 1;
  for (const Value& value : row) {
    char kind = table.columns[static_cast<std::size_t>(index) - 1].kind;
    (*prepared)->bind(index++, value, kind);
  }
  (*prepared)->bind(index, sum, 'b');
  auto done = (*prepared)->run();
  if (!done) return std::move(done.error());
  return digest;
}

Digest chain_start(const std::string& store_name) {
  return hash::sha256("daydream chain " + store_name);
}

Digest chain_next(const Digest& head, std::string_view link) {
  return hash::sha256(std::string(bytes_of(head)).append(link));
}

namespace {

// Not "insert or replace": if somebody else has written here, our view of the store is stale.
Result<void> insert_link(Database& database, const ChainState& state, const std::string& link) {
  auto prepared = database.prepare("INSERT INTO chain(generation,digest,head,next_effect,sum) VALUES(?,?,?,?,?)");
  if (!prepared) return std::move(prepared.error());
  const Row row{state.tip.generation, link, std::string(bytes_of(state.tip.head)), state.next_effect};
  const Value sum = sum_of(digest_of(tables::kChain.name, tables::kChain, row));
  int index = 0;
  for (const Value& value : row) {
    const char kind = tables::kChain.columns[static_cast<std::size_t>(index)].kind;
    (*prepared)->bind(++index, value, kind);
  }
  (*prepared)->bind(++index, sum, 'b');
  return (*prepared)->run();
}

}  // namespace

Result<void> add_link(Database& database, ChainState& state, const Digest& digest) {
  const std::string link = link_of(digest, state.content);
  state.tip.generation += 1;
  state.tip.head = chain_next(state.tip.head, link);
  return insert_link(database, state, link);
}

Result<void> add_first_link(Database& database, ChainState& state, const std::string& store_name) {
  std::string link;
  append_number(link, state.content);
  state.tip = {0, chain_start(store_name)};
  return insert_link(database, state, link);
}

Result<Content> content_of(Database& database) {
  Content content = 0;
  for (const Table* table : tables::all()) {
    if (table == &tables::kChain) continue;  // it holds the result
    auto prepared = database.prepare("SELECT \"sum\" FROM \"" + std::string(table->name) + "\"");
    if (!prepared) return std::move(prepared.error());
    auto added = add_up(**prepared);
    if (!added) return added;
    content += *added;
  }
  return content;
}

Result<void> check_content(Database& database, const ChainState& state) {
  if (!state.content_known) return {};
  auto content = content_of(database);
  if (!content) return std::move(content.error());
  if (*content == state.content) return {};
  return damaged("store: its rows are not those that " + commit_words(state.tip.generation) +
                 " left: some are of another commit, or missing (was an older copy of daydream.db or of its log put "
                 "back?)");
}

Result<void> delete_rows(Database& database, const std::string& sql, const std::vector<Bound>& bound,
                         Content& content) {
  auto prepared = database.prepare(sql + " RETURNING \"sum\"");
  if (!prepared) return std::move(prepared.error());
  for (std::size_t i = 0; i < bound.size(); ++i)
    (*prepared)->bind(static_cast<int>(i) + 1, bound[i].value, bound[i].kind);
  auto gone = add_up(**prepared);
  (*prepared)->reset();
  if (!gone) return std::move(gone.error());
  content -= *gone;
  return {};
}

Result<ChainState> check_chain(Database& database, const AnchorPoint* anchor) {
  ChainState state;
  bool first = true;
  bool anchored = anchor == nullptr;
  std::string broken;
  auto read = each_row(database, tables::kChain, "ORDER BY generation", {}, [&](Row&& row) {
    AnchorPoint point{integer(row, 0), digest_in(text(row, 2))};
    bool follows = first || (point.generation == state.tip.generation + 1 &&
                             point.head == chain_next(state.tip.head, text(row, 1)));
    if (!follows) broken = commit_words(point.generation) + " does not follow from the one before it";
    if (first) state.first_generation = point.generation;
    if (anchor != nullptr && anchor->generation == point.generation) {
      anchored = true;
      if (anchor->head != point.head) {
        broken = commit_words(point.generation) + " is not the one that its anchor names: this is another store";
      }
    }
    first = false;
    state.tip = point;
    state.next_effect = integer(row, 3);
    read_content(text(row, 1), state);
    return broken.empty();
  });
  if (!read) return std::move(read.error());
  if (!broken.empty()) return damaged("store: the chain of commits is broken: " + broken);
  if (first) return damaged("store: the chain of commits is empty");
  if (!anchored && anchor->generation > state.tip.generation) {
    return damaged("the store is older than its anchor: it ends with " + commit_words(state.tip.generation) + " of " +
                   std::to_string(anchor->generation) + " that were made durable");
  }
  if (!anchored) return damaged("store: " + commit_words(anchor->generation) + " that its anchor names is missing");
  return state;
}

// Not quick_check: it passes over indices, and a row that its index does not find is written a second time.
Result<void> check_structure(Database& database) {
  auto words = database.text("PRAGMA integrity_check(1)");
  if (!words) return std::move(words.error());
  if (!*words || **words != "ok") return damaged("store: SQLite finds it malformed: " + words->value_or("no answer"));
  return {};
}

Result<std::int64_t> schema_version(Database& database) {
  std::string version;
  auto read = each_row(database, tables::kMeta, "WHERE key='schema_version'", {}, [&](Row&& row) {
    version = text(row, 1);
    return false;
  });
  if (!read) return std::move(read.error());
  std::int64_t number = -1;
  auto parsed = std::from_chars(version.data(), version.data() + version.size(), number);
  if (parsed.ec != std::errc() || number < 0) return damaged("store: it holds no schema version");
  if (number > kSchemaVersion) {
    return Error(ErrorKind::kInvalid, "the store has schema version " + version + ", this daydream knows up to " +
                                          std::to_string(kSchemaVersion) +
                                          ": install the daydream that wrote it, or a newer one");
  }
  return number;
}

Result<void> check_run(Database& database, const std::string& run) {
  const auto pass = [](Row&&) { return true; };
  for (const Table* table : {&tables::kStep, &tables::kCheckpoint, &tables::kOutput, &tables::kMetric,
                             &tables::kFinding, &tables::kEffect}) {
    auto checked = each_row(database, *table, "WHERE run=?", {as_text(run)}, pass);
    if (!checked) return checked;
  }
  auto states = each_row(database, tables::kEffectState, "WHERE sequence IN (SELECT sequence FROM effect WHERE run=?)",
                         {as_text(run)}, pass);
  if (!states) return states;
  auto lonely = database.text(
      "SELECT count(*) FROM effect LEFT JOIN effect_state USING(sequence) WHERE effect_state.sequence IS NULL");
  if (!lonely) return std::move(lonely.error());
  if (lonely->value_or("") != "0") return damaged("store: an effect has lost its state");
  return {};
}

Result<void> check_all_rows(Database& database) {
  for (const Table* table : tables::all()) {
    auto checked = each_row(database, *table, "", {}, [](Row&&) { return true; });
    if (!checked) return checked;
  }
  return {};
}

Error with_remedy(Error error, const Path& state_directory) {
  constexpr std::string_view kRemedy = "daydream doctor --repair";
  if (error.kind() != ErrorKind::kDamaged || error.message().find(kRemedy) != std::string::npos) return error;
  const bool copied = files::exists(state_directory / "daydream.db.bak");
  return Error(
      ErrorKind::kDamaged,
      state_directory.string() + " is damaged: " + error.message() +
          ". Nothing was changed. `daydream doctor` says more, `" + std::string(kRemedy) + "` mends it" +
          (copied ? "" : ", or says that nothing is left (`daydream doctor --accept-lost-memory` starts anew)"));
}

}  // namespace daydream::checkpoint
