#include "checkpoint/checks.hpp"

#include <charconv>

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

Result<Digest> put_row(Database& database, const Table& table, const Row& row) {
  auto prepared = database.prepare(put_sql(table));
  if (!prepared) return std::move(prepared.error());
  Digest digest = digest_of(table.name, table, row);
  Value sum = sum_of(digest);
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

Digest chain_next(const Digest& head, const Digest& digest) {
  return hash::sha256(std::string(bytes_of(head)) + std::string(bytes_of(digest)));
}

Result<ChainState> check_chain(Database& database, const AnchorPoint* anchor) {
  ChainState state;
  bool first = true;
  bool anchored = anchor == nullptr;
  std::string broken;
  auto read = each_row(database, tables::kChain, "ORDER BY generation", {}, [&](Row&& row) {
    AnchorPoint point{integer(row, 0), digest_in(text(row, 2))};
    bool follows = first || (point.generation == state.tip.generation + 1 &&
                             point.head == chain_next(state.tip.head, digest_in(text(row, 1))));
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

Result<void> quick_check(Database& database) {
  auto words = database.text("PRAGMA quick_check(1)");
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
  return Error(ErrorKind::kDamaged, state_directory.string() + " is damaged: " + error.message() +
                                        ". Nothing was changed. `daydream doctor` says more, `" + std::string(kRemedy) +
                                        "` restores the last copy");
}

}  // namespace daydream::checkpoint
