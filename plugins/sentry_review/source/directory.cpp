#include "plugins/sentry_review/source/directory.hpp"

#include <algorithm>

#include "daydream/kit/text.hpp"
#include "daydream/kit/walk.hpp"
#include "plugins/sentry_review/read/clean.hpp"

namespace daydream::sentry {
namespace {

constexpr std::size_t kMostBytes = std::size_t{16} << 20;  // of a file
constexpr int kMostRoots = 64;

class Directory : public Pages {
 public:
  Directory(std::string root, std::vector<std::string> files) : root_(std::move(root)), files_(std::move(files)) {}

  [[nodiscard]] std::vector<std::string> lists() const override { return {"saved pages"}; }
  [[nodiscard]] bool windowed() const override { return false; }

  Asked<Page> page(std::size_t, const std::string& cursor) override {
    Asked<Page> asked;
    // A cursor is "after:<file>": the folder may change between two tries.
    const auto file =
        cursor.empty() ? files_.begin() : std::upper_bound(files_.begin(), files_.end(), cursor.substr(6));
    if (file == files_.end()) return asked;
    if (std::next(file) != files_.end()) asked.value.next = "after:" + *file;
    const std::string name = clean(text::show_path(*file), 200);
    auto content = walk::read_beneath(root_, *file, kMostBytes);
    if (!content) {
      asked.value.notes.push_back(name + ": " + clean(content.error().message(), 200));
      return asked;
    }
    auto payload = read_payload(*content);
    if (!payload) {
      asked.value.notes.push_back(name + ": " + payload.error().message());
      return asked;
    }
    asked.value.payload = std::move(*payload);
    return asked;
  }

  void events(const std::vector<Issue>&, const EachEvent&) override {}
  Asked<Payload> refresh(const std::vector<std::string>&) override { return {}; }

 private:
  std::string root_;
  std::vector<std::string> files_;
};

// Roots and the folder below each that the configuration can mean.
std::vector<std::pair<std::string, std::string>> places(const sdk::Run& run, const std::string& directory) {
  std::vector<std::pair<std::string, std::string>> list;
  const bool absolute = directory.starts_with('/');
  for (const char* name : {"repository", "source"}) {
    if (auto root = run.root(name); root && !absolute) list.emplace_back(*root, directory);
  }
  for (int i = 0; i < kMostRoots; ++i) {
    auto root = run.root("log:" + std::to_string(i));
    if (!root && i == 0) continue;  // the host counts from 1
    if (!root) break;
    if (absolute && (directory == *root || directory.starts_with(*root + "/"))) {
      list.emplace_back(*root, directory == *root ? "" : directory.substr(root->size() + 1));
    }
    if (!absolute) list.emplace_back(*root, directory);
  }
  return list;
}

}  // namespace

Result<std::unique_ptr<Pages>> open_directory(const sdk::Run& run, const Settings& settings) {
  std::string directory = settings.directory;
  while (directory.size() > 1 && directory.ends_with('/')) directory.pop_back();
  if (directory.starts_with("./")) directory.erase(0, 2);
  for (const auto& [root, below] : places(run, directory)) {
    if (!below.empty() && below != "." && !walk::clean_relative(below)) continue;
    const std::string folder = below.empty() || below == "." ? root : root + "/" + below;
    auto listing = walk::list(folder, {.gitignore = false, .nested_repositories = false, .exclude = {".git/"}});
    if (!listing) continue;
    std::vector<std::string> files;
    for (const walk::File& file : listing->files) {
      if (text::to_lower_ascii(file.path).ends_with(".json")) files.push_back(file.path);
    }
    if (files.empty()) continue;
    return std::unique_ptr<Pages>(std::make_unique<Directory>(folder, std::move(files)));
  }
  return Error(ErrorKind::kNotFound, "source.directory: no *.json below \"" +
                                         clean(text::show_path(settings.directory), 200) +
                                         "\" in the repository; a folder elsewhere must lie below a path that the step "
                                         "declares in the manifest");
}

}  // namespace daydream::sentry
