#include "crash/recorder.hpp"

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "crash/registers.hpp"
#include "support/world.hpp"

namespace daydream::crash {

namespace {

namespace fs = std::filesystem;

std::string text_at(pid_t thread, unsigned long address) {
  std::string text;
  char part[256];
  while (text.size() < 8192) {
    // Up to the end of a page: the next one may not be there.
    const std::size_t count = std::min(sizeof part, 4096 - address % 4096);
    const iovec here{part, count}, there{reinterpret_cast<void*>(address), count};  // NOLINT: the address of another
    if (process_vm_readv(thread, &here, 1, &there, 1, 0) != static_cast<ssize_t>(count)) return text;
    const std::string_view read(part, count);
    const auto end = read.find('\0');
    text += read.substr(0, end);
    if (end != std::string_view::npos) return text;
    address += count;
  }
  return text;
}

std::string descriptor_path(pid_t thread, unsigned long descriptor) {
  return "/proc/" + std::to_string(thread) + "/fd/" + std::to_string(descriptor);
}

// Where the descriptor stands, behind what was written.
long position(pid_t thread, unsigned long descriptor) {
  const std::string facts =
      testing::read_file("/proc/" + std::to_string(thread) + "/fdinfo/" + std::to_string(descriptor));
  return facts.rfind("pos:", 0) == 0 ? std::atol(facts.c_str() + 4) : 0;
}

bool is_hex(const std::string& name) {
  return name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

// Without random parts, ids and numbers: the same place in the program, the same words.
std::string general(const std::string& path) {
  std::string words;
  for (const fs::path& part : fs::path(path)) {
    std::string name = part.string();
    for (const char* stem : {".daydream-", "tmp_obj_", "tmp_objdir-", "bulk_fsync_", "incoming-"}) {
      if (const auto at = name.find(stem); at != std::string::npos) name = name.substr(0, at) + stem + "*";
    }
    if (name.size() >= 2 && is_hex(name)) name = "*";
    std::string plain;
    for (const char letter : name) {
      const bool digit = letter >= '0' && letter <= '9';
      if (!digit || plain.empty() || plain.back() != 'N') plain += digit ? 'N' : letter;
    }
    words.append(words.empty() ? "" : "/").append(plain);
  }
  return words;
}

}  // namespace

Recorder::Recorder(fs::path folder, std::vector<std::string> aside)
    : folder_(std::move(folder)), aside_(std::move(aside)), before_(Disk::of(folder_, &inodes_)), now_(before_) {}

void Recorder::made(pid_t thread, const Call& call, const Registers& registers) {
  const long result = registers.result();
  if (result < 0) return;
  who_ = call.who;
  call_ = name_of_call(call.number);
  switch (call.kind) {
    case CallKind::kWrite: {
      const bool copies = call_ == "copy_file_range" || call_ == "splice";
      const unsigned long descriptor = registers.argument(copies ? 2 : 0);
      const bool placed = call_.rfind("pwrite", 0) == 0;
      const long offset =
          placed ? static_cast<long>(registers.argument(3)) : position(thread, descriptor) - std::max(result, 0L);
      return wrote(thread, descriptor, result, offset);
    }
    case CallKind::kOpen:
      return opened(thread, registers, call_);
    case CallKind::kSize:
      return resized(thread, registers, call_);
    case CallKind::kSync:
      return synced(thread, registers, call_);
    case CallKind::kName:
      return named(thread, registers, call_);
    case CallKind::kMode:
      return remoded(thread, registers, call_);
    case CallKind::kSend:
    case CallKind::kRead:
    case CallKind::kNone:
      return;
  }
}

void Recorder::wrote(pid_t thread, unsigned long descriptor, long count, long offset) {
  const std::string path = descriptor_path(thread, descriptor);
  const auto node = node_of(path, true);
  if (!node || count == 0 || now_.nodes[*node].type != Node::Type::kFile) return;
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  REQUIRE(file >= 0);
  Operation operation{.what = Operation::What::kBytes, .node = *node, .offset = static_cast<std::uint64_t>(offset)};
  operation.bytes.resize(static_cast<std::size_t>(count));
  const ssize_t got = pread(file, operation.bytes.data(), operation.bytes.size(), offset);
  close(file);
  if (got >= 0) operation.bytes.resize(static_cast<std::size_t>(got));  // shorter: cut by another meanwhile
  add(std::move(operation), *node);
}

void Recorder::opened(pid_t thread, const Registers& registers, const std::string& name) {
  const bool at = name != "open" && name != "creat";
  const auto found =
      place(thread, at ? static_cast<long>(registers.argument(0)) : AT_FDCWD, registers.argument(at ? 1 : 0));
  if (!found) return;
  const std::string file = descriptor_path(thread, static_cast<unsigned long>(registers.result()));
  struct stat facts {};
  if (stat(file.c_str(), &facts) != 0 || !S_ISREG(facts.st_mode)) return;
  const auto known = node_of(file, true);
  if (!known) return enter(*found, true);
  if (facts.st_size == 0 && !now_.nodes[*known].content.empty())
    add({.what = Operation::What::kSize, .node = *known}, *known);
}

void Recorder::resized(pid_t thread, const Registers& registers, const std::string& name) {
  const auto node =
      name == "truncate"
          ? node_of(
                (fs::path("/proc") / std::to_string(thread) / "cwd" / text_at(thread, registers.argument(0))).string(),
                true)
          : node_of(descriptor_path(thread, registers.argument(0)), true);
  if (!node) return;
  std::uint64_t size = registers.argument(1);
  if (name == "fallocate") size = registers.argument(2) + registers.argument(3);
  if (name == "fallocate" && size <= now_.nodes[*node].content.size()) return;
  add({.what = Operation::What::kSize, .node = *node, .size = size}, *node);
}

void Recorder::synced(pid_t thread, const Registers& registers, const std::string& name) {
  if (name == "msync") return;  // of memory that no file of ours stands behind
  const auto node = node_of(descriptor_path(thread, registers.argument(0)), true);
  if (name == "sync_file_range") {
    constexpr unsigned long kAll = SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;
    if (node && (registers.argument(3) & kAll) == kAll) add({.what = Operation::What::kWriteOut, .node = *node}, *node);
    return;
  }
  if (name == "sync" || name == "syncfs") return add({.what = Operation::What::kSyncAll}, kRootNode);
  if (node) add({.what = Operation::What::kSync, .node = *node}, *node);
}

void Recorder::remoded(pid_t thread, const Registers& registers, const std::string& name) {
  if (name.find("chmod") == std::string::npos) return;  // owners and times are not looked at
  const bool at = name == "fchmodat";
  std::optional<NodeId> node;
  std::string path = descriptor_path(thread, registers.argument(0));
  if (name != "fchmod") {
    const auto found =
        place(thread, at ? static_cast<long>(registers.argument(0)) : AT_FDCWD, registers.argument(at ? 1 : 0));
    if (!found) return;
    path = found->path;
  }
  node = node_of(path, true);
  struct stat facts {};
  if (!node || stat(path.c_str(), &facts) != 0) return;
  add({.what = Operation::What::kMode, .node = *node, .mode = static_cast<mode_t>(facts.st_mode & 07777U)}, *node);
}

void Recorder::named(pid_t thread, const Registers& registers, const std::string& name) {
  const auto argument = [&registers](int index) { return registers.argument(index); };
  const auto here = [&](unsigned long text) { return place(thread, AT_FDCWD, text); };
  const auto at = [&](int directory) {
    return place(thread, static_cast<int>(argument(directory)), argument(directory + 1));
  };
  if (name == "unlink" || name == "rmdir" || name == "unlinkat") {
    if (const auto gone = name == "unlinkat" ? at(0) : here(argument(0))) leave(*gone);
  } else if (name == "mkdir" || name == "mkdirat") {
    if (const auto made = name == "mkdirat" ? at(0) : here(argument(0))) enter(*made, true);
  } else if (name == "symlink" || name == "symlinkat") {
    if (const auto made = name == "symlinkat" ? at(1) : here(argument(1))) enter(*made, true);
  } else if (name == "link" || name == "linkat") {
    if (const auto made = name == "linkat" ? at(2) : here(argument(1))) enter(*made, false);
  } else {
    const auto from = name == "rename" ? here(argument(0)) : at(0);
    const auto to = name == "rename" ? here(argument(1)) : at(2);
    REQUIRE((name != "renameat2" || (argument(4) & 2U) == 0));  // RENAME_EXCHANGE: not known here
    if (from && to) move(*from, *to);
  }
}

std::optional<Recorder::Place> Recorder::place(pid_t thread, long directory, unsigned long text) const {
  const fs::path given = text_at(thread, text);
  const std::string process = "/proc/" + std::to_string(thread);
  fs::path path = given;
  if (!given.is_absolute())
    path = (static_cast<int>(directory) == AT_FDCWD ? fs::path(process) / "cwd"
                                                    : fs::path(process) / "fd" / std::to_string(directory)) /
           given;
  std::string name = path.filename().string();
  fs::path parent = path.parent_path();
  if (name.empty()) {  // "folder/"
    name = parent.filename().string();
    parent = parent.parent_path();
  }
  const auto folder = node_of(parent.string(), true);
  if (!folder) return std::nullopt;
  return Place{*folder, name, (parent / name).string()};
}

std::optional<NodeId> Recorder::node_of(const std::string& path, bool follow) const {
  struct stat facts {};
  if ((follow ? stat(path.c_str(), &facts) : lstat(path.c_str(), &facts)) != 0) return std::nullopt;
  const auto found = inodes_.find({facts.st_dev, facts.st_ino});
  if (found == inodes_.end()) return std::nullopt;
  return found->second;
}

std::optional<NodeId> Recorder::node_at(const Place& at) const {
  const auto& names = now_.nodes[at.folder].names;
  const auto found = names.find(at.name);
  if (found == names.end()) return std::nullopt;
  return found->second;
}

NodeId Recorder::make_node(const std::string& path) {
  struct stat facts {};
  Node node;
  if (lstat(path.c_str(), &facts) == 0) {
    node.mode = facts.st_mode & 07777U;
    if (S_ISDIR(facts.st_mode)) node.type = Node::Type::kFolder;
    if (S_ISLNK(facts.st_mode)) {
      node.type = Node::Type::kSymlink;
      node.content = fs::read_symlink(path).string();
    }
    inodes_[{facts.st_dev, facts.st_ino}] = now_.nodes.size();
  }
  now_.nodes.push_back(node);
  before_.nodes.push_back(std::move(node));
  return now_.nodes.size() - 1;
}

void Recorder::enter(const Place& at, bool new_node) {
  const std::optional<NodeId> node = new_node ? make_node(at.path) : node_of(at.path, false);
  if (!node) return;
  add({.what = Operation::What::kNames, .names = {{at.folder, at.name, node}}}, *node);
}

// Without a name, its number may be given to another file.
void Recorder::forget(NodeId node) {
  if (!now_.path_of(node).empty()) return;
  for (auto entry = inodes_.begin(); entry != inodes_.end();)
    entry = entry->second == node ? inodes_.erase(entry) : std::next(entry);
}

void Recorder::leave(const Place& at) {
  const auto node = node_at(at);
  if (!node) return;
  add({.what = Operation::What::kNames,
       .names = {{at.folder, at.name, std::nullopt}},
       .place = general(now_.path_of(*node))},
      *node);
  forget(*node);
}

void Recorder::move(const Place& from, const Place& to) {
  const auto node = node_at(from), replaced = node_at(to);
  if (!node || node == replaced) return;  // two names of one file: nothing happens
  add({.what = Operation::What::kNames, .names = {{to.folder, to.name, node}, {from.folder, from.name, std::nullopt}}},
      *node);
  if (replaced) forget(*replaced);
}

void Recorder::add(Operation operation, NodeId about) {
  now_.apply(operation);
  const std::string path = operation.place.empty() ? general(now_.path_of(about)) : operation.place;
  operation.place = std::string(name_of(who_)) + " " + call_ + " " + (path.empty() ? "(no name)" : path);
  operations_.push_back(std::move(operation));
}

Recording Recorder::finish(const std::function<bool(const std::string&)>& unseen) {
  auto expected = Disk::of(folder_).view(), got = now_.view();
  for (const std::string& name : aside_) expected.erase(name);
  std::set<std::string> differing;
  for (auto* view : {&expected, &got}) {
    for (auto& [path, words] : *view) {
      if (unseen(path)) words.clear();
      if (expected.count(path) == 0 || got.count(path) == 0 || expected[path] != got[path]) differing.insert(path);
    }
  }
  for (const std::string& path : differing)
    UNSCOPED_INFO(path << " on disk: " << (expected.count(path) != 0 ? expected[path].substr(0, 200) : "none")
                       << "; recorded: " << (got.count(path) != 0 ? got[path].substr(0, 200) : "none"));
  CHECK(differing.empty());
  return {std::move(before_), std::move(operations_)};
}

}  // namespace daydream::crash
