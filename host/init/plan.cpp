#include "init/plan.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "daydream/kit/text.hpp"

namespace daydream::init {
namespace {

constexpr std::size_t kMostParts = 6;

struct Extension {
  std::string_view end, language;
};
constexpr std::array<Extension, 33> kExtensions{{
    {".py", "Python"},      {".pyi", "Python"},     {".js", "JavaScript"}, {".mjs", "JavaScript"},
    {".cjs", "JavaScript"}, {".jsx", "JavaScript"}, {".ts", "TypeScript"}, {".tsx", "TypeScript"},
    {".c", "C/C++"},        {".h", "C/C++"},        {".cc", "C/C++"},      {".cpp", "C/C++"},
    {".cxx", "C/C++"},      {".hpp", "C/C++"},      {".hh", "C/C++"},      {".rs", "Rust"},
    {".go", "Go"},          {".java", "Java"},      {".kt", "Java"},       {".rb", "Ruby"},
    {".php", "PHP"},        {".cs", "C#"},          {".swift", "Swift"},   {".scala", "Scala"},
    {".sh", "Shell"},       {".ex", "Elixir"},      {".exs", "Elixir"},    {".hs", "Haskell"},
    {".zig", "Zig"},        {".dart", "Dart"},      {".lua", "Lua"},       {".pl", "Perl"},
    {".vue", "JavaScript"},
}};

std::string_view language_of(std::string_view path) {
  const std::string_view name = name_of(path);
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return {};
  const auto* found = std::find_if(kExtensions.begin(), kExtensions.end(),
                                   [&](const Extension& known) { return known.end == name.substr(dot); });
  return found == kExtensions.end() ? std::string_view() : found->language;
}

// A suite for JavaScript is one for TypeScript.
std::size_t weight_of(const Suite& suite, const std::vector<Language>& languages) {
  std::size_t weight = 0;
  for (const Language& language : languages) {
    if (language.name == suite.language || (suite.language == "JavaScript" && language.name == "TypeScript"))
      weight += language.files;
  }
  return weight;
}

// The suites of one folder; those of the language with the most files first, else as the functions found them.
std::vector<Suite> suites_in(const Survey& survey, const std::string& folder, const std::vector<Language>& languages) {
  std::vector<Suite> suites;
  python_suites(survey, folder, suites);
  script_suites(survey, folder, suites);
  compiled_suites(survey, folder, suites);
  other_suites(survey, folder, suites);
  std::stable_sort(suites.begin(), suites.end(), [&](const Suite& one, const Suite& other) {
    return weight_of(one, languages) > weight_of(other, languages);
  });
  return suites;
}

// The first suite of each language.
std::vector<Suite> one_a_language(const std::vector<Suite>& suites) {
  std::vector<Suite> chosen;
  std::set<std::string> seen;
  for (const Suite& suite : suites) {
    if (seen.insert(suite.language).second && chosen.size() < kMostParts) chosen.push_back(suite);
  }
  return chosen;
}

// Folders below the top in which a project of its own begins, those near the top first.
std::vector<std::string> project_folders(const Survey& survey) {
  constexpr std::array<std::string_view, 11> kSigns{
      "pyproject.toml", "setup.py",       "requirements.txt", "manage.py", "package.json", "Cargo.toml",
      "go.mod",         "CMakeLists.txt", "meson.build",      "pom.xml",   "build.gradle"};
  constexpr std::ptrdiff_t kDeepest = 3;
  std::set<std::pair<std::ptrdiff_t, std::string>> folders;
  for (const std::string& path : survey.files()) {
    const std::string_view folder = folder_of(path);
    if (folder.empty() || std::find(kSigns.begin(), kSigns.end(), name_of(path)) == kSigns.end()) continue;
    const auto depth = std::count(path.begin(), path.end(), '/');
    if (depth > kDeepest || is_aside(path) || !text::valid_utf8(folder)) continue;
    folders.emplace(depth, std::string(folder));
  }
  std::vector<std::string> found;
  for (const auto& entry : folders) {
    const std::string& folder = entry.second;
    const bool within = std::any_of(found.begin(), found.end(),
                                    [&](const std::string& outer) { return folder.starts_with(outer + "/"); });
    if (!within) found.push_back(folder);
  }
  return found;
}

// The best suite of each project below the top, of languages that no suite in `known` tests.
std::vector<Suite> suites_below(const Survey& survey, const std::vector<Language>& languages,
                                const std::vector<Suite>& known) {
  std::vector<Suite> chosen;
  for (const std::string& folder : project_folders(survey)) {
    std::vector<Suite> own = suites_in(survey, folder, languages);
    if (own.empty()) umbrella_suites(survey, folder, own);
    for (Suite& suite : one_a_language(own)) {
      const bool tested =
          std::any_of(known.begin(), known.end(), [&](const Suite& other) { return other.language == suite.language; });
      if (!tested && chosen.size() < kMostParts) chosen.push_back(std::move(suite));
    }
  }
  return chosen;
}

class Chooser {
 public:
  explicit Chooser(std::size_t most) : most_(most) {}
  void add(std::vector<Suite> parts) {
    if (parts.empty() || plans_.size() >= most_) return;
    Plan plan{std::move(parts)};
    if (seen_.insert({plan.command(), plan.setup(), plan.link()}).second) plans_.push_back(std::move(plan));
  }
  std::vector<Plan> take() { return std::move(plans_); }

