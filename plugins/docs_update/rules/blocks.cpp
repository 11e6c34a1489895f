// outdated-example of generated blocks: code of a page that was copied from a file, between marks that name
// the file, and is no longer what the file holds. An edit where git proves that the block is an earlier
// state of that file, so that nobody wrote it by hand; else it is said and left alone. No code is run.
//
//   <!-- daydream:begin config.example.yml -->     <!-- AUTO-GENERATED-CONTENT:START (CODE:src=./a.js) -->
//   ```yaml ... ```                                ``` ... ```
//   <!-- daydream:end -->                          <!-- AUTO-GENERATED-CONTENT:END -->
//
//   <!-- embedme src/a.ts -->, or `// src/a.ts` as the first line of the block (embedme), where the page
//   speaks of embedme at all
#include <algorithm>
#include <cctype>

#include "daydream/kit/text.hpp"
#include "plugins/docs_update/rules/rules.hpp"

namespace daydream::docs {
namespace {

constexpr int kMostVersions = 40;

struct Wanted {
  const Block* block;
  std::string path;                 // of the file, in the tree
  std::string shown;                // as the page names it
  std::size_t keep = 0;             // bytes at the block's start that are the mark itself
  std::size_t first = 0, last = 0;  // lines of the file; 0: all
};

// "path#L3-L9", "path": where it leads.
bool take_path(const Page& page, const Tree& tree, std::string_view words, Wanted& wanted) {
  words = text::trim(words);
  wanted.shown = words;
  if (const auto hash = words.find("#L"); hash != std::string_view::npos) {
    std::string_view lines = words.substr(hash + 2);
    words = words.substr(0, hash);
    const auto number = [&lines] {
      std::size_t value = 0;
      while (!lines.empty() && std::isdigit(static_cast<unsigned char>(lines[0])) != 0 && value < 10000000) {
        value = value * 10 + static_cast<std::size_t>(lines[0] - '0');
        lines.remove_prefix(1);
      }
      return value;
    };
    wanted.first = number();
    if (lines.starts_with("-")) lines.remove_prefix(lines.starts_with("-L") ? 2 : 1);
    wanted.last = lines.empty() ? wanted.first : number();
    if (wanted.first == 0 || wanted.last < wanted.first) return false;
  }
  const auto beside = join(folder_of(page.path), words);
  const auto at_root = join("", words);
  for (const auto& path : {beside, at_root}) {
    if (!path || tree.file(*path) == nullptr) continue;
    wanted.path = *path;
    return true;
  }
  return false;
}

// The lines that the mark asks for, with one line end.
std::string part_of(std::string_view content, const Wanted& wanted) {
  if (wanted.first == 0) {
    while (content.ends_with('\n') || content.ends_with('\r')) content.remove_suffix(1);
    return std::string(content) + "\n";
  }
  std::string part;
  std::size_t number = 0;
  for (const std::string_view line : text::split(content, '\n')) {
    if (++number >= wanted.first && number <= wanted.last) (part += line) += '\n';
  }
  return part;
}

class Blocks {
 public:
  Blocks(Survey& survey, Findings& findings) : survey_(survey), findings_(findings) {}

  bool check() {
    for (const auto& [path, page] : survey_.pages()) {
      if (page.format != Format::kMarkdown || page.blocks.empty()) continue;
      const auto content = survey_.content(path);
      if (!content || !marked(*content)) continue;
      if (!survey_.tick(path)) return false;
      const bool embedme = content->find("embedme") != std::string::npos;
      for (const Block& block : page.blocks) {
        Wanted wanted{&block, "", "", 0, 0, 0};
        if (named_before(page, *content, wanted) || (embedme && named_inside(page, *content, wanted)))
          compare(page, *content, wanted);
      }
    }
    return true;
  }

 private:
  static bool marked(std::string_view content) {
    return content.find("embedme") != std::string_view::npos ||
           content.find("daydream:begin") != std::string_view::npos ||
           content.find("AUTO-GENERATED-CONTENT:START") != std::string_view::npos;
  }

