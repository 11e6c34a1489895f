// commented-out-code for JavaScript, TypeScript, C and C++: a block of comment that is a piece of the
// program, switched off.
//
// safe where git proves it: the commit that introduced the comment took the same text away uncommented,
// or put the two ends of the comment around lines that lived before. review where the text can hardly be
// anything but code. Silent on documentation, licences, examples, settings and what a line announces.
#include <algorithm>
#include <memory>
#include <optional>
#include <unordered_map>

#include "daydream/kit/text.hpp"
#include "daydream/source/c_lexer.hpp"
#include "daydream/source/javascript_kinds.hpp"
#include "plugins/legacy_cleanup/rules/braces/code_text.hpp"
#include "plugins/legacy_cleanup/rules/braces/comment_company.hpp"
#include "plugins/legacy_cleanup/rules/braces/comment_text.hpp"
#include "plugins/legacy_cleanup/rules/c/c_file.hpp"
#include "plugins/legacy_cleanup/rules/comment_code.hpp"
#include "plugins/legacy_cleanup/rules/javascript/script.hpp"

namespace daydream::legacy::braces {
namespace {

const Codes kCodes{"commented-out-code", "no-commented-out-code", "no-commented-code", "s125"};
constexpr std::size_t kLongestBlock = 1000;  // lines

struct Candidate {
  const CommentText* block = nullptr;
  std::size_t first = 0;  // of the block's lines: below words
  CodeText code;
  bool plain = false;  // code by all its lines, with nothing around it that says why
};

bool speaks(std::string_view line) {
  const std::string lower = text::to_lower_ascii(text::trim(line));
  for (const std::string_view word : {"todo", "fixme", "xxx", "note", "hack", "@", "http:", "https:", "$ ", "> ", "* ",
                                      "- ", "=>", "example", "e.g.", "i.e.", "see ", "usage"}) {
    if (lower.starts_with(word)) return true;
  }
  return false;
}

bool for_readers(std::string_view path) {
  for (const std::string_view part : {"docs/", "doc/", "examples/", "example/", "samples/", "sample/", "tutorials/",
                                      "templates/", "template/", "cookbook/", "demos/", "demo/", "boilerplate/"}) {
    const auto at = path.find(part);
    if (at != std::string_view::npos && (at == 0 || path[at - 1] == '/')) return true;
  }
  const std::string name = text::to_lower_ascii(path.substr(path.rfind('/') + 1));
  return name.find("conf") != std::string::npos || name.find("settings") != std::string::npos ||
         name.find("example") != std::string::npos || name.find("rc.") != std::string::npos ||
         name.find("gulpfile") != std::string::npos || name.find("gruntfile") != std::string::npos;
}

std::optional<Candidate> candidate_of(const CommentText& block, source::Language language,
                                      const std::unordered_set<std::string_view>& known) {
  const std::size_t lines = block.text.size();
  if (lines == 0 || lines > kLongestBlock || block.text.back().empty()) return std::nullopt;
  const bool told =
      std::any_of(block.text.begin(), block.text.end(), [](const std::string& line) { return speaks(line); });
  if (told) return std::nullopt;
  if (!block.before.empty() && announces(block.before.substr(std::min<std::size_t>(2, block.before.size())))) {
    return std::nullopt;
  }
  constexpr std::size_t kMostTries = 4;
  for (std::size_t first = 0, tries = 0; first < lines && tries < kMostTries; ++first) {
    if (block.text[first].empty() || block.text[first].starts_with(" ")) continue;
    if (first > 0 && !block.lined) break;
    ++tries;
    const CodeText verdict = judge(block.joined(first), language, known);
    if (!verdict.parses) continue;
    for (std::size_t above = 0; above < first; ++above) {
      if (announces(block.text[above])) return std::nullopt;
    }
    return Candidate{&block, first, verdict};
  }
  return std::nullopt;
}

// One line with a comment of its own behind the code: "check(a != b); // depends on the system".
bool says_why(const CommentText& block) {
  if (block.text.size() != 1) return false;
  const std::string_view line = block.text.front();
  for (auto at = line.find("//"); at != std::string_view::npos; at = line.find("//", at + 2)) {
    if (at > 0 && (line[at - 1] == ' ' || line[at - 1] == ';' || line[at - 1] == '}')) return true;
  }
  return false;
}

class Examination {
 public:
  Examination(const Subject& subject, const Repository* repository, std::vector<Finding>& out)
      : subject_(subject), repository_(repository), out_(out) {}

