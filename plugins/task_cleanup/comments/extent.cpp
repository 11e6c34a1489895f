#include "plugins/task_cleanup/comments/extent.hpp"

#include <algorithm>

#include "daydream/kit/text.hpp"
#include "daydream/source/file.hpp"

namespace daydream::tasks {
namespace {

constexpr std::size_t kNo = std::string_view::npos;

bool holds_any(std::string_view text, std::initializer_list<std::string_view> words) {
  const std::string lower = text::to_lower_ascii(text);
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return lower.find(word) != kNo; });
}

// Words by which tools steer themselves: the comment is more than words for people.
bool directs(std::string_view text) {
  return holds_any(
      text, {"noqa",     "type:",  "pylint",  "pyright",   "mypy",     "nosec",    "fmt:",        "yapf",
             "isort",    "pragma", "nolint",  "clang-",    "iwyu",     "eslint",   "jshint",      "jscs",
             "prettier", "tslint", "@ts-",    "istanbul",  "c8 ",      "webpack",  "biome",       "shellcheck",
             "go:",      "+build", "rubocop", "sonar",     "coverity", "cppcheck", "fallthrough", "doctest",
             "@flow",    "lint",   "region",  "copyright", "spdx",     "vim:",     "-*-",         "noinspection"});
}

// Code that says itself that the thing is not done.
bool admits(std::string_view line) {
  const std::string_view code = text::trim(line);
  return code == "pass" || code == "..." || code.starts_with("pass ") ||
         holds_any(code, {"notimplemented", "not implemented", "not_implemented", "unimplemented", "todo!", "xfail",
                          "skip", "disabled", "not supported", "unsupported"});
}

struct Line {
  std::size_t begin = 0, end = 0;  // end: behind its line end
  std::string_view text;           // without it
};

Line line_at(std::string_view content, std::size_t offset) {
  Line line;
  line.begin = offset == 0 ? 0 : content.rfind('\n', offset - 1) + 1;
  const std::size_t stop = content.find('\n', offset);
  line.end = stop == kNo ? content.size() : stop + 1;
  line.text = content.substr(line.begin, (stop == kNo ? content.size() : stop) - line.begin);
  if (line.text.ends_with('\r')) line.text.remove_suffix(1);
  return line;
}

// What a line of a comment says; `indent`: how far in its words begin, behind the markers.
std::string_view words_of(std::string_view line, std::size_t* indent = nullptr) {
  const std::size_t marker = line.find_first_not_of(" \t");
  if (marker == kNo) return {};
  const std::size_t behind = line.find_first_not_of("/*#!", marker);
  const std::size_t first = behind == kNo ? kNo : line.find_first_not_of(" \t", behind);
  if (first == kNo) return {};
  if (indent != nullptr) *indent = first - behind;
  std::string_view words = text::trim(line.substr(first));
  for (const std::string_view end : {"*/", "-->"}) {
    if (words.ends_with(end)) words = text::trim(words.substr(0, words.size() - end.size()));
  }
  return words;
}

bool goes_on(std::string_view before, std::size_t indent_before, std::string_view words, std::size_t indent) {
  if (indent >= indent_before + 2) return true;
  return !before.empty() && std::string_view(".!?:;").find(before.back()) == kNo && words.front() >= 'a' &&
         words.front() <= 'z';
}

class Finder {
 public:
  Finder(std::string_view content, const source::File& file, const TodoComment& todo)
      : content_(content), file_(file), comments_(file.comments()), todo_(todo) {}

  std::optional<Extent> find() {
    const auto own = std::find_if(comments_.begin(), comments_.end(),
                                  [&](const source::Comment& each) { return each.begin == todo_.begin; });
    if (own == comments_.end() || own->end > content_.size() || own->end != todo_.end) return std::nullopt;
    first_ = line_at(content_, own->begin);
    const Line last = line_at(content_, own->end);
    if (!text::trim(content_.substr(own->end, last.end - own->end)).empty()) return std::nullopt;
    if (!reads_as_one(content_.substr(own->begin, own->end - own->begin))) return std::nullopt;
    const std::string_view before = content_.substr(first_.begin, own->begin - first_.begin);
    const bool tail = !text::trim(before).empty();
    if (before == "\xEF\xBB\xBF") return std::nullopt;  // neither a line of its own nor code
    if (tail) {
      const std::size_t code_end = first_.begin + before.find_last_not_of(" \t") + 1;
      if (admits(before) || (own->kind == source::CommentKind::kLine && goes_on_below(own + 1, last.end)))
        return std::nullopt;
      extent_.bytes = {code_end, own->end};
    } else {
      extent_.bytes = {first_.begin, last.end};
      if (!with_all_its_lines(own) || !stands_free()) return std::nullopt;
    }
    if (!same_code()) return std::nullopt;
    extent_.text = text::collapse_space(text::to_utf8(extent_.text));
    return std::move(extent_);
  }

 private:
  using At = std::vector<source::Comment>::const_iterator;

