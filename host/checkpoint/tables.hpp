// The tables of schema.sql as descriptions, and the host's values as rows of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/model.hpp"
#include "checkpoint/row.hpp"
#include "checkpoint/store.hpp"

namespace daydream::checkpoint {

namespace tables {
extern const Table kMeta, kChain, kRun, kStep, kCheckpoint, kMemory, kOutput, kMetric, kFinding, kEffect, kEffectState,
    kHost;
// All of them, for those who check or copy a whole store.
const std::vector<const Table*>& all();
}  // namespace tables

// "INSERT ... ON CONFLICT ... DO UPDATE": the columns, then the sum.
std::string put_sql(const Table& table);
std::string drop_sql(const Table& table);
// "SELECT sum" of the row with these keys.
std::string sum_sql(const Table& table);
// "SELECT columns, sum FROM table" and what follows.
std::string select_sql(const Table& table, std::string_view rest);

Row row_of(const Run& run);
Run run_of(const Row& row);
Row row_of(const Step& step);
Step step_of(const Row& row);
Row row_of(const std::string& run, const std::string& step, const Finding& finding);
Finding finding_of(const Row& row);
Row row_of(const std::string& run, const std::string& step, const Effect& effect);  // without its state
Row state_row_of(const Effect& effect);
Result<Effect> effect_of(const Row& row, const Row& state);

std::int64_t integer(const Row& row, std::size_t column);
const std::string& text(const Row& row, std::size_t column);

}  // namespace daydream::checkpoint
