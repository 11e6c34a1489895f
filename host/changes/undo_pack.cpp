#include "changes/undo_pack.hpp"

#include <fcntl.h>

#include <charconv>
#include <cstdio>
#include <string_view>

#include "changes/compress.hpp"

namespace daydream::changes {

namespace {

constexpr std::string_view kHead = "daydream-undo 1\n";

std::string octal(unsigned mode) {
  char text[16];
  std::snprintf(text, sizeof text, "%o", mode);
  return text;
}

void put_bytes(std::string& out, std::string_view name, std::string_view bytes) {
  out.append(name).append(" ").append(std::to_string(bytes.size())).append("\n").append(bytes).append("\n");
}

// Takes the records apart; every step fails for good once something does not fit.
class Reader {
 public:
  explicit Reader(std::string_view rest) : rest_(rest) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] bool good() const { return good_; }

  std::string_view value(std::string_view name) {
    const auto end = rest_.find('\n');
    if (end == std::string_view::npos || rest_.substr(0, name.size()) != name || rest_.size() <= name.size() ||
        rest_[name.size()] != ' ')
      return fail();
    const std::string_view found = rest_.substr(name.size() + 1, end - name.size() - 1);
    rest_.remove_prefix(end + 1);
    return found;
  }

  std::string_view bytes(std::string_view count) {
    const std::size_t size = number(count, 10);
    if (!good_ || size >= rest_.size() || rest_[size] != '\n') return fail();
    const std::string_view found = rest_.substr(0, size);
    rest_.remove_prefix(size + 1);
    return found;
  }

  std::size_t number(std::string_view text, int base) {
    std::size_t value = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() || text.empty()) (void)fail();
    return value;
  }

 private:
  std::string_view fail() {
    good_ = false;
    rest_ = {};
    return {};
  }

  std::string_view rest_;
  bool good_ = true;
};

}  // namespace

Path undo_file(const Path& state_directory, const std::string& run, int step_number, const std::string& step) {
  char number[16];
  std::snprintf(number, sizeof number, "%02d-", step_number);
  return state_directory / "undo" / run / (number + step + ".undo.zst");
}

Result<void> write_undo(const Path& file, const std::vector<UndoEntry>& entries) {
  std::string plain(kHead);
  for (const UndoEntry& entry : entries) {
    put_bytes(plain, "path", entry.path);
    if (entry.old)
      put_bytes(plain, "old", *entry.old);
    else
      plain += "old -\n";
    plain += "new " + (entry.new_sha256.empty() ? "-" : entry.new_sha256) + "\nmode " + octal(entry.mode) + "\n";
  }
  auto packed = compress::whole(plain);
  if (!packed) return std::move(packed.error());
  if (auto made = files::make_directories(file.parent_path()); !made) return made;
  return files::write_replace(file, *packed, files::Durability::kNone);
}

Result<std::vector<UndoEntry>> read_undo(const Path& file) {
  const files::Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (descriptor.get() < 0) return Error::from_errno(errno, file.string());
  std::string plain;
  auto expanded = compress::expand(descriptor.get(), [&plain](std::string_view part) {
    plain += part;
    return Result<void>();
  });
  if (!expanded) return std::move(expanded.error()).context(file.string());
  const Error damaged(ErrorKind::kDamaged, file.string() + " is no undo file of this Daydream");
  if (plain.compare(0, kHead.size(), kHead) != 0) return damaged;
  Reader reader(std::string_view(plain).substr(kHead.size()));
  std::vector<UndoEntry> entries;
  while (reader.good() && !reader.at_end()) {
    UndoEntry entry;
    entry.path = reader.bytes(reader.value("path"));
    const std::string_view old = reader.value("old");
    if (old != "-") entry.old = std::string(reader.bytes(old));
    const std::string_view now = reader.value("new");
    if (now != "-") entry.new_sha256 = now;
    entry.mode = static_cast<unsigned>(reader.number(reader.value("mode"), 8));
    if (!reader.good()) return damaged;
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace daydream::changes