  // The comment's own lines: the tag leads, one paragraph, one task, no directive.
  bool reads_as_one(std::string_view whole) {
    bool begun = false;
    bool ended = false;
    for (const std::string_view line : text::split(whole, '\n')) {
      const std::string_view words = words_of(line);
      if (words.empty() || words == "/") {
        ended = begun;
        continue;
      }
      const Tag tag = tag_in(line);
      if (ended || directs(words) || (begun ? tag.at != kNo : !tag.front) || words.ends_with('\\')) return false;
      begun = true;
      extent_.text.append(" ").append(words);
    }
    return begun;
  }

  // The comment begins the line that begins at `offset`.
  [[nodiscard]] bool is_comment_line(At comment, std::size_t offset) const {
    return comment != comments_.end() && comment->begin >= offset && line_at(content_, offset).end > comment->begin &&
           text::trim(content_.substr(offset, comment->begin - offset)).empty();
  }

  // A comment below the end of a line that may be a part of it.
  [[nodiscard]] bool goes_on_below(At next, std::size_t offset) const {
    return is_comment_line(next, offset) && !tag_in(line_at(content_, next->begin).text).front;
  }

  // Line comments below that go on with the words are part of it; others would be left without their beginning.
  bool with_all_its_lines(At own) {
    if (own->kind != source::CommentKind::kLine) return true;
    std::size_t indent = 0;
    std::string_view before = words_of(first_.text, &indent);
    for (At next = own + 1; is_comment_line(next, extent_.bytes.end); ++next) {
      const Line line = line_at(content_, next->begin);
      std::size_t in = 0;
      const std::string_view words = words_of(line.text, &in);
      if (tag_in(line.text).front) return true;
      if (next->kind != source::CommentKind::kLine || words.empty() || next->end < line.begin + line.text.size() ||
          directs(words) || tag_in(line.text).at != kNo || !goes_on(before, indent, words, in))
        return false;
      extent_.text.append(" ").append(words);
      extent_.bytes.end = line.end;
      before = words;
    }
    return true;
  }

  // Whole lines: nothing above leads up to it, nothing below admits that the thing is still to be done.
  [[nodiscard]] bool stands_free() const {
    if (extent_.bytes.size() == content_.size()) return false;
    if (extent_.bytes.begin > 0) {
      const Line above = line_at(content_, extent_.bytes.begin - 1);
      const std::string_view text = text::trim(above.text);
      if (text.ends_with('\\')) return false;
      const bool comment = std::any_of(comments_.begin(), comments_.end(), [&](const source::Comment& each) {
        return each.begin < extent_.bytes.begin && each.end > above.begin &&
               above.text.find_first_not_of(" \t") != kNo &&
               each.begin <= above.begin + above.text.find_first_not_of(" \t");
      });
      if (comment && (words_of(above.text).empty() || std::string_view(",:(").find(text.back()) != kNo)) return false;
    }
    for (std::size_t at = extent_.bytes.end; at < content_.size();) {
      const Line below = line_at(content_, at);
      if (!text::trim(below.text).empty()) return !admits(below.text);
      at = below.end;
    }
    return true;
  }

  // The two trees have the same nodes and words, comments aside, and no block is left empty.
  [[nodiscard]] bool same_code() const {
    if (file_.language() == source::Language::kGo && content_.find("import \"C\"") != kNo) return false;
    std::string without(content_.substr(0, extent_.bytes.begin));
    without += content_.substr(extent_.bytes.end);
    const auto after = source::File::parse(without, file_.language());
    return after && after->errors() == file_.errors() && code_of(file_) == code_of(*after) && !empties_a_block();
  }

  [[nodiscard]] static bool is_comment(const source::File& file, source::NodeId id) {
    return file.type(id).find("comment") != kNo;
  }

  static std::string code_of(const source::File& file) {
    std::string code;
    for (source::NodeId id = 0; id < file.nodes().size(); ++id) {
      if (is_comment(file, id)) {
        id = file[id].last;
        continue;
      }
      code.append(file.type(id)).append(1, '\1');
      if (file[id].last == id) code.append(text::trim(file.text(id))).append(1, '\2');
    }
    return code;
  }

  [[nodiscard]] bool empties_a_block() const {
    for (source::NodeId id = 1; id < file_.nodes().size(); ++id) {
      if (file_[id].begin != todo_.begin || !is_comment(file_, id)) continue;
      const source::NodeId parent = file_[id].parent;
      if (parent == source::kNoNode || parent == file_.root()) return false;
      for (source::NodeId child = file_.first_named(parent); child != source::kNoNode;
           child = file_.next_named(child)) {
        if (!is_comment(file_, child)) return false;
      }
      return true;
    }
    return true;
  }

  std::string_view content_;
  const source::File& file_;
  const std::vector<source::Comment> comments_;
  const TodoComment& todo_;
  Line first_;
  Extent extent_;
};

}  // namespace

std::optional<Extent> extent_of(std::string_view content, source::Language language, const TodoComment& todo) {
  const auto file = source::File::parse(content, language);
  if (!file) return std::nullopt;
  return Finder(content, *file, todo).find();
}

}  // namespace daydream::tasks
