#include "manifest/read.hpp"

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "daydream/kit/text.hpp"
#include "manifest/schema.hpp"

namespace daydream::manifest {
namespace {

constexpr int kMaxMerges = 64;

const json::Schema& schema() {
  static const json::Schema compiled = [] {
    auto result = json::Schema::compile(schema_json(), "manifest.schema.json");
    if (!result) broken_contract(result.error().message().c_str());
    return std::move(result).value();
  }();
  return compiled;
}

const json::Value* value_at(const json::Value& root, std::string_view pointer) {
  const json::Value* value = &root;
  while (!pointer.empty() && value != nullptr) {
    pointer.remove_prefix(1);
    const std::string_view part = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(part.size());
    if (value->IsObject()) {
      value = json::find(*value, std::string(part).c_str());
    } else if (value->IsArray()) {
      const auto index = static_cast<rapidjson::SizeType>(std::strtoul(std::string(part).c_str(), nullptr, 10));
      value = index < value->Size() ? &(*value)[index] : nullptr;
    } else {
      value = nullptr;
    }
  }
  return value;
}

// Somebody who writes {"append": [...]} for a list means what other tools do; say what holds here.
bool is_list_operation(const json::Value* value) {
  if (value == nullptr || !value->IsObject() || value->ObjectEmpty()) return false;
  for (const auto& member : value->GetObject()) {
    const std::string key = json::string_of(member.name);
    if (key != "append" && key != "remove") return false;
  }
  return true;
}

class TreeReader {
 public:
  TreeReader(const Reader& reader, Problems& problems) : reader_(reader), problems_(problems) {}

  std::shared_ptr<Tree> read(const Path& main) {
    auto root = merged(main, "");
    if (!problems_.none() || !root) return nullptr;
    tree_->root = std::move(*root);
    return tree_;
  }

 private:
  // The file over what it extends; `named_by` says where, for messages.
  std::optional<Node> merged(const Path& path, const std::string& named_by) {
    const File* file = open(path, named_by);
    if (file == nullptr) return std::nullopt;
    if (++merges_ > kMaxMerges) {
      problems_.add(named_by + "more than " + std::to_string(kMaxMerges) + " files are merged; extend fewer");
      return std::nullopt;
    }
    chain_.push_back(path);
    std::optional<Node> root = bases(*file);
    chain_.pop_back();
    Node own = node_of(*file, file->text.root(), "", true);
    if (!root) return own;
    merge(*root, std::move(own));
    return root;
  }

  std::optional<Node> bases(const File& file) {
    std::optional<Node> root;
    const json::Value* list = json::find(file.text.root(), "extends");
    for (rapidjson::SizeType i = 0; list != nullptr && i < list->Size(); ++i) {
      const std::string pointer = "/extends/" + std::to_string(i);
      const Path base = (file.path.parent_path() / json::string_of((*list)[i])).lexically_normal();
      if (refuse_cycle(file, pointer, base)) continue;
      auto node = merged(base, file.text.error_at(pointer, "").message());
      if (!node) continue;
      if (root) {
        merge(*root, std::move(*node));
      } else {
        root = std::move(node);
      }
    }
    return root;
  }

  bool refuse_cycle(const File& file, const std::string& pointer, const Path& base) {
    for (std::size_t i = 0; i < chain_.size(); ++i) {
      if (chain_[i] != base) continue;
      std::vector<std::string> names;
      for (; i < chain_.size(); ++i) names.push_back(shown_path(chain_[i]));
      names.push_back(shown_path(base));
      problems_.add(file.text.error_at(pointer, "a cycle: " + text::join(names, " -> ")).message());
      return true;
    }
    return false;
  }

  // Read, parsed, checked by the schema; each file once.
  const File* open(const Path& path, const std::string& named_by) {
    const auto known = opened_.find(path);
    if (known != opened_.end()) return known->second;
    opened_[path] = nullptr;
    auto bytes = reader_(path);
    if (!bytes) {
      problems_.add(named_by + bytes.error().message());
      return nullptr;
    }
    json::ParseOptions options;
    options.name = shown_path(path);
    options.comments = true;
    options.max_bytes = kMaxFileBytes;
    auto text = json::Text::parse(*bytes, options);
    if (!text) {
      problems_.add(text.error().message());
      return nullptr;
    }
    if (!obeys_schema(*text)) return nullptr;
    tree_->files.push_back(std::make_unique<File>(File{path, options.name, std::move(*bytes), std::move(*text)}));
    return opened_[path] = tree_->files.back().get();
  }

  bool obeys_schema(const json::Text& text) {
    const json::Value* version = text.root().IsObject() ? json::find(text.root(), "manifest") : nullptr;
    if (version != nullptr && version->IsInt64() && version->GetInt64() != 1) {
      problems_.add(text.error_at("/manifest", "version " + std::to_string(version->GetInt64()) +
                                                   " of the format is not known; this program reads version 1")
                        .message());
      return false;
    }
    const auto found = schema().check(text.root());
    for (json::Problem problem : found) {
      if (problem.key.empty() && is_list_operation(value_at(text.root(), problem.pointer))) {
        problem.message = "lists are replaced as a whole; \"append\" and \"remove\" are not known yet: write the list";
      }
      problems_.add(describe(text, problem, ""));
    }
    return found.empty();
  }

  const Reader& reader_;
  Problems& problems_;
  std::shared_ptr<Tree> tree_ = std::make_shared<Tree>();
  std::map<Path, const File*> opened_;
  std::vector<Path> chain_;
  int merges_ = 0;
};

}  // namespace

std::shared_ptr<Tree> read_tree(const Path& main, const Reader& reader, Problems& problems) {
  return TreeReader(reader, problems).read(main);
}

}  // namespace daydream::manifest
