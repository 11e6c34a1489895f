// commented-out-code: a block of comment lines that is a piece of the program, switched off.
//
// safe where git proves it: the commit that introduced the lines took the same text away uncommented.
// review where the text can hardly be anything but code. Everything else stays: worked examples, maths,
// what a line above announces ("replace with:"), commented defaults of configuration, licence heads.
#include <algorithm>
#include <memory>
#include <optional>

#include "daydream/kit/text.hpp"
#include "plugins/legacy_cleanup/history.hpp"
#include "plugins/legacy_cleanup/rules/comment_block.hpp"
#include "plugins/legacy_cleanup/rules/comment_code.hpp"
#include "plugins/legacy_cleanup/rules/python_file.hpp"
#include "plugins/legacy_cleanup/suppressions.hpp"

namespace daydream::legacy {
namespace {

using source::python::Lexed;
using source::python::TokenKind;

const Codes kCodes{"ERA001", "E800", "commented-out-code", "eradicate"};
constexpr std::size_t kLongestBlock = 1000;  // lines

// The part of a block that is code: all of it, or its last lines below words.
struct Candidate {
  const CommentBlock* block = nullptr;
  std::size_t first = 0;  // of the block's lines
  CodeVerdict verdict;
  [[nodiscard]] std::size_t size() const { return block->text.size() - first; }
  [[nodiscard]] std::uint32_t line() const { return block->line + static_cast<std::uint32_t>(first); }
};

// Names that stand by themselves: not an attribute, not the name of an argument.
std::unordered_set<std::string_view> names_in(const Lexed& lexed) {
  std::unordered_set<std::string_view> names;
  for (std::size_t at = 0; at < lexed.tokens.size(); ++at) {
    const auto& token = lexed.tokens[at];
    if (token.kind != TokenKind::kName || (at > 0 && lexed.is(at - 1, "."))) continue;
    if (!token.nested || !lexed.is(at + 1, "=")) names.insert(lexed.text(token));
  }
  return names;
}

// No line of it says something to the reader; it is read line by line because one such line is enough.
bool announced(const CommentBlock& block, std::size_t first) {
  if (first > 0) {
    return std::any_of(block.text.begin(), block.text.begin() + static_cast<std::ptrdiff_t>(first),
                       [](const std::string& line) { return announces(line); });
  }
  return !block.before.empty() && announces(block.before);
}

bool speaks(std::string_view line) {
  const std::string lower = text::to_lower_ascii(line);
  return lower.starts_with("todo") || lower.starts_with("fixme") || lower.starts_with("xxx") ||
         lower.starts_with("note") || lower.starts_with("hack") || lower.starts_with("copyright") ||
         lower.starts_with("license") || lower.starts_with(">>>") || lower.starts_with("$ ");
}

std::optional<Candidate> candidate_of(const CommentBlock& block, const std::unordered_set<std::string_view>& known) {
  const std::size_t lines = block.text.size();
  if (lines > kLongestBlock || block.text.back().empty()) return std::nullopt;
  if (std::any_of(block.text.begin(), block.text.end(), [](const std::string& line) { return speaks(line); })) {
    return std::nullopt;
  }
  // The whole block, else what stands below its last line of words. At most a few parses a block.
  constexpr std::size_t kMostTries = 6;
  std::size_t tries = 0;
  for (std::size_t first = 0; first < lines && tries < kMostTries; ++first) {
    if (block.text[first].empty() || block.text[first].starts_with(" ")) continue;
    ++tries;
    const CodeVerdict verdict = judge_code(block.joined(first, lines), block.nested, known);
    if (!verdict.coded) break;  // not even a sign of code in all that follows
    if (!verdict.parses) continue;
    if (announced(block, first)) return std::nullopt;
    return Candidate{&block, first, verdict};
  }
  return std::nullopt;
}

bool for_readers(std::string_view path) {
  for (const std::string_view part : {"docs/", "doc/", "examples/", "example/", "samples/", "tutorials/", "templates/",
                                      "project_template/", "cookbook/", "demos/", "demo/"}) {
    if (path.starts_with(part) || path.find("/" + std::string(part)) != std::string_view::npos) return true;
  }
  const std::string name = text::to_lower_ascii(file_name(path));
  return name.find("conf") != std::string::npos || name.find("settings") != std::string::npos ||
         name.find("example") != std::string::npos;
}

class Examination {
 public:
  Examination(const Subject& subject, const Repository* repository, std::vector<Finding>& out)
      : subject_(subject), repository_(repository), out_(out) {}

  void run() {
    const std::vector<CommentBlock> blocks = comment_blocks(subject_.lexed());
    if (blocks.empty()) return;
    const auto known = names_in(subject_.lexed());
    std::vector<Candidate> candidates;
    for (const CommentBlock& block : blocks) {
      if (auto candidate = candidate_of(block, known)) candidates.push_back(std::move(*candidate));
    }
    if (candidates.empty() || Suppressions(subject_.lexed()).file(kCodes)) return;
    const auto proofs = proofs_of(candidates);
    for (std::size_t i = 0; i < candidates.size(); ++i) speak_of(candidates[i], proofs[i]);
  }

