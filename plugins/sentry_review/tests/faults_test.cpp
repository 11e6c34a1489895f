// Bodies and headers that no server should send: every one is survived, none makes the review lie.
#include <catch2/catch.hpp>

#include "plugins/sentry_review/read/payload.hpp"
#include "plugins/sentry_review/read/repair.hpp"
#include "plugins/sentry_review/source/link.hpp"

using namespace daydream;
using namespace daydream::sentry;

TEST_CASE("the Link header is read by its grammar, not by its commas") {
  const auto next =
      next_page(R"(<https://s.io/a,b;c?x="1,2"&cursor=9>; rel="previous"; results="false"; cursor="0:0:1", )"
                R"(<https://s.io/?cursor=0:100:0>; rel="next"; results="true"; cursor="0:100:0")");
  REQUIRE(next);
  CHECK(next->promised);
  CHECK(next->cursor == "0:100:0");
}

TEST_CASE("a Link header may name its cursor in the address alone, or end the list") {
  CHECK(next_page(R"(<https://s.io/?a=1&cursor=0%3A5%3A0>; rel=next)")->cursor == "0:5:0");
  CHECK_FALSE(next_page(R"(<https://s.io/>; rel="next"; results="false"; cursor="x")")->promised);
  CHECK_FALSE(next_page(""));
  CHECK_FALSE(next_page("<<<;;;\"\",,,"));
  CHECK_FALSE(next_page(R"(<https://s.io/>; rel="previous"; results="true"; cursor="x")"));
  CHECK_FALSE(next_page(R"(<a>; rel="next"; results="true"; cursor=")" + std::string(5000, 'x') + "\""));
}

TEST_CASE("what is no JSON is an error with words, never a crash") {
  for (const std::string& body :
       {std::string(), std::string("   "), std::string("<html>"), std::string("[{\"id\":"), std::string("nonsense"),
        std::string("\"text\""), std::string("7"), std::string(1'000'000, '['), std::string("{\"a\":\"\x80\xff\""),
        std::string("[1,]")}) {
    CHECK_FALSE(read_payload(body));
  }
}

TEST_CASE("damaged texts and numbers cost a field, not the page") {
  const auto payload = read_payload(
      "\xEF\xBB\xBF[{\"id\": \"1\", \"title\": \"a \\udfff\\ud800 \xff\", \"status\": \"odd\", "
      "\"count\": 1e999, \"userCount\": -1e999, \"score\": -Infinity, \"x\": NaN}]");
  REQUIRE(payload);
  REQUIRE(payload->issues.size() == 1);
  CHECK(payload->issues[0].count == 0);
  CHECK_FALSE(payload->issues[0].count_known);
  CHECK(payload->issues[0].status == Status::kUnresolved);
}

TEST_CASE("values of other types count as absent") {
  const auto payload = read_payload(
      R"([{"id": 12, "title": ["x"], "status": null, "count": {"a": 1}, "level": 7, "metadata": "m", "project": [],
          "lifetime": 3, "statusDetails": [], "activity": {}, "firstSeen": "yesterday", "lastSeen": 1e300, "shortId": "A-1",
          "culprit": "c", "isUnhandled": "yes"}, null, [], "x", 4, {"id": null, "title": "t", "count": "1"}])");
  REQUIRE(payload);
  CHECK(payload->issues.size() == 1);
  CHECK(payload->unreadable == 5);
  CHECK(payload->issues[0].id == "12");
  CHECK(payload->issues[0].first_seen == 0);
}

TEST_CASE("the counts of the window and of the whole life are told apart") {
  const auto payload =
      read_payload(R"([{"id": "1", "shortId": "A-1", "status": "unresolved", "count": "5", "userCount": 2,
      "firstSeen": "2026-11-21T00:00:00Z", "lastSeen": "2026-11-22T00:00:00Z",
      "lifetime": {"count": "500", "firstSeen": "2020-01-01T00:00:00Z", "lastSeen": "2026-11-22T00:00:00Z"}}])");
  REQUIRE(payload);
  CHECK(payload->issues[0].count == 5);
  CHECK(payload->issues[0].lifetime_count == 500);
  CHECK(payload->issues[0].first_seen == 1577836800000);
}

TEST_CASE("the last word on a resolution in the history counts, details above it") {
  const auto payload = read_payload(R"({"id": "1", "shortId": "A-1", "status": "resolved", "activity": [
      {"type": "set_resolved_in_release", "dateCreated": "2026-03-01T00:00:00Z", "data": {"version": "2.0"}},
      {"type": "set_resolved_in_commit", "dateCreated": "2026-05-01T00:00:00Z", "data": {"commit": {"id": "abcdef1"}}},
      {"type": "set_regression", "dateCreated": "2026-06-01T00:00:00Z", "data": {}}]})");
  REQUIRE(payload);
  CHECK(payload->issues[0].fix.commit == "abcdef1");
  CHECK(payload->issues[0].fix.release.empty());
}

TEST_CASE("a list in a wrapper is a list, a field of that name in an issue is not") {
  const auto wrapped = read_payload(R"({"issues": [{"id": "1", "shortId": "A-1", "count": "1"}], "next": null})");
  REQUIRE(wrapped);
  CHECK(wrapped->issues.size() == 1);
  const auto issue = read_payload(R"({"id": "1", "shortId": "A-1", "count": "1", "events": [{"id": "2"}]})");
  REQUIRE(issue);
  CHECK(issue->issues.size() == 1);
  CHECK_FALSE(issue->list);
}

TEST_CASE("reasons of a server are found in all their shapes") {
  CHECK(error_detail(R"({"detail": "No"})") == "No");
  CHECK(error_detail(R"({"detail": {"code": "sso-required", "message": "Must login via SSO", "extra": {}}})") ==
        "Must login via SSO");
  CHECK(error_detail(R"({"status": ["is wrong"]})") == "status: is wrong");
  CHECK(error_detail("<html>").empty());
  CHECK(error_detail("").empty());
  CHECK(error_detail("[[[").empty());
}

TEST_CASE("repairing is harmless to what is whole") {
  const std::string whole = R"({"a": [1, -2.5e10, "x \"NaN\" \ud83d\ude00 \\u12", true, null], "Infinity": "I"})";
  CHECK(repair_json(whole) == whole);
  CHECK(repair_json("\"\\") == "\"\\");
  CHECK(repair_json("\"\\u12") == "\"\\u12");
}
