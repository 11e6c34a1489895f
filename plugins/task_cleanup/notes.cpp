#include "plugins/task_cleanup/notes.hpp"

#include <algorithm>
#include <set>

#include "daydream/kit/json.hpp"

namespace daydream::tasks {

std::string Note::encode() const {
  json::Writer out;
  out.begin_object();
  if (!closed_by.empty()) out.field("closed_by", closed_by);
  if (!suspect.empty()) {
    out.field("suspect", suspect)
        .field("written_in", written_in)
        .field("written_at", written_at)
        .field("marked", marked)
        .field("runs", runs);
    out.field("counted", counted);
  }
  if (band >= 0) out.field("band", band);
  if (given >= 0) out.field("given", given);
  if (written >= 0) out.field("written", written);
  out.end_object();
  return out.take();
}

std::optional<Note> Note::decode(std::string_view bytes) {
  json::ParseOptions options;
  options.name = "note";
  options.positions = false;
  auto parsed = json::Text::parse(bytes, options);
  if (!parsed || !parsed->root().IsObject()) return std::nullopt;
  const json::Value& root = parsed->root();
  Note note;
  note.closed_by = json::get_string(root, "closed_by");
  note.suspect = json::get_string(root, "suspect");
  note.written_in = json::get_string(root, "written_in");
  note.written_at = json::get_int(root, "written_at");
  note.marked = json::get_int(root, "marked");
  note.runs = static_cast<int>(json::get_int(root, "runs"));
  note.counted = json::get_string(root, "counted");
  note.band = static_cast<int>(json::get_int(root, "band", -1));
  note.given = static_cast<int>(json::get_int(root, "given", -1));
  note.written = static_cast<int>(json::get_int(root, "written", -1));
  return note;
}

std::string Notes::key_of(std::string_view path, std::string_view id) {
  return std::string(kPrefix) + std::string(path) + '\0' + std::string(id);
}

void Notes::remember(std::string_view key, std::string_view value) {
  if (auto note = Note::decode(value)) old_.emplace(key, std::move(*note));
}

const Note& Notes::old(std::string_view path, const Task& task) const {
  static const Note kEmpty;
  const auto found = old_.find(key_of(path, task.id));
  return found == old_.end() ? kEmpty : found->second;
}

bool Notes::known(std::string_view path, const Task& task) const {
  return old_.contains(key_of(path, task.id));
}

Note& Notes::now(std::string_view path, const Task& task) {
  const std::string key = key_of(path, task.id);
  const auto found = now_.find(key);
  return found != now_.end() ? found->second : now_.emplace(key, old(path, task)).first->second;
}

std::vector<std::pair<std::string, std::optional<std::string>>> Notes::changes(const List& list) const {
  std::vector<std::pair<std::string, std::optional<std::string>>> changes;
  std::set<std::string> present;
  for (const Task& task : list.tasks) {
    const std::string key = key_of(list.path, task.id);
    present.insert(key);
    const auto note = now_.find(key);
    if (note == now_.end()) continue;
    const auto before = old_.find(key);
    if (before == old_.end() || !(before->second == note->second)) changes.emplace_back(key, note->second.encode());
  }
  const std::string prefix = key_of(list.path, "");
  for (auto each = old_.lower_bound(prefix); each != old_.end() && each->first.starts_with(prefix); ++each) {
    if (!present.contains(each->first)) changes.emplace_back(each->first, std::nullopt);
  }
  return changes;
}

std::vector<std::string> Notes::orphans(const std::function<bool(const std::string&)>& there) const {
  std::vector<std::string> gone;
  for (const auto& [key, note] : old_) {
    const std::string path = key.substr(kPrefix.size(), key.find('\0') - kPrefix.size());
    if (!there(path)) gone.push_back(key);
  }
  return gone;
}

}  // namespace daydream::tasks
