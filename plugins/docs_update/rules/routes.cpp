// undocumented-endpoint: a route of the code that no page and no API file names, in a project whose routes
// are documented. outdated-reference: an endpoint that its documentation names and no route serves; not where
// the code makes routes that no text shows, nor in lines about what was or will be.
#include <algorithm>
#include <array>
#include <set>

#include "daydream/kit/text.hpp"
#include "daydream/source/language.hpp"
#include "plugins/docs_update/routes.hpp"
#include "plugins/docs_update/rules/rules.hpp"

namespace daydream::docs {
namespace {

constexpr std::size_t kLargestSource = std::size_t{1} << 20;

// Routes that every application has and nobody documents.
bool of_the_house(const Route& route) {
  static const std::set<std::string, std::less<>> kHouse = {
      "health",      "healthz", "healthcheck", "livez",        "readyz",    "ready",       "live",       "liveness",
      "readiness",   "ping",    "metrics",     "status",       "version",   "favicon.ico", "robots.txt", "static",
      "assets",      "docs",    "redoc",       "openapi.json", "swagger",   "admin",       "login",      "logout",
      "sitemap.xml", "debug",   "test",        "internal",     "_internal", "index.html"};
  return route.parts.empty() || kHouse.contains(route.parts.front()) || kHouse.contains(route.parts.back()) ||
         route.parts.front().starts_with("_") || route.parts.front().starts_with(".");
}

bool not_the_product(std::string_view path) {
  static const std::unordered_set<std::string_view> kParts = {
      "test",         "tests",    "__tests__", "spec",  "examples", "example",    "samples",   "sample",
      "docs",         "docs_src", "demo",      "demos", "tutorial", "benchmarks", "benchmark", "scripts",
      "node_modules", "vendor",   "dist",      "build", "e2e",      "mocks",      "fixtures",  "site-packages"};
  const std::string_view name = name_of(path);
  return has_part(folder_of(path), kParts) || name.starts_with("test_") || name.starts_with("conftest") ||
         name.find(".test.") != std::string_view::npos || name.find(".spec.") != std::string_view::npos ||
         name.find("_test.") != std::string_view::npos || name.find("mock") != std::string_view::npos;
}

bool past_or_future(std::string_view line) {
  static constexpr std::array<std::string_view, 13> kWords = {
      "deprecat",        "remov", "former", "no longer", "legacy", "planned", "coming soon",
      "not implemented", "todo",  "future", "proposed",  "renam",  "replac"};
  const std::string lower = text::to_lower_ascii(line);
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

struct Documented {
  std::string path;  // of the page
  std::vector<Endpoint> endpoints;
  bool api_file = false;
};

class Routes {
 public:
  Routes(Survey& survey, Findings& findings) : survey_(survey), findings_(findings) {}

  bool check() {
    for (const TreeFile& file : survey_.tree().files()) {
      if (not_the_product(file.path) || survey_.settings().excluded(file.path) || file.size > kLargestSource) continue;
      if (!read_code(file)) return false;
    }
    survey_.figures().routes = code_.routes.size();
    if (code_.routes.empty()) return true;
    read_documentation();
    std::erase_if(documented_, [&](const Documented& each) { return !about_this_code(each); });
    if (documented_.empty()) return true;
    for (const Route& route : code_.routes) undocumented(route);
    if (!code_.open) {
      for (const Documented& each : documented_) gone(each);
    }
    return true;
  }

 private:
  bool read_code(const TreeFile& file) {
    using source::Language;
    const Language language = source::detect(file.path);
    if (language != Language::kPython && language != Language::kJavaScript && language != Language::kTypeScript &&
        language != Language::kTsx) {
      return true;
    }
    if (!survey_.tick(file.path)) return false;
    const auto content = survey_.view(file);
    if (!content) return true;
    if (language == Language::kPython) {
      python_routes(file.path, *content, code_);
    } else {
      express_routes(file.path, *content, code_);
    }
    return true;
  }

  void read_documentation() {
    for (const auto& [path, page] : survey_.pages()) {
      if (page.format == Format::kHtml) continue;
      const auto content = survey_.content(path);
      if (!content) continue;
      for (auto& parts : paths_in(*content)) mentioned_.insert(std::move(parts));
      if (Survey::chronicle(path)) continue;
      std::vector<std::pair<std::uint32_t, std::uint32_t>> blocks;
      for (const Block& block : page.blocks) blocks.emplace_back(block.line, block.end_line);
      documented_.push_back({path, endpoints_in(*content, blocks), false});
    }
    for (const TreeFile& file : survey_.tree().files()) {
      const std::string extension = extension_of(file.path);
      if (extension != ".yml" && extension != ".yaml" && extension != ".json") continue;
      if (file.size > (std::size_t{4} << 20) || survey_.settings().excluded(file.path) ||
          not_the_product_api(file.path))
        continue;
      const auto content = survey_.view(file);
      Documented one{file.path, {}, true};
      if (!content || !openapi_endpoints(file.path, *content, one.endpoints)) continue;
      for (const Endpoint& endpoint : one.endpoints) mentioned_.insert(endpoint.parts);
      documented_.push_back(std::move(one));
    }
  }

  // API files lie in docs/ as well.
  static bool not_the_product_api(std::string_view path) {
    static const std::unordered_set<std::string_view> kParts = {"test",     "tests",        "examples",
                                                                "fixtures", "node_modules", "testdata"};
    return has_part(path, kParts);
  }

  [[nodiscard]] bool served(const Endpoint& endpoint, bool with_method) const {
    return std::any_of(code_.routes.begin(), code_.routes.end(), [&](const Route& route) {
      if (!serves(route, endpoint.parts)) return false;
      return !with_method || route.methods.empty() || endpoint.method == "HEAD" || endpoint.method == "OPTIONS" ||
             std::find(route.methods.begin(), route.methods.end(), endpoint.method) != route.methods.end();
    });
  }

  [[nodiscard]] bool about_this_code(const Documented& each) const {
    const auto matched =
        static_cast<std::size_t>(std::count_if(each.endpoints.begin(), each.endpoints.end(),
                                               [&](const Endpoint& endpoint) { return served(endpoint, false); }));
    return matched >= 2 && matched * 2 >= each.endpoints.size();
  }

  void undocumented(const Route& route) {
    if (route.hidden || of_the_house(route)) return;
    const bool named = std::any_of(mentioned_.begin(), mentioned_.end(),
                                   [&](const std::vector<std::string>& parts) { return serves(route, parts); });
    const std::string methods = route.methods.empty() ? "" : text::join(route.methods, ", ") + " ";
    if (named && !method_missing(route)) return;
    Finding finding;
    finding.rule = "undocumented-endpoint";
    finding.line = route.line;
    finding.symbol = methods + route.path;
    finding.message = "the endpoint " + text::markdown_code(finding.symbol) + " is in no page and no API file";
    finding.evidence = text::show_path(documented_.front().path) + " documents the others of this code";
    finding.suggestion = "describe it in " + text::show_path(documented_.front().path);
    findings_[route.file].push_back(std::move(finding));
  }

  // An API file names the path, with every method but this one.
  [[nodiscard]] bool method_missing(const Route& route) const {
    if (route.methods.size() != 1) return false;
    bool path_known = false;
    for (const Documented& each : documented_) {
      for (const Endpoint& endpoint : each.endpoints) {
        if (!serves(route, endpoint.parts)) continue;
        if (!each.api_file || endpoint.method == route.methods.front()) return false;
        path_known = true;
      }
    }
    return path_known;
  }

  void gone(const Documented& each) {
    const auto content = survey_.content(each.path);
    if (!content) return;
    const auto lines = text::split(*content, '\n');
    for (const Endpoint& endpoint : each.endpoints) {
      if (served(endpoint, true)) continue;
      if (!each.api_file && endpoint.line <= lines.size() && past_or_future(lines[endpoint.line - 1])) continue;
      const bool path_served = served(endpoint, false);
      Finding finding;
      finding.rule = "outdated-reference";
      finding.line = endpoint.line;
      finding.symbol = endpoint.method + " " + endpoint.path;
      finding.message =
          path_served ? "the code serves " + text::markdown_code(endpoint.path) + ", but not for " + endpoint.method
                      : "no route of the code serves " + text::markdown_code(finding.symbol);
      finding.evidence =
          "compared with " + std::to_string(code_.routes.size()) + " routes, all of which the text shows";
      findings_[each.path].push_back(std::move(finding));
    }
  }

  Survey& survey_;
  Findings& findings_;
  CodeRoutes code_;
  std::vector<Documented> documented_;
  std::set<std::vector<std::string>> mentioned_;
};

}  // namespace

bool check_routes(Survey& survey, Findings& findings) {
  return Routes(survey, findings).check();
}

}  // namespace daydream::docs
