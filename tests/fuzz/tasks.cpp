// Markdown and task lists: every place is one of the original, an edit changes nothing else, what goes to the
// archive comes back.
#include <cmark-gfm.h>

#include <algorithm>
#include <string>

#include "daydream/markdown/anchors.hpp"
#include "daydream/markdown/document.hpp"
#include "plugins/task_cleanup/lists/lists.hpp"
#include "plugins/task_cleanup/rules/rule.hpp"
#include "targets.hpp"

namespace daydream::fuzz {
namespace {

using markdown::Document;
using markdown::Span;

struct Counts {
  std::size_t items = 0, headings = 0, code = 0, html = 0;
  bool operator==(const Counts&) const = default;
};

// What cmark sees without our help.
Counts counted(std::string_view bytes) {
  Counts counts;
  cmark_node* root = cmark_parse_document(bytes.data(), bytes.size(), CMARK_OPT_DEFAULT);
  cmark_iter* each = cmark_iter_new(root);
  for (cmark_event_type event = cmark_iter_next(each); event != CMARK_EVENT_DONE; event = cmark_iter_next(each)) {
    if (event != CMARK_EVENT_ENTER) continue;
    const cmark_node_type type = cmark_node_get_type(cmark_iter_get_node(each));
    counts.items += type == CMARK_NODE_ITEM ? 1 : 0;
    counts.headings += type == CMARK_NODE_HEADING ? 1 : 0;
    counts.code += type == CMARK_NODE_CODE_BLOCK ? 1 : 0;
    counts.html += type == CMARK_NODE_HTML_BLOCK ? 1 : 0;
  }
  cmark_iter_free(each);
  cmark_node_free(root);
  return counts;
}

template <class Things>
void check_places(const Document& document, const Things& things) {
  std::uint32_t last = 0;
  for (const auto& thing : things) {
    promise(thing.span.begin <= thing.span.end && thing.span.end <= document.content().size(),
            "spans lie in the content");
    promise(thing.span.begin >= last, "things come in order");
    last = thing.span.begin;
  }
}

void check_items(const Document& document) {
  const std::string_view content = document.content();
  for (const auto& item : document.items()) {
    promise(item.lines.begin <= item.span.begin && item.span.end <= item.lines.end, "an item lies in its lines");
    promise(item.lines.end <= content.size(), "lines lie in the content");
    promise(document.whole_line(item.place.line).begin == item.lines.begin, "an item begins with a line");
    promise(item.own_end >= item.lines.begin && item.own_end <= content.size(), "its own part lies in the content");
    promise(item.text.begin <= item.text.end && item.text.end <= content.size(), "its text lies in the content");
    if (!item.task()) continue;
    promise(content[item.state_at] == item.state, "the state is the byte that stands there");
    promise(content[item.state_at - 1] == '[' && content[item.state_at + 1] == ']', "between its brackets");
  }
}

std::string applied(const std::string& content, const std::vector<tasks::Edit>& edits) {
  std::string out;
  std::size_t at = 0;
  for (const tasks::Edit& edit : edits) {
    promise(edit.at.begin >= at && edit.at.end >= edit.at.begin && edit.at.end <= content.size(),
            "edits ascend in the content");
    out += content.substr(at, edit.at.begin - at) + edit.replacement;
    at = edit.at.end;
  }
  return out + content.substr(at);
}

void check_list(std::string_view bytes, tasks::Kind kind) {
  auto list = tasks::read_list("TODO.md", kind, std::string(bytes), 20779);
  if (!list) return;
  const tasks::Settings settings;
  tasks::History history({}, std::chrono::milliseconds(1));
  tasks::Notes notes;
  const tasks::Subject subject{*list,        settings,     history, notes,   20779,
                               "2026-11-22", "2026-11-22", nullptr, nullptr, true};
  std::vector<tasks::Proposal> proposals;
  tasks::find_completed(subject, proposals);
  tasks::find_outdated_plans(subject, proposals);
  tasks::find_priorities(subject, proposals);
  for (const tasks::Proposal& proposal : proposals) {
    const std::string after = applied(list->content, proposal.edits);
    if (!proposal.archive) continue;
    const auto entries = tasks::read_entries(tasks::archive_head("2026-11-22") + tasks::write_entry(*proposal.archive));
    promise(entries.size() == 1 && entries[0].bytes == proposal.archive->bytes, "the archive gives the bytes back");
    const std::size_t at = proposal.edits.front().at.begin;
    promise(after.substr(0, at) + entries[0].bytes + after.substr(at) == list->content,
            "put back, the list is as it was");
  }
}

}  // namespace

void markdown(std::string_view bytes) {
  const auto document = Document::parse(bytes);
  if (!document) return;
  check_places(*document, document->headings());
  check_places(*document, document->links());
  check_places(*document, document->code_spans());
  check_places(*document, document->code_blocks());
  check_places(*document, document->html_blocks());
  check_places(*document, document->tags());
  check_places(*document, document->items());
  check_items(*document);
  for (const auto& link : document->links()) {
    promise(link.destination.end <= bytes.size() && link.destination.begin <= link.destination.end,
            "destinations lie in the content");
    promise(link.definition == markdown::kNone || link.definition < document->links().size(), "definitions are links");
  }
  promise(markdown::heading_anchors(*document, markdown::Dialect::kGithub).size() == document->headings().size(),
          "an anchor a heading");
  // Definitions are no paragraphs to cmark, and it has no front matter: elsewhere we see the same blocks.
  if (bytes.find('[') != std::string_view::npos || !document->front_matter().empty()) return;
  const Counts ours{document->items().size(), document->headings().size(), document->code_blocks().size(),
                    document->html_blocks().size()};
  promise(ours == counted(bytes), "the neutral copy has the same blocks");
}

void tasklist(std::string_view bytes) {
  check_list(bytes, tasks::Kind::kMarkdown);
  check_list(bytes, tasks::Kind::kTodoTxt);
  for (const tasks::Entry& entry : tasks::read_entries(bytes)) {
    const auto again = tasks::read_entries(tasks::write_entry(entry));
    promise(again.size() == 1 && again[0].bytes == entry.bytes, "an entry written again has its bytes");
  }
}

}  // namespace daydream::fuzz
