#include "plugins/log_review/night/ledger.hpp"

#include <algorithm>
#include <map>

#include "daydream/kit/hash.hpp"
#include "daydream/kit/json.hpp"
#include "plugins/log_review/reading/source.hpp"

namespace daydream::logs {
namespace {

// Decoded bytes [offset, offset + size) of a file; fewer where it ends before.
Result<std::string> bytes_at(const LogFile& file, std::uint64_t offset, std::uint64_t size) {
  auto descriptor = open_log(file);
  if (!descriptor) return std::move(descriptor.error());
  auto opened = open_source(*descriptor, offset);
  if (!opened) return std::move(opened.error());
  std::string bytes(static_cast<std::size_t>(size), '\0');
  std::size_t have = 0;
  while (have < bytes.size()) {
    auto got = opened->source->read(bytes.data() + have, bytes.size() - have);
    if (!got) return std::move(got.error());
    if (*got == 0) break;
    have += *got;
  }
  bytes.resize(have);
  return bytes;
}

std::string short_hash(std::string_view bytes) {
  return hash::sha256_hex(bytes).substr(0, 32);
}

// Head and tail of the generation are in the file.
Result<bool> holds(const LogFile& file, const std::string& head, const Generation& generation) {
  if (head.size() < generation.head_size) return false;
  if (short_hash(std::string_view(head).substr(0, generation.head_size)) != generation.head) return false;
  const std::uint64_t size = std::min(generation.offset, Generation::kHashed);
  auto tail = bytes_at(file, generation.offset - size, size);
  if (!tail) return std::move(tail.error());
  return tail->size() == size && short_hash(*tail) == generation.tail;
}

class Matcher {
 public:
  Matcher(const std::vector<LogFile>& files, const std::vector<Generation>& known)
      : files_(files), known_(known), matches_(files.size()), heads_(files.size()), taken_(known.size()) {}

  Result<std::vector<Match>> run() {
    // The same name and nothing changed, then the same name, then any.
    for (std::size_t i = 0; i < files_.size(); ++i) unchanged(i);
    for (const bool same_name : {true, false}) {
      for (std::size_t i = 0; i < files_.size(); ++i) {
        if (matches_[i].generation == Match::kNew && !matches_[i].duplicate) look(i, same_name);
      }
    }
    return matches_;
  }

 private:
  [[nodiscard]] bool named_alike(const LogFile& file, const Generation& generation) const {
    return file.root == generation.root && file.path == generation.path;
  }

  void unchanged(std::size_t i) {
    const LogFile& file = files_[i];
    for (std::size_t g = 0; g < known_.size(); ++g) {
      const Generation& generation = known_[g];
      if (taken_[g] || !named_alike(file, generation) || !generation.done) continue;
      if (generation.size != static_cast<std::int64_t>(file.size) || generation.mtime_ns != file.mtime_ns) continue;
      matches_[i].generation = g;
      taken_[g] = true;
      return;
    }
  }

  void look(std::size_t i, bool same_name) {
    const LogFile& file = files_[i];
    for (std::size_t g = 0; g < known_.size(); ++g) {
      if (named_alike(file, known_[g]) != same_name) continue;
      if (!same_name && (file.root != known_[g].root || stem_of(file.path) != stem_of(known_[g].path))) continue;
      if (!head_of(i)) return;  // unreadable: said when it is read
      auto held = holds(file, *heads_[i], known_[g]);
      if (!held || !*held) continue;
      matches_[i].generation = g;
      matches_[i].duplicate = taken_[g];
      taken_[g] = true;
      return;
    }
  }

  bool head_of(std::size_t i) {
    if (heads_[i]) return true;
    auto head = bytes_at(files_[i], 0, Generation::kHashed);
    if (!head) return false;
    heads_[i] = std::move(*head);
    return true;
  }

  const std::vector<LogFile>& files_;
  const std::vector<Generation>& known_;
  std::vector<Match> matches_;
  std::vector<std::optional<std::string>> heads_;
  std::vector<bool> taken_;
};

}  // namespace

std::string to_json(const Generation& generation) {
  json::Writer out;
  out.begin_object().field("root", generation.root).field("path", generation.path);
  out.field("offset", generation.offset).field("head_size", generation.head_size);
  out.field("head", generation.head).field("tail", generation.tail).field("format", generation.format);
  out.field("lines", generation.lines).field("last_event_ms", generation.last_event_ms).field("done", generation.done);
  out.field("size", generation.size).field("mtime_ns", generation.mtime_ns);
  if (generation.own_minutes != Stamp::kNoZone) out.field("own_minutes", generation.own_minutes);
  out.end_object();
  return out.take();
}

Result<Generation> generation_from_json(std::string_view text) {
  auto parsed = json::Text::parse(text, {.name = "memory of a log", .positions = false});
  if (!parsed) return std::move(parsed.error());
  const json::Value& root = parsed->root();
  if (!root.IsObject()) return Error(ErrorKind::kInvalid, "memory of a log: not an object");
  Generation generation;
  generation.root = json::get_string(root, "root");
  generation.path = json::get_string(root, "path");
  generation.offset = static_cast<std::uint64_t>(json::get_int(root, "offset"));
  generation.head_size = std::min(static_cast<std::uint64_t>(json::get_int(root, "head_size")), Generation::kHashed);
  generation.head = json::get_string(root, "head");
  generation.tail = json::get_string(root, "tail");
  generation.format = json::get_string(root, "format");
  generation.lines = static_cast<std::uint64_t>(json::get_int(root, "lines"));
  generation.last_event_ms = json::get_int(root, "last_event_ms");
  generation.own_minutes = static_cast<int>(
      std::clamp<std::int64_t>(json::get_int(root, "own_minutes", Stamp::kNoZone), -Stamp::kNoZone, Stamp::kNoZone));
  generation.done = json::get_bool(root, "done");
  generation.size = json::get_int(root, "size");
  generation.mtime_ns = json::get_int(root, "mtime_ns");
  return generation;
}

Result<std::vector<Match>> match(const std::vector<LogFile>& files, const std::vector<Generation>& known) {
  return Matcher(files, known).run();
}

Result<void> seal(const LogFile& file, std::uint64_t offset, Generation& generation) {
  generation.root = file.root;
  generation.path = file.path;
  generation.offset = offset;
  generation.size = static_cast<std::int64_t>(file.size);
  generation.mtime_ns = file.mtime_ns;
  generation.head_size = std::min(offset, Generation::kHashed);
  auto head = bytes_at(file, 0, generation.head_size);
  if (!head) return std::move(head.error());
  auto tail = bytes_at(file, offset - generation.head_size, generation.head_size);
  if (!tail) return std::move(tail.error());
  if (head->size() != generation.head_size || tail->size() != generation.head_size)
    return Error(ErrorKind::kConflict, file.name() + " became shorter while it was read");
  generation.head = short_hash(*head);
  generation.tail = short_hash(*tail);
  return {};
}

}  // namespace daydream::logs
