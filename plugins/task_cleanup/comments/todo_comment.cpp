#include "plugins/task_cleanup/comments/todo_comment.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "daydream/kit/hash.hpp"
#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"
#include "daydream/source/file.hpp"

namespace daydream::tasks {
namespace {

constexpr std::size_t kNo = std::string_view::npos;
constexpr std::string_view kTags[] = {"TODO", "FIXME", "XXX", "HACK"};
constexpr std::size_t kLongestWords = 500;
constexpr std::size_t kMostOfAFile = 2000;

bool is_word(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_';
}

// Names of what is around an offset: the innermost definition that has one.
class Around {
 public:
  explicit Around(const source::File& file)
      : file_(file),
        name_(source::field_of(file.language(), "name")),
        declarator_(source::field_of(file.language(), "declarator")) {
    for (source::NodeId id = 0; id < file.nodes().size(); ++id) {
      if (file[id].named && defines(file.type(id))) definitions_.push_back(id);
    }
  }

  [[nodiscard]] std::string of(std::size_t offset) const {
    std::string name;
    for (const source::NodeId id : definitions_) {
      const source::Node& node = file_[id];
      if (node.begin > offset) break;
      if (node.end <= offset) continue;
      if (const std::string found = name_of(id); !found.empty()) name = found;  // the last is the innermost
    }
    return name;
  }

