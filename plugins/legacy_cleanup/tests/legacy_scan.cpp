// legacy_scan DIR [--apply] [--rule NAME]: what the rules say of a tree outside of any run; --apply
// writes the safe edits into it. For work on the rules: it asks no questions and keeps no undo.
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "daydream/kit/walk.hpp"
#include "plugins/legacy_cleanup/edits.hpp"
#include "plugins/legacy_cleanup/examine.hpp"
#include "plugins/legacy_cleanup/rules/registry.hpp"

using namespace daydream;
using namespace daydream::legacy;

namespace {

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

double seconds_since(std::chrono::steady_clock::time_point begun) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

const char* name_of(Safety safety) {
  return safety == Safety::kSafe ? "safe" : safety == Safety::kReview ? "review" : "info";
}

void print(const std::string& path, const Finding& finding) {
  std::printf("%s:%u: %s %s %s | %s | %s\n", path.c_str(), finding.line, std::string(finding.rule).c_str(),
              name_of(finding.safety), finding.symbol.c_str(), finding.message.c_str(), finding.evidence.c_str());
}

void apply(const std::string& file, std::string_view content, const std::vector<Finding>& findings) {
  std::vector<Edit> edits;
  for (const Finding& finding : findings) {
    if (finding.safety == Safety::kSafe) edits.insert(edits.end(), finding.edits.begin(), finding.edits.end());
  }
  if (edits.empty()) return;
  std::sort(edits.begin(), edits.end(), [](const Edit& a, const Edit& b) { return a.begin < b.begin; });
  std::ofstream(file, std::ios::binary) << applied(content, edits);
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) return 64;
  const std::string root = arguments[1];
  bool writes = false;
  std::string rule;
  for (int i = 2; i < count; ++i) {
    if (std::string_view(arguments[i]) == "--apply") writes = true;
    if (std::string_view(arguments[i]) == "--rule" && i + 1 < count) rule = arguments[++i];
  }
  const auto listing = walk::list(root, {.gitignore = false, .nested_repositories = true, .exclude = {}});
  if (!listing) return std::fprintf(stderr, "%s\n", listing.error().message().c_str()), 1;
  Repository repository;
  repository.source_root = root;
  repository.date = "2026-11-22";
  repository.projects = std::make_shared<Projects>(root, 0);
  repository.history =
      std::make_shared<History>(std::vector<std::string>{root}, std::chrono::seconds(60), repository.date);
  std::vector<std::string> wanted;
  const auto begun = std::chrono::steady_clock::now();
  std::size_t bytes = 0, files = 0;
  for (const walk::File& file : listing->files) {
    repository.files.push_back({file.path, file.size, 0});
    if (part_of(file.path, file.size) == Part::kNone) continue;
    const std::string content = read_file(root + "/" + file.path);
    const Record record = record_of(file.path, content, repository.settings);
    repository.add(file.path, record.facts);
    if (record.blind) repository.index.add_blind(file.path);
    if (!record.skipped.empty()) std::fprintf(stderr, "%s: skipped: %s\n", file.path.c_str(), record.skipped.c_str());
    if (record.candidates) wanted.push_back(file.path);
    bytes += content.size();
    ++files;
  }
  std::fprintf(stderr, "survey: %zu files, %.1f MB, %.3f s, %zu with candidates\n", files,
               static_cast<double>(bytes) / 1e6, seconds_since(begun), wanted.size());
  for (const std::string& path : wanted) {
    const std::string content = read_file(root + "/" + path);
    std::vector<Finding> findings = findings_of(path, content, repository);
    if (!rule.empty()) std::erase_if(findings, [&](const Finding& finding) { return finding.rule != rule; });
    for (const Finding& finding : findings) print(path, finding);
    if (writes) apply(root + "/" + path, content, findings);
  }
  for (const auto& one : tree_rules()) {
    std::vector<TreeFinding> found;
    one->examine(repository, found);
    for (const TreeFinding& finding : found) {
      if (rule.empty() || finding.finding.rule == rule) print(finding.path, finding.finding);
    }
  }
  std::fprintf(stderr, "all: %.3f s\n", seconds_since(begun));
  return 0;
}
