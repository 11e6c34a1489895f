// docs_scan DIR [--rule NAME] [--apply]: what the rules say of a tree outside of any run; --apply writes the
// safe edits into it. For work on the rules: it asks no questions and keeps no undo.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "daydream/kit/walk.hpp"
#include "plugins/docs_update/examine.hpp"

using namespace daydream;
using namespace daydream::docs;

namespace {

const char* safety_of(const Finding& finding) {
  return finding.edits.empty() ? "     " : finding.safety == sdk::Safety::kSafe ? "SAFE " : "patch";
}

void print(const std::string& path, const Finding& finding) {
  std::printf("%s:%u: %s %s [%s] %s | %s%s%s", path.c_str(), finding.line, finding.rule.c_str(), safety_of(finding),
              finding.symbol.c_str(), finding.message.c_str(), finding.evidence.c_str(),
              finding.suggestion.empty() ? "" : " | ", finding.suggestion.c_str());
  for (const Edit& edit : finding.edits) std::printf(" => %s", edit.replacement.c_str());
  std::printf("\n");
}

void apply(const std::string& root, const std::string& path, const std::vector<Finding>& findings) {
  auto content = walk::read_beneath(root, path, std::size_t{64} << 20);
  if (!content) return;
  std::map<std::uint32_t, Edit> edits;
  for (const Finding& finding : findings) {
    if (finding.safety != sdk::Safety::kSafe) continue;
    for (const Edit& edit : finding.edits) edits[edit.begin] = edit;
  }
  for (auto at = edits.rbegin(); at != edits.rend(); ++at) {
    content->replace(at->second.begin, at->second.end - at->second.begin, at->second.replacement);
  }
  if (!edits.empty()) std::ofstream(root + "/" + path, std::ios::binary) << *content;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) return 64;
  const std::string root = arguments[1];
  std::string rule;
  bool writes = false;
  for (int i = 2; i < count; ++i) {
    if (std::string_view(arguments[i]) == "--apply") writes = true;
    if (std::string_view(arguments[i]) == "--rule" && i + 1 < count) rule = arguments[++i];
  }
  auto listing = walk::list(root, {.gitignore = true, .nested_repositories = false, .exclude = {}});
  if (!listing) return std::fprintf(stderr, "%s\n", listing.error().message().c_str()), 1;
  std::vector<TreeFile> files;
  for (walk::File& file : listing->files) files.push_back({std::move(file.path), file.size, 1});
  Settings settings;
  settings.exclude = {"node_modules/", "vendor/",   "vendored/", "_vendor/",
                      "third_party/",  "3rdparty/", ".venv/",    "_build/"};
  settings.history_budget = std::chrono::seconds(60);
  std::string kept;
  const auto read = [&](const TreeFile& file) -> std::optional<std::string_view> {
    auto content = walk::read_beneath(root, file.path, std::size_t{64} << 20);
    if (!content) return std::nullopt;
    kept = std::move(*content);
    return kept;
  };
  const auto begun = std::chrono::steady_clock::now();
  const auto seconds = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count(); };
  Survey survey(std::move(files), root, {root}, settings, read, [](const std::string&) { return true; });
  survey.read_pages();
  const double reading = seconds();
  Findings findings;
  examine(survey, findings);
  for (const auto& [path, of_page] : findings) {
    for (const Finding& finding : of_page) {
      if (rule.empty() || finding.rule == rule) print(path, finding);
    }
    if (writes) apply(root, path, of_page);
  }
  std::fprintf(stderr, "%zu pages, %zu links, %zu external, %zu routes; %.3f s reading, %.3f s all\n",
               survey.figures().pages, survey.figures().links, survey.figures().external, survey.figures().routes,
               reading, seconds());
  return 0;
}
