#include "crash/disk.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <random>

#include "support/world.hpp"

namespace daydream::crash {

namespace {

namespace fs = std::filesystem;
constexpr std::size_t kSector = 512;

void load(Disk& disk, NodeId folder, const fs::path& path, Inodes& known) {
  for (const auto& entry : fs::directory_iterator(path)) {
    struct stat facts {};
    REQUIRE(lstat(entry.path().c_str(), &facts) == 0);
    const std::pair identity(facts.st_dev, facts.st_ino);
    const std::string name = entry.path().filename().string();
    if (const auto twin = known.find(identity); twin != known.end()) {
      disk.nodes[folder].names[name] = twin->second;
      continue;
    }
    const NodeId made = disk.nodes.size();
    Node node;
    node.mode = facts.st_mode & 07777U;
    node.changed = facts.st_mtim;
    if (S_ISDIR(facts.st_mode)) node.type = Node::Type::kFolder;
    if (S_ISLNK(facts.st_mode)) {
      node.type = Node::Type::kSymlink;
      node.content = fs::read_symlink(entry.path()).string();
    }
    if (S_ISREG(facts.st_mode)) node.content = testing::read_file(entry.path());
    disk.nodes.push_back(std::move(node));
    disk.nodes[folder].names[name] = made;
    known[identity] = made;
    if (S_ISDIR(facts.st_mode)) load(disk, made, entry.path(), known);
  }
}

void put_torn(std::string& content, const Operation& operation, unsigned seed) {
  const std::string& bytes = operation.bytes;
  std::mt19937 random(seed);
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t place = operation.offset + at;
    const std::size_t count = std::min(bytes.size() - at, kSector - place % kSector);
    if (random() % 2 == 0) {
      if (content.size() < place + count) content.resize(place + count, '\0');
      content.replace(place, count, bytes, at, count);
    }
    at += count;
  }
}

void put_bytes(std::string& content, const Operation& operation, const Fate& fate) {
  if (fate.kind == Fate::Kind::kTorn) return put_torn(content, operation, fate.seed);
  const std::size_t end = operation.offset + operation.bytes.size();
  if (content.size() < end) content.resize(end, '\0');
  if (fate.kind != Fate::Kind::kZeroed) content.replace(operation.offset, operation.bytes.size(), operation.bytes);
}

void change_name(Disk& disk, const NameChange& change) {
  auto& names = disk.nodes[change.folder].names;
  if (change.node)
    names[change.name] = *change.node;
  else
    names.erase(change.name);
}

class Writer {
 public:
  Writer(const Disk& disk, const Disk::Edit& edited) : disk_(disk), edited_(edited) {}

  void folder(NodeId id, const fs::path& path, const std::string& inside) {
    for (const auto& [name, child] : disk_.nodes[id].names) {
      const fs::path place = path / name;
      if (const auto twin = written_.find(child); twin != written_.end()) {
        // A folder has one name; a lost half of a rename may seem to give it two.
        if (disk_.nodes[child].type != Node::Type::kFolder) fs::create_hard_link(twin->second, place);
        continue;
      }
      written_[child] = place;
      one(child, place, inside.empty() ? name : inside + "/" + name);
    }
  }

 private:
  void one(NodeId id, const fs::path& place, const std::string& inside) {
    const Node& node = disk_.nodes[id];
    if (node.type == Node::Type::kSymlink) return fs::create_symlink(node.content, place);
    if (node.type == Node::Type::kFolder) {
      fs::create_directory(place);
      folder(id, place, inside);
    } else {
      std::string bytes = node.content;
      if (edited_) edited_(inside, bytes);
      testing::write_file(place, bytes);
    }
    REQUIRE(chmod(place.c_str(), node.mode) == 0);
    if (!node.changed) return;
    const timespec times[] = {*node.changed, *node.changed};
    REQUIRE(utimensat(AT_FDCWD, place.c_str(), times, 0) == 0);
  }

  const Disk& disk_;
  const Disk::Edit& edited_;
  std::map<NodeId, fs::path> written_;
};

void look(const Disk& disk, NodeId folder, const std::string& inside, std::map<std::string, std::string>& seen) {
  for (const auto& [name, child] : disk.nodes[folder].names) {
    const std::string path = inside.empty() ? name : inside + "/" + name;
    const Node& node = disk.nodes[child];
    seen[path] = std::to_string(static_cast<int>(node.type)) + " " +
                 (node.type == Node::Type::kSymlink ? "" : std::to_string(node.mode)) + " " + node.content;
    if (node.type == Node::Type::kFolder) look(disk, child, path, seen);
  }
}

std::string find(const Disk& disk, NodeId folder, NodeId wanted, int depth) {
  for (const auto& [name, child] : disk.nodes[folder].names) {
    if (child == wanted) return name;
    if (disk.nodes[child].type != Node::Type::kFolder || depth == 0) continue;
    const std::string below = find(disk, child, wanted, depth - 1);
    if (!below.empty()) return name + "/" + below;
  }
  return "";
}

}  // namespace

Disk Disk::of(const fs::path& folder, Inodes* inodes) {
  Inodes known;
  Disk disk;
  struct stat facts {};
  REQUIRE(stat(folder.c_str(), &facts) == 0);
  disk.nodes.emplace_back();
  disk.nodes[kRootNode].type = Node::Type::kFolder;
  known[{facts.st_dev, facts.st_ino}] = kRootNode;
  load(disk, kRootNode, folder, known);
  if (inodes != nullptr) *inodes = std::move(known);
  return disk;
}

void Disk::apply(const Operation& operation, const Fate& fate) {
  if (fate.kind == Fate::Kind::kLost) return;
  switch (operation.what) {
    case Operation::What::kBytes:
      nodes[operation.node].changed.reset();
      return put_bytes(nodes[operation.node].content, operation, fate);
    case Operation::What::kSize:
      nodes[operation.node].changed.reset();
      return nodes[operation.node].content.resize(operation.size, '\0');
    case Operation::What::kMode:
      nodes[operation.node].mode = operation.mode;
      return;
    case Operation::What::kNames:
      for (const NameChange& change : operation.names) {
        change_name(*this, change);
        if (fate.kind == Fate::Kind::kSplit) return;
      }
      return;
    case Operation::What::kSync:
    case Operation::What::kSyncAll:
    case Operation::What::kWriteOut:
      return;
  }
}

void Disk::write_to(const fs::path& folder, const Edit& edited) const {
  for (const auto& entry : fs::directory_iterator(folder)) fs::remove_all(entry.path());
  Writer(*this, edited).folder(kRootNode, folder, "");
}

std::map<std::string, std::string> Disk::view() const {
  std::map<std::string, std::string> seen;
  look(*this, kRootNode, "", seen);
  return seen;
}

std::string Disk::path_of(NodeId node) const {
  return node == kRootNode ? "." : find(*this, kRootNode, node, 40);
}

}  // namespace daydream::crash
