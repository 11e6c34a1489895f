// outdated-example: an example of configuration that is no longer what the code reads. `.env.example`: names
// that stand nowhere else in the tree; names that the code reads from the environment and the example lacks
// (a ready patch that adds them). Samples of JSON, YAML and TOML beside the real file: keys that one has and
// the other lacks.
#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "daydream/kit/text.hpp"
#include "daydream/source/language.hpp"
#include "plugins/docs_update/env_reads.hpp"
#include "plugins/docs_update/formats/keys.hpp"
#include "plugins/docs_update/rules/rules.hpp"

namespace daydream::docs {
namespace {

constexpr std::size_t kLargestExample = std::size_t{1} << 20;
constexpr std::size_t kMostTold = 20;  // of one kind in one file

constexpr std::array<std::string_view, 5> kMarks = {"example", "sample", "dist", "template", "default"};

bool env_example(std::string_view path) {
  const std::string name = text::to_lower_ascii(name_of(path));
  if (name.find("env") == std::string::npos || source::detect(path) != source::Language::kNone) return false;
  const bool marked = std::any_of(kMarks.begin(), kMarks.end(),
                                  [&](std::string_view mark) { return name.find(mark) != std::string::npos; });
  return marked && (name.starts_with(".env") || name.starts_with("env.") || name.ends_with(".env") ||
                    name.ends_with("env-example"));
}

// "config.example.yml", "config.yml.dist", "config-sample.json" -> "config.yml", ...; "" where it is no sample.
std::string real_name(std::string_view name) {
  for (const std::string_view mark : kMarks) {
    for (const char* const joint : {".", "-", "_"}) {
      const std::string inner = joint + std::string(mark);
      const auto at = name.find(inner);
      if (at == std::string_view::npos || at == 0) continue;
      const char next = at + inner.size() < name.size() ? name[at + inner.size()] : '\0';
      if (next == '\0' || next == '.')
        return std::string(name.substr(0, at)) + std::string(name.substr(at + inner.size()));
    }
    if (name.starts_with(std::string(mark) + ".") || name.starts_with(std::string(mark) + "-")) {
      return std::string(name.substr(mark.size() + 1));
    }
  }
  return {};
}

std::string dotted(const std::vector<std::string>& path) {
  return text::join(path, ".");
}

class Examples {
 public:
  Examples(Survey& survey, Findings& findings) : survey_(survey), findings_(findings) {}

  bool check() {
    for (const TreeFile& file : survey_.tree().files()) {
      if (file.size > kLargestExample || survey_.settings().excluded(file.path) || in_tests(file.path)) continue;
      if (env_example(file.path)) {
        if (!survey_.tick(file.path)) return false;
        environment(file);
      } else if (const std::string real = real_name(name_of(file.path)); !real.empty()) {
        sample(file, real);
      }
    }
    return true;
  }

 private:
  static bool in_tests(std::string_view path) {
    static const std::unordered_set<std::string_view> kParts = {"test",      "tests",        "fixtures",  "testdata",
                                                                "__tests__", "node_modules", "templates", "template",
                                                                "e2e",       "examples",     "example"};
    return has_part(folder_of(path), kParts);
  }

  void environment(const TreeFile& file) {
    const auto content = survey_.content(file.path);
    if (!content) return;
    const std::vector<EnvKey> keys = env_keys(*content);
    if (keys.size() < 2) return;
    const std::string folder(folder_of(file.path));
    const EnvReads& reads = reads_of(folder);
    std::set<std::string> known;
    std::size_t read = 0;
    for (const EnvKey& key : keys) {
      if (known.insert(key.name).second && reads.places.contains(key.name)) ++read;
    }
    // An example for another program: images, a deployment.
    if (read < 2 || read * 2 < known.size()) return;
    unread(file, keys, reads);
    lacking(file, *content, known, reads);
  }

  const EnvReads& reads_of(const std::string& folder) {
    const auto [entry, added] = reads_.try_emplace(folder);
    if (!added) return entry->second;
    for (const TreeFile& file : survey_.tree().files()) {
      if (!folder.empty() && !file.path.starts_with(folder + "/")) continue;
      if (!reads_environment(file.path) || file.size > kLargestExample) continue;
      if (const auto content = survey_.view(file)) add_env_reads(file.path, *content, entry->second);
    }
    return entry->second;
  }

  // Names of the example that no other file of the tree holds, in any form.
  void unread(const TreeFile& file, const std::vector<EnvKey>& keys, const EnvReads& reads) {
    if (reads.by_prefix) return;
    std::unordered_set<std::string> words;
    for (const EnvKey& key : keys) {
      if (!reads.places.contains(key.name) && !key.optional) words.insert(key.name);
    }
    const auto absent =
        survey_.words_in_no_code(std::move(words), [](const std::string& path) { return env_example(path); });
    std::size_t told = 0;
    for (const EnvKey& key : keys) {
      if (!absent.contains(key.name) || of_others(key.name) || ++told > kMostTold) continue;
      Finding finding;
      finding.rule = "outdated-example";
      finding.line = key.line;
      finding.symbol = key.name;
      finding.message = text::markdown_code(key.name) + " is in the example, and nothing in the repository reads it";
      finding.evidence =
          "the name stands in no other file; " + std::to_string(reads.places.size()) + " others are read";
      findings_[file.path].push_back(std::move(finding));
    }
  }

