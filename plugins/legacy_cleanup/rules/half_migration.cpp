// half-migration: an old way and the new way that took its place stand side by side, and nobody goes on.
//
// Two signs, each with a test of whether it is over: both libraries of a pair are imported, and as many
// files use the old one as ninety days ago; and `x_old` beside `x`, alike in most of their words, where
// no other file names the one that was left behind. Said, never edited.
#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <unordered_map>

#include "daydream/kit/text.hpp"
#include "plugins/legacy_cleanup/remarks.hpp"
#include "plugins/legacy_cleanup/rules/c/c_file.hpp"
#include "plugins/legacy_cleanup/rules/migration_table.hpp"
#include "plugins/legacy_cleanup/rules/python_file.hpp"
#include "plugins/legacy_cleanup/rules/registry.hpp"
#include "plugins/legacy_cleanup/script_paths.hpp"

namespace daydream::legacy {
namespace {

constexpr int kDays = 90;
constexpr std::size_t kLongest = std::size_t{512} << 10;  // of a file that is compared or searched
constexpr std::size_t kMostRead = std::size_t{64} << 20;  // bytes, when looking for who names a file

bool word_byte(unsigned char c) {
  return std::isalnum(c) != 0 || c == '_';
}

std::string plain_name(std::string_view api) {
  return std::string(api.substr(api.find(' ') + 1));
}

// For git grep -E.
std::string pattern_of(std::string_view api) {
  std::string name;
  for (const char c : plain_name(api)) {
    if (c == '.' || c == '+') name += '\\';
    name += c;
  }
  if (api.starts_with("py ")) return "^[[:space:]]*(import|from)[[:space:]]+" + name + "([^[:alnum:]_]|$)";
  if (api.starts_with("js ")) return "['\"]" + name + "['\"]";
  return "(^|[^[:alnum:]_:])" + name + "([^[:alnum:]_]|$)";
}
std::vector<std::string> globs_of(std::string_view api) {
  if (api.starts_with("py ")) return {"*.py"};
  if (api.starts_with("js ")) return {"*.js", "*.mjs", "*.cjs", "*.jsx", "*.ts", "*.tsx", "*.mts", "*.cts"};
  return {"*.c", "*.cc", "*.cpp", "*.cxx", "*.h", "*.hh", "*.hpp", "*.hxx"};
}

struct Suffix {
  std::string_view text;
  bool marks_old;  // the file with it is the one left behind; else the one without
};
constexpr std::array<Suffix, 10> kSuffixes{{{"_old", true},
                                            {"-old", true},
                                            {".old", true},
                                            {"_legacy", true},
                                            {"-legacy", true},
                                            {"_deprecated", true},
                                            {"_backup", true},
                                            {"_bak", true},
                                            {"_copy", true},
                                            {"_v1", true}}};

struct Twin {
  const TreeFile* old_file;
  const TreeFile* new_file;
  std::string stem;  // of the old one
};

class Examination {
 public:
  Examination(const Repository& repository, std::vector<TreeFinding>& out) : repository_(repository), out_(out) {}

  void run() {
    for (const Migration& migration : kMigrations) pair(migration);
    twins();
  }

 private:
  TreeFinding& add(const std::string& path, std::uint32_t line, std::string symbol) {
    TreeFinding& one = out_.emplace_back();
    one.path = path;
    one.finding.rule = "half-migration";
    one.finding.line = one.finding.end_line = line;
    one.finding.column = line == 0 ? 0 : 1;
    one.finding.safety = Safety::kInfo;
    one.finding.symbol = std::move(symbol);
    return one;
  }

