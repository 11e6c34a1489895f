#include "manifest/order.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "daydream/kit/text.hpp"

namespace daydream::manifest {
namespace {

struct Anchor {
  std::string id;
  Place place;
};

struct Wish {
  Member step;
  std::vector<Anchor> after, before;
};

class Order {
 public:
  Order(Node& steps, Problems& problems) : steps_(steps), problems_(problems) {}

  void put() {
    for (const Member& member : steps_.members) ids_.push_back(member.key);
    std::vector<Member> all = std::exchange(steps_.members, {});
    for (Member& member : all) sort_out(std::move(member));
    while (!waiting_.empty()) {
      const auto ready =
          std::find_if(waiting_.begin(), waiting_.end(), [this](const Wish& wish) { return all_placed(wish); });
      if (ready == waiting_.end()) return explain_circle();
      Wish wish = std::move(*ready);
      waiting_.erase(ready);
      insert(std::move(wish));
    }
  }

 private:
  void sort_out(Member&& member) {
    Wish wish{{}, anchors(member, "after"), anchors(member, "before")};
    const bool anchored = !wish.after.empty() || !wish.before.empty();
    if (anchored) {
      wish.step = std::move(member);
      waiting_.push_back(std::move(wish));
    } else {
      steps_.members.push_back(std::move(member));
      hangs_on_.emplace_back();
    }
  }

  std::vector<Anchor> anchors(const Member& step, const char* key) {
    std::vector<Anchor> found;
    const Node* node = step.node.find(key);
    if (node == nullptr) return found;
    const auto add = [&](const Node& name) {
      const std::string id = json::string_of(*name.value);
      if (id == step.key) return problems_.at(name, std::string("a step cannot stand ") + key + " itself");
      if (std::find(ids_.begin(), ids_.end(), id) != ids_.end()) {
        found.push_back({id, name.place()});
        return;
      }
      const std::string near = text::nearest(id, ids_);
      problems_.at(name,
                   "no step \"" + text::escape_terminal(id) + "\"" +
                       (near.empty() ? "; there are " + text::join(ids_, ", ") : "; did you mean \"" + near + "\"?"));
    };
    if (node->kind == Node::Kind::kLeaf) add(*node);
    for (const Member& name : node->members) add(name.node);
    return found;
  }

  [[nodiscard]] std::size_t index_of(const std::string& id) const {
    const auto found =
        std::find_if(steps_.members.begin(), steps_.members.end(), [&](const Member& each) { return each.key == id; });
    return static_cast<std::size_t>(found - steps_.members.begin());
  }

  [[nodiscard]] bool all_placed(const Wish& wish) const {
    const auto placed = [this](const Anchor& anchor) { return index_of(anchor.id) < steps_.members.size(); };
    return std::all_of(wish.after.begin(), wish.after.end(), placed) &&
           std::all_of(wish.before.begin(), wish.before.end(), placed);
  }

  void insert(Wish&& wish) {
    std::size_t least = 0, most = steps_.members.size();
    const Anchor* behind = nullptr;
    const Anchor* ahead = nullptr;
    for (const Anchor& anchor : wish.after) {
      if (const std::size_t at = index_of(anchor.id) + 1; at > least) least = at, behind = &anchor;
    }
    for (const Anchor& anchor : wish.before) {
      if (const std::size_t at = index_of(anchor.id); at < most || ahead == nullptr) most = at, ahead = &anchor;
    }
    if (least > most) {
      problems_.at(ahead->place, "\"" + wish.step.key + "\" cannot stand before \"" + ahead->id + "\" and after \"" +
                                     behind->id + "\" (" + behind->place.line() + "): \"" + behind->id +
                                     "\" does not stand before \"" + ahead->id + "\"");
      most = least;
    }
    std::size_t at = behind == nullptr ? most : least;
    // Several that stand after one keep the order in which they are said.
    while (behind != nullptr && at < most && hangs_on_[at] == behind->id) ++at;
    const auto offset = static_cast<std::ptrdiff_t>(at);
    hangs_on_.insert(hangs_on_.begin() + offset, behind == nullptr ? "" : behind->id);
    steps_.members.insert(steps_.members.begin() + offset, std::move(wish.step));
  }

  [[nodiscard]] const Wish* waiting(const std::string& id) const {
    const auto found =
        std::find_if(waiting_.begin(), waiting_.end(), [&](const Wish& wish) { return wish.step.key == id; });
    return found == waiting_.end() ? nullptr : &*found;
  }

  // Every waiting step waits for another: following one that waits comes round.
  void explain_circle() {
    std::vector<std::string> seen;
    std::string words;
    const Wish* wish = &waiting_.front();
    const Anchor* last = nullptr;
    while (std::find(seen.begin(), seen.end(), wish->step.key) == seen.end()) {
      seen.push_back(wish->step.key);
      const Wish* next = nullptr;
      for (const auto* anchors : {&wish->after, &wish->before}) {
        for (const Anchor& anchor : *anchors) {
          if (next != nullptr || waiting(anchor.id) == nullptr) continue;
          next = waiting(anchor.id);
          last = &anchor;
          words.append(words.empty() ? "" : ", ").append("\"").append(wish->step.key).append("\"");
          words.append(anchors == &wish->after ? " after \"" : " before \"").append(anchor.id).append("\" (");
          words.append(anchor.place.line()).append(")");
        }
      }
      wish = next;
    }
    problems_.at(last->place, "an order that comes round: " + words);
    for (Wish& each : waiting_) steps_.members.push_back(std::move(each.step));
  }

  Node& steps_;
  Problems& problems_;
  std::vector<std::string> ids_;
  std::vector<Wish> waiting_;
  std::vector<std::string> hangs_on_;  // of each placed step: the one it stands directly after, or ""
};

}  // namespace

void put_in_order(Node& root, Problems& problems) {
  Node* steps = root.find("steps");
  if (steps != nullptr && steps->kind == Node::Kind::kSteps) Order(*steps, problems).put();
}

}  // namespace daydream::manifest