  // A comment on the line before the fence.
  bool named_before(const Page& page, std::string_view content, Wanted& wanted) const {
    const auto lines = text::split(content, '\n');
    std::size_t at = wanted.block->line - 1;
    while (at > 0 && text::trim(lines[at - 1]).empty()) --at;
    if (at == 0 || at > lines.size()) return false;
    std::string_view line = text::trim(lines[at - 1]);
    if (!line.starts_with("<!--") || !line.ends_with("-->")) return false;
    line = text::trim(line.substr(4, line.size() - 7));
    if (line.starts_with("daydream:begin ")) return take_path(page, survey_.tree(), line.substr(15), wanted);
    if (line.starts_with("embedme ")) return take_path(page, survey_.tree(), line.substr(8), wanted);
    if (!line.starts_with("AUTO-GENERATED-CONTENT:START")) return false;
    const auto source = line.find("CODE:src=");
    if (source == std::string_view::npos) return false;
    line = line.substr(source + 9);
    return take_path(page, survey_.tree(), line.substr(0, line.find_first_of(")&")), wanted);
  }

  // "// src/a.ts" as the first line of the block itself.
  bool named_inside(const Page& page, std::string_view content, Wanted& wanted) const {
    const Range range = wanted.block->content;
    const std::string_view body = content.substr(range.begin, range.end - range.begin);
    const auto end = body.find('\n');
    std::string_view line = text::trim(body.substr(0, end));
    for (const std::string_view comment : {"//", "#", "--", ";"}) {
      if (!line.starts_with(comment)) continue;
      line = text::trim(line.substr(comment.size()));
      if (line.empty() || line.find(' ') != std::string_view::npos || line.find('.') == std::string_view::npos)
        return false;
      wanted.keep = end == std::string_view::npos ? body.size() : end + 1;
      return take_path(page, survey_.tree(), line, wanted);
    }
    return false;
  }

  void compare(const Page& page, const std::string& content, const Wanted& wanted) {
    const Range range = wanted.block->content;
    const std::string body = content.substr(range.begin + wanted.keep, range.end - range.begin - wanted.keep);
    const auto file = survey_.content(wanted.path);
    if (!file || file->size() > (std::size_t{1} << 20)) return;
    const auto bare = [](std::string_view text) {
      std::string kept;
      for (const std::string_view line : text::split(text, '\n')) {
        std::string_view end = line;
        while (!end.empty() && std::isspace(static_cast<unsigned char>(end.back())) != 0) end.remove_suffix(1);
        (kept += end) += '\n';
      }
      const auto begin = kept.find_first_not_of('\n');
      const auto last = kept.find_last_not_of('\n');
      return begin == std::string::npos ? std::string() : kept.substr(begin, last - begin + 1);
    };
    const std::string now = part_of(*file, wanted);
    if (bare(body) == bare(now) || now.find("```") != std::string::npos) return;
    Finding finding;
    finding.rule = "outdated-example";
    finding.line = wanted.block->line;
    finding.symbol = wanted.shown;
    finding.message = "the block is not what " + text::show_path(wanted.path) + " holds, from where it was copied";
    finding.evidence = "somebody changed it by hand, or its history is not known: it is left as it is";
    for (const std::string& earlier : survey_.history().versions(wanted.path, kMostVersions)) {
      if (bare(part_of(earlier, wanted)) != bare(body)) continue;
      finding.safety = sdk::Safety::kSafe;
      finding.evidence = "git: it is an earlier state of that file, word for word";
      const auto begin = range.begin + static_cast<std::uint32_t>(wanted.keep);
      const bool newline = body.ends_with('\n');
      finding.edits.push_back({begin, range.end, newline ? now : now.substr(0, now.size() - 1)});
      break;
    }
    if (page.path == wanted.path) return;
    findings_[page.path].push_back(std::move(finding));
  }

  Survey& survey_;
  Findings& findings_;
};

}  // namespace

bool check_blocks(Survey& survey, Findings& findings) {
  return Blocks(survey, findings).check();
}

}  // namespace daydream::docs
