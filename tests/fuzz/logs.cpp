// Logs: any bytes as lines of a format, as compressed data, as what memory and checkpoints hold.
#include <algorithm>
#include <memory>
#include <string>

#include "plugins/log_review/grouping/patterns.hpp"
#include "plugins/log_review/reading/decoders.hpp"
#include "plugins/log_review/reading/records.hpp"
#include "targets.hpp"

namespace daydream::fuzz {
namespace {

class Bytes final : public logs::Source {
 public:
  // A few bytes a read, so that every border is met.
  Bytes(std::string_view bytes, std::size_t step) : rest_(bytes), step_(step) {}
  Result<std::size_t> read(char* out, std::size_t size) override {
    const std::size_t count = std::min({size, step_, rest_.size()});
    rest_.copy(out, count);
    rest_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view rest_;
  std::size_t step_;
};

// Every byte belongs to one line, every record to one pattern, whatever the size of a read.
std::uint64_t count(std::string_view bytes, std::size_t step, logs::Patterns& patterns) {
  Bytes source(bytes, step);
  logs::Records records(source, 0, std::nullopt);
  logs::Record record;
  std::uint64_t taken = 0, counted = 0;
  for (;;) {
    auto more = records.next(record);
    if (!more) {
      promise(taken == 0 && more.error().kind() == ErrorKind::kUnsupported,
              "what is no log is refused at its beginning");
      return 0;
    }
    if (!*more) break;
    promise(record.line.offset == taken, "lines follow each other without a gap");
    taken += record.line.size;
    promise(taken <= bytes.size(), "no line reaches over the end");
    if (record.continues) continue;
    (void)patterns.add(record.parts.message, record.parts.severity, record.parts.component,
                       {0, record.number, record.line.offset});
    ++counted;
  }
  promise(taken == bytes.size(), "every byte belongs to a line");
  if (counted > 0) {
    const std::string text = records.format().to_text();
    promise(logs::Format::from_text(text).to_text() == text, "a format in memory is the format");
  }
  return counted;
}

void decode(std::string_view bytes) {
  // All of them on anything: a decoder must bear what is not its own.
  for (auto* make : {&logs::gzip_source, &logs::zstd_source, &logs::xz_source, &logs::bzip2_source}) {
    auto source = (*make)(std::make_unique<Bytes>(bytes, 7));
    promise(source.ok(), "a decoder can be made");
    std::string out(4096, '\0');
    for (int reads = 0; reads < 256; ++reads) {
      auto got = (*source)->read(out.data(), out.size());
      if (!got || *got == 0) break;
    }
  }
}

}  // namespace

void log_lines(std::string_view bytes) {
  logs::Patterns whole, parts;
  const std::uint64_t records = count(bytes, bytes.size() + 1, whole);
  promise(count(bytes, 5, parts) == records, "the size of a read changes nothing");
  const auto left = whole.grouped(), right = parts.grouped();
  promise(left.patterns.size() == right.patterns.size(), "the size of a read changes no pattern");
  std::uint64_t total = 0;
  for (const logs::Pattern& pattern : left.patterns) total += pattern.tally.count;
  promise(total == records, "every record is counted once");
  auto back = logs::Patterns::from_bytes(whole.to_bytes());
  promise(back.ok() && back->grouped().patterns.size() == left.patterns.size(), "a checkpoint holds the patterns");
  (void)logs::Patterns::from_bytes(bytes).ok();
  (void)logs::Format::from_text(bytes);
  if (!bytes.empty() && (bytes[0] & 1) != 0) decode(bytes);  // gzip, xz; or any other, half of the time
  if (logs::compression_of(bytes) != logs::Compression::kNone) decode(bytes);
}

}  // namespace daydream::fuzz
