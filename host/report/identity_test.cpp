#include "report/identity.hpp"

#include <catch2/catch.hpp>

#include "daydream/kit/text.hpp"
#include "report/test_support.hpp"

namespace daydream::report {
namespace {

using test::a_finding;
using test::World;

// One night: the ids of these findings, in their order.
std::vector<std::string> night(World& world, const std::string& run, std::vector<Finding> findings,
                               const std::function<std::string(const std::string&)>& renamed = {},
                               std::vector<Finding>* out = nullptr) {
  checkpoint::Transaction transaction;
  auto named = assign_ids(world.store(), run, findings, renamed, transaction);
  if (!named) FAIL(named.error().message());
  world.commit(std::move(transaction));
  std::vector<std::string> ids;
  for (const Finding& finding : findings) ids.push_back(finding.id);
  if (out != nullptr) *out = findings;
  return ids;
}

using Ids = std::vector<std::string>;

TEST_CASE("an id names the rule and what it is about, and lasts over nights and lines") {
  World world;
  auto first = night(world, "2026-11-21", {a_finding(1, "unused-import", "a.py", 3)});
  REQUIRE(first.size() == 1);
  CHECK_THAT(first[0], Catch::StartsWith("unused-import-"));
  CHECK(first[0].size() == std::string("unused-import-").size() + 8);
  std::vector<Finding> findings;
  CHECK(night(world, "2026-11-22", {a_finding(7, "unused-import", "a.py", 90)}, {}, &findings) == first);
  CHECK(findings[0].since == "2026-11-21");
  auto other = a_finding(1, "unused-import", "a.py");
  other.symbol = "re";
  CHECK(night(world, "2026-11-22", {other}) != first);
}

TEST_CASE("a rule of a third party has an id without a slash") {
  World world;
  CHECK_THAT(night(world, "2026-11-21", {a_finding(1, "acme/bad-name", "a.py")})[0],
             Catch::StartsWith("acme-bad-name-"));
}

TEST_CASE("twins are numbered in order of place and keep their numbers by path") {
  World world;
  auto ids = night(world, "2026-11-21",
                   {a_finding(1, "unused-import", "c.py"), a_finding(2, "unused-import", "a.py"),
                    a_finding(3, "unused-import", "b.py")});
  CHECK(ids == Ids{ids[1] + "-3", ids[1], ids[1] + "-2"});
  // The one in a.py is gone: the others stay who they were.
  auto later =
      night(world, "2026-11-22", {a_finding(1, "unused-import", "b.py"), a_finding(2, "unused-import", "c.py")});
  CHECK(later == Ids{ids[2], ids[0]});
}

TEST_CASE("a new twin gets the next free number, also after others are gone") {
  World world;
  auto base = night(world, "2026-11-20", {a_finding(1, "unused-import", "b.py")})[0];
  night(world, "2026-11-21", {a_finding(1, "unused-import", "a.py"), a_finding(2, "unused-import", "b.py")});
  auto ids = night(world, "2026-11-22",
                   {a_finding(1, "unused-import", "a.py"), a_finding(2, "unused-import", "b.py"),
                    a_finding(3, "unused-import", "c.py")});
  CHECK(ids == Ids{base + "-2", base, base + "-3"});
}

TEST_CASE("a twin follows its file through a rename, before order decides") {
  World world;
  auto ids = night(world, "2026-11-21", {a_finding(1, "unused-import", "a.py"), a_finding(2, "unused-import", "b.py")});
  const auto renamed = [](const std::string& old) { return old == "b.py" ? "0/new.py" : std::string(); };
  auto later = night(world, "2026-11-22",
                     {a_finding(1, "unused-import", "0/new.py"), a_finding(2, "unused-import", "z.py")}, renamed);
  CHECK(later == Ids{ids[1], ids[0]});
}

TEST_CASE("twins in one file keep their order") {
  World world;
  auto ids =
      night(world, "2026-11-21", {a_finding(1, "unused-import", "a.py", 5), a_finding(2, "unused-import", "a.py", 50)});
  CHECK(night(world, "2026-11-22",
              {a_finding(1, "unused-import", "a.py", 60), a_finding(2, "unused-import", "a.py", 15)}) ==
        Ids{ids[1], ids[0]});
}

TEST_CASE("naming twice in one run, as after a kill, gives the same ids and writes nothing new") {
  World world;
  std::vector<Finding> findings{a_finding(1, "unused-import", "a.py"), a_finding(2, "unused-import", "b.py")};
  auto first = night(world, "2026-11-22", findings);
  checkpoint::Transaction again;
  REQUIRE(assign_ids(world.store(), "2026-11-22", findings, {}, again));
  CHECK(Ids{findings[0].id, findings[1].id} == first);
  CHECK(again.empty());
}

TEST_CASE("two steps that report the same never share an id") {
  World world;
  auto one = a_finding(1, "unused-import", "a.py");
  auto two = one;
  two.step = "other_lint";
  auto first = night(world, "2026-11-22", {one});
  auto second = night(world, "2026-11-22", {two});
  CHECK(second[0] == first[0] + "-2");
  CHECK(night(world, "2026-11-23", {two}) == second);
  CHECK(night(world, "2026-11-23", {one}) == first);
}

TEST_CASE("a path that is not UTF-8 keeps its finding") {
  World world;
  auto ids = night(world, "2026-11-21",
                   {a_finding(1, "unused-import", "a\xff.py"), a_finding(2, "unused-import", "a\xfe.py")});
  CHECK(night(world, "2026-11-22", {a_finding(1, "unused-import", "a\xff.py")})[0] == ids[0]);
}

TEST_CASE("what was not seen for long is forgotten") {
  World world;
  auto old = a_finding(1, "unused-import", "a.py");
  auto kept = a_finding(2, "unused-variable", "a.py");
  night(world, "2026-06-01", {old, kept});
  night(world, "2026-11-22", {kept});
  checkpoint::Transaction transaction;
  REQUIRE(prune_identities(world.store(), "2026-08-24", transaction));
  world.commit(std::move(transaction));
  CHECK(world.store().host_values("identity/")->size() == 1);
  std::vector<Finding> findings;
  night(world, "2026-11-23", {old, kept}, {}, &findings);
  CHECK(findings[0].since == "2026-11-23");
  CHECK(findings[1].since == "2026-06-01");
}

TEST_CASE("the fingerprint of a change tells path and symbol apart, not line or night") {
  auto finding = a_finding(1, "unused-import", "a.py", 3);
  auto moved = a_finding(9, "unused-import", "a.py", 30);
  moved.id = "another";
  CHECK(content_fingerprint(finding) == content_fingerprint(moved));
  CHECK(content_fingerprint(finding) != content_fingerprint(a_finding(1, "unused-import", "b.py")));
  auto glued = finding;
  glued.symbol = "o";
  glued.context = "simport os";
  CHECK(content_fingerprint(finding) != content_fingerprint(glued));
}

}  // namespace
}  // namespace daydream::report
