#include "daydream/changes.h"

#include <algorithm>

#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"
#include "daydream/kit/walk.hpp"
#include "session.hpp"

namespace daydream::testing {

namespace {

constexpr std::size_t kMaxFile = std::size_t{64} << 20;

bool matches(const std::vector<std::string>& globs, const std::string& path) {
  return globs.empty() ||
         std::any_of(globs.begin(), globs.end(), [&](const auto& glob) { return text::glob_match(glob, path); });
}

dd_status changes_list(dd_run* run, dd_text globs_json, dd_bytes after, const dd_entry** page,
                       std::size_t* count) noexcept {
  Session& session = *Session::of(run);
  if (!session.on_run_thread("list") || !session.readable(globs_json.data, globs_json.size, "list") ||
      !session.readable(after.data, after.size, "list")) {
    return DD_BAD_ARGUMENT;
  }
  if (page == nullptr || count == nullptr) return session.broken("list: a null pointer"), DD_BAD_ARGUMENT;
  if (session.stopped()) return DD_CANCELLED;
  auto parsed = json::Text::parse(string_of(globs_json));
  const bool strings = parsed && parsed->root().IsArray() &&
                       std::all_of(parsed->root().Begin(), parsed->root().End(),
                                   [](const json::Value& each) { return each.IsString(); });
  if (!strings) return session.broken("list: globs are not a JSON array of strings"), DD_BAD_ARGUMENT;
  std::vector<std::string> globs;
  for (const auto& each : parsed->root().GetArray()) globs.push_back(json::string_of(each));
  FileMap found;
  const FileMap& files = session.files();
  for (auto place = files.upper_bound(string_of(after)); place != files.end(); ++place) {
    if (found.size() == session.start().page) break;
    if (matches(globs, place->first)) found.insert(*place);
  }
  const auto& entries = session.page(std::move(found));
  *page = entries.data();
  *count = entries.size();
  return DD_OK;
}

dd_status changes_read(dd_run* run, dd_bytes path, dd_bytes* content, std::uint64_t* token) noexcept {
  Session& session = *Session::of(run);
  if (!session.on_run_thread("read") || !session.readable(path.data, path.size, "read")) return DD_BAD_ARGUMENT;
  if (content == nullptr || token == nullptr) return session.broken("read: a null pointer"), DD_BAD_ARGUMENT;
  if (session.stopped()) return DD_CANCELLED;
  const FileMap& files = session.files();
  const auto found = files.find(string_of(path));
  if (found == files.end()) return DD_NOT_FOUND;
  if (found->second.size() > kMaxFile) return DD_UNSUPPORTED;
  *content = bytes_of(session.keep("read", found->second));
  *token = token_of(found->second);
  return DD_OK;
}

bool in_tree(const Effect& effect) {
  return effect.kind == EffectKind::kEdit || effect.kind == EffectKind::kCreate || effect.kind == EffectKind::kRemove;
}

const char* word(Draft::Taken taken) {
  switch (taken) {
    case Draft::Taken::kUnknownToken:
      return "the token is of no content that this step could have read";
    case Draft::Taken::kBadSpans:
      return "spans must be ascending, disjoint, within the content, and at least one";
    case Draft::Taken::kMissing:
      return "there is no such file";
    case Draft::Taken::kExists:
      return "the file exists";
    default:
      return "refused";
  }
}

// The transaction, once path and finding are what the header asks for.
Txn* checked(dd_txn* handle, const char* function, dd_bytes path, std::uint64_t finding, bool source) {
  Txn* txn = Session::txn(handle, function);
  if (txn == nullptr) return nullptr;
  Session& session = *txn->session;
  const std::string name = string_of(path);
  const std::string subject = std::string(function) + " " + text::show_path(name) + ": ";
  if (!session.readable(path.data, path.size, function)) return nullptr;
  if (!walk::clean_relative(name)) return session.broken(subject + "not a clean relative path"), nullptr;
  std::string safety;
  if (const auto fresh = txn->safety.find(finding); fresh != txn->safety.end()) safety = fresh->second;
  const auto stored = session.ledger().findings().find(finding);
  if (stored != session.ledger().findings().end()) safety = stored->second.safety;
  if (safety.empty()) {
    session.broken(subject + "finding " + std::to_string(finding) + " was not put in this run");
    return nullptr;
  }
  if (source && safety == "info") {
    session.broken(subject + "a finding of safety info is reported only; it cannot carry a change");
    return nullptr;
  }
  return txn;
}

// Judged with what this transaction has proposed for the path: a file that it creates may be edited, and one that it
// has removed is gone. Its edits alone need no such look: they all speak of content that is committed.
Draft::Taken judge(const Txn& txn, const Effect& effect) {
  const Draft& committed = txn.session->ledger().draft();
  const auto concerns = [&](const Effect& earlier) { return in_tree(earlier) && earlier.path == effect.path; };
  const auto& effects = txn.commit.effects;
  const bool remade = std::any_of(effects.begin(), effects.end(), [&](const Effect& earlier) {
    return earlier.kind != EffectKind::kEdit && concerns(earlier);
  });
  if (!remade) return committed.check(effect);
  Draft draft = committed.of_path(effect.path);
  for (const Effect& earlier : effects) {
    if (concerns(earlier)) (void)draft.add(earlier);
  }
  return draft.check(effect);
}

// An edit that cannot be is no failure to the real host (the finding ends as a conflict), but a test wants to know.
dd_status add(Txn& txn, const char* function, Effect effect) {
  const Draft::Taken taken = judge(txn, effect);
  if (taken != Draft::Taken::kTaken) {
    txn.session->broken(std::string(function) + " " + text::show_path(effect.path) + ": " + word(taken));
    return taken == Draft::Taken::kBadSpans ? DD_BAD_ARGUMENT : DD_CONFLICT;
  }
  txn.commit.effects.push_back(std::move(effect));
  return DD_OK;
}

dd_status changes_edit(dd_txn* handle, dd_bytes path, std::uint64_t token, const dd_span* spans, std::size_t count,
                       std::uint64_t finding) noexcept {
  Txn* txn = checked(handle, "edit", path, finding, true);
  if (txn == nullptr || !txn->session->readable(spans, count, "edit")) return DD_BAD_ARGUMENT;
  Effect effect;
  effect.finding = finding;
  effect.path = string_of(path);
  effect.token = token;
  for (std::size_t index = 0; index < count; ++index) {
    const dd_span& span = spans[index];
    if (!txn->session->readable(span.replacement.data, span.replacement.size, "edit")) return DD_BAD_ARGUMENT;
    effect.spans.push_back({span.offset, span.size, string_of(span.replacement)});
  }
  return add(*txn, "edit", std::move(effect));
}

dd_status changes_create(dd_txn* handle, dd_bytes path, dd_bytes content, std::uint64_t finding) noexcept {
  Txn* txn = checked(handle, "create", path, finding, true);
  if (txn == nullptr || !txn->session->readable(content.data, content.size, "create")) return DD_BAD_ARGUMENT;
  Effect effect;
  effect.kind = EffectKind::kCreate;
  effect.finding = finding;
  effect.path = string_of(path);
  effect.content = string_of(content);
  if (effect.content.size() > kMaxFile) return txn->session->broken("create: larger than 64 MiB"), DD_BAD_ARGUMENT;
  return add(*txn, "create", std::move(effect));
}

dd_status changes_remove(dd_txn* handle, dd_bytes path, std::uint64_t token, std::uint64_t finding) noexcept {
  Txn* txn = checked(handle, "remove", path, finding, true);
  if (txn == nullptr) return DD_BAD_ARGUMENT;
  Effect effect;
  effect.kind = EffectKind::kRemove;
  effect.finding = finding;
  effect.path = string_of(path);
  effect.token = token;
  return add(*txn, "remove", std::move(effect));
}

bool good_root(Session& session, const char* function, const std::string& root) {
  return root == "repository" || Workspace::log_root(root) ||
         session.broken(std::string(function) + ": root \"" + root +
                        "\"; expected \"repository\" or \"log:<n>\", n from 1");
}

dd_status changes_discard(dd_txn* handle, dd_text root, dd_bytes path, std::uint64_t finding) noexcept {
  Txn* txn = checked(handle, "discard", path, finding, false);
  if (txn == nullptr || !txn->session->readable(root.data, root.size, "discard")) return DD_BAD_ARGUMENT;
  Effect effect;
  effect.kind = EffectKind::kDiscard;
  effect.finding = finding;
  effect.root = string_of(root);
  effect.path = string_of(path);
  if (!good_root(*txn->session, "discard", effect.root)) return DD_BAD_ARGUMENT;
  txn->commit.effects.push_back(std::move(effect));
  return DD_OK;
}

dd_status changes_archive(dd_txn* handle, dd_text root, dd_bytes path, dd_bytes archive_path, dd_text options_json,
                          std::uint64_t finding) noexcept {
  Txn* txn = checked(handle, "archive", path, finding, false);
  if (txn == nullptr) return DD_BAD_ARGUMENT;
  Session& session = *txn->session;
  Effect effect;
  effect.kind = EffectKind::kArchive;
  effect.finding = finding;
  effect.root = string_of(root);
  effect.path = string_of(path);
  effect.archive_path = string_of(archive_path);
  effect.options = string_of(options_json);
  if (!good_root(session, "archive", effect.root)) return DD_BAD_ARGUMENT;
  auto parsed = json::Text::parse(effect.options);
  if (!walk::clean_relative(effect.archive_path) || !parsed || !parsed->root().IsObject()) {
    return session.broken("archive: not a clean archive path, or options that are no JSON object"), DD_BAD_ARGUMENT;
  }
  txn->commit.effects.push_back(std::move(effect));
  return DD_OK;
}

}  // namespace

const void* changes_table() {
  static constexpr dd_changes_service kTable{
      sizeof(dd_changes_service), &changes_list,   &changes_read, &changes_edit, &changes_create, &changes_remove,
      &changes_discard,           &changes_archive};
  return &kTable;
}

}  // namespace daydream::testing
