#include "manifest/load.hpp"

#include <sys/stat.h>

#include "base/files.hpp"
#include "daydream/kit/hash.hpp"
#include "manifest/build.hpp"
#include "manifest/parameters.hpp"
#include "manifest/read.hpp"
#include "manifest/trust.hpp"

namespace daydream::manifest {
namespace {

// Only regular files: a FIFO or a device named by a hostile manifest would hang or flood the reader.
Result<std::string> read_file(const Path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return Error::from_errno(errno, shown_path(path));
  if (!S_ISREG(status.st_mode)) return Error(ErrorKind::kInvalid, shown_path(path) + ": not a regular file");
  if (static_cast<std::uint64_t>(status.st_size) > kMaxFileBytes) {
    return Error(ErrorKind::kInvalid, shown_path(path) + ": larger than 1 MiB, the most a manifest may have");
  }
  return files::read(path, kMaxFileBytes);
}

// Over names relative to the main file and contents, so that a clone elsewhere has the same hash. What an
// administrator or an upgrade changes asks nobody again.
class ContentHash {
 public:
  explicit ContentHash(Path main) : main_(std::move(main)) {}

  void add(const std::vector<Layer>& layers) {
    for (const Layer& layer : layers) {
      if (layer.file->shelf != Shelf::kFree) continue;
      add(layer.file->path.lexically_relative(main_.parent_path()).native());
      add(layer.file->bytes);
    }
  }
  void add(const std::string& part) {
    sum_.update(std::to_string(part.size()) + ":");
    sum_.update(part);
  }
  std::string text() {
    const auto digest = sum_.finish();
    return hash::hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
  }

 private:
  Path main_;
  hash::Sha256 sum_;
};

std::string content_hash(const Read& read, const Path& main) {
  ContentHash sum(main);
  sum.add(read.layers);
  return sum.text();
}

// Of what lies in the repository, and of which files outside it names: these are opened only by its leave.
std::string inner_hash(const Read& contained, const Path& main) {
  ContentHash sum(main);
  sum.add(contained.layers);
  for (const Path& path : contained.outside_paths) sum.add(real(path).native());
  return sum.text();
}

// Is the manifest one that was found in the repository, and so could be anybody's?
bool is_found_inside(const Path& main, const LoadOptions& options) {
  if (options.repository.empty() || options.given) return false;
  const Path repository = real(options.repository);
  return lies_below(real(main.parent_path()), repository) || lies_below(real(main), repository);
}

Result<Loaded> finish(Read&& read, const Path& main, const LoadOptions& options, Problems& problems) {
  Loaded loaded;
  if (read.merged) loaded.pipeline = build(*read.tree, problems);
  if (!problems.none()) return problems.error();
  loaded.main_file = read.tree->root.file->path.native();
  for (const auto& file : read.tree->files) loaded.files.push_back(file->path.native());
  loaded.content_hash = content_hash(read, main);
  loaded.origins = origins_of(*read.tree, loaded.pipeline);
  if (!options.repository.empty()) loaded.needs_trust = trust_keys(*read.tree, loaded.pipeline, options.repository);
  loaded.tree = read.tree;
  return loaded;
}

Result<Loaded> load_with(const Path& main, const LoadOptions& options, const Reader& reader) {
  Reading reading{main, "", options.shelves, false, !options.given, options.fallback};
  if (is_found_inside(main, options)) reading.repository = options.repository;
  Problems problems;
  Read read = read_tree(reading, reader, problems);
  if (!problems.none()) return problems.error();
  const std::string inner = inner_hash(read, main);
  if (!read.outside.empty()) {
    if (!options.look && !is_inner_trusted(inner, options.repository)) {
      return needs_trust(shown_path(main), false, read.outside, options.repository);
    }
    reading.open_outside = true;
    read = read_tree(reading, reader, problems);
  }
  auto loaded = finish(std::move(read), main, options, problems);
  if (loaded) loaded->inner_hash = inner;
  return loaded;
}

}  // namespace

Result<Loaded> load(const Path& file, const LoadOptions& options) {
  std::error_code failed;
  const Path main = std::filesystem::absolute(file, failed).lexically_normal();
  if (failed) return Error::from_errno(failed.value(), shown_path(file));
  return load_with(main, options, read_file);
}

namespace {

// REQUIRES: the schema has limited the depth.
void write_unfilled(json::Value& value, json::Document::AllocatorType& memory) {
  if (value.IsString()) {
    const std::string text = unfilled(json::string_of(value));
    value.SetString(text.data(), static_cast<rapidjson::SizeType>(text.size()), memory);
  } else if (value.IsArray()) {
    for (json::Value& element : value.GetArray()) write_unfilled(element, memory);
  } else if (value.IsObject()) {
    for (auto& member : value.GetObject()) write_unfilled(member.value, memory);
  }
}

}  // namespace

std::string effective_json(const Loaded& loaded) {
  const auto text = json::Text::parse(to_json(loaded.tree->root), {.name = "effective manifest", .positions = false});
  contract(text.ok(), "a merged manifest is JSON");
  json::Document whole;
  whole.CopyFrom(text->root(), whole.GetAllocator());
  for (auto& member : whole.GetObject()) {  // nothing is filled in below these two
    const std::string key = json::string_of(member.name);
    if (key != "secrets" && key != "parameters") write_unfilled(member.value, whole.GetAllocator());
  }
  return json::write_pretty(whole);
}

Result<Loaded> load_text(std::string_view text, const std::string& name, const Path& repository) {
  const Path main = Path("/") / name;
  const auto reader = [&](const Path& path) -> Result<std::string> {
    if (path == main) return std::string(text);
    return Error(ErrorKind::kNotFound, shown_path(path) + ": no such file");
  };
  LoadOptions options;
  options.repository = repository;
  return load_with(main, options, reader);
}

}  // namespace daydream::manifest
