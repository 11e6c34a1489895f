// What the rooms of the host speak about: modes, findings, effects. Plain values; the numbers of the
// enums lie in the store and are never renumbered.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "daydream/kit/result.hpp"

namespace daydream {

using Path = std::filesystem::path;

enum class Mode { kObserve = 0, kPatch = 1, kBranch = 2, kInPlace = 3 };
std::string_view name_of(Mode mode);  // "observe", "patch", "branch", "in-place"
Result<Mode> mode_of(std::string_view name);

enum class Severity { kInfo = 0, kWarning = 1, kError = 2 };
std::string_view name_of(Severity severity);
Result<Severity> severity_of(std::string_view name);

enum class Safety { kSafe = 0, kReview = 1, kInfo = 2 };
std::string_view name_of(Safety safety);
Result<Safety> safety_of(std::string_view name);

enum class Action {
  kReported = 0,  // no change belongs to it, or the mode is observe
  kApplied = 1,   // its change is on the night branch, in the work tree, or done
  kProposed = 2,  // a patch lies ready
  kConflict = 3,  // a human changed the place meanwhile, or it may not be written; nothing was done
  kRejected = 4,  // verify refused the change
  kDeclined = 5,  // a human declined it on an earlier night
};
std::string_view name_of(Action action);
Result<Action> action_of(std::string_view name);

struct Finding {
  std::uint64_t number = 0;  // within run and step, from 1
  std::string id;            // set at the end of the step, lasting
  std::string step, rule;
  Severity severity = Severity::kInfo;
  Safety safety = Safety::kInfo;
  std::string path;                        // bytes; empty where no file is concerned
  int line = 0, column = 0, end_line = 0;  // from 1; 0 = none
  std::string symbol, context, message, evidence, suggestion;
  std::string commit;  // of the night branch
  std::string since;   // run first seen
  Action action = Action::kReported;
  // What the mode forbade: the action would have been applied. Counted, and the line says so.
  bool would_apply = false;
  std::string note;  // of the host: why rejected, in conflict...
};

constexpr std::size_t kMaxFindingText = 4096;  // bytes of message, context, evidence, suggestion, path
constexpr std::size_t kMaxFindingSymbol = 500;

// The members of DESIGN section 7, and number, would_apply, note. JSON cannot hold a path that is not
// UTF-8: then "path" is for people only (text::show_path) and "path_hex" holds its bytes as lower-case
// hexadecimal digits; whoever reads a finding takes "path_hex" where it is there.
std::string to_json(const Finding& finding);
// What a plugin may set (rule, severity, safety, path or path_hex, line, column, end_line, symbol, context,
// message, evidence, suggestion): the rest and an absent rule are refused (kInvalid); texts are masked and
// cut (kMaxFindingText, kMaxFindingSymbol).
Result<Finding> parse_finding(std::string_view json);
// The other way round of to_json: also what only the host sets; nothing is masked again.
Result<Finding> read_finding(std::string_view json);

enum class EffectKind {
  kEdit = 1,
  kCreate = 2,
  kRemove = 3,
  kDiscard = 4,
  kArchive = 5,
  kStateFile = 6,
  kHttp = 7,
};
enum class EffectState {
  kIntended = 0,  // durable, not yet known to be applied
  kApplied = 1,
  kConflict = 2,  // the place was not as the plugin saw it; nothing was done
  kProposed = 3,  // the mode or the safety forbids it
  kRefused = 4,   // outside what the manifest allows; `detail` says why
  kInDoubt = 5,   // a remote change that may or may not have happened
};

struct Span {
  std::uint64_t offset = 0, size = 0;
  std::string replacement;
};

struct Effect {
  std::int64_t sequence = 0;  // in the store: ascending over the whole run
  EffectKind kind = EffectKind::kEdit;
  std::uint64_t finding = 0;          // 0 only for kStateFile
  std::string root;                   // "repository", "log:<n>" for discard and archive
  std::string path;                   // bytes, clean relative
  std::uint64_t token = 0;            // of the content edited or removed
  std::vector<Span> spans;            // edit
  std::string content;                // create, state file, http body
  std::string archive_path, options;  // archive
  std::string key, request;           // http
  EffectState state = EffectState::kIntended;
  std::string detail;
};

}  // namespace daydream
