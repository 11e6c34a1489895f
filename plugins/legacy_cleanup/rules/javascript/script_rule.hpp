// The frame of a rule for scripts: which files it reads is the same for all of them.
#pragma once

#include <type_traits>

#include "plugins/legacy_cleanup/rules/javascript/script.hpp"

namespace daydream::legacy::script {

// `Examination` is made from a subject, the repository where it asks for it, and the list of findings; run() fills
// that. kName: the rule's.
template <class Examination>
class ScriptRule final : public Rule {
 public:
  [[nodiscard]] std::string_view name() const override { return Examination::kName; }
  [[nodiscard]] bool reads(source::Language language) const override { return source::javascript::is_script(language); }

  void examine(const Subject& subject, const Repository* repository, std::vector<Finding>& out) const override {
    if (repository != nullptr && left_alone(subject.path(), *repository)) return;
    if (!readable(subject)) return;
    if constexpr (std::is_constructible_v<Examination, const Subject&, const Repository*, std::vector<Finding>&>)
      Examination(subject, repository, out).run();
    else
      Examination(subject, out).run();
  }
};

}  // namespace daydream::legacy::script