 private:
  static bool defines(std::string_view type) {
    static constexpr std::string_view kTypes[] = {"function_definition",
                                                  "function_declaration",
                                                  "method_definition",
                                                  "method_declaration",
                                                  "class_definition",
                                                  "class_declaration",
                                                  "class_specifier",
                                                  "struct_specifier",
                                                  "function_item",
                                                  "impl_item",
                                                  "struct_item",
                                                  "generator_function_declaration",
                                                  "constructor_declaration",
                                                  "interface_declaration"};
    return std::find(std::begin(kTypes), std::end(kTypes), type) != std::end(kTypes);
  }
  [[nodiscard]] std::string name_of(source::NodeId id) const {
    source::NodeId at = id;
    for (int depth = 0; depth < 8 && at != source::kNoNode; ++depth) {
      if (const source::NodeId name = name_ == 0 ? source::kNoNode : file_.child(at, name_); name != source::kNoNode) {
        return std::string(file_.text(name).substr(0, 200));
      }
      const source::NodeId next = declarator_ == 0 ? source::kNoNode : file_.child(at, declarator_);
      if (next == source::kNoNode) return at == id ? std::string() : std::string(file_.text(at).substr(0, 200));
      at = next;
    }
    return "";
  }
  const source::File& file_;
  std::uint16_t name_, declarator_;
  std::vector<source::NodeId> definitions_;
};

// Behind the tag: "(owner)", ":", words.
void read_words(std::string_view rest, TodoComment& todo) {
  if (rest.starts_with('(')) {
    const std::size_t close = rest.find(')');
    if (close != kNo && close < 80) {
      todo.owner = text::trim(rest.substr(1, close - 1));
      rest.remove_prefix(close + 1);
    }
  }
  while (!rest.empty() && std::string_view(": \t-").find(rest.front()) != kNo) rest.remove_prefix(1);
  std::string_view words = text::trim(rest);
  for (const std::string_view end : {"*/", "-->"}) {
    if (words.ends_with(end)) words = text::trim(words.substr(0, words.size() - end.size()));
  }
  todo.words = text::collapse_space(text::to_utf8(words.substr(0, kLongestWords)));
}

void read_comment(std::string_view content, const source::Comment& comment, const Around& around,
                  std::vector<TodoComment>& out) {
  const std::string_view whole = content.substr(comment.begin, comment.end - comment.begin);
  std::size_t line = comment.line;
  for (const std::string_view part : text::split(whole, '\n')) {
    const Tag tag = tag_in(part);
    if (tag.at != kNo && out.size() < kMostOfAFile) {
      TodoComment todo;
      todo.tag = tag.name;
      todo.line = line;
      todo.symbol = text::to_utf8(around.of(comment.begin));
      read_words(part.substr(tag.at + tag.name.size()), todo);
      todo.begin = comment.begin;
      todo.end = comment.end;
      out.push_back(std::move(todo));
    }
    ++line;
  }
}

}  // namespace

// Behind the markers, or anywhere where ':' or '(' follows.
Tag tag_in(std::string_view line) {
  const std::size_t front = line.find_first_not_of("/*#-!<>@;% \t\"'");
  Tag best;
  for (const std::string_view each : kTags) {
    for (std::size_t at = line.find(each); at != kNo; at = line.find(each, at + 1)) {
      const std::size_t end = at + each.size();
      const bool whole = (at == 0 || !is_word(line[at - 1])) && (end == line.size() || !is_word(line[end]));
      const bool called = end < line.size() && (line[end] == ':' || line[end] == '(');
      if (!whole || (at != front && !called)) continue;
      if (at < best.at) best = {at, each, at == front};
      break;
    }
  }
  return best;
}

bool may_hold_todo(std::string_view content) {
  return std::any_of(std::begin(kTags), std::end(kTags),
                     [&](std::string_view tag) { return content.find(tag) != kNo; });
}

std::vector<TodoComment> todo_comments(std::string_view content, source::Language language) {
  std::vector<TodoComment> found;
  if (language == source::Language::kNone || !may_hold_todo(content)) return found;
  const auto file = source::File::parse(content, language);
  if (!file) return found;
  const Around around(*file);
  for (const source::Comment& comment : file->comments()) read_comment(content, comment, around, found);
  std::map<std::string, int> twins;
  for (TodoComment& todo : found) {
    const std::string key = text::to_lower_ascii(todo.words) + '\0' + todo.owner + '\0' + todo.symbol;
    todo.id = hash::sha256_hex(key + '\0' + std::to_string(++twins[key])).substr(0, 12);
  }
  return found;
}

std::string ScanRow::encode() const {
  json::Writer out;
  out.begin_object().field("token", std::to_string(token)).key("todos").begin_array();
  for (const TodoComment& todo : comments) {
    out.begin_array().value(todo.id).value(todo.tag).value(todo.words).value(todo.owner).value(todo.symbol);
    out.value(static_cast<std::int64_t>(todo.line)).value(static_cast<std::int64_t>(todo.begin));
    out.value(static_cast<std::int64_t>(todo.end)).end_array();
  }
  out.end_array().end_object();
  return out.take();
}

std::optional<ScanRow> ScanRow::decode(std::string_view bytes) {
  json::ParseOptions options;
  options.name = "scanned comments";
  options.positions = false;
  auto parsed = json::Text::parse(bytes, options);
  if (!parsed || !parsed->root().IsObject()) return std::nullopt;
  ScanRow row;
  const std::string token = json::get_string(parsed->root(), "token");
  if (token.empty() || token.size() > 20 || token.find_first_not_of("0123456789") != std::string::npos)
    return std::nullopt;
  row.token = std::strtoull(token.c_str(), nullptr, 10);
  const json::Value* todos = json::find(parsed->root(), "todos");
  if (todos == nullptr || !todos->IsArray()) return std::nullopt;
  for (const auto& each : todos->GetArray()) {
    if (!each.IsArray() || each.Size() != 8) return std::nullopt;
    for (rapidjson::SizeType at = 0; at < 8; ++at) {
      const bool good = at < 5 ? each[at].IsString() : each[at].IsUint64();
      if (!good) return std::nullopt;
    }
    TodoComment todo;
    todo.id = json::string_of(each[0]);
    todo.tag = json::string_of(each[1]);
    todo.words = json::string_of(each[2]);
    todo.owner = json::string_of(each[3]);
    todo.symbol = json::string_of(each[4]);
    todo.line = each[5].GetUint64();
    todo.begin = each[6].GetUint64();
    todo.end = each[7].GetUint64();
    row.comments.push_back(std::move(todo));
  }
  return row;
}

int likeness(std::string_view one, std::string_view other) {
  const auto words = [](std::string_view text) {
    std::set<std::string> set;
    for (const std::string_view word : text::split(text, ' ')) {
      if (!word.empty()) set.insert(text::to_lower_ascii(word));
    }
    return set;
  };
  const auto left = words(one);
  const auto right = words(other);
  if (left.empty() || right.empty()) return left.empty() && right.empty() ? 1000 : 0;
  const auto common = static_cast<int>(
      std::count_if(left.begin(), left.end(), [&](const std::string& word) { return right.contains(word); }));
  return common * 1000 / static_cast<int>(left.size() + right.size() - static_cast<std::size_t>(common));
}

}  // namespace daydream::tasks