  void run(const std::vector<source::Comment>& comments, const Remarks& remarks,
           const std::unordered_set<std::string_view>& known) {
    const std::vector<CommentText> blocks = comment_texts(subject_.content(), comments);
    std::vector<Candidate> candidates;
    std::vector<bool> code(blocks.size());
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      auto candidate = candidate_of(blocks[i], subject_.language(), known);
      if (!candidate) continue;
      code[i] = candidate->code.likely && candidate->first == 0 && !blocks[i].head && !says_why(blocks[i]);
      candidates.push_back(*candidate);
    }
    if (candidates.empty() || remarks.file(kCodes)) return;
    const std::vector<bool> alone = without_words(blocks, code), explains = explaining(subject_.content(), blocks);
    for (Candidate& candidate : candidates) {
      const auto at = static_cast<std::size_t>(candidate.block - blocks.data());
      candidate.plain = alone[at] && !explains[at];
    }
    const auto proofs = proofs_of(candidates);
    for (std::size_t i = 0; i < candidates.size(); ++i) speak_of(candidates[i], proofs[i]);
  }

 private:
  using Proofs = std::vector<std::optional<History::Proof>>;

  [[nodiscard]] Proofs proofs_of(const std::vector<Candidate>& candidates) const {
    Proofs proofs(candidates.size());
    if (repository_ == nullptr || repository_->history == nullptr) return proofs;
    std::vector<History::Block> asked;
    std::vector<std::size_t> askers;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      const CommentText& block = *candidates[i].block;
      if (block.fenced) {
        proofs[i] = repository_->history->enclosed(subject_.path(), subject_.content(), block.line, block.last_line);
        continue;
      }
      if (!block.lined && block.raw.size() > 1) continue;
      History::Block one;
      one.line = block.line + static_cast<std::uint32_t>(candidates[i].first);
      for (std::size_t line = candidates[i].first; line < block.raw.size(); ++line) {
        one.comment.push_back(block.raw[line]);
        one.code.emplace_back(text::trim(block.text[line]));
      }
      asked.push_back(std::move(one));
      askers.push_back(i);
    }
    const Proofs answers = repository_->history->proofs(subject_.path(), subject_.content(), asked);
    for (std::size_t i = 0; i < answers.size(); ++i) proofs[askers[i]] = answers[i];
    return proofs;
  }

  void speak_of(const Candidate& candidate, const std::optional<History::Proof>& proof) {
    const CommentText& block = *candidate.block;
    const bool undecided = repository_ == nullptr;
    const bool likely = candidate.plain && (undecided || !for_readers(subject_.path()));
    if (!undecided && !proof && !likely) return;
    if (!proof && !undecided && said_before(block)) return;
    Finding finding;
    finding.rule = "commented-out-code";
    finding.line = block.line + static_cast<std::uint32_t>(candidate.first);
    finding.column = block.column + 1;
    finding.end_line = block.last_line;
    const std::uint32_t lines = finding.end_line - finding.line + 1;
    finding.message =
        lines == 1 ? "a line of commented-out code" : std::to_string(lines) + " lines of commented-out code";
    finding.safety = proof && candidate.first == 0 && block.before.empty() ? Safety::kSafe : Safety::kReview;
    if (proof) {
      finding.evidence = "commit " + proof->commit.substr(0, 7) + " (" + proof->date + ") commented this out";
      finding.suggestion = "remove it; it stays in git";
    } else {
      finding.severity = Severity::kInfo;
      finding.evidence =
          "it parses as " + std::string(source::language_name(subject_.language())) + " and uses names of this file";
      finding.suggestion = "remove it, or say above it why it is kept";
    }
    finding.edits.push_back(c::whole_lines(subject_.content(), begin_of(block, candidate.first), block.end));
    if (!proof && !undecided && block.text.size() == 1) said_.emplace(block.text.front(), out_.size());
    out_.push_back(std::move(finding));
  }

