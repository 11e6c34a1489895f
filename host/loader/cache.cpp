#include "loader/cache.hpp"

#include "base/files.hpp"
#include "daydream/abi.h"
#include "daydream/kit/json.hpp"
#include "log/log.hpp"

namespace daydream::loader {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{64} << 20;
constexpr std::size_t kMaxEntries = 500;

std::string abi_name() {
  return std::to_string(DD_ABI_MAJOR) + "." + std::to_string(DD_ABI_MINOR);
}

std::map<std::string, std::string> strings_of(const json::Value& root, const char* name) {
  std::map<std::string, std::string> strings;
  const json::Value* object = json::find(root, name);
  if (object == nullptr || !object->IsObject()) return strings;
  for (const auto& member : object->GetObject())
    if (member.value.IsString()) strings[json::string_of(member.name)] = json::string_of(member.value);
  return strings;
}

}  // namespace

Cache::Cache(Path file) : file_(std::move(file)) {
  if (file_.empty()) return;
  auto content = files::read(file_, kMaxBytes);
  if (!content) return;
  json::ParseOptions options;
  options.name = "plugin cache";
  options.positions = false;
  auto parsed = json::Text::parse(*content, options);
  if (!parsed || !parsed->root().IsObject() || json::get_string(parsed->root(), "abi") != abi_name()) return;
  known_ = strings_of(parsed->root(), "plugins");
  files_ = strings_of(parsed->root(), "files");
}

const std::string* Cache::find(const std::string& sha256) {
  const auto entry = known_.find(sha256);
  if (entry == known_.end()) return nullptr;
  used_.insert(sha256);
  return &entry->second;
}

void Cache::add(const std::string& sha256, const std::string& descriptor) {
  known_[sha256] = descriptor;
  used_.insert(sha256);
  changed_ = true;
}

const std::string* Cache::hash_of(const std::string& facts) const {
  const auto entry = files_.find(facts);
  return facts.empty() || entry == files_.end() ? nullptr : &entry->second;
}

void Cache::remember(const std::string& facts, const std::string& sha256) {
  if (facts.empty()) return;
  std::erase_if(files_, [&](const auto& entry) { return entry.second == sha256; });
  files_[facts] = sha256;
  changed_ = true;
}

void Cache::save() {
  if (!changed_ || file_.empty()) return;
  if (known_.size() > kMaxEntries)
    std::erase_if(known_, [&](const auto& entry) { return !used_.contains(entry.first); });
  std::erase_if(files_, [&](const auto& entry) { return !known_.contains(entry.second); });
  json::Writer writer;
  writer.begin_object().field("abi", abi_name()).key("plugins").begin_object();
  for (const auto& [sha256, descriptor] : known_) writer.field(sha256, descriptor);
  writer.end_object().key("files").begin_object();
  for (const auto& [facts, sha256] : files_) writer.field(facts, sha256);
  writer.end_object().end_object();
  if (auto made = files::make_directories(file_.parent_path()); !made)
    return log::debug("loader", "plugin cache: " + made.error().message());
  if (auto written = files::write_replace(file_, writer.take(), files::Durability::kNone); !written)
    log::debug("loader", "plugin cache: " + written.error().message());
}

}  // namespace daydream::loader
