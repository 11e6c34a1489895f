// The files of a manifest merged into one tree, in which every value knows the file and place it came
// from. Objects are merged member by member, `steps` by id, all else is replaced: later wins.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/model.hpp"
#include "daydream/kit/json.hpp"

namespace daydream::manifest {

struct File {
  Path path;          // absolute, symbolic links as written
  std::string shown;  // for messages: relative to the current folder where it lies below it
  std::string bytes;
  json::Text text;
};

struct Member;
struct Node {
  enum class Kind { kLeaf, kObject, kSteps };
  Kind kind = Kind::kLeaf;
  const File* file = nullptr;  // of the latest file that gave it a value
  std::string pointer;         // there
  const json::Value* value = nullptr;
  std::vector<Member> members;  // of an object by key, of steps by id

  [[nodiscard]] const Node* find(std::string_view key) const;  // nullptr when absent
};
struct Member {
  std::string key;
  Node node;
};

// REQUIRES: `value` passed the schema of manifests (a depth of 64 at most). `top`: the root of a file,
// whose `steps` are known by id and whose `extends` and `$schema` do not count.
Node node_of(const File& file, const json::Value& value, std::string pointer, bool top);
// A new step comes to stand behind the one before it in the list that names it, else before the first
// known one that follows it there, else at the end.
void merge(Node& into, Node&& from);

std::string to_json(const Node& node);

// One place in a file.
struct Place {
  const File* file = nullptr;
  std::string pointer;
};

class Tree {
 public:
  std::vector<std::unique_ptr<File>> files;
  Node root;

  // Of a pointer of the effective manifest ("/steps/2/config/a"); of the nearest ancestor that is there.
  [[nodiscard]] Place place(std::string_view pointer) const;
};

// "file:line:column: <where, for people>: message" for a problem the schema has found in a file.
std::string describe(const json::Text& text, const json::Problem& problem, const std::string& base_pointer);
// Is there a value at `pointer`?
bool has_value(const json::Value& root, std::string_view pointer);
std::string shown_path(const Path& path);

}  // namespace daydream::manifest
