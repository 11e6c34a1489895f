#include "checkpoint/tables.hpp"

namespace daydream::checkpoint {

namespace tables {

const Table kMeta{"meta", 1, {{"key", 't'}, {"value", 't'}}};
const Table kChain{"chain", 1, {{"generation", 'i'}, {"digest", 'b'}, {"head", 'b'}, {"next_effect", 'i'}}};
const Table kRun{"run",
                 1,
                 {{"id", 't'},
                  {"date", 't'},
                  {"full", 'i'},
                  {"status", 'i'},
                  {"started", 'i'},
                  {"finished", 'i'},
                  {"mode", 'i'},
                  {"base", 't'},
                  {"facts", 't'},
                  {"resumed", 'i'}}};
const Table kStep{"step",
                  2,
                  {{"run", 't'},
                   {"id", 't'},
                   {"plugin", 't'},
                   {"number", 'i'},
                   {"config_hash", 't'},
                   {"status", 'i'},
                   {"attempts", 'i'},
                   {"started", 'i'},
                   {"finished", 'i'},
                   {"code", 't'},
                   {"message", 't'},
                   {"result", 't'}}};
const Table kCheckpoint{"checkpoint", 2, {{"run", 't'}, {"step", 't'}, {"schema", 'i'}, {"bytes", 'b'}}};
const Table kMemory{"memory", 2, {{"plugin", 't'}, {"key", 'b'}, {"value", 'b'}}};
const Table kOutput{"output", 3, {{"run", 't'}, {"step", 't'}, {"name", 't'}, {"json", 't'}}};
const Table kMetric{"metric", 3, {{"run", 't'}, {"step", 't'}, {"name", 't'}, {"value", 'r'}}};
const Table kFinding{
    "finding", 3, {{"run", 't'},        {"step", 't'},   {"number", 'i'},  {"id", 't'},      {"rule", 't'},
                   {"severity", 'i'},   {"safety", 'i'}, {"path", 'b'},    {"line", 'i'},    {"column", 'i'},
                   {"end_line", 'i'},   {"symbol", 't'}, {"context", 't'}, {"message", 't'}, {"evidence", 't'},
                   {"suggestion", 't'}, {"commit", 't'}, {"since", 't'},   {"action", 'i'},  {"would_apply", 'i'},
                   {"note", 't'}}};
const Table kEffect{"effect",
                    1,
                    {{"sequence", 'i'},
                     {"run", 't'},
                     {"step", 't'},
                     {"kind", 'i'},
                     {"finding", 'i'},
                     {"root", 't'},
                     {"path", 'b'},
                     {"token", 'i'},
                     {"spans", 'b'},
                     {"content", 'b'},
                     {"archive_path", 'b'},
                     {"options", 't'},
                     {"key", 't'},
                     {"request", 't'}}};
const Table kEffectState{"effect_state", 1, {{"sequence", 'i'}, {"state", 'i'}, {"detail", 't'}}};
const Table kHost{"host", 1, {{"key", 'b'}, {"value", 'b'}}};

const std::vector<const Table*>& all() {
  static const std::vector<const Table*> list{&kMeta,   &kChain,  &kRun,     &kStep,   &kCheckpoint,  &kMemory,
                                              &kOutput, &kMetric, &kFinding, &kEffect, &kEffectState, &kHost};
  return list;
}

}  // namespace tables

namespace {

std::string quoted(const char* name) {
  return "\"" + std::string(name) + "\"";
}

std::string column_list(const Table& table) {
  std::string list;
  for (const Column& column : table.columns) list += quoted(column.name) + ",";
  return list + "\"sum\"";
}

std::string encode_spans(const std::vector<Span>& spans) {
  std::string bytes;
  for (const Span& span : spans) {
    append_number(bytes, span.offset);
    append_number(bytes, span.size);
    append_number(bytes, span.replacement.size());
    bytes += span.replacement;
  }
  return bytes;
}

Result<std::vector<Span>> decode_spans(std::string_view bytes) {
  std::vector<Span> spans;
  while (!bytes.empty()) {
    if (bytes.size() < 24) return Error(ErrorKind::kDamaged, "store: spans of an effect are cut short");
    Span span;
    span.offset = read_number(bytes);
    span.size = read_number(bytes.substr(8));
    auto length = read_number(bytes.substr(16));
    bytes.remove_prefix(24);
    if (length > bytes.size()) return Error(ErrorKind::kDamaged, "store: spans of an effect are cut short");
    span.replacement = std::string(bytes.substr(0, length));
    bytes.remove_prefix(length);
    spans.push_back(std::move(span));
  }
  return spans;
}

std::int64_t signed_of(std::uint64_t number) {
  return static_cast<std::int64_t>(number);
}

template <class Enum>
std::int64_t number_of(Enum value) {
  return static_cast<std::int64_t>(value);
}

template <class Enum>
Enum enum_of(const Row& row, std::size_t column) {
  return static_cast<Enum>(integer(row, column));
}

int int_of(const Row& row, std::size_t column) {
  return static_cast<int>(integer(row, column));
}

}  // namespace

std::int64_t integer(const Row& row, std::size_t column) {
  return std::get<std::int64_t>(row[column]);
}
const std::string& text(const Row& row, std::size_t column) {
  return std::get<std::string>(row[column]);
}

std::string put_sql(const Table& table) {
  std::string marks = "?";
  for (std::size_t i = 0; i < table.columns.size(); ++i) marks += ",?";
  std::string keys;
  std::string rest;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    std::string name = quoted(table.columns[i].name);
    if (i < table.keys) {
      keys += (keys.empty() ? "" : ",") + name;
    } else {
      rest += name + "=excluded." + name + ",";
    }
  }
  return "INSERT INTO " + quoted(table.name) + "(" + column_list(table) + ") VALUES(" + marks + ") ON CONFLICT(" +
         keys + ") DO UPDATE SET " + rest + "\"sum\"=excluded.\"sum\"";
}

