// The files of a manifest merged into one tree, in which every value knows the file and place it came from.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/model.hpp"
#include "daydream/kit/json.hpp"

namespace daydream::manifest {

// Who put a file there, which decides what it may say of itself.
enum class Shelf {
  kFree,       // named by a path
  kMachine,    // base.json of the machine's folder and what that extends: an administrator's word for every repository
  kInstalled,  // named by a preset's name: of the machine's folder or shipped
};

struct File {
  Path path;          // absolute, symbolic links as written
  std::string shown;  // for messages: relative to the current folder where it lies below it
  std::string bytes;
  json::Text text;
  Shelf shelf = Shelf::kFree;
};

// One place in a file.
struct Place {
  const File* file = nullptr;
  std::string pointer;

  [[nodiscard]] std::string text() const;  // "file:line:column"
  [[nodiscard]] std::string line() const;  // "file:line"
  friend bool operator==(const Place& left, const Place& right) {
    return left.file == right.file && left.pointer == right.pointer;
  }
};

// What a file took out of a list.
struct Removal {
  std::string value;  // JSON
  Place by, was;
};

struct Member;
struct Node {
  enum class Kind {
    kLeaf,
    kObject,
    kList,
    kSteps,
    kOperation,  // {"append": [...], "remove": [...]}: upon a list that another file, or a plugin's schema, gives
  };
  Kind kind = Kind::kLeaf;
  const File* file = nullptr;  // of the latest file that gave it a value
  std::string pointer;         // there
  const json::Value* value = nullptr;
  std::vector<Member> members;  // of an object by key, of steps by id, of a list without a key
  bool composed = false;        // a list that more than one place made
  std::vector<Removal> removed;
  std::shared_ptr<const json::Document> own;  // what `value` points to, where no file says it so
  std::string note;                           // for `config --explain`: "team from $DAYDREAM_TEAM"
  bool over_machine = false;                  // it took the place of what the machine's base said

  [[nodiscard]] const Node* find(std::string_view key) const;  // nullptr when absent
  [[nodiscard]] Node* find(std::string_view key);
  [[nodiscard]] Place place() const { return {file, pointer}; }
};
struct Member {
  std::string key;
  Node node;
};

// REQUIRES: `value` passed the schema of manifests (a depth of 64 at most), and is the root of the file.
// `extends`, `$schema` and `final` do not count.
Node node_of(const File& file, const json::Value& value);
// {"append": [...]}, {"remove": [...]} or both, and nothing else.
bool is_operation(const json::Value& value);

std::string to_json(const Node& node);

// A key that a file allows no other to touch, which `final` of the file names.
struct Final {
  std::vector<std::string> keys;  // "steps", "docs_update", "timeout"
  std::string shown;              // as written
  Place place;
};

class Tree {
 public:
  std::vector<std::unique_ptr<File>> files;
  Node root;
  std::vector<Final> finals;

  // Of a pointer of the effective manifest ("/steps/2/config/a"); of the nearest ancestor that is there.
  [[nodiscard]] Place place(std::string_view pointer) const;
};

// Is there a value at `pointer`?
bool has_value(const json::Value& root, std::string_view pointer);
std::string shown_path(const Path& path);

}  // namespace daydream::manifest