 private:
  [[nodiscard]] std::vector<std::optional<History::Proof>> proofs_of(const std::vector<Candidate>& candidates) const {
    if (repository_ == nullptr || repository_->history == nullptr) {
      return std::vector<std::optional<History::Proof>>(candidates.size());
    }
    std::vector<History::Block> asked;
    for (const Candidate& candidate : candidates) {
      History::Block block;
      block.line = candidate.line();
      for (std::size_t i = candidate.first; i < candidate.block->text.size(); ++i) {
        const std::uint32_t begin = candidate.block->begins[i], end = candidate.block->ends[i];
        block.comment.emplace_back(text::trim(subject_.content().substr(begin, end - begin)));
        block.code.emplace_back(text::trim(candidate.block->text[i]));
      }
      asked.push_back(std::move(block));
    }
    return repository_->history->proofs(subject_.path(), subject_.content(), asked);
  }

  // "g = a | b" above a definition says what it is for.
  [[nodiscard]] bool heads_definition(const Candidate& candidate) const {
    if (candidate.size() > 1) return false;
    std::string_view behind = subject_.content().substr(line_end(candidate.block->ends.back()));
    behind = text::trim(behind.substr(0, behind.find('\n')));
    return behind.starts_with("def ") || behind.starts_with("class ") || behind.starts_with("async def ") ||
           behind.starts_with("@");
  }

  void speak_of(const Candidate& candidate, const std::optional<History::Proof>& proof) {
    // Without a repository in sight: whatever history may come to prove.
    const bool undecided = repository_ == nullptr;
    const bool likely = candidate.verdict.likely && candidate.first == 0 && !candidate.block->head &&
                        candidate.block->before.empty() && !heads_definition(candidate) &&
                        (undecided || !for_readers(subject_.path()));
    if (!undecided && !proof && !likely) return;
    Finding finding;
    finding.rule = "commented-out-code";
    finding.line = candidate.line();
    finding.column = candidate.block->column + 1;
    finding.end_line = candidate.line() + static_cast<std::uint32_t>(candidate.size()) - 1;
    finding.message = candidate.size() == 1 ? "a line of commented-out code"
                                            : std::to_string(candidate.size()) + " lines of commented-out code";
    // Words above it would lose what they speak of: a person decides.
    finding.safety = proof && candidate.first == 0 && candidate.block->before.empty() ? Safety::kSafe : Safety::kReview;
    if (proof) {
      finding.evidence = "commit " + proof->commit.substr(0, 7) + " (" + proof->date + ") commented this out";
      finding.suggestion = "remove it; it stays in git";
    } else {
      finding.severity = Severity::kInfo;
      finding.evidence = candidate.verdict.statements > 0 ? "it parses as Python and uses names of this file"
                                                          : "it reads as entries of the list around it";
      finding.suggestion = "remove it, or say above it why it is kept";
    }
    finding.edits.push_back(removal(candidate));
    out_.push_back(std::move(finding));
  }

  [[nodiscard]] std::uint32_t line_begin(std::uint32_t at) const {
    const auto found = at == 0 ? std::string_view::npos : subject_.content().rfind('\n', at - 1);
    return found == std::string_view::npos ? 0 : static_cast<std::uint32_t>(found + 1);
  }
  [[nodiscard]] std::uint32_t line_end(std::uint32_t at) const {
    const auto found = subject_.content().find('\n', at);
    return static_cast<std::uint32_t>(found == std::string_view::npos ? subject_.content().size() : found + 1);
  }
  [[nodiscard]] bool blank(std::uint32_t begin, std::uint32_t end) const {
    return subject_.content().substr(begin, end - begin).find_first_not_of(" \t\r\n\f") == std::string_view::npos;
  }

  // Whole lines; blank lines on both sides of them become those of one side.
  [[nodiscard]] Edit removal(const Candidate& candidate) const {
    const auto size = static_cast<std::uint32_t>(subject_.content().size());
    Edit edit{line_begin(candidate.block->begins[candidate.first]), line_end(candidate.block->ends.back()), ""};
    if (edit.begin == 0 && subject_.content().starts_with("\xEF\xBB\xBF")) edit.begin = 3;
    std::uint32_t before = 0;
    for (std::uint32_t at = edit.begin; at > 3 && blank(line_begin(at - 1), at); at = line_begin(at - 1)) ++before;
    if (edit.end == size) {
      for (; before > 0; --before) edit.begin = line_begin(edit.begin - 1);
      return edit;
    }
    for (; before > 0 && edit.end < size && blank(edit.end, line_end(edit.end)); --before) {
      edit.end = line_end(edit.end);
    }
    return edit;
  }

  const Subject& subject_;
  const Repository* repository_;
  std::vector<Finding>& out_;
};

class CommentedOutCode final : public Rule {
 public:
  [[nodiscard]] std::string_view name() const override { return "commented-out-code"; }
  [[nodiscard]] bool reads(source::Language language) const override { return language == source::Language::kPython; }

  void examine(const Subject& subject, const Repository* repository, std::vector<Finding>& out) const override {
    if (subject.content().find('#') == std::string_view::npos || subject.lexed().broken) return;
    Examination(subject, repository, out).run();
  }
};

}  // namespace

std::unique_ptr<Rule> commented_out_code() {
  return std::make_unique<CommentedOutCode>();
}

}  // namespace daydream::legacy
