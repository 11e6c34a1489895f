#include "worker/state_puts.hpp"

#include <cmath>

#include "base/model.hpp"
#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"
#include "daydream/kit/walk.hpp"
#include "worker/run.hpp"

namespace daydream::worker {
namespace {

constexpr std::size_t kMaxKey = 16 << 10;
constexpr std::size_t kMaxName = 200;
constexpr std::size_t kMaxValue = std::size_t{64} << 20;
constexpr std::size_t kMaxFinding = std::size_t{1} << 20;

Result<void> valid_json(std::string_view json) {
  json::ParseOptions options;
  options.name = "output";
  options.positions = false;
  auto parsed = json::Text::parse(json, options);
  if (!parsed) return std::move(parsed.error());
  return {};
}

bool good_name(std::string_view name) {
  return !name.empty() && name.size() <= kMaxName && text::valid_utf8(name);
}

}  // namespace

dd_status put_checkpoint(dd_txn* txn, uint32_t schema, dd_bytes bytes) noexcept {
  dd_run* const run = with_open(txn, "put_checkpoint");
  if (run == nullptr) return DD_BAD_ARGUMENT;
  const auto content = view(bytes);
  if (!content) return bad_argument(run, "put_checkpoint", "NULL with a size");
  if (content->size() > kMaxValue) return bad_argument(run, "put_checkpoint", "larger than 64 MiB");
  if (schema != run->descriptor.checkpoint_schema)
    return bad_argument(run, "put_checkpoint",
                        "schema " + std::to_string(schema) + ", but the descriptor says " +
                            std::to_string(run->descriptor.checkpoint_schema));
  if (!reserve(*run, content->size(), "put_checkpoint")) return DD_BAD_ARGUMENT;
  frames::Commit& commit = run->transaction->commit;
  commit.has_checkpoint = true;
  commit.checkpoint_schema = schema;
  commit.checkpoint = *content;
  return DD_OK;
}

dd_status put_memory(dd_txn* txn, dd_bytes key, dd_bytes value) noexcept {
  dd_run* const run = with_open(txn, "put_memory");
  if (run == nullptr) return DD_BAD_ARGUMENT;
  const auto name = view(key);
  const auto content = view(value);
  if (!name || !content) return bad_argument(run, "put_memory", "NULL with a size");
  if (name->empty() || name->size() > kMaxKey)
    return bad_argument(run, "put_memory", "the key is empty or over 16 KiB");
  if (content->size() > kMaxValue) return bad_argument(run, "put_memory", "larger than 64 MiB");
  if (!reserve(*run, name->size() + content->size(), "put_memory")) return DD_BAD_ARGUMENT;
  Transaction& open = *run->transaction;
  open.drops.erase(std::string(*name));
  open.puts.insert_or_assign(std::string(*name), std::string(*content));
  return DD_OK;
}

dd_status drop_memory(dd_txn* txn, dd_bytes key) noexcept {
  dd_run* const run = with_open(txn, "drop_memory");
  if (run == nullptr) return DD_BAD_ARGUMENT;
  const auto name = view(key);
  if (!name) return bad_argument(run, "drop_memory", "NULL with a size");
  if (name->empty() || name->size() > kMaxKey)
    return bad_argument(run, "drop_memory", "the key is empty or over 16 KiB");
  if (!reserve(*run, name->size(), "drop_memory")) return DD_BAD_ARGUMENT;
  Transaction& open = *run->transaction;
  open.puts.erase(std::string(*name));
  open.drops.insert(std::string(*name));
  return DD_OK;
}

dd_status put_output(dd_txn* txn, dd_text name, dd_text json) noexcept {
  dd_run* const run = with_open(txn, "put_output");
  if (run == nullptr) return DD_BAD_ARGUMENT;
  const auto called = view(name);
  const auto content = view(json);
  if (!called || !content) return bad_argument(run, "put_output", "NULL with a size");
  if (!good_name(*called)) return bad_argument(run, "put_output", "the name is empty, over 200 bytes or not UTF-8");
  if (auto valid = valid_json(*content); !valid) return bad_argument(run, "put_output", valid.error().message());
  if (!reserve(*run, called->size() + content->size(), "put_output")) return DD_BAD_ARGUMENT;
  run->transaction->outputs.insert_or_assign(std::string(*called), std::string(*content));
  return DD_OK;
}

dd_status put_metric(dd_txn* txn, dd_text name, double value) noexcept {
  dd_run* const run = with_open(txn, "put_metric");
  if (run == nullptr) return DD_BAD_ARGUMENT;
  const auto called = view(name);
  if (!called) return bad_argument(run, "put_metric", "NULL with a size");
  if (!good_name(*called)) return bad_argument(run, "put_metric", "the name is empty, over 200 bytes or not UTF-8");
  if (!std::isfinite(value)) return bad_argument(run, "put_metric", "not a finite number");
  if (!reserve(*run, called->size(), "put_metric")) return DD_BAD_ARGUMENT;
  run->transaction->metrics.insert_or_assign(std::string(*called), value);
  return DD_OK;
}

dd_status put_finding(dd_txn* txn, dd_text json, uint64_t* number) noexcept {
  dd_run* const run = with_open(txn, "put_finding");
  if (run == nullptr) return DD_BAD_ARGUMENT;
  const auto content = view(json);
  if (!content) return bad_argument(run, "put_finding", "NULL with a size");
  if (content->size() > kMaxFinding) return bad_argument(run, "put_finding", "larger than 1 MiB");
  if (auto finding = parse_finding(*content); !finding)
    return bad_argument(run, "put_finding", finding.error().message());
  if (!reserve(*run, content->size(), "put_finding")) return DD_BAD_ARGUMENT;
  const std::uint64_t given = run->next_finding++;
  run->transaction->commit.findings.emplace_back(given, *content);
  if (number != nullptr) *number = given;
  return DD_OK;
}

dd_status put_file(dd_txn* txn, dd_text name, dd_bytes bytes) noexcept {
  dd_run* const run = with_open(txn, "put_file");
  if (run == nullptr) return DD_BAD_ARGUMENT;
  const auto called = view(name);
  const auto content = view(bytes);
  if (!called || !content) return bad_argument(run, "put_file", "NULL with a size");
  if (!walk::clean_relative(*called) || !text::valid_utf8(*called))
    return bad_argument(run, "put_file", "the name is not a clean relative path");
  if (content->size() > kMaxValue) return bad_argument(run, "put_file", "larger than 64 MiB");
  if (!reserve(*run, called->size() + content->size(), "put_file")) return DD_BAD_ARGUMENT;
  Effect effect;
  effect.kind = EffectKind::kStateFile;
  effect.path = *called;
  effect.content = *content;
  run->transaction->commit.effects.push_back(std::move(effect));
  return DD_OK;
}

}  // namespace daydream::worker
