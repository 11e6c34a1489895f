#include "manifest/read.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <map>
#include <optional>

#include "daydream/kit/text.hpp"
#include "manifest/finals.hpp"
#include "manifest/merge.hpp"
#include "manifest/names.hpp"
#include "manifest/order.hpp"
#include "manifest/parameters.hpp"
#include "manifest/schema.hpp"

namespace daydream::manifest {
namespace {

const json::Schema& schema() {
  static const json::Schema compiled = [] {
    auto result = json::Schema::compile(schema_json(), "manifest.schema.json");
    if (!result) broken_contract(result.error().message().c_str());
    return std::move(result).value();
  }();
  return compiled;
}

// What the machine's base says holds for every repository without anybody's trust: only who keeps the machine
// may have written it.
Result<void> check_owner(const Path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return Error::from_errno(errno, shown_path(path));
  if ((status.st_mode & 022) == 0 && (status.st_uid == 0 || status.st_uid == ::geteuid())) return {};
  return Error(ErrorKind::kInvalid, shown_path(path) + ": others may write it, so it cannot be a base for every " +
                                        "repository; chmod go-w it, and give it to root");
}

class TreeReader {
 public:
  TreeReader(const Reading& reading, const Reader& reader, Problems& problems)
      : reading_(reading), repository_(real(reading.repository)), reader_(reader), problems_(problems) {}

  Read read() {
    const auto base = reading_.lay_base ? reading_.shelves.base() : std::nullopt;
    if (base) lay(*base, "", Shelf::kMachine);
    if (!base || !reading_.fallback || !has_steps()) lay_main();
    if (problems_.none() && read_.outside.empty()) merge_all();
    read_.merged = problems_.none() && read_.outside.empty();
    return std::move(read_);
  }

 private:
  void lay_main() {
    if (may_open(reading_.main)) {
      lay(reading_.main, "", is_shelved(reading_.main) ? Shelf::kInstalled : Shelf::kFree);
    } else {
      read_.outside.push_back(shown_path(reading_.main) + ": a symbolic link out of the repository");
      read_.outside_paths.push_back(reading_.main);
    }
  }

  [[nodiscard]] bool has_steps() const {
    for (const Layer& layer : read_.layers) {
      if (json::find(layer.file->text.root(), "steps") != nullptr) return true;
    }
    return false;
  }

  // The file behind all that it extends; `named_by` says where, for messages. nullptr: it could not be.
  const File* lay(const Path& path, const std::string& named_by, Shelf shelf) {
    const auto known = opened_.find(path);
    if (known != opened_.end()) return known->second;
    opened_[path] = nullptr;
    const File* file = open(path, named_by, shelf);
    if (file == nullptr) return nullptr;
    Layer layer{file, {}};
    chain_.push_back(path);
    const json::Value* list = json::find(file->text.root(), "extends");
    for (rapidjson::SizeType i = 0; list != nullptr && i < list->Size(); ++i) {
      if (const File* base = extended(*file, "/extends/" + std::to_string(i), json::string_of((*list)[i]))) {
        layer.bases.push_back(base);
      }
    }
    chain_.pop_back();
    read_.layers.push_back(std::move(layer));
    return opened_[path] = file;
  }

  const File* extended(const File& file, const std::string& pointer, const std::string& said) {
    const Place place{&file, pointer};
    Path path = (file.path.parent_path() / said).lexically_normal();
    if (is_step_id(said)) {
      auto found = reading_.shelves.find(said, file.path);
      if (!found) {
        problems_.at(place, found.error().message());
        return nullptr;
      }
      path = std::move(*found);
    }
    if (refuse_cycle(place, path)) return nullptr;
    const bool shelved = is_shelved(path);
    if (file.shelf == Shelf::kFree && !may_open(path)) {
      read_.outside.push_back(place.text() + ": " + json::readable_pointer(pointer) + ": " + shown_path(path) +
                              ", a file outside the repository");
      read_.outside_paths.push_back(path);
      return nullptr;
    }
    const Shelf shelf = file.shelf == Shelf::kMachine ? Shelf::kMachine : shelved ? Shelf::kInstalled : file.shelf;
    return lay(path, error_at(place, "").message(), shelf);
  }

  [[nodiscard]] bool is_inside(const Path& path) const {
    return !reading_.repository.empty() && lies_below(real(path), repository_);
  }
  // What lies in the repository can be anybody's, also where a build keeps its presets there.
  [[nodiscard]] bool is_shelved(const Path& path) const { return reading_.shelves.hold(path) && !is_inside(path); }
  [[nodiscard]] bool may_open(const Path& path) const {
    return reading_.repository.empty() || reading_.open_outside || is_shelved(path) || is_inside(path);
  }

