#include "base/model.hpp"

#include <catch2/catch.hpp>

#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"

using namespace daydream;

namespace {

std::string refusal(std::string_view json) {
  auto finding = parse_finding(json);
  REQUIRE_FALSE(finding);
  CHECK(finding.error().kind() == ErrorKind::kInvalid);
  return finding.error().message();
}

}  // namespace

TEST_CASE("every mode, severity, safety and action has a name and is found by it") {
  for (const Mode mode : {Mode::kObserve, Mode::kPatch, Mode::kBranch, Mode::kInPlace})
    CHECK(*mode_of(name_of(mode)) == mode);
  for (const int i : {0, 1, 2}) {
    CHECK(*severity_of(name_of(static_cast<Severity>(i))) == static_cast<Severity>(i));
    CHECK(*safety_of(name_of(static_cast<Safety>(i))) == static_cast<Safety>(i));
  }
  for (int i = 0; i <= 5; ++i) CHECK(*action_of(name_of(static_cast<Action>(i))) == static_cast<Action>(i));
  CHECK(name_of(Mode::kInPlace) == "in-place");
}

TEST_CASE("a name that is not known is refused with the nearest one") {
  const auto mode = mode_of("brnch");
  REQUIRE_FALSE(mode);
  CHECK_THAT(mode.error().message(), Catch::Contains("did you mean \"branch\"?"));
  CHECK_THAT(severity_of("xyzzyxyzzy").error().message(), Catch::Contains("info, warning, error"));
}

TEST_CASE("a finding keeps all that a plugin said of it") {
  const auto finding = parse_finding(R"({"rule": "unused-import", "severity": "warning", "safety": "safe",
    "path": "src/a.py", "line": 3, "column": 8, "end_line": 4, "symbol": "os", "context": "import os",
    "message": "never used", "evidence": "no reference", "suggestion": "remove it"})");
  REQUIRE(finding);
  CHECK(finding->rule == "unused-import");
  CHECK(finding->severity == Severity::kWarning);
  CHECK(finding->safety == Safety::kSafe);
  CHECK(finding->path == "src/a.py");
  CHECK(finding->line == 3);
  CHECK(finding->column == 8);
  CHECK(finding->end_line == 4);
  CHECK(finding->symbol == "os");
  CHECK(finding->suggestion == "remove it");
  CHECK(finding->number == 0);
}

TEST_CASE("what a plugin must not say of a finding is refused") {
  CHECK_THAT(refusal(R"({"rule": "x", "mesage": "m"})"), Catch::Contains("did you mean \"message\"?"));
  for (const auto* member : {R"("id": "1")", R"("action": "applied")", R"("number": 1)", R"("commit": "a")",
                             R"("since": "2026-11-22")", R"("would_apply": true)"}) {
    CAPTURE(member);
    CHECK_THAT(refusal(R"({"rule": "x", )" + std::string(member) + "}"), Catch::Contains("unknown key"));
  }
  CHECK_THAT(refusal(R"({"message": "m"})"), Catch::Contains("\"rule\" is missing"));
  CHECK_THAT(refusal(R"({"rule": "Not A Rule"})"), Catch::Contains("rule"));
  CHECK_THAT(refusal(R"({"rule": "a/b/c"})"), Catch::Contains("rule"));
  CHECK_THAT(refusal(R"({"rule": "x", "line": -1})"), Catch::Contains("\"line\""));
  CHECK_THAT(refusal(R"({"rule": "x", "line": "3"})"), Catch::Contains("\"line\""));
  CHECK_THAT(refusal(R"({"rule": "x", "severity": "fatal"})"), Catch::Contains("severity"));
  CHECK_THAT(refusal(R"({"rule": "x", "message": 3})"), Catch::Contains("expected a string"));
  CHECK_THAT(refusal(R"({"rule": "x", "path": "a\u0000b"})"), Catch::Contains("NUL"));
  CHECK_THAT(refusal(R"({"rule": "x", "rule": "y"})"), Catch::Contains("finding"));
  refusal("[]");
  refusal("");
  refusal(std::string(100'000, '['));
}

TEST_CASE("texts of a finding are masked and cut") {
  const auto finding = parse_finding(R"({"rule": "x", "message": "password=hunter2hunter2", "symbol": ")" +
                                     std::string(600, 's') + R"(", "evidence": ")" + std::string(5000, 'e') + R"("})");
  REQUIRE(finding);
  CHECK_THAT(finding->message, !Catch::Contains("hunter2"));
  CHECK(finding->symbol.size() <= kMaxFindingSymbol);
  CHECK(finding->symbol.size() > 490);
  CHECK(finding->evidence.size() <= kMaxFindingText);
  CHECK(finding->evidence.size() > 4080);
}

TEST_CASE("a finding comes back from its JSON as it was, also with a path that is not UTF-8") {
  Finding finding;
  finding.number = 7;
  finding.id = "unused-import-1";
  finding.step = "legacy_cleanup";
  finding.rule = "acme/no-todo";
  finding.severity = Severity::kError;
  finding.safety = Safety::kReview;
  finding.path = GENERATE(as<std::string>(), "", "src/a.py", "caf\xc3\xa9 \"x\"\n", "latin\xe9/\xff.py");
  finding.line = 3;
  finding.symbol = "s";
  finding.context = "\"quoted\"\n";
  finding.commit = "abc";
  finding.since = "2026-11-20";
  finding.action = Action::kRejected;
  finding.would_apply = true;
  finding.note = "red";
  const std::string json = to_json(finding);
  CHECK(text::valid_utf8(json));
  const auto back = read_finding(json);
  REQUIRE(back);
  CHECK(back->path == finding.path);
  CHECK(to_json(*back) == json);
}

TEST_CASE("path_hex wins over path, wherever it stands") {
  CHECK(parse_finding(R"({"rule": "x", "path": "shown", "path_hex": "61ff"})")->path == "a\xff");
  CHECK(parse_finding(R"({"rule": "x", "path_hex": "61ff", "path": "shown"})")->path == "a\xff");
  CHECK_THAT(refusal(R"({"rule": "x", "path_hex": "6"})"), Catch::Contains("path_hex"));
  CHECK_THAT(refusal(R"({"rule": "x", "path_hex": "6G"})"), Catch::Contains("path_hex"));
  CHECK_THAT(refusal(R"({"rule": "x", "path_hex": "6100"})"), Catch::Contains("NUL"));
}
