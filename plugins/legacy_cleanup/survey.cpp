#include "plugins/legacy_cleanup/survey.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "plugins/legacy_cleanup/crew.hpp"
#include "plugins/legacy_cleanup/rules/registry.hpp"
#include "plugins/legacy_cleanup/sealed.hpp"

namespace daydream::legacy {
namespace {

using Clock = std::chrono::steady_clock;
// What is read before it is examined together.
constexpr std::size_t kWindowFiles = 256;
constexpr std::size_t kWindowBytes = std::size_t{4} << 20;
constexpr std::size_t kBatchFiles = 200;
constexpr std::size_t kMostKept = std::size_t{256} << 20;  // bytes of records; what is beyond is made anew each night
constexpr std::chrono::seconds kBatchTime{1};
constexpr std::string_view kPrefix = "f/";

std::string put_u64(std::uint64_t number) {
  std::string bytes(8, '\0');
  for (char& byte : bytes) {
    byte = static_cast<char>(number & 0xFF);
    number >>= 8;
  }
  return bytes;
}

std::uint64_t get_u64(std::string_view bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = 8; i-- > 0;) number = number << 8 | static_cast<unsigned char>(bytes[i]);
  return number;
}

// Equal content read as another language is another record.
std::string key_of(const TreeFile& file) {
  const auto language = static_cast<unsigned>(source::detect(file.path));
  return std::string(kPrefix) + put_u64(file.token) + static_cast<char>('A' + language);
}

// One file on its way to its record.
struct Item {
  const TreeFile* file = nullptr;
  std::string key;
  std::string content;
  Record record;
  bool known = false;  // the record is there: nothing is left to be done
};

class Surveyor {
 public:
  Surveyor(const sdk::Run& run, Repository& repository)
      : run_(run), repository_(repository), version_(rules_version(repository.settings)) {}

  Result<Survey> survey() {
    if (auto loaded = load(); !loaded) return std::move(loaded.error());
    for (const TreeFile& file : repository_.files) {
      if (run_.cancelled()) return Error(ErrorKind::kCancelled, "asked to stop");
      ++done_;
      if (part_of(file.path, file.size) == Part::kNone) continue;
      if (auto added = add(file); !added) return std::move(added.error());
      if (window_.size() < kWindowFiles && window_bytes_ < kWindowBytes) continue;
      if (auto settled = settle_window(); !settled) return std::move(settled.error());
    }
    if (auto settled = settle_window(); !settled) return std::move(settled.error());
    if (auto committed = commit(); !committed) return std::move(committed.error());
    for (const auto& [key, value] : known_) {
      if (!used_.contains(key)) survey_.stale.push_back(key);
    }
    return std::move(survey_);
  }

 private:
  Result<void> load() {
    return run_.state().scan_memory(kPrefix, [&](std::string_view key, std::string_view value) -> Result<void> {
      known_.emplace(key, value);
      return {};
    });
  }

  // Into the window: with its record where memory has it, else with its content.
  Result<void> add(const TreeFile& file) {
    Item item{&file, key_of(file), "", {}, false};
    used_.insert(item.key);
    if (const auto known = known_.find(item.key); known != known_.end()) {
      const auto bytes = opened(version_, item.key, known->second);
      auto record = bytes ? Record::decode(*bytes) : Error(ErrorKind::kDamaged, "");
      // A record that cannot be read is only a reason to make it anew.
      if (record) {
        item.record = std::move(*record);
        item.known = true;
        kept_bytes_ += known->second.size();
        window_.push_back(std::move(item));
        return {};
      }
    }
    auto content = run_.files().read(file.path);
    if (!content) return unreadable(std::move(item), content.error());
    // Edited since the run began (it is being resumed) and its record lost: nothing certain can be said.
    if (content->token != file.token) return {};
    item.content = content->bytes;
    window_bytes_ += item.content.size();
    window_.push_back(std::move(item));
    return {};
  }

  Result<void> unreadable(Item item, Error& error) {
    if (error.kind() != ErrorKind::kUnsupported && error.kind() != ErrorKind::kNotFound) return std::move(error);
    item.record.skipped = error.message();
    item.record.blind = source::detect(item.file->path) == source::Language::kPython;
    item.known = true;
    window_.push_back(std::move(item));
    return {};
  }