namespace {

std::string from_where_keys(const Table& table) {
  std::string sql = " FROM " + quoted(table.name);
  for (std::size_t i = 0; i < table.keys; ++i) {
    sql += i == 0 ? " WHERE " : " AND ";
    sql.append(quoted(table.columns[i].name)).append("=?");
  }
  return sql;
}

}  // namespace

std::string drop_sql(const Table& table) {
  return "DELETE" + from_where_keys(table);
}

std::string sum_sql(const Table& table) {
  return "SELECT \"sum\"" + from_where_keys(table);
}

std::string select_sql(const Table& table, std::string_view rest) {
  return "SELECT " + column_list(table) + " FROM " + quoted(table.name) + " " + std::string(rest);
}

Row row_of(const Run& run) {
  return {run.id,
          run.date,
          std::int64_t{run.full},
          number_of(run.status),
          run.started.ms,
          run.finished.ms,
          number_of(run.mode),
          run.base,
          run.facts,
          std::int64_t{run.resumed}};
}

Run run_of(const Row& row) {
  Run run;
  run.id = text(row, 0);
  run.date = text(row, 1);
  run.full = integer(row, 2) != 0;
  run.status = enum_of<RunStatus>(row, 3);
  run.started.ms = integer(row, 4);
  run.finished.ms = integer(row, 5);
  run.mode = enum_of<Mode>(row, 6);
  run.base = text(row, 7);
  run.facts = text(row, 8);
  run.resumed = int_of(row, 9);
  return run;
}

Row row_of(const Step& step) {
  return {step.run,
          step.id,
          step.plugin,
          std::int64_t{step.number},
          step.config_hash,
          number_of(step.status),
          std::int64_t{step.attempts},
          step.started.ms,
          step.finished.ms,
          step.code,
          step.message,
          step.result};
}

Step step_of(const Row& row) {
  Step step;
  step.run = text(row, 0);
  step.id = text(row, 1);
  step.plugin = text(row, 2);
  step.number = int_of(row, 3);
  step.config_hash = text(row, 4);
  step.status = enum_of<StepStatus>(row, 5);
  step.attempts = int_of(row, 6);
  step.started.ms = integer(row, 7);
  step.finished.ms = integer(row, 8);
  step.code = text(row, 9);
  step.message = text(row, 10);
  step.result = text(row, 11);
  return step;
}

Row row_of(const std::string& run, const std::string& step, const Finding& finding) {
  return {run,
          step,
          signed_of(finding.number),
          finding.id,
          finding.rule,
          number_of(finding.severity),
          number_of(finding.safety),
          finding.path,
          std::int64_t{finding.line},
          std::int64_t{finding.column},
          std::int64_t{finding.end_line},
          finding.symbol,
          finding.context,
          finding.message,
          finding.evidence,
          finding.suggestion,
          finding.commit,
          finding.since,
          number_of(finding.action),
          std::int64_t{finding.would_apply},
          finding.note};
}

Finding finding_of(const Row& row) {
  Finding finding;
  finding.step = text(row, 1);
  finding.number = static_cast<std::uint64_t>(integer(row, 2));
  finding.id = text(row, 3);
  finding.rule = text(row, 4);
  finding.severity = enum_of<Severity>(row, 5);
  finding.safety = enum_of<Safety>(row, 6);
  finding.path = text(row, 7);
  finding.line = int_of(row, 8);
  finding.column = int_of(row, 9);
  finding.end_line = int_of(row, 10);
  finding.symbol = text(row, 11);
  finding.context = text(row, 12);
  finding.message = text(row, 13);
  finding.evidence = text(row, 14);
  finding.suggestion = text(row, 15);
  finding.commit = text(row, 16);
  finding.since = text(row, 17);
  finding.action = enum_of<Action>(row, 18);
  finding.would_apply = integer(row, 19) != 0;
  finding.note = text(row, 20);
  return finding;
}

Row row_of(const std::string& run, const std::string& step, const Effect& effect) {
  return {effect.sequence,
          run,
          step,
          number_of(effect.kind),
          signed_of(effect.finding),
          effect.root,
          effect.path,
          signed_of(effect.token),
          encode_spans(effect.spans),
          effect.content,
          effect.archive_path,
          effect.options,
          effect.key,
          effect.request};
}

Row state_row_of(const Effect& effect) {
  return {effect.sequence, number_of(effect.state), effect.detail};
}

Result<Effect> effect_of(const Row& row, const Row& state) {
  Effect effect;
  effect.sequence = integer(row, 0);
  effect.kind = enum_of<EffectKind>(row, 3);
  effect.finding = static_cast<std::uint64_t>(integer(row, 4));
  effect.root = text(row, 5);
  effect.path = text(row, 6);
  effect.token = static_cast<std::uint64_t>(integer(row, 7));
  auto spans = decode_spans(text(row, 8));
  if (!spans) return std::move(spans.error());
  effect.spans = std::move(*spans);
  effect.content = text(row, 9);
  effect.archive_path = text(row, 10);
  effect.options = text(row, 11);
  effect.key = text(row, 12);
  effect.request = text(row, 13);
  effect.state = enum_of<EffectState>(state, 1);
  effect.detail = text(state, 2);
  return effect;
}

}  // namespace daydream::checkpoint
