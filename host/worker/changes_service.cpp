// "daydream.changes/1": files are read here, from the private tree; proposals go into the transaction.
#include <algorithm>

#include "daydream/kit/json.hpp"
#include "daydream/kit/walk.hpp"
#include "worker/run.hpp"

namespace daydream::worker {
namespace {

constexpr std::size_t kMaxFile = std::size_t{64} << 20;
constexpr std::size_t kMaxSpans = std::size_t{1} << 20;
constexpr std::size_t kMaxSizes = std::size_t{1} << 16;
constexpr std::size_t kMaxOptions = 64 << 10;

dd_status list(dd_run* run, dd_text globs_json, dd_bytes after, const dd_entry** page, size_t* count) noexcept {
  if (on_run_thread(run, "list") == nullptr) return DD_BAD_ARGUMENT;
  const auto globs = view(globs_json);
  const auto behind = view(after);  // often a path of the last page
  if (!globs || !behind || page == nullptr || count == nullptr) return bad_argument(run, "list", "NULL");
  frames::ListRequest request{globs->empty() ? "[]" : std::string(*globs), std::string(*behind)};
  auto reply = run->link.ask(frames::Type::kList, request.encode());
  if (reply.status != DD_OK) return reply.status;
  auto entries = frames::Entries::decode(reply.body);
  if (!entries) return DD_RETRY;
  run->given.listed = std::move(entries->items);
  run->given.page.clear();
  for (const frames::Entry& entry : run->given.listed)
    run->given.page.push_back({to_bytes(entry.path), entry.size, entry.token});
  *page = run->given.page.data();
  *count = run->given.page.size();
  return DD_OK;
}

dd_status status_of(const Error& error) {
  switch (error.kind()) {
    case ErrorKind::kNotFound:
    case ErrorKind::kPermanent:  // a symlink on the way: no file of the tree
      return DD_NOT_FOUND;
    case ErrorKind::kUnsupported:
      return DD_UNSUPPORTED;
    case ErrorKind::kInvalid:
      return DD_BAD_ARGUMENT;
    default:
      return DD_RETRY;
  }
}

const std::string* source_root(const dd_run& run) {
  for (const auto& [name, path] : run.start.roots)
    if (name == "source") return &path;
  return nullptr;
}

dd_status read(dd_run* run, dd_bytes path, dd_bytes* content, uint64_t* token) noexcept {
  if (on_run_thread(run, "read") == nullptr) return DD_BAD_ARGUMENT;
  const auto wanted = view(path);
  if (!wanted || content == nullptr || token == nullptr) return bad_argument(run, "read", "NULL");
  if (!walk::clean_relative(*wanted)) return bad_argument(run, "read", "not a clean relative path");
  const std::string* const root = source_root(*run);
  if (root == nullptr) return DD_NOT_FOUND;
  auto bytes = walk::read_beneath(*root, *wanted, kMaxFile);
  if (!bytes) return status_of(bytes.error());
  run->given.content = std::move(*bytes);
  *content = to_bytes(run->given.content);
  *token = hash::token_of_blob_id(hash::git_blob_id(run->given.content, run->blob_format));
  if (run->sizes.size() >= kMaxSizes) run->sizes.clear();
  run->sizes[*token] = run->given.content.size();
  return DD_OK;
}

// What every effect needs; DD_OK, or the refusal.
dd_status check_place(dd_run& run, const char* function, std::optional<std::string_view> path, std::uint64_t finding) {
  if (!path) return bad_argument(&run, function, "the path is NULL with a size");
  if (!walk::clean_relative(*path)) return bad_argument(&run, function, "not a clean relative path");
  if (!known_finding(run, finding))
    return bad_argument(&run, function, "finding " + std::to_string(finding) + " was not put in this run");
  return DD_OK;
}

// Nothing when they are disjoint, ascending and inside the content, as far as that is known.
const char* wrong_with(const dd_span* spans, std::size_t count, std::optional<std::uint64_t> size) {
  std::uint64_t end = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const dd_span& span = spans[i];
    if (!view(span.replacement)) return "a replacement is NULL with a size";
    if (span.size > UINT64_MAX - span.offset) return "a span ends beyond every file";
    if (i > 0 && (span.offset < end || span.offset == spans[i - 1].offset)) return "the spans overlap or do not ascend";
    end = span.offset + span.size;
    if (size && end > *size) return "a span ends behind the content";
  }
  return nullptr;
}

dd_status edit(dd_txn* txn, dd_bytes path, uint64_t token, const dd_span* spans, size_t count,
               uint64_t finding) noexcept {
  dd_run* const run = with_open(txn, "edit");
  if (run == nullptr) return DD_BAD_ARGUMENT;
  const auto where = view(path);
  if (const dd_status place = check_place(*run, "edit", where, finding); place != DD_OK) return place;
  if (token == 0) return bad_argument(run, "edit", "no content has the token 0");
  if (spans == nullptr || count == 0 || count > kMaxSpans)
    return bad_argument(run, "edit", "no spans, or over a million");
  const auto known = run->sizes.find(token);
  const auto size = known == run->sizes.end() ? std::nullopt : std::optional<std::uint64_t>(known->second);
  if (const char* wrong = wrong_with(spans, count, size)) return bad_argument(run, "edit", wrong);
  Effect effect;
  effect.kind = EffectKind::kEdit;
  effect.finding = finding;
  effect.path = *where;
  effect.token = token;
  std::size_t bytes = where->size();
  for (std::size_t i = 0; i < count; ++i) bytes += 24 + std::min(spans[i].replacement.size, kMaxFile * 8);
  if (!reserve(*run, bytes, "edit")) return DD_BAD_ARGUMENT;
  for (std::size_t i = 0; i < count; ++i)
    effect.spans.push_back({spans[i].offset, spans[i].size, std::string(view(spans[i].replacement).value_or(""))});
  run->transaction->commit.effects.push_back(std::move(effect));
  return DD_OK;
}

dd_status create(dd_txn* txn, dd_bytes path, dd_bytes content, uint64_t finding) noexcept {
  dd_run* const run = with_open(txn, "create");
  if (run == nullptr) return DD_BAD_ARGUMENT;
  const auto where = view(path);
  if (const dd_status place = check_place(*run, "create", where, finding); place != DD_OK) return place;
  const auto bytes = view(content);
  if (!bytes) return bad_argument(run, "create", "the content is NULL with a size");
  if (bytes->size() > kMaxFile) return bad_argument(run, "create", "larger than 64 MiB");
  if (!reserve(*run, where->size() + bytes->size(), "create")) return DD_BAD_ARGUMENT;
  Effect effect;
  effect.kind = EffectKind::kCreate;
  effect.finding = finding;
  effect.path = *where;
  effect.content = *bytes;
  run->transaction->commit.effects.push_back(std::move(effect));
  return DD_OK;
}

dd_status remove(dd_txn* txn, dd_bytes path, uint64_t token, uint64_t finding) noexcept {
  dd_run* const run = with_open(txn, "remove");
  if (run == nullptr) return DD_BAD_ARGUMENT;
  const auto where = view(path);
  if (const dd_status place = check_place(*run, "remove", where, finding); place != DD_OK) return place;
  if (token == 0) return bad_argument(run, "remove", "no content has the token 0");
  if (!reserve(*run, where->size(), "remove")) return DD_BAD_ARGUMENT;
  Effect effect;
  effect.kind = EffectKind::kRemove;
  effect.finding = finding;
  effect.path = *where;
  effect.token = token;
  run->transaction->commit.effects.push_back(std::move(effect));
  return DD_OK;
}

bool live_root(std::string_view root) {
  if (root == "repository") return true;
  constexpr std::string_view kLog = "log:";
  if (!root.starts_with(kLog) || root.size() == kLog.size() || root[kLog.size()] == '0') return false;  // from 1
  return root.find_first_not_of("0123456789", kLog.size()) == std::string_view::npos;
}

dd_status discard(dd_txn* txn, dd_text root, dd_bytes path, uint64_t finding) noexcept {
  dd_run* const run = with_open(txn, "discard");
  if (run == nullptr) return DD_BAD_ARGUMENT;
  const auto where = view(path);
  if (const dd_status place = check_place(*run, "discard", where, finding); place != DD_OK) return place;
  const auto from = view(root);
  if (!from || !live_root(*from)) return bad_argument(run, "discard", "the root is not \"repository\" or \"log:<n>\"");
  if (!reserve(*run, where->size() + from->size(), "discard")) return DD_BAD_ARGUMENT;
  Effect effect;
  effect.kind = EffectKind::kDiscard;
  effect.finding = finding;
  effect.root = *from;
  effect.path = *where;
  run->transaction->commit.effects.push_back(std::move(effect));
  return DD_OK;
}

bool is_object(std::string_view options) {
  json::ParseOptions how;
  how.name = "options";
  how.positions = false;
  auto parsed = json::Text::parse(options, how);
  return parsed && parsed->root().IsObject();
}

dd_status archive(dd_txn* txn, dd_text root, dd_bytes path, dd_bytes archive_path, dd_text options_json,
                  uint64_t finding) noexcept {
  dd_run* const run = with_open(txn, "archive");
  if (run == nullptr) return DD_BAD_ARGUMENT;
  const auto where = view(path);
  if (const dd_status place = check_place(*run, "archive", where, finding); place != DD_OK) return place;
  const auto from = view(root);
  if (!from || !live_root(*from)) return bad_argument(run, "archive", "the root is not \"repository\" or \"log:<n>\"");
  const auto target = view(archive_path);
  if (!target || !walk::clean_relative(*target))
    return bad_argument(run, "archive", "the archive path is not a clean relative path");
  const auto options = view(options_json);
  if (!options || options->size() > kMaxOptions || (!options->empty() && !is_object(*options)))
    return bad_argument(run, "archive", "the options are not a JSON object");
  if (!reserve(*run, where->size() + target->size() + options->size(), "archive")) return DD_BAD_ARGUMENT;
  Effect effect;
  effect.kind = EffectKind::kArchive;
  effect.finding = finding;
  effect.root = *from;
  effect.path = *where;
  effect.archive_path = *target;
  effect.options = options->empty() ? "{}" : std::string(*options);
  run->transaction->commit.effects.push_back(std::move(effect));
  return DD_OK;
}

}  // namespace

const dd_changes_service* changes_table() {
  static constexpr dd_changes_service kTable = {
      sizeof(dd_changes_service), list, read, edit, create, remove, discard, archive};
  return &kTable;
}

}  // namespace daydream::worker
