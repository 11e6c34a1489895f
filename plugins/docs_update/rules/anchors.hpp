// missing-anchor: a fragment that the page it leads to does not have, in any of the ways its readers'
// programs make anchors. anchor-case: it has it in another case, which some browsers' hosts forgive.
#pragma once

#include <map>
#include <set>

#include "plugins/docs_update/rules/rules.hpp"
#include "plugins/docs_update/url.hpp"

namespace daydream::docs {

class Anchors {
 public:
  Anchors(Survey& survey, Findings& findings) : survey_(survey), findings_(findings) {}
  // True where it could be decided; says what is wrong.
  bool check(const Page& page, const Link& link, const Target& target, const Page& leads_to);
  bool check_file(const Page& page, const Link& link, const Target& target, const Resolution& leads_to);
  // Says what was held back until every page was seen. Returns how many anchors within pages stay undecided.
  std::size_t settle();

 private:
  // Of one site: anchors that differ from a heading's by marks alone, and those that show by their marks that
  // we know how this site makes them. Many of the first and few of the second: we do not.
  struct Doubt {
    struct Held {
      std::string page;
      bool within = false;  // the page links to itself
      Finding finding;
    };
    std::vector<Held> held;
    std::set<std::string> unlike, alike;
  };
  [[nodiscard]] bool in_another(const Target& target, const Resolution& leads_to) const;
  bool check_line(const Page& page, const Link& link, const Target& target, const std::string& path);
  void missing(const Page& page, const Link& link, const Target& target, const Page& leads_to);

  Survey& survey_;
  Findings& findings_;
  std::map<std::string, std::size_t> lines_;  // of files, counted
  std::map<std::string, Doubt> doubts_;       // by the site's configuration
};

}  // namespace daydream::docs
