// A folder as a disk holds it, and the operations that programs made on it: what of them a power cut may lose is
// chosen in losses.hpp, what is left is written out as a folder again.
//
// A name is one thing, the file behind it another: that is how a file system loses them apart.
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace daydream::crash {

using NodeId = std::size_t;
constexpr NodeId kRootNode = 0;

struct Node {
  enum class Type { kFile, kFolder, kSymlink };
  Type type = Type::kFile;
  std::string content;  // of a file; the target of a symlink
  mode_t mode = 0644;
  std::optional<timespec> changed;  // of a file that the recorded programs did not write
  std::map<std::string, NodeId> names;
};

struct NameChange {
  NodeId folder;
  std::string name;
  std::optional<NodeId> node;  // nullopt: the name goes
};

struct Operation {
  enum class What { kBytes, kSize, kMode, kNames, kSync, kSyncAll, kWriteOut };
  What what = What::kBytes;
  NodeId node = kRootNode;  // of kBytes, kSize, kMode, kSync, kWriteOut
  std::uint64_t offset = 0;
  std::string bytes{};
  std::uint64_t size = 0;
  mode_t mode = 0;
  std::vector<NameChange> names{};  // one for all, or (a rename) two
  std::string place{};              // who did it to what, for people and to tell the places of syncs apart
};

// What becomes of one operation.
struct Fate {
  enum class Kind {
    kKept,
    kLost,
    kZeroed,  // kBytes: the file grew, its new part holds zeros; what it held before is as before
    kTorn,    // kBytes: some of its sectors of 512 bytes
    kSplit,   // kNames with two changes (a rename): the new name is there, the old one as well
  };
  Kind kind = Kind::kKept;
  unsigned seed = 0;  // of kTorn
};

using Inodes = std::map<std::pair<dev_t, ino_t>, NodeId>;

struct Disk {
  std::vector<Node> nodes;  // all there ever were; those without a name are not written

  // `inodes`: which node stands for which file.
  static Disk of(const std::filesystem::path& folder, Inodes* inodes = nullptr);
  void apply(const Operation& operation, const Fate& fate = {});
  // The folder is emptied first. `edited` may change the bytes of a file on their way.
  using Edit = std::function<void(const std::string& path, std::string& bytes)>;
  void write_to(const std::filesystem::path& folder, const Edit& edited = {}) const;
  // Types, modes and bytes below the root as path -> words, for comparison.
  [[nodiscard]] std::map<std::string, std::string> view() const;
  [[nodiscard]] std::string path_of(NodeId node) const;  // "" without a name
};

}  // namespace daydream::crash
