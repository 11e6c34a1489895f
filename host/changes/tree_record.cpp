#include "changes/tree_record.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <charconv>
#include <vector>

#include "base/files.hpp"
#include "changes/git_writer.hpp"
#include "daydream/kit/hash.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::changes {

namespace {

constexpr std::string_view kVersion = "daydream tree 1";
constexpr std::size_t kDigest = 64;

template <class T>
bool number(const std::string& text, T& value) {
  auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  return result.ec == std::errc() && result.ptr == text.data() + text.size();
}

bool lies_there(int root, const std::string& path, const Tracked& file) {
  struct stat facts {};
  if (::fstatat(root, path.c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(facts.st_mode)) return false;
  return static_cast<std::uint64_t>(facts.st_size) == file.size &&
         facts.st_mtim.tv_sec * 1'000'000'000 + facts.st_mtim.tv_nsec == file.mtime_ns;
}

std::optional<TreeRecord> parse(const std::vector<std::string>& records) {
  constexpr std::size_t kHead = 4;
  constexpr std::size_t kRow = 5;
  if (records.size() < kHead || (records.size() - kHead) % kRow != 0) return std::nullopt;
  if (records[0] != kVersion || records[1] != machine_start()) return std::nullopt;
  TreeRecord result{records[2], records[3] == "1", {}};
  for (std::size_t i = kHead; i < records.size(); i += kRow) {
    Tracked file;
    if (!number(records[i + 1], file.token) || !number(records[i + 2], file.size) ||
        !number(records[i + 3], file.mtime_ns)) {
      return std::nullopt;
    }
    file.filtered = records[i + 4] == "1";
    result.files.emplace_hint(result.files.end(), records[i], file);
  }
  return result;
}

}  // namespace

std::string machine_start() {
  auto id = files::read("/proc/sys/kernel/random/boot_id", 256);
  return id ? std::string(text::trim(*id)) : "";
}

void write_record(const Path& file, const TreeRecord& record) {
  std::vector<std::string> records{std::string(kVersion), machine_start(), record.commit,
                                   record.attributes ? "1" : "0"};
  records.reserve(records.size() + record.files.size() * 5);
  for (const auto& [path, tracked] : record.files) {
    records.push_back(path);
    records.push_back(std::to_string(tracked.token));
    records.push_back(std::to_string(tracked.size));
    records.push_back(std::to_string(tracked.mtime_ns));
    records.emplace_back(tracked.filtered ? "1" : "0");
  }
  std::string body = join_records(records);
  (void)files::write_replace(file, hash::sha256_hex(body) + body, files::Durability::kNone);
}

std::optional<TreeRecord> read_record(const Path& file, const Path& tree) {
  auto content = files::read(file);
  if (!content || content->size() <= kDigest) return std::nullopt;
  std::string_view body = std::string_view(*content).substr(kDigest);
  if (hash::sha256_hex(body) != content->substr(0, kDigest)) return std::nullopt;
  auto record = parse(split_records(body));
  if (!record) return record;
  files::Descriptor root(::open(tree.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (root.get() < 0) return std::nullopt;
  for (const auto& [path, tracked] : record->files) {
    if (!lies_there(root.get(), path, tracked)) return std::nullopt;
  }
  return record;
}

}  // namespace daydream::changes