  // The same line elsewhere in the file: one question, to be answered once.
  [[nodiscard]] bool said_before(const CommentText& block) {
    if (block.text.size() != 1) return false;
    const auto said = said_.find(block.text.front());
    if (said == said_.end()) return false;
    Finding& first = out_[said->second];
    first.edits.push_back(c::whole_lines(subject_.content(), begin_of(block, 0), block.end));
    first.message = "a line of commented-out code, " + std::to_string(first.edits.size()) + " times in this file";
    first.evidence += first.edits.size() == 2 ? "; again on line " : ", ";
    first.evidence += std::to_string(block.line);
    return true;
  }

  // Where the line `first` of the block begins.
  [[nodiscard]] std::uint32_t begin_of(const CommentText& block, std::size_t first) const {
    std::size_t at = block.begin;
    for (std::size_t i = 0; i < first; ++i)
      at = std::min(subject_.content().find('\n', at), subject_.content().size() - 1) + 1;
    return static_cast<std::uint32_t>(at);
  }

  const Subject& subject_;
  const Repository* repository_;
  std::vector<Finding>& out_;
  std::unordered_map<std::string, std::size_t> said_;  // lines without proof, and which finding speaks of them
};

class CommentedOutCode final : public Rule {
 public:
  [[nodiscard]] std::string_view name() const override { return "commented-out-code"; }
  [[nodiscard]] bool reads(source::Language language) const override {
    return c::is_c(language) || source::javascript::is_script(language);
  }

  void examine(const Subject& subject, const Repository* repository, std::vector<Finding>& out) const override {
    if (subject.content().find("//") == std::string_view::npos &&
        subject.content().find("/*") == std::string_view::npos)
      return;
    if (c::is_c(subject.language())) return examine_c(subject, repository, out);
    if (repository != nullptr && script::left_alone(subject.path(), *repository)) return;
    if (!script::written_by_people(subject.content())) return;
    const source::File* const file = subject.tree();
    if (file == nullptr || !file->clean()) return;
    std::unordered_set<std::string_view> known;
    for (const source::NodeId id : file->identifiers()) known.insert(file->text(id));
    Examination(subject, repository, out).run(file->comments(), subject.remarks(), known);
  }

 private:
  static void examine_c(const Subject& subject, const Repository* repository, std::vector<Finding>& out) {
    if (repository != nullptr && c::left_alone(subject.path())) return;
    const auto& lexed = subject.c_lexed();
    if (lexed.broken || minified(subject.content())) return;
    std::unordered_set<std::string_view> known;
    std::vector<source::Comment> comments;
    for (const auto& token : lexed.tokens) {
      const std::string_view text = lexed.text(token);
      if (token.kind == source::c::TokenKind::kName) known.insert(text);
      if (token.kind != source::c::TokenKind::kComment) continue;
      comments.push_back({token.begin, token.end, token.line,
                          text.starts_with("/*") ? source::CommentKind::kBlock : source::CommentKind::kLine});
    }
    Examination(subject, repository, out).run(comments, subject.remarks(), known);
  }
};

}  // namespace
}  // namespace daydream::legacy::braces

namespace daydream::legacy {

std::unique_ptr<Rule> braces_commented_out_code() {
  return std::make_unique<braces::CommentedOutCode>();
}

}  // namespace daydream::legacy