 private:
  std::size_t most_;
  std::vector<Plan> plans_;
  std::set<std::tuple<Words, std::vector<Words>, std::vector<std::string>>> seen_;
};

template <class Value>
void append_new(std::vector<Value>& all, const std::vector<Value>& more) {
  for (const Value& value : more) {
    if (std::find(all.begin(), all.end(), value) == all.end()) all.push_back(value);
  }
}

}  // namespace

std::vector<Language> languages_of(const Survey& survey) {
  std::map<std::string_view, std::size_t> counts;
  for (const std::string& path : survey.files()) {
    const std::string_view language = language_of(path);
    constexpr std::string_view kOthers = "node_modules";
    if (!language.empty() && path.find(kOthers) == std::string::npos) ++counts[language];
  }
  std::vector<Language> languages;
  languages.reserve(counts.size());
  for (const auto& [name, files] : counts) languages.push_back({std::string(name), files});
  std::stable_sort(languages.begin(), languages.end(),
                   [](const Language& one, const Language& other) { return one.files > other.files; });
  return languages;
}

Words Plan::command() const {
  if (parts.size() == 1) return parts.front().command;
  std::string line;
  for (const Suite& part : parts) {
    if (!line.empty()) line += " && ";
    line += shell_line(part.command);
  }
  return {"sh", "-c", line};
}

std::vector<std::string> Plan::link() const {
  std::vector<std::string> all;
  for (const Suite& part : parts) append_new(all, part.link);
  return all;
}

std::vector<Words> Plan::setup() const {
  std::vector<Words> all;
  for (const Suite& part : parts) append_new(all, part.setup);
  return all;
}

std::string Plan::why() const {
  std::string words;
  for (const Suite& part : parts) words += (words.empty() ? "" : "; ") + part.why;
  return words;
}

std::string Plan::timeout() const {
  return std::any_of(parts.begin(), parts.end(), [](const Suite& part) { return part.builds; }) ? "30m" : "15m";
}

std::vector<Plan> plans_of(const Survey& survey, std::size_t most) {
  const std::vector<Language> languages = languages_of(survey);
  const std::vector<Suite> own = suites_in(survey, "", languages);
  std::vector<Suite> umbrella;
  umbrella_suites(survey, "", umbrella);
  std::vector<Suite> all = one_a_language(own);
  const std::vector<Suite> below = suites_below(survey, languages, all);
  Chooser plans(most);
  // One command that a team wrote for many languages is better than one that we put together.
  if (all.size() + below.size() != 1 && !umbrella.empty()) plans.add({umbrella.front()});
  all.insert(all.end(), below.begin(), below.end());
  if (all.size() > kMostParts) all.resize(kMostParts);
  plans.add(all);
  if (!own.empty()) plans.add({own.front()});
  for (const Suite& suite : own) {
    if (suite.language == own.front().language) plans.add({suite});
  }
  for (const Suite& suite : umbrella) plans.add({suite});
  for (const Suite& suite : own) plans.add({suite});
  for (const Suite& suite : below) plans.add({suite});
  return plans.take();
}

}  // namespace daydream::init