  // What programs read that are no part of the repository.
  static bool of_others(std::string_view name) {
    static constexpr std::array<std::string_view, 22> kStarts = {
        "COMPOSE_", "DOCKER_",  "POSTGRES_", "MYSQL_", "MARIADB_", "MONGO_", "REDIS_", "RABBITMQ_",
        "PG",       "AWS_",     "GOOGLE_",   "AZURE_", "NODE_",    "NPM_",   "PYTHON", "DJANGO_",
        "FLASK_",   "UVICORN_", "GUNICORN_", "NEXT_",  "OTEL_",    "SENTRY_"};
    return std::any_of(kStarts.begin(), kStarts.end(), [&](std::string_view start) { return name.starts_with(start); });
  }

  void lacking(const TreeFile& file, const std::string& content, const std::set<std::string>& known,
               const EnvReads& reads) {
    std::size_t told = 0;
    for (const auto& [name, place] : reads.places) {
      if (known.contains(name) || of_the_system(name) || of_others(name) || place.in_tools) continue;
      if (reads.provided.contains(name) || ++told > kMostTold) continue;
      Finding finding;
      finding.rule = "outdated-example";
      finding.safety = sdk::Safety::kReview;
      finding.severity = place.required ? sdk::Severity::kWarning : sdk::Severity::kInfo;
      finding.line = static_cast<std::uint32_t>(std::count(content.begin(), content.end(), '\n'));
      finding.symbol = name;
      finding.context = name;
      finding.message = text::markdown_code(name) + " is read from the environment and the example lacks it";
      finding.evidence = text::show_path(place.path) + ":" + std::to_string(place.line) + " reads it";
      const auto end = static_cast<std::uint32_t>(content.size());
      const std::string gap = content.empty() || content.ends_with('\n') ? "" : "\n";
      const bool crlf = content.find("\r\n") != std::string::npos;
      finding.edits.push_back({end, end, gap + (place.required ? "" : "# ") + name + "=" + (crlf ? "\r\n" : "\n")});
      findings_[file.path].push_back(std::move(finding));
    }
  }

  void sample(const TreeFile& file, const std::string& real) {
    const std::string folder(folder_of(file.path));
    std::string path = join(folder, real).value_or("");
    if (survey_.tree().file(path) == nullptr) path = join(folder_of(folder), real).value_or("");
    const TreeFile* const other = survey_.tree().file(path);
    if (other == nullptr || other->path == file.path || other->size > kLargestExample) return;
    const auto mine = survey_.content(file.path);
    const auto theirs = survey_.content(path);
    if (!mine || !theirs) return;
    const auto sample_keys = read_keys(file.path, *mine);
    const auto real_keys = read_keys(path, *theirs);
    if (!sample_keys || !real_keys) return;
    compare(file, path, *sample_keys, *real_keys);
  }

  static std::map<std::string, const Key*> by_name(const std::vector<Key>& keys) {
    std::map<std::string, const Key*> all;
    for (const Key& key : keys) {
      if (!key.in_list && key.path.size() <= 6) all.emplace(dotted(key.path), &key);
    }
    return all;
  }

  void compare(const TreeFile& file, const std::string& real, const std::vector<Key>& sample_keys,
               const std::vector<Key>& real_keys) {
    const auto mine = by_name(sample_keys);
    const auto theirs = by_name(real_keys);
    std::size_t shared = 0;
    for (const auto& [name, key] : mine) shared += theirs.contains(name) ? 1 : 0;
    if (shared < 2 || shared * 2 < mine.size()) return;
    std::size_t told = 0;
    for (const auto& [name, key] : theirs) {
      // The outermost that is missing speaks for those below it.
      const std::string above = dotted({key->path.begin(), key->path.end() - 1});
      if (mine.contains(name) || (!above.empty() && !mine.contains(above)) || ++told > kMostTold) continue;
      say(file, 1, name, "is in " + text::show_path(real) + " and the sample lacks it",
          text::show_path(real) + ":" + std::to_string(key->line));
    }
    std::unordered_set<std::string> words;
    for (const auto& [name, key] : mine) {
      if (!theirs.contains(name)) words.insert(key->path.back());
    }
    if (words.empty()) return;
    const auto absent =
        survey_.words_in_no_code(std::move(words), [&](const std::string& path) { return path == file.path; });
    for (const auto& [name, key] : mine) {
      const std::string above = dotted({key->path.begin(), key->path.end() - 1});
      if (theirs.contains(name) || !absent.contains(key->path.back()) || !plain_word(key->path.back())) continue;
      if ((!above.empty() && !theirs.contains(above)) || ++told > kMostTold) continue;
      say(file, key->line, name, "is in the sample only: " + text::show_path(real) + " lacks it, and no code names it",
          "the word stands in no other file");
    }
  }

  static bool plain_word(std::string_view word) {
    return std::all_of(word.begin(), word.end(),
                       [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; });
  }

  void say(const TreeFile& file, std::uint32_t line, const std::string& name, const std::string& what,
           const std::string& evidence) {
    Finding finding;
    finding.rule = "outdated-example";
    finding.line = line;
    finding.symbol = name;
    finding.context = name;
    finding.message = text::markdown_code(name) + " " + what;
    finding.evidence = evidence;
    findings_[file.path].push_back(std::move(finding));
  }

  Survey& survey_;
  Findings& findings_;
  std::map<std::string, EnvReads> reads_;
};

}  // namespace

bool check_examples(Survey& survey, Findings& findings) {
  return Examples(survey, findings).check();
}

}  // namespace daydream::docs
