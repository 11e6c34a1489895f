// Whether a build holds a fix, on real histories: the reports of false regressions, rebuilt.
#include <stdlib.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "daydream/kit/process.hpp"
#include "daydream/kit/text.hpp"
#include "plugins/sentry_review/code/releases.hpp"

using namespace daydream;
using namespace daydream::sentry;
namespace fs = std::filesystem;

namespace {

class History {
 public:
  History() {
    std::string name = "/tmp/daydream-releases-XXXXXX";
    root_ = ::mkdtemp(name.data());
    git({"init", "-q", "-b", "main"});
  }
  ~History() {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }
  std::string git(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(),
                     {"git", "-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"});
    process::Command command;
    command.arguments = std::move(arguments);
    command.directory = root_;
    command.extra = {{"GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z"},
                     {"GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z"},
                     {"GIT_CONFIG_GLOBAL", "/dev/null"}};
    auto ran = process::run(command);
    REQUIRE(ran);
    REQUIRE(ran->good());
    return std::string(text::trim(ran->output));
  }
  // A commit that puts `content` into a file; its id.
  std::string commit(const std::string& message, const std::string& file, const std::string& content) {
    std::FILE* out = std::fopen((root_ + "/" + file).c_str(), "w");
    std::fputs(content.c_str(), out);
    std::fclose(out);
    git({"add", "-A"});
    git({"commit", "-q", "-m", message});
    return git({"rev-parse", "HEAD"});
  }
  Releases releases() {
    auto opened = git::Repository::open(root_);
    REQUIRE(opened);
    return Releases(std::move(*opened));
  }

 private:
  std::string root_;
};

Contains verdict(Releases& releases, const std::string& release, const Fix& fix,
                 const std::vector<std::string>& before = {}) {
  return releases.contains_fix(release, "", fix, before).contains;
}

}  // namespace

TEST_CASE("an event of an older build is no regression, one of a newer build is") {
  History history;
  const std::string old_build = history.commit("one", "a", "1\n");
  const std::string fix = history.commit("two: the fix", "a", "2\n");
  const std::string new_build = history.commit("three", "b", "3\n");
  Releases releases = history.releases();
  CHECK(verdict(releases, "app@" + old_build, {.commit = fix}) == Contains::kNo);
  CHECK(verdict(releases, new_build, {.commit = fix}) == Contains::kYes);
  CHECK(verdict(releases, fix, {.commit = fix}) == Contains::kYes);
  CHECK(verdict(releases, new_build.substr(0, 10), {.commit = fix.substr(0, 9)}) == Contains::kYes);
}

TEST_CASE("a release that is younger by date but cut before the fix is no regression") {
  History history;
  history.commit("one", "a", "1\n");
  history.git({"checkout", "-q", "-b", "release-1"});
  const std::string hotfix = history.commit("1.0.1, made after the fix", "c", "x\n");
  history.git({"tag", "v1.0.1"});
  history.git({"checkout", "-q", "main"});
  const std::string fix = history.commit("the fix", "a", "2\n");
  history.git({"tag", "v2.0.0"});
  Releases releases = history.releases();
  CHECK(verdict(releases, "shop@1.0.1", {.release = "shop@2.0.0"}) == Contains::kNo);
  CHECK(verdict(releases, "shop@1.0.1", {.commit = fix}) == Contains::kNo);
}

TEST_CASE("a fix picked onto an older branch is in that branch, whatever the version says") {
  History history;
  history.commit("one", "a", "1\n");
  history.git({"branch", "release-1"});
  history.commit("two", "b", "2\n");
  const std::string fix = history.commit("the fix", "a", "fixed\n");
  history.git({"tag", "v2.0.0"});
  history.git({"checkout", "-q", "release-1"});
  history.git({"cherry-pick", fix});
  history.git({"tag", "v1.0.9"});
  Releases releases = history.releases();
  CHECK(verdict(releases, "shop@1.0.9", {.commit = fix}) == Contains::kYes);
  CHECK(verdict(releases, "shop@1.0.9", {.release = "shop@2.0.0"}) == Contains::kYes);
}

TEST_CASE("a release that is gone, or never was, is undecided") {
  History history;
  const std::string fix = history.commit("the fix", "a", "2\n");
  Releases releases = history.releases();
  CHECK(verdict(releases, "build-77", {.commit = fix}) == Contains::kUndecided);
  CHECK(verdict(releases, "", {.commit = fix}) == Contains::kUndecided);
  CHECK(verdict(releases, "0123456789abcdef0123456789abcdef01234567", {.commit = fix}) == Contains::kUndecided);
  CHECK(verdict(releases, "1.0.0", {}) == Contains::kUndecided);
  CHECK(verdict(releases, "../../etc", {.commit = "--help"}) == Contains::kUndecided);
  CHECK(releases.contains_fix("x", fix, {.commit = fix}, {}).contains == Contains::kYes);
}

TEST_CASE("resolved in the next release: that release and those before it do not hold the fix") {
  History history;
  history.commit("one", "a", "1\n");
  history.git({"tag", "1.0.0"});
  history.commit("two", "a", "2\n");
  history.git({"tag", "1.1.0"});
  history.commit("three", "a", "3\n");
  history.git({"tag", "1.2.0"});
  Releases releases = history.releases();
  CHECK(verdict(releases, "1.1.0", {.after_release = "1.1.0"}) == Contains::kNo);
  CHECK(verdict(releases, "1.0.0", {.after_release = "1.1.0"}) == Contains::kNo);
  CHECK(verdict(releases, "1.2.0", {.after_release = "1.1.0"}) == Contains::kYes);
}

TEST_CASE("without commits versions decide, within one package only") {
  Releases releases{std::nullopt};
  CHECK(verdict(releases, "shop@1.10.0", {.release = "shop@1.9.0"}) == Contains::kYes);
  CHECK(verdict(releases, "shop@1.9.0-rc.2", {.release = "shop@1.9.0"}) == Contains::kNo);
  CHECK(verdict(releases, "shop@1.9.0+7", {.release = "shop@1.9.0"}) == Contains::kYes);
  CHECK(verdict(releases, "web@2.0.0", {.release = "shop@1.9.0"}) == Contains::kUndecided);
  CHECK(verdict(releases, "20261122", {.release = "20261101"}) == Contains::kUndecided);
}

TEST_CASE("a release that showed the error before it was called resolved does not hold the fix") {
  Releases releases{std::nullopt};
  CHECK(verdict(releases, "blue-7", {}, {"blue-6", "blue-7"}) == Contains::kNo);
  CHECK(verdict(releases, "blue-8", {}, {"blue-6", "blue-7"}) == Contains::kUndecided);
}

TEST_CASE("a commit that says it fixes an issue is found by the issue's own name alone") {
  History history;
  const std::string fix = history.commit("pay: a default\n\nFixes SHOP-12, SHOP-13", "a", "1\n");
  history.commit("mentions SHOP-14 and does not fix it", "a", "2\n");
  Releases releases = history.releases();
  CHECK(releases.fix_named("SHOP-12") == fix);
  CHECK(releases.fix_named("SHOP-13") == fix);
  CHECK(releases.fix_named("SHOP-14").empty());
  CHECK(releases.fix_named("SHOP-1").empty());
  CHECK(releases.fix_named("fix").empty());
}