  void pair(const Migration& migration) {
    const auto old_users = repository_.users.find(migration.old_api);
    if (old_users == repository_.users.end() || repository_.history == nullptr) return;
    std::string_view taken;
    std::size_t fresh = 0;
    for (const std::string_view api : migration.new_apis) {
      const auto found = api.empty() ? repository_.users.end() : repository_.users.find(api);
      if (found != repository_.users.end() && found->second.size() > fresh) {
        fresh = found->second.size();
        taken = api;
      }
    }
    if (fresh == 0) return;
    const auto& files = old_users->second;
    std::string state = repository_.date.substr(0, 7);
    for (const std::string& path : files) state += "\n" + path;
    const auto proof = repository_.history->as_many(state, pattern_of(migration.old_api), globs_of(migration.old_api),
                                                    files.size(), kDays);
    if (!proof) return;
    const std::string old_name = plain_name(migration.old_api);
    TreeFinding& one = add(files.front(), line_of(files.front(), old_name), old_name);
    one.finding.message = "`" + old_name + "` and `" + plain_name(taken) +
                          "` are both used: " + std::to_string(files.size()) +
                          (files.size() == 1 ? " file is" : " files are") + " left with the old one";
    one.finding.evidence = "it was no more on " + proof->date + " (commit " + proof->commit.substr(0, 7) +
                           "): nobody goes on with it; the new one is used by " + std::to_string(fresh);
    one.finding.suggestion = "still to do: " + listed(files);
  }

  static std::string listed(const std::vector<std::string>& files) {
    constexpr std::size_t kMost = 5;
    std::vector<std::string> first(files.begin(),
                                   files.begin() + static_cast<std::ptrdiff_t>(std::min(files.size(), kMost)));
    std::string text = quoted_list(first);
    if (files.size() > kMost) text += " and " + std::to_string(files.size() - kMost) + " more";
    return text;
  }

  [[nodiscard]] std::string read(const std::string& path) const {
    std::error_code failed;
    const std::filesystem::path file = std::filesystem::path(repository_.source_root) / path;
    if (repository_.source_root.empty() ||
        !std::filesystem::is_regular_file(std::filesystem::symlink_status(file, failed))) {
      return {};
    }
    std::ifstream in(file, std::ios::binary);
    std::string content(kLongest + 1, '\0');
    in.read(content.data(), static_cast<std::streamsize>(content.size()));
    content.resize(static_cast<std::size_t>(in.gcount()));
    return content.size() > kLongest ? std::string() : content;
  }

  [[nodiscard]] std::uint32_t line_of(const std::string& path, const std::string& name) const {
    const std::string content = read(path);
    const auto at = content.find(name);
    if (at == std::string::npos) return 1;
    return static_cast<std::uint32_t>(
               std::count(content.begin(), content.begin() + static_cast<std::ptrdiff_t>(at), '\n')) +
           1;
  }

  void twins() {
    std::unordered_map<std::string_view, const TreeFile*> by_path;
    for (const TreeFile& file : repository_.files) by_path.emplace(file.path, &file);
    std::vector<Twin> found;
    constexpr std::size_t kMost = 50;
    for (const TreeFile& file : repository_.files) {
      if (source::detect(file.path) == source::Language::kNone || file.size > kLongest) continue;
      if (found.size() >= kMost || foreign_place(file.path) || is_sample(file.path) || is_test_file(file.path) ||
          repository_.settings.excluded(file.path)) {
        continue;
      }
      if (auto twin = twin_of(file, by_path)) found.push_back(std::move(*twin));
    }
    std::erase_if(found, [&](const Twin& twin) { return !alike(twin); });
    if (!found.empty()) speak_of(found);
  }

  static std::optional<Twin> twin_of(const TreeFile& file,
                                     const std::unordered_map<std::string_view, const TreeFile*>& by_path) {
    const auto slash = file.path.rfind('/');
    const std::size_t from = slash == std::string::npos ? 0 : slash + 1;
    const auto dot = file.path.rfind('.');
    if (dot == std::string::npos || dot <= from) return std::nullopt;
    const std::string stem = file.path.substr(from, dot - from);
    for (const Suffix& suffix : kSuffixes) {
      if (!stem.ends_with(suffix.text) || stem.size() == suffix.text.size()) continue;
      const std::string other = file.path.substr(0, dot - suffix.text.size()) + file.path.substr(dot);
      const auto twin = by_path.find(other);
      if (twin != by_path.end()) return Twin{&file, twin->second, stem};
    }
    return std::nullopt;
  }

