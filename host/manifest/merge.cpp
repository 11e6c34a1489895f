#include "manifest/merge.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>

#include "daydream/kit/text.hpp"

namespace daydream::manifest {
namespace {

using Kind = Node::Kind;
using Index = std::unordered_map<std::string, std::size_t>;

Index index_of(const std::vector<Member>& members) {
  Index index;
  for (std::size_t i = 0; i < members.size(); ++i) index.emplace(members[i].key, i);
  return index;
}

std::string shown_value(const Node& node) {
  return text::escape_terminal(text::shorten(to_json(node), 80));
}

void merge_objects(Node& into, Node&& from, Problems& problems) {
  Index known = index_of(into.members);
  for (Member& member : from.members) {
    const auto found = known.find(member.key);
    if (found != known.end()) {
      merge(into.members[found->second].node, std::move(member.node), problems);
    } else {
      into.members.push_back(std::move(member));
    }
  }
}

// Where a new step of `from` (its `i`th) goes.
std::size_t place_of_new(const Index& known, std::size_t end, const std::vector<Member>& from, std::size_t i) {
  if (i > 0) {
    const auto before = known.find(from[i - 1].key);
    if (before != known.end()) return before->second + 1;
  }
  for (std::size_t next = i + 1; next < from.size(); ++next) {
    const auto behind = known.find(from[next].key);
    if (behind != known.end()) return behind->second;
  }
  return end;
}

void merge_steps(Node& into, Node&& from, Problems& problems) {
  Index known = index_of(into.members);
  for (std::size_t i = 0; i < from.members.size(); ++i) {
    Member& member = from.members[i];
    const auto found = known.find(member.key);
    if (found != known.end()) {
      merge(into.members[found->second].node, std::move(member.node), problems);
      continue;
    }
    const std::size_t at = place_of_new(known, into.members.size(), from.members, i);
    into.members.insert(into.members.begin() + static_cast<std::ptrdiff_t>(at), {member.key, std::move(member.node)});
    known = index_of(into.members);
  }
}

// A list operation upon the list so far.
class Operation {
 public:
  Operation(Node& list, Problems& problems) : list_(list), problems_(problems), steps_(list.kind == Kind::kSteps) {}

  void apply(Node&& operation) {
    if (const Node* taken = operation.find("remove")) remove(*taken);
    if (Node* added = operation.find("append")) append(std::move(*added));
    list_.composed = true;
    list_.file = operation.file;
    list_.pointer = operation.pointer;
  }

 private:
  [[nodiscard]] std::string name_of(const Member& member) const {
    if (steps_) return member.key;
    return member.node.kind == Kind::kLeaf && member.node.value->IsString() ? json::string_of(*member.node.value) : "";
  }

  void remove(const Node& taken) {
    for (const Member& wanted : taken.members) {
      const std::string id = name_of({"", wanted.node});
      const auto found = std::find_if(list_.members.begin(), list_.members.end(), [&](const Member& member) {
        return steps_ ? member.key == json::string_of(*wanted.node.value) : equal(member.node, wanted.node);
      });
      if (found == list_.members.end()) {
        refuse(wanted.node);
        continue;
      }
      list_.removed.push_back({to_json(wanted.node), wanted.node.place(), found->node.place()});
      list_.members.erase(found);
    }
  }

  static bool equal(const Node& left, const Node& right) {
    return left.value != nullptr && right.value != nullptr &&
           (left.kind == Kind::kLeaf ? *left.value == *right.value : to_json(left) == to_json(right));
  }

  void refuse(const Node& wanted) {
    std::vector<std::string> names;
    for (const Member& member : list_.members) names.push_back(name_of(member));
    const std::string word = wanted.value->IsString() ? json::string_of(*wanted.value) : "";
    const std::string near = word.empty() ? "" : text::nearest(word, names);
    problems_.at(wanted, std::string(steps_ ? "no step " : "no element ") + shown_value(wanted) +
                             (steps_ ? " so far" : " in the list so far, of " + list_.place().line()) +
                             (near.empty() ? "" : "; did you mean \"" + text::escape_terminal(near) + "\"?"));
  }