  // The records that are missing, by all hands, the largest files first; then all of them in the order of files.
  Result<void> settle_window() {
    std::vector<Item*> missing;
    for (Item& item : window_) {
      if (!item.known) missing.push_back(&item);
    }
    std::stable_sort(missing.begin(), missing.end(),
                     [](const Item* a, const Item* b) { return a->content.size() > b->content.size(); });
    if (!missing.empty() && !crew_) crew_.emplace();
    if (!missing.empty()) {
      crew_->each(missing.size(), [&](std::size_t at) {
        Item& item = *missing[at];
        if (run_.cancelled()) return;
        run_.progress(done_, repository_.files.size(), item.file->path);
        item.record = record_of(item.file->path, item.content, repository_.settings);
      });
    }
    if (run_.cancelled()) return Error(ErrorKind::kCancelled, "asked to stop");
    for (Item& item : window_) {
      if (!item.known) keep(item);
      take(*item.file, item.record);
    }
    window_.clear();
    window_bytes_ = 0;
    const bool full = fresh_.size() >= kBatchFiles || Clock::now() - last_commit_ >= kBatchTime;
    return full ? commit() : Result<void>();
  }

  void keep(const Item& item) {
    std::string value = sealed(version_, item.key, item.record.encode());
    kept_bytes_ += value.size();
    if (kept_bytes_ <= kMostKept) fresh_.emplace_back(item.key, std::move(value));
  }

  void take(const TreeFile& file, const Record& record) {
    ++survey_.files;
    repository_.add(file.path, record.facts);
    if (record.blind) repository_.index.add_blind(file.path);
    if (repository_.settings.excluded(file.path)) return;
    if (record.candidates || !record.skipped.empty()) {
      survey_.concerns.push_back({file.path, file.token, record.candidates, record.parsed, record.skipped});
    }
  }

  Result<void> commit() {
    if (fresh_.empty()) return {};
    auto txn = run_.begin();
    if (!txn) return std::move(txn.error());
    for (const auto& [key, value] : fresh_) txn->put_memory(key, value);
    fresh_.clear();
    last_commit_ = Clock::now();
    return txn->commit();
  }

  const sdk::Run& run_;
  Repository& repository_;
  const std::string version_;
  Survey survey_;
  std::uint64_t done_ = 0;
  std::vector<Item> window_;
  std::size_t window_bytes_ = 0, kept_bytes_ = 0;
  std::optional<Crew> crew_;  // once there is work
  std::unordered_map<std::string, std::string> known_;
  std::unordered_set<std::string> used_;
  std::vector<std::pair<std::string, std::string>> fresh_;
  Clock::time_point last_commit_ = Clock::now();
};

}  // namespace

Result<void> list_files(const sdk::Run& run, Repository& repository) {
  auto listed = run.files().each({}, "", [&](sdk::Entry entry) -> Result<void> {
    repository.files.push_back({std::move(entry.path), entry.size, entry.token});
    return {};
  });
  return listed ? Result<void>() : std::move(listed.error()).context("list the files");
}

Result<Survey> survey(const sdk::Run& run, Repository& repository) {
  return Surveyor(run, repository).survey();
}

std::string encode_files(const std::vector<TreeFile>& files) {
  std::string out;
  for (const TreeFile& file : files) {
    out += put_u64(file.token) + put_u64(file.size) + file.path;
    out += '\0';
  }
  return out;
}

Result<std::vector<TreeFile>> decode_files(std::string_view bytes) {
  std::vector<TreeFile> files;
  while (!bytes.empty()) {
    const auto end = bytes.size() < 17 ? std::string_view::npos : bytes.find('\0', 16);
    if (end == std::string_view::npos) return Error(ErrorKind::kDamaged, "the remembered list of files is cut short");
    files.push_back(
        {std::string(bytes.substr(16, end - 16)), get_u64(bytes.substr(8, 8)), get_u64(bytes.substr(0, 8))});
    bytes.remove_prefix(end + 1);
  }
  return files;
}

}  // namespace daydream::legacy
