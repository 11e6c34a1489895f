// missing-anchor for :ref: of Sphinx, where every label must be in the tree: not where other projects'
// labels or titles as labels are in use, nor where the text of the label stands anywhere else.
#include "daydream/kit/text.hpp"
#include "plugins/docs_update/formats/formats.hpp"
#include "plugins/docs_update/rules/rules.hpp"

namespace daydream::docs {
namespace {

class Labels {
 public:
  Labels(Survey& survey, Findings& findings) : survey_(survey), findings_(findings) {}

  bool check() {
    for (const auto& [path, page] : survey_.pages()) known_.insert(page.labels.begin(), page.labels.end());
    for (const auto& [path, page] : survey_.pages()) {
      const Site* const site = survey_.sites().of(path);
      if (site == nullptr || site->generator != Generator::kSphinx || page.templated) continue;
      const bool open = site->text.find("intersphinx") != std::string::npos ||
                        site->text.find("autosectionlabel") != std::string::npos;
      for (const Link& link : page.links) {
        if (link.use != Use::kLabel) continue;
        const std::string label = sphinx_label(link.target);
        if (known_.contains(label)) {
          ++survey_.figures().links;
        } else if (!open && !built_in(label) && !placeholder(label) && !elsewhere(label)) {
          missing(page, link);
        }
      }
    }
    return true;
  }

 private:
  static bool built_in(const std::string& label) {
    return label == "genindex" || label == "modindex" || label == "search" || label == "py-modindex" ||
           label.find(':') != std::string::npos;
  }

  // In a docstring, a template, a program that writes pages.
  bool elsewhere(const std::string& label) {
    for (const TreeFile& file : survey_.tree().files()) {
      const std::string extension = extension_of(file.path);
      const bool looked = extension == ".py" || extension == ".txt" || extension == ".inc" || extension == ".in" ||
                          extension == ".j2" || extension == ".pyx" || extension == ".c" || extension == ".cpp" ||
                          extension == ".h" || extension == ".hpp";
      if (!looked || file.size > (1U << 21)) continue;
      const auto content = survey_.view(file);
      if (content && text::to_lower_ascii(*content).find(label) != std::string::npos) return true;
    }
    return false;
  }

  void missing(const Page& page, const Link& link) {
    ++survey_.figures().links;
    Finding finding;
    finding.rule = "missing-anchor";
    finding.line = link.line;
    finding.column = link.column;
    finding.symbol = text::shorten(text::to_utf8(link.target), 300);
    finding.message = "no label " + text::markdown_code(finding.symbol) + " in any page";
    finding.evidence = "compared with " + std::to_string(known_.size()) + " labels; no other project's are in use";
    findings_[page.path].push_back(std::move(finding));
  }

  Survey& survey_;
  Findings& findings_;
  std::unordered_set<std::string> known_;
};

}  // namespace

bool check_labels(Survey& survey, Findings& findings) {
  return Labels(survey, findings).check();
}

}  // namespace daydream::docs
