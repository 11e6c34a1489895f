#include "manifest/load.hpp"

#include <sys/stat.h>

#include "base/files.hpp"
#include "daydream/kit/hash.hpp"
#include "manifest/build.hpp"
#include "manifest/read.hpp"

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

// Over names relative to the main file and contents, so that a clone elsewhere has the same hash.
std::string hash_of(const Tree& tree, const Path& main) {
  hash::Sha256 sum;
  for (const auto& file : tree.files) {
    const std::string name = file->path.lexically_relative(main.parent_path()).native();
    for (const std::string& part : {name, file->bytes}) {
      sum.update(std::to_string(part.size()) + ":");
      sum.update(part);
    }
  }
  const auto digest = sum.finish();
  return hash::hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

Result<Loaded> load_with(const Path& main, const Path& repository, const Reader& reader) {
  Problems problems;
  Loaded loaded;
  const auto tree = read_tree(main, reader, problems);
  if (tree != nullptr) loaded.pipeline = build(*tree, problems);
  if (!problems.none()) return problems.error();
  loaded.main_file = main.native();
  for (const auto& file : tree->files) loaded.files.push_back(file->path.native());
  loaded.content_hash = hash_of(*tree, main);
  loaded.origins = origins_of(*tree, loaded.pipeline);
  if (!repository.empty()) loaded.needs_trust = trust_keys(*tree, loaded.pipeline, repository);
  loaded.tree = tree;
  return loaded;
}

}  // namespace

Result<Loaded> load(const Path& file, const Path& repository) {
  std::error_code failed;
  const Path main = std::filesystem::absolute(file, failed).lexically_normal();
  if (failed) return Error::from_errno(failed.value(), shown_path(file));
  return load_with(main, repository, read_file);
}

std::string effective_json(const Loaded& loaded) {
  json::ParseOptions options;
  options.name = "effective manifest";
  options.positions = false;
  const auto text = json::Text::parse(to_json(loaded.tree->root), options);
  contract(text.ok(), "a merged manifest is JSON");
  return json::write_pretty(text->root());
}

Result<Loaded> load_text(std::string_view text, const std::string& name, const Path& repository) {
  const Path main = Path("/") / name;
  const auto reader = [&](const Path& path) -> Result<std::string> {
    if (path == main) return std::string(text);
    return Error(ErrorKind::kNotFound, shown_path(path) + ": no such file");
  };
  return load_with(main, repository, reader);
}

}  // namespace daydream::manifest
