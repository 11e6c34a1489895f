#include "plugins/legacy_cleanup/survey.hpp"

#include <chrono>
#include <unordered_set>

#include "daydream/kit/hash.hpp"
#include "plugins/legacy_cleanup/rules/registry.hpp"

namespace daydream::legacy {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kBatchFiles = 200;
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

class Surveyor {
 public:
  Surveyor(const sdk::Run& run, Repository& repository)
      : run_(run), repository_(repository), version_(hash::sha256_hex(rules_version()).substr(0, 16)) {}

  Result<Survey> survey() {
    if (auto loaded = load(); !loaded) return std::move(loaded.error());
    std::uint64_t done = 0;
    for (const TreeFile& file : repository_.files) {
      if (run_.cancelled()) return Error(ErrorKind::kCancelled, "asked to stop");
      ++done;
      const Part part = part_of(file.path, file.size);
      if (part == Part::kNone) continue;
      run_.progress(done, repository_.files.size(), file.path);
      if (auto looked = look_at(file); !looked) return std::move(looked.error());
    }
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

  Result<void> look_at(const TreeFile& file) {
    const std::string key = key_of(file);
    const auto known = known_.find(key);
    used_.insert(key);
    if (known != known_.end() && known->second.starts_with(version_)) {
      auto record = Record::decode(std::string_view(known->second).substr(version_.size()));
      // A record that cannot be read is only a reason to make it anew.
      if (record) return take(file, *record), Result<void>();
    }
    auto content = run_.files().read(file.path);
    if (!content) return unreadable(file, content.error());
    // Edited since the run began (it is being resumed) and its record lost: nothing certain can be said.
    if (content->token != file.token) return {};
    const Record record = record_of(file.path, content->bytes);
    take(file, record);
    fresh_.emplace_back(key, version_ + record.encode());
    known_[key] = fresh_.back().second;
    const bool full = fresh_.size() >= kBatchFiles || Clock::now() - last_commit_ >= kBatchTime;
    return full ? commit() : Result<void>();
  }

  Result<void> unreadable(const TreeFile& file, Error& error) {
    if (error.kind() != ErrorKind::kUnsupported && error.kind() != ErrorKind::kNotFound) return std::move(error);
    Record record;
    record.skipped = error.message();
    record.blind = source::detect(file.path) == source::Language::kPython;
    take(file, record);
    return {};
  }

  void take(const TreeFile& file, const Record& record) {
    ++survey_.files;
    repository_.add(file.path, record.facts);
    if (record.blind) repository_.index.add_blind(file.path);
    if (repository_.settings.excluded(file.path)) return;
    if (record.candidates || !record.skipped.empty()) {
      survey_.concerns.push_back({file.path, file.token, record.candidates, record.skipped});
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
  std::unordered_map<std::string, std::string> known_;
  std::unordered_set<std::string> used_;
  std::vector<std::pair<std::string, std::string>> fresh_;
  Clock::time_point last_commit_ = Clock::now();
};

}  // namespace

Result<Survey> survey(const sdk::Run& run, Repository& repository, const std::vector<TreeFile>& snapshot) {
  repository.files = snapshot;
  if (snapshot.empty()) {
    auto listed = run.files().each({}, "", [&](sdk::Entry entry) -> Result<void> {
      repository.files.push_back({std::move(entry.path), entry.size, entry.token});
      return {};
    });
    if (!listed) return std::move(listed.error()).context("list the files");
  }
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