  void append(Node&& added) {
    for (Member& member : added.members) {
      const Node* there = steps_ ? std::as_const(list_).find(member.key) : nullptr;
      if (there != nullptr) {
        problems_.at(member.node,
                     "a step with this id is there already, at " + there->place().line() +
                         "; to change it, name it in a plain list of steps",
                     "/id");
        continue;
      }
      list_.members.push_back(std::move(member));
    }
  }

  Node& list_;
  Problems& problems_;
  bool steps_;
};

void join_lists(Node& into, Node&& from) {
  into.composed = true;
  for (Member& member : from.members) into.members.push_back(std::move(member));
}

// Two operations upon a list that is not known yet are one: what the second takes out of what the first
// appended is gone, the rest is joined.
void join_operations(Node& into, Node&& from) {
  Node* appended = into.find("append");
  if (Node* taken = from.find("remove")) {
    const auto gone = [&](const Member& member) {
      if (appended == nullptr) return false;
      const std::string wanted = to_json(member.node);
      return std::erase_if(appended->members, [&](const Member& old) { return to_json(old.node) == wanted; }) > 0;
    };
    std::erase_if(taken->members, gone);
    if (Node* earlier = into.find("remove")) {
      join_lists(*earlier, std::move(*taken));
    } else {
      into.members.push_back({"remove", std::move(*taken)});
      appended = into.find("append");
    }
  }
  if (Node* added = from.find("append")) {
    if (appended != nullptr) {
      join_lists(*appended, std::move(*added));
    } else {
      into.members.push_back({"append", std::move(*added)});
    }
  }
  into.file = from.file;
  into.pointer = from.pointer;
}

// An operation that met no list becomes the list of what it appends.
void make_list(Node& node, bool steps, Problems& problems) {
  Node list{steps ? Kind::kSteps : Kind::kList, node.file, node.pointer, node.value, {}, true, {}, {}, {}, false};
  if (const Node* taken = node.find("remove")) {
    for (const Member& member : taken->members) {
      problems.at(member.node, "nothing to remove from: no file before this one gives the list");
    }
  }
  if (Node* added = node.find("append")) list.members = std::move(added->members);
  node = std::move(list);
}

void settle(Node& node, bool steps, Problems& problems) {
  if (node.kind == Kind::kOperation) make_list(node, steps, problems);
  for (Member& member : node.members) settle(member.node, false, problems);
}

}  // namespace

void merge(Node& into, Node&& from, Problems& problems) {
  if (from.kind == Kind::kOperation) {
    if (into.kind == Kind::kList || into.kind == Kind::kSteps) {
      Operation(into, problems).apply(std::move(from));
    } else if (into.kind == Kind::kOperation) {
      join_operations(into, std::move(from));
    } else {
      problems.at(from, "nothing to append to or remove from: what " + into.place().line() + " says is no list, but " +
                            shown_value(into));
    }
    return;
  }
  if (into.kind != from.kind || (into.kind != Kind::kObject && into.kind != Kind::kSteps)) {
    from.over_machine = into.over_machine || into.file->shelf == Shelf::kMachine;
    into = std::move(from);
    return;
  }
  into.file = from.file;
  into.pointer = from.pointer;
  into.value = from.value;
  if (into.kind == Kind::kSteps) {
    merge_steps(into, std::move(from), problems);
  } else {
    merge_objects(into, std::move(from), problems);
  }
}

void settle_operations(Node& root, Problems& problems) {
  for (Member& member : root.members) {
    if (member.key != "steps") {
      settle(member.node, false, problems);
      continue;
    }
    if (member.node.kind == Kind::kOperation) make_list(member.node, true, problems);
    for (Member& step : member.node.members) {
      for (Member& option : step.node.members) {
        if (option.key != "config") settle(option.node, false, problems);
      }
    }
  }
}

}  // namespace daydream::manifest