  bool refuse_cycle(const Place& place, const Path& base) {
    for (std::size_t i = 0; i < chain_.size(); ++i) {
      if (chain_[i] != base) continue;
      std::vector<std::string> names;
      for (; i < chain_.size(); ++i) names.push_back(shown_path(chain_[i]));
      names.push_back(shown_path(base));
      problems_.at(place, "a cycle: " + text::join(names, " -> "));
      return true;
    }
    return false;
  }

  // Read, parsed, checked by the schema.
  const File* open(const Path& path, const std::string& named_by, Shelf shelf) {
    if (read_.tree->files.size() >= kMaxFiles) {
      add_named(named_by, "more than " + std::to_string(kMaxFiles) + " files; extend fewer");
      return nullptr;
    }
    auto owned = shelf == Shelf::kMachine ? check_owner(path) : Result<void>();
    auto bytes = owned ? reader_(path) : Result<std::string>(std::move(owned.error()));
    if (!bytes) {
      add_named(named_by, bytes.error().message());
      return nullptr;
    }
    json::ParseOptions options;
    options.name = shown_path(path);
    options.comments = true;
    options.max_bytes = kMaxFileBytes;
    auto text = json::Text::parse(*bytes, options);
    if (!text) {
      problems_.add(with_excerpt(text.error().message(), options.name, *bytes));
      return nullptr;
    }
    auto file = std::make_unique<File>(File{path, options.name, std::move(*bytes), std::move(*text), shelf});
    if (!obeys_schema(*file)) return nullptr;
    read_.tree->files.push_back(std::move(file));
    return read_.tree->files.back().get();
  }

  // "team.json:3:14: extends[0]: " and the excerpt of that place, with the words between them.
  void add_named(const std::string& named_by, const std::string& words) {
    const std::size_t end = std::min(named_by.find('\n'), named_by.size());
    problems_.add(named_by.substr(0, end) + words + named_by.substr(end));
  }

  bool obeys_schema(const File& file) {
    const json::Value* version = file.text.root().IsObject() ? json::find(file.text.root(), "manifest") : nullptr;
    if (version != nullptr && version->IsInt64() && version->GetInt64() != 1) {
      problems_.at(Place{&file, "/manifest"}, "version " + std::to_string(version->GetInt64()) +
                                                  " of the format is not known; this program reads version 1");
      return false;
    }
    const auto found = schema().check(file.text.root());
    for (json::Problem problem : found) {
      if (problem.pointer.ends_with("/when") && problem.message.find(", not \"changed") != std::string::npos) {
        problem.message += R"(; globs are said as {"changed": ["docs/**"]})";
      }
      problems_.add(error_of(file, problem, "").message());
    }
    return found.empty() && has_each_step_once(file);
  }

  bool has_each_step_once(const File& file) {
    std::map<std::string, std::string> seen;
    bool once = true;
    const auto look = [&](const json::Value* list, const std::string& pointer) {
      if (list == nullptr || !list->IsArray()) return;
      for (rapidjson::SizeType i = 0; i < list->Size(); ++i) {
        const std::string at = pointer + "/" + std::to_string(i) + "/id";
        const auto [first, is_new] = seen.emplace(json::get_string((*list)[i], "id"), at);
        if (is_new) continue;
        problems_.at(Place{&file, at}, "a second step with this id; ids are unique (the first: line " +
                                           std::to_string(file.text.position(first->second).line) + ")");
        once = false;
      }
    };
    const json::Value* steps = json::find(file.text.root(), "steps");
    look(steps, "/steps");
    if (steps != nullptr && steps->IsObject()) look(json::find(*steps, "append"), "/steps/append");
    return once;
  }

  void merge_all() {
    Tree& tree = *read_.tree;
    for (const Layer& layer : read_.layers) {
      Node own = node_of(*layer.file, layer.file->text.root());
      if (tree.root.file == nullptr) {
        tree.root = std::move(own);
      } else {
        merge(tree.root, std::move(own), problems_);
      }
    }
    settle_operations(tree.root, problems_);
    check_finals(read_.layers, tree, problems_);
    put_in_order(tree.root, problems_);
    fill_parameters(tree.root, problems_);
  }

  const Reading& reading_;
  Path repository_;
  const Reader& reader_;
  Problems& problems_;
  Read read_{std::make_shared<Tree>(), false, {}, {}, {}};
  std::map<Path, const File*> opened_;
  std::vector<Path> chain_;
};

}  // namespace

Read read_tree(const Reading& reading, const Reader& reader, Problems& problems) {
  return TreeReader(reading, reader, problems).read();
}

}  // namespace daydream::manifest
