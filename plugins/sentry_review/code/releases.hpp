// Does the build in which an error came back hold its fix? Decided by git where releases lead to commits,
// by version numbers where they are comparable, else not at all.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daydream/kit/git.hpp"
#include "plugins/sentry_review/read/records.hpp"

namespace daydream::sentry {

enum class Contains : std::uint8_t { kYes, kNo, kUndecided };

struct Verdict {
  Contains contains = Contains::kUndecided;
  std::string why;  // for people
};

class Releases {
 public:
  explicit Releases(std::optional<git::Repository> repository) : repository_(std::move(repository)) {}

  // What a server or a saved page says of a release.
  void learn(const Release& release);
  // `seen_before`: releases the error was seen in before it was called resolved.
  Verdict contains_fix(const std::string& release, const std::string& commit, const Fix& fix,
                       const std::vector<std::string>& seen_before);
  // The commit of a release, or "": said by the server, a hash in its name, a tag of its name.
  std::string commit_of(const std::string& release, const std::string& said = "");
  // The commit among the latest whose message says that it fixes this issue ("fixes WEB-12"), or "".
  std::string fix_named(const std::string& short_id);

 private:
  std::string known(const std::string& revision);
  Verdict by_git(const std::string& build, const std::string& fix);
  void read_messages();

  std::optional<git::Repository> repository_;
  std::map<std::string, std::string> said_;                  // release -> commit
  std::map<std::string, std::string> resolved_;              // revision -> commit, "" = none
  std::optional<std::map<std::string, std::string>> named_;  // short id -> commit
};

// "package@1.2.3+build": comparable only within one package.
struct Version {
  std::string package;
  std::vector<long> numbers;
  std::string pre;
};
std::optional<Version> parse_version(const std::string& release);
// -1, 0, 1 as for <=>; none for versions of different packages.
std::optional<int> compare(const Version& one, const Version& other);

}  // namespace daydream::sentry
