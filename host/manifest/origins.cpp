#include <algorithm>

#include "manifest/build.hpp"
#include "manifest/load.hpp"

namespace daydream::manifest {
namespace {

class Origins {
 public:
  void collect(const Node& node, const std::string& pointer) {
    if (node.kind == Node::Kind::kLeaf || node.members.empty()) {
      const json::Position at = node.file->text.position(node.pointer);
      found_.push_back({pointer, to_json(node), node.file->shown, at.line});
      return;
    }
    for (std::size_t i = 0; i < node.members.size(); ++i) {
      const Member& member = node.members[i];
      const bool step = node.kind == Node::Kind::kSteps;
      collect(member.node, pointer + "/" + (step ? std::to_string(i) : json::pointer_part(member.key)));
    }
  }

  // Said only where the files say nothing.
  void add_default(const std::string& pointer, const std::string& value) {
    const bool said = std::any_of(found_.begin(), found_.end(), [&](const Origin& origin) {
      return origin.pointer == pointer || origin.pointer.starts_with(pointer + "/");
    });
    if (!said) found_.push_back({pointer, value, "", 0});
  }

  std::vector<Origin> take() { return std::move(found_); }

 private:
  std::vector<Origin> found_;
};

}  // namespace

std::vector<Origin> origins_of(const Tree& tree, const Pipeline& pipeline) {
  Origins origins;
  origins.collect(tree.root, "");
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
