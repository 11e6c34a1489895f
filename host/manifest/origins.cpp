#include <algorithm>

#include "daydream/kit/text.hpp"
#include "manifest/build.hpp"

namespace daydream::manifest {
namespace {

class Origins {
 public:
  explicit Origins(const Tree& tree) : tree_(tree) { collect(tree.root, "", {}); }

  // Said only where the files say nothing.
  void add_default(const std::string& pointer, const std::string& value) {
    const bool said = std::any_of(found_.begin(), found_.end(), [&](const Origin& origin) {
      return origin.pointer == pointer || origin.pointer.starts_with(pointer + "/");
    });
    if (!said) found_.push_back({pointer, value, "", 0, ""});
  }

  std::vector<Origin> take() { return std::move(found_); }

 private:
  using Keys = std::vector<std::string>;

  static bool is_list(const Node& node) { return node.kind == Node::Kind::kList || node.kind == Node::Kind::kSteps; }

  // A list that one place gives is one line; of one that several made each element has its own.
  static bool is_one_line(const Node& node) {
    if (node.kind == Node::Kind::kLeaf) return true;
    if (node.members.empty() && node.removed.empty()) return true;
    return node.kind == Node::Kind::kList && !node.composed && notes_below(node).empty();
  }

  static std::string notes_below(const Node& node) {
    std::string notes = node.note;
    for (const Member& member : node.members) {
      const std::string below = notes_below(member.node);
      if (!below.empty()) notes.append(notes.empty() ? "" : ", ").append(below);
    }
    return notes;
  }

  void collect(const Node& node, const std::string& pointer, const Keys& keys) {
    if (is_one_line(node)) return add(node, pointer, keys, "");
    for (std::size_t i = 0; i < node.members.size(); ++i) {
      const Member& member = node.members[i];
      const std::string part = is_list(node) ? std::to_string(i) : json::pointer_part(member.key);
      Keys below = keys;
      below.push_back(member.key);
      const bool waiting = node.kind == Node::Kind::kOperation;
      if (waiting || (node.composed && is_one_line(member.node))) {
        elements(member.node, pointer + "/" + part, below, waiting ? member.key : "");
      } else {
        collect(member.node, pointer + "/" + part, below);
      }
    }
    for (const Removal& removal : node.removed) add_removal(removal, pointer);
  }

  // Elements of a list that was put together, or of an operation that waits for the plugin's default.
  void elements(const Node& node, const std::string& pointer, const Keys& keys, const std::string& operation) {
    if (operation.empty()) return add(node, pointer, keys, "");
    const std::string note = operation == "append" ? "upon the plugin's default" : "out of the plugin's default";
    for (std::size_t i = 0; i < node.members.size(); ++i) {
      add(node.members[i].node, pointer + "/" + std::to_string(i), keys, note);
    }
  }

  void add(const Node& node, const std::string& pointer, const Keys& keys, std::string note) {
    const auto join = [&note](const std::string& more) {
      if (!more.empty()) note.append(note.empty() ? "" : "; ").append(more);
    };
    join(notes_below(node));
    if (node.pointer.find("/append/") != std::string::npos && note.empty()) note = "appended";
    join(final_by(keys));
    const json::Position at = node.file->text.position(node.pointer);
    found_.push_back({pointer, to_json(node), node.file->shown, at.line, std::move(note)});
  }

  void add_removal(const Removal& removal, const std::string& pointer) {
    const json::Position at = removal.by.file->text.position(removal.by.pointer);
    found_.push_back({pointer, removal.value, removal.by.file->shown, at.line, "removed, was " + removal.was.line()});
  }

  [[nodiscard]] std::string final_by(const Keys& keys) const {
    for (const Final& final : tree_.finals) {
      const std::size_t shared = std::min(final.keys.size(), keys.size());
      if (final.keys.size() <= keys.size() &&
          std::equal(final.keys.begin(), final.keys.begin() + static_cast<std::ptrdiff_t>(shared), keys.begin())) {
        return "final by " + final.place.line();
      }
    }
    return "";
  }

  const Tree& tree_;
  std::vector<Origin> found_;
};

}  // namespace

std::vector<Origin> origins_of(const Tree& tree, const Pipeline& pipeline) {
  Origins origins(tree);
  origins.add_default("/mode", R"("branch" under git, else "patch")");
  origins.add_default("/base", R"("HEAD")");
  origins.add_default("/verify/command", "[]");
  origins.add_default("/schedule/at", "\"" + pipeline.schedule.at + "\"");
  origins.add_default("/schedule/zone", "the machine's");
  origins.add_default("/retention", R"("90d")");
  origins.add_default("/defaults/timeout", R"("20m")");
  origins.add_default("/defaults/idle_timeout", R"("2m")");
  origins.add_default("/defaults/max_attempts", "3");
  origins.add_default("/defaults/on_failure", R"("stop")");
  origins.add_default("/defaults/limits/memory", R"("2GiB")");
  origins.add_default("/defaults/limits/cpu", R"("1h")");
  origins.add_default("/defaults/limits/open_files", "512");
  return origins.take();
}

}  // namespace daydream::manifest
