#include "plugins/legacy_cleanup/edits.hpp"

#include <algorithm>

#include "daydream/source/python_symbols.hpp"

namespace daydream::legacy {
namespace {

using source::File;
using source::kNoNode;
using source::NodeId;

std::uint32_t line_begin(std::string_view content, std::uint32_t at) {
  if (at == 0) return 0;
  const auto found = content.rfind('\n', at - 1);
  return found == std::string_view::npos ? 0 : static_cast<std::uint32_t>(found + 1);
}

// Behind the line end of the line that holds `at`.
std::uint32_t line_end(std::string_view content, std::uint32_t at) {
  const auto found = content.find('\n', at);
  return static_cast<std::uint32_t>(found == std::string_view::npos ? content.size() : found + 1);
}

bool only(std::string_view text, std::string_view characters) {
  return text.find_first_not_of(characters) == std::string_view::npos;
}

// Nothing but space before it on its line, nothing but space and a comment behind it.
bool owns_lines(std::string_view content, std::uint32_t begin, std::uint32_t end) {
  const std::uint32_t from = line_begin(content, begin);
  std::string_view before = content.substr(from, begin - from);
  if (from == 0 && before.starts_with("\xEF\xBB\xBF")) before.remove_prefix(3);
  const std::uint32_t to = line_end(content, end);
  const std::string_view behind = content.substr(end, to - end);
  const auto first = behind.find_first_not_of(" \t\r\n\f");
  return only(before, " \t\f") && (first == std::string_view::npos || behind[first] == '#');
}

// The line that holds `at` goes on from the one before it by a backslash.
bool continued(std::string_view content, std::uint32_t at) {
  std::string_view before = content.substr(0, line_begin(content, at));
  while (before.ends_with('\n') || before.ends_with('\r')) before.remove_suffix(1);
  return before.ends_with('\\');
}

std::uint32_t lines_from(std::string_view content, std::uint32_t begin) {
  const std::uint32_t from = line_begin(content, begin);
  return from == 0 && content.starts_with("\xEF\xBB\xBF") ? 3 : from;
}

bool statement_like(const File& file, NodeId node) {
  return file[node].named && !file.is(node, source::python::symbols().comment);
}

bool alone_in_block(const File& file, NodeId statement) {
  const NodeId around = file[statement].parent;
  if (!file.is(around, source::python::symbols().block)) return false;
  for (NodeId at = file.first_child(around); at != kNoNode; at = file[at].next) {
    if (at != statement && statement_like(file, at)) return false;
  }
  return true;
}

bool covers(const Edit& edit, const source::Node& node) {
  return edit.begin <= node.begin && node.end <= edit.end &&
         edit.replacement.find_first_not_of(" \t\r\n") == std::string::npos;
}

struct Owned {
  Edit* edit;
  std::size_t finding;
};

std::vector<Owned> in_order(std::vector<Finding>& findings) {
  std::vector<Owned> all;
  for (std::size_t id = 0; id < findings.size(); ++id) {
    for (Edit& edit : findings[id].edits) all.push_back({&edit, id});
  }
  std::sort(all.begin(), all.end(), [](const Owned& a, const Owned& b) { return a.edit->begin < b.edit->begin; });
  return all;
}

void give_up(Finding& finding, std::string_view why) {
  finding.edits.clear();
  finding.safety = Safety::kInfo;
  finding.evidence += finding.evidence.empty() ? "" : "; ";
  finding.evidence += why;
}

void drop_overlaps(std::vector<Finding>& findings) {
  for (std::size_t id = 0; id < findings.size(); ++id) {
    for (std::size_t before = 0; before < id && !findings[id].edits.empty(); ++before) {
      const bool overlap = std::any_of(findings[id].edits.begin(), findings[id].edits.end(), [&](const Edit& mine) {
        return std::any_of(findings[before].edits.begin(), findings[before].edits.end(),
                           [&](const Edit& other) { return mine.begin < other.end && other.begin < mine.end; });
      });
      if (overlap) give_up(findings[id], "another change of this night touches the same text");
    }
  }
}

// One edit may take several statements: it then keeps its place for the `pass`.
void keep_blocks(const Subject& subject, std::vector<Finding>& findings) {
  const File* const file = subject.tree();
  const auto& s = source::python::symbols();
  if (file == nullptr || subject.language() != source::Language::kPython) return;
  const std::vector<Owned> edits = in_order(findings);
  for (NodeId block = 0; block < file->nodes().size(); ++block) {
    if (!file->is(block, s.block)) continue;
    Edit* last = nullptr;
    bool emptied = true;
    NodeId last_statement = kNoNode;
    for (NodeId at = file->first_child(block); at != kNoNode && emptied; at = (*file)[at].next) {
      if (!statement_like(*file, at)) continue;
      const auto found = std::find_if(edits.begin(), edits.end(),
                                      [&](const Owned& owned) { return covers(*owned.edit, (*file)[at]); });
      emptied = found != edits.end();
      if (emptied) {
        last = found->edit;
        last_statement = at;
      }
    }
    if (!emptied || last == nullptr) continue;
    const source::Node& block_node = (*file)[block];
    // The whole compound statement goes: nothing to keep.
    if (last->begin < block_node.begin && last->begin <= (*file)[block_node.parent].begin) continue;
    const std::string_view content = subject.content();
    const std::uint32_t indent_from = line_begin(content, (*file)[last_statement].begin);
    const std::string_view indent = content.substr(indent_from, (*file)[last_statement].begin - indent_from);
    if (!only(indent, " \t\f")) continue;
    const std::string_view gone = content.substr(last->begin, last->end - last->begin);
    const std::string_view line_break = gone.ends_with("\r\n") ? "\r\n" : gone.ends_with("\n") ? "\n" : "";
    last->replacement = std::string(indent) + "pass" + std::string(line_break);
  }
}

bool parses(const Subject& subject, std::vector<Finding>& findings, std::size_t errors,
            std::optional<std::size_t> one) {
  std::vector<Edit> edits;
  for (const Owned& owned : in_order(findings)) {
    if (!one || owned.finding == *one) edits.push_back(*owned.edit);
  }
  if (edits.empty()) return true;
  const auto after = source::count_errors(applied(subject.content(), edits), subject.language());
  return after.ok() && *after <= errors;
}

}  // namespace

Edit without_statement(const Subject& subject, NodeId statement) {
  const File& file = *subject.tree();
  const std::string_view content = subject.content();
  const source::Node& node = file[statement];
  if (alone_in_block(file, statement)) return {node.begin, node.end, "pass"};
  if (owns_lines(content, node.begin, node.end)) {
    return {lines_from(content, node.begin), line_end(content, node.end), ""};
  }
  // a; b; c: with the ';' behind it, else with the one before it.
  const auto behind = content.find_first_not_of(" \t", node.end);
  if (behind != std::string_view::npos && content[behind] == ';') {
    const auto next = content.find_first_not_of(" \t", behind + 1);
    const bool more =
        next != std::string_view::npos && content[next] != '\n' && content[next] != '\r' && content[next] != '#';
    if (more) return {node.begin, static_cast<std::uint32_t>(next), ""};
  }
  const auto before = node.begin == 0 ? std::string_view::npos : content.find_last_not_of(" \t", node.begin - 1);
  if (before != std::string_view::npos && content[before] == ';')
    return {static_cast<std::uint32_t>(before), node.end, ""};
  return {node.begin, node.end, "pass"};
}

std::optional<Edit> without_lines(const Subject& subject, NodeId first, NodeId last) {
  const File& file = *subject.tree();
  const std::string_view content = subject.content();
  const std::uint32_t begin = file[first].begin, end = file[last].end;
  if (!owns_lines(content, begin, end)) return std::nullopt;
  return Edit{lines_from(content, begin), line_end(content, end), ""};
}

std::vector<Edit> without_items(std::string_view content,
                                const std::vector<std::pair<std::uint32_t, std::uint32_t>>& items,
                                const std::vector<bool>& gone, bool& comments) {
  std::vector<Edit> edits;
  for (std::size_t first = 0; first < items.size();) {
    if (!gone[first]) {
      ++first;
      continue;
    }
    std::size_t last = first;
    while (last + 1 < items.size() && gone[last + 1]) ++last;
    std::uint32_t begin = items[first].first, end = items[last].second;
    const bool final = last + 1 == items.size();
    const auto comma = content.find_first_not_of(" \t\r\n\\", end);
    const bool followed = comma != std::string_view::npos && content[comma] == ',';
    const std::uint32_t behind = followed ? static_cast<std::uint32_t>(comma + 1) : end;
    // The last one without a comma of its own takes the comma before it along.
    const bool comma_before = final && !followed && first > 0;
    if (!comma_before && owns_lines(content, begin, behind) && !continued(content, begin) &&
        line_begin(content, behind) == line_begin(content, end)) {
      begin = lines_from(content, begin);
      end = line_end(content, behind);
    } else if (!final && line_begin(content, items[last + 1].first) == line_begin(content, end)) {
      end = items[last + 1].first;
    } else if (first > 0) {
      // Behind the item before: its own comma stays when ours goes.
      const auto own = content.find(',', items[first - 1].second);
      const bool keep = followed && own != std::string_view::npos && own < begin;
      begin = keep ? static_cast<std::uint32_t>(own + 1) : items[first - 1].second;
      end = behind;
    } else if (!final) {
      end = items[last + 1].first;
    }
    comments |= content.substr(begin, end - begin).find('#') != std::string_view::npos;
    edits.push_back({begin, end, ""});
    first = last + 1;
  }
  return edits;
}

std::string applied(std::string_view content, const std::vector<Edit>& edits) {
  std::string result;
  result.reserve(content.size());
  std::uint32_t at = 0;
  for (const Edit& edit : edits) {
    result.append(content.substr(at, edit.begin - at)).append(edit.replacement);
    at = edit.end;
  }
  return result.append(content.substr(at));
}

void settle(const Subject& subject, std::vector<Finding>& findings) {
  const bool any = std::any_of(findings.begin(), findings.end(), [](const Finding& f) { return !f.edits.empty(); });
  if (!any) return;
  drop_overlaps(findings);
  keep_blocks(subject, findings);
  if (subject.language() == source::Language::kNone) return;
  const auto errors = source::count_errors(subject.content(), subject.language());
  // Without a tree before there is nothing to compare with: no edit is made blindly.
  if (errors.ok() && parses(subject, findings, *errors, std::nullopt)) return;
  for (std::size_t id = 0; id < findings.size(); ++id) {
    if (findings[id].edits.empty()) continue;
    if (!errors.ok() || !parses(subject, findings, *errors, id)) give_up(findings[id], "the result would not parse");
  }
  if (errors.ok() && parses(subject, findings, *errors, std::nullopt)) return;
  for (Finding& finding : findings) {
    if (!finding.edits.empty()) give_up(finding, "together with the other changes the result would not parse");
  }
}

}  // namespace daydream::legacy
