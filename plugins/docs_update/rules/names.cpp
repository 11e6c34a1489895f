// missing-anchor for `name_` and `a phrase`_ of reStructuredText, whose target must stand on the same page: an
// explicit one, a title, a footnote, another reference with an address. Not where parts of the page come from
// elsewhere (include, autodoc), nor for a page that others include, nor where the site's configuration adds
// text to every page (rst_prolog, rst_epilog).
#include <set>

#include "daydream/kit/text.hpp"
#include "plugins/docs_update/formats/formats.hpp"
#include "plugins/docs_update/rules/rules.hpp"

namespace daydream::docs {
namespace {

class Names {
 public:
  Names(Survey& survey, Findings& findings) : survey_(survey), findings_(findings) {}

  bool check() {
    for (const auto& [path, page] : survey_.pages()) {
      for (const Link& link : page.links) {
        if (link.use == Use::kInclude) included_.emplace(name_of(link.target));
      }
    }
    if (configuration_adds_text()) return true;
    for (const auto& [path, page] : survey_.pages()) {
      if (page.format != Format::kRst || page.names.empty() || page.dynamic || page.templated) continue;
      if (included_.contains(std::string(name_of(path)))) continue;
      if (!survey_.tick(path)) return false;
      look_at(page);
    }
    return true;
  }

 private:
  [[nodiscard]] bool configuration_adds_text() const {
    for (const std::string& path : survey_.tree().named("conf.py")) {
      const std::string text = survey_.content(path).value_or("");
      if (text.find("rst_prolog") != std::string::npos || text.find("rst_epilog") != std::string::npos) return true;
    }
    return false;
  }

  void look_at(const Page& page) {
    std::string lower;
    for (const Link& name : page.names) {
      const std::string label = sphinx_label(name.target);
      if (page.targets.contains(label)) {
        ++survey_.figures().links;
        continue;
      }
      if (lower.empty()) lower = text::to_lower_ascii(survey_.content(page.path).value_or(""));
      if (placeholder(name.target) || stands_in(lower, label)) continue;
      ++survey_.figures().links;
      Finding finding;
      finding.rule = "missing-anchor";
      finding.line = name.line;
      finding.symbol = text::shorten(text::collapse_space(text::to_utf8(name.target)), 300);
      finding.message = "no target " + text::markdown_code(finding.symbol) + " on this page";
      finding.evidence = "compared with " + std::to_string(page.targets.size()) +
                         " targets, titles and footnotes of the page; nothing is included into it";
      findings_[page.path].push_back(std::move(finding));
    }
  }

  // Written as a target in a place that was not read as one.
  static bool stands_in(const std::string& lower, const std::string& label) {
    for (const std::string& form : {"_" + label + ":", "_`" + label + "`", "[" + label + "]", "`" + label + " <"}) {
      if (lower.find(form) != std::string::npos) return true;
    }
    return false;
  }

  Survey& survey_;
  Findings& findings_;
  std::set<std::string> included_;
};

}  // namespace

bool check_names(Survey& survey, Findings& findings) {
  return Names(survey, findings).check();
}

}  // namespace daydream::docs
