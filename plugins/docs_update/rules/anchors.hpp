// missing-anchor: a fragment that the page it leads to does not have, in any of the ways its readers'
// programs make anchors. anchor-case: it has it in another case, which some browsers' hosts forgive.
#pragma once

#include <map>

#include "plugins/docs_update/rules/rules.hpp"
#include "plugins/docs_update/url.hpp"

namespace daydream::docs {

class Anchors {
 public:
  Anchors(Survey& survey, Findings& findings) : survey_(survey), findings_(findings) {}
  // True where it could be decided; says what is wrong.
  bool check(const Page& page, const Link& link, const Target& target, const Page& leads_to);
  bool check_file(const Page& page, const Link& link, const Target& target, const std::string& path);

 private:
  bool check_line(const Page& page, const Link& link, const Target& target, const std::string& path);
  void missing(const Page& page, const Link& link, const Target& target, const Page& leads_to);

  Survey& survey_;
  Findings& findings_;
  std::map<std::string, std::size_t> lines_;  // of files, counted
};

}  // namespace daydream::docs