  // At least sixty of a hundred words are the same.
  [[nodiscard]] bool alike(const Twin& twin) const {
    constexpr std::size_t kFewest = 40;
    std::unordered_map<std::string, int> counts;
    const std::string old_text = read(twin.old_file->path), new_text = read(twin.new_file->path);
    std::size_t old_words = 0, new_words = 0, same = 0;
    each_word(old_text, [&](std::string word) { ++old_words, ++counts[std::move(word)]; });
    each_word(new_text, [&](const std::string& word) {
      ++new_words;
      const auto left = counts.find(word);
      if (left != counts.end() && left->second > 0) --left->second, ++same;
    });
    return old_words >= kFewest && new_words >= kFewest && same * 2 * 100 >= (old_words + new_words) * 60;
  }

  template <class Visit>
  static void each_word(std::string_view text, const Visit& visit) {
    while (!text.empty()) {
      std::size_t size = 0;
      while (size < text.size() && word_byte(static_cast<unsigned char>(text[size]))) ++size;
      if (size > 0) visit(std::string(text.substr(0, size)));
      text.remove_prefix(std::max<std::size_t>(size, 1));
    }
  }

  // Whether a text names the file: its stem as a word of its own.
  static bool names(std::string_view text, std::string_view stem) {
    for (auto at = text.find(stem); at != std::string_view::npos; at = text.find(stem, at + 1)) {
      const bool begins = at == 0 || !word_byte(static_cast<unsigned char>(text[at - 1]));
      const auto end = at + stem.size();
      if (begins && (end == text.size() || !word_byte(static_cast<unsigned char>(text[end])))) return true;
    }
    return false;
  }

  void speak_of(const std::vector<Twin>& twins) {
    std::vector<bool> named(twins.size(), false);
    std::size_t bytes = 0;
    for (const TreeFile& file : repository_.files) {
      if (file.size > kLongest) continue;
      bytes += file.size;
      if (bytes > kMostRead) return;  // not known: nothing is said
      const std::string content = read(file.path);
      for (std::size_t i = 0; i < twins.size(); ++i) {
        if (!named[i] && twins[i].old_file->path != file.path) named[i] = names(content, twins[i].stem);
      }
    }
    for (std::size_t i = 0; i < twins.size(); ++i) {
      if (named[i]) continue;
      TreeFinding& one = add(twins[i].old_file->path, 0, twins[i].stem);
      one.finding.message = "`" + twins[i].stem + "` was left behind by `" + twins[i].new_file->path + "`";
      one.finding.evidence = "most of their words are the same, and no other file names it";
      one.finding.suggestion = "remove it, if nothing outside of this repository uses it";
    }
  }

  const Repository& repository_;
  std::vector<TreeFinding>& out_;
};

class HalfMigration final : public TreeRule {
 public:
  [[nodiscard]] std::string_view name() const override { return "half-migration"; }
  void examine(const Repository& repository, std::vector<TreeFinding>& out) const override {
    Examination(repository, out).run();
  }
};

// Below `#else` the old one may be what is left for an old compiler.
bool names_without_condition(std::string_view content, std::string_view name) {
  auto at = content.find(name);
  if (at == std::string_view::npos) return false;
  const auto parts = c::conditional_parts(source::c::lex(content));
  while (at != std::string_view::npos && c::within(parts, static_cast<std::uint32_t>(at))) {
    at = content.find(name, at + 1);
  }
  return at != std::string_view::npos;
}

}  // namespace

bool in_migration_table(std::string_view api) {
  return std::any_of(kMigrations.begin(), kMigrations.end(), [&](const Migration& one) {
    return one.old_api == api ||
           (!api.empty() && std::find(one.new_apis.begin(), one.new_apis.end(), api) != one.new_apis.end());
  });
}

std::vector<std::string> apis_in(std::string_view content) {
  std::vector<std::string> found;
  const auto stands = [&](std::string_view api) {
    return api.starts_with("c++ ") && content.find(api.substr(4)) != std::string_view::npos;
  };
  const auto add = [&](std::string_view api) {
    if (std::find(found.begin(), found.end(), api) == found.end()) found.emplace_back(api);
  };
  if (content.find("::") == std::string_view::npos) return found;
  for (const Migration& one : kMigrations) {
    if (stands(one.old_api) && names_without_condition(content, one.old_api.substr(4))) add(one.old_api);
    for (const std::string_view api : one.new_apis) {
      if (stands(api)) add(api);
    }
  }
  return found;
}

std::unique_ptr<TreeRule> half_migration() {
  return std::make_unique<HalfMigration>();
}

}  // namespace daydream::legacy
