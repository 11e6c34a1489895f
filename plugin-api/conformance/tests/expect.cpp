// conform_expect STEP.so SOURCE.c: examines the step and compares with what its source expects:
//   /* expect CHECK: words that the finding must hold */
// Every check that fails must be expected, with these words; every expected one must fail.
#include <cstdio>
#include <fstream>
#include <map>
#include <string>

#include "../check.hpp"
#include "../snapshot.hpp"

namespace {

using namespace daydream;
using namespace daydream::conformance;

std::map<std::string, std::string> expected_of(const char* source) {
  constexpr std::string_view kHead = "/* expect ";
  std::map<std::string, std::string> expected;
  std::ifstream in(source);
  for (std::string line; std::getline(in, line) && line.starts_with(kHead);) {
    line = line.substr(kHead.size(), line.rfind(" */") - kHead.size());
    const std::size_t colon = line.find(": ");
    expected[line.substr(0, colon)] = line.substr(colon + 2);
  }
  return expected;
}

Subject subject_of(const char* step) {
  Subject subject;
  subject.file = step;
  subject.limit = std::chrono::seconds(30);
  subject.start.files = {{"data/one.txt", "one"}, {"data/two.txt", "two\n"}, {"data/two_and_a_half.txt", "2.5"},
                         {"data/empty.txt", ""},  {"data/last.txt", "x\ny"}, {"other.md", "# other"}};
  return subject;
}

// Waits for the clock, so it is made only where it must say something.
void leave_out(std::set<std::string>& wanted, const std::map<std::string, std::string>& expected) {
  for (const Check& check : checks()) wanted.insert(check.name);
  if (!expected.empty() && !expected.contains("deterministic")) wanted.erase("deterministic");
}

}  // namespace

int main(int count, char** words) {
  without_allocator_caches(words);
  if (count != 3) return 64;
  const auto expected = expected_of(words[2]);
  Subject subject = subject_of(words[1]);
  if (expected.contains("run") && expected.at("run").starts_with("no end")) subject.limit = std::chrono::seconds(2);
  leave_out(subject.wanted, expected);
  int wrong = 0;
  std::size_t met = 0;
  for (const Finding& finding : examine(subject)) {
    const bool failed = finding.verdict.outcome == Outcome::kFail;
    const auto place = expected.find(finding.name);
    const bool good = failed == (place != expected.end()) &&
                      (!failed || finding.verdict.words.find(place->second) != std::string::npos);
    if (failed && good) ++met;
    if (good) continue;
    ++wrong;
    std::printf("%s %s: %s\n", finding.name.c_str(), failed ? "failed" : "did not fail", finding.verdict.words.c_str());
    if (place != expected.end()) std::printf("  expected: %s\n", place->second.c_str());
  }
  if (met != expected.size()) std::printf("%zu of %zu expected findings\n", met, expected.size());
  return wrong == 0 && met == expected.size() ? 0 : 1;
}
