// What a step's descriptor says it needs, against the manifest: `validate` and `run` say the same words.
#include <catch2/catch.hpp>

#include "support/world.hpp"

using namespace daydream::testing;

namespace {

const std::string kNeedy = std::string(E2E_STEPS) + "/needy.so";

std::string needy(const std::string& config, const std::string& more = "") {
  return R"({"id": "needy", "plugin": ")" + kNeedy + "\", " + more + "\"config\": " + config + "}";
}

// Line 2 of the manifest is `top`, the steps follow, one a line.
Ran validate(World& world, const std::string& top, const std::vector<std::string>& steps) {
  world.init_git();
  std::string text = "{\"manifest\": 1,\n" + top + "\n\"steps\": [\n";
  for (std::size_t i = 0; i < steps.size(); ++i) text.append(i == 0 ? "" : ",\n").append(steps[i]);
  world.manifest(text + "\n]}\n");
  return world.daydream({"validate", "--manifest", (world.root() / "pipeline.json").string()});
}

// The words of a refusal, once its place and the exit code are seen to be right.
std::string refusal(World& world, const std::string& top, const std::vector<std::string>& steps, int step = 0) {
  const Ran ran = validate(world, top, steps);
  INFO(ran.out << ran.err);
  CHECK(ran.exit_code == 65);
  const std::string place = (world.root() / "pipeline.json").string() + ":" + std::to_string(4 + step) + ":1: steps[" +
                            std::to_string(step) + "]: ";
  const std::size_t at = ran.err.find(place);
  REQUIRE(at != std::string::npos);
  const std::size_t begin = at + place.size();
  const Ran run = world.run();
  CHECK(run.exit_code == 65);
  CHECK(contains(run.err, ran.err.substr(at, ran.err.find('\n', at) - at)));
  CHECK(World::snapshot(world.state()).count("daydream.db") == 0);  // no step ran
  return ran.err.substr(begin, ran.err.find('\n', begin) - begin);
}

const std::string kSecret = R"("secrets": {"ACME_TOKEN": {"env": "ACME_TOKEN", "hosts": ["api.acme.example"]}}, )";
const std::string kHost = R"("hosts": {"needy": ["api.acme.example"]}, )";
const std::string kNamed = R"("secrets": ["ACME_TOKEN"], )";
const std::string kAccount = R"({"account": "acme"})";

}  // namespace

TEST_CASE("a step that is not configured needs nothing") {
  World world;
  const Ran ran = validate(world, "", {needy("{}")});
  INFO(ran.err);
  CHECK(ran.exit_code == 0);
}

TEST_CASE("a host that the manifest does not let the step reach is named with what to add") {
  World world;
  CHECK(
      refusal(world, kSecret, {needy(kAccount, kNamed)}) ==
      R"(the step "needy" needs the host api.acme.example (option "url"): add "hosts": {"needy": ["api.acme.example"]})");
}

TEST_CASE("a host of the configuration is its URL's, with a port that is not the usual one") {
  World world;
  CHECK(refusal(world, kSecret, {needy(R"({"account": "a", "url": "http://127.0.0.1:8080/x"})", kNamed)}) ==
        R"(the step "needy" needs the host 127.0.0.1:8080 (option "url"): add "hosts": {"needy": ["127.0.0.1:8080"]})");
}

TEST_CASE("any host of the manifest's will do where only the manifest can know it") {
  World world;
  CHECK(refusal(world, "", {needy(R"({"web": true})")}) ==
        R"(the step "needy" needs hosts that it may reach: add "hosts": {"needy": ["*"]}, or those hosts by name)");
  World good;
  CHECK(validate(good, R"("hosts": {"needy": ["docs.acme.example"]},)", {needy(R"({"web": true})")}).exit_code == 0);
}

TEST_CASE("a secret that is declared, but not given to the step, is named with what to add") {
  World world;
  CHECK(refusal(world, kSecret + kHost, {needy(kAccount)}) ==
        R"(the step "needy" needs the secret ACME_TOKEN (option "token"): add "secrets": ["ACME_TOKEN"] to the step)");
}

TEST_CASE("a secret that is nowhere is to be added in both places") {
  World world;
  CHECK(refusal(world, kHost, {needy(kAccount)}) ==
        R"(the step "needy" needs the secret ACME_TOKEN (option "token"): add "secrets": ["ACME_TOKEN"] to the step, )"
        R"(and "secrets": {"ACME_TOKEN": {"env": "ACME_TOKEN", "hosts": [...]}} to the manifest)");
}

TEST_CASE("an input that no command of the manifest makes is named") {
  World world;
  CHECK(
      refusal(world, R"("inputs": {"other": {"command": ["true"]}},)",
              {needy(R"({"journals": ["other", "nightly"]})")}) ==
      R"(the step "needy" needs the input "nightly" (option "journals"): add "inputs": {"nightly": {"command": [...]}})");
}

TEST_CASE("an output of a step that is not there, or comes behind, is named") {
  World absent;
  CHECK(refusal(absent, "", {needy(R"({"after": "sizes"})")}) ==
        R"(the step "needy" needs what the step "sizes" puts out (option "after"): add a step with that id before it)");
  World behind;
  const std::string other = R"({"id": "sizes", "plugin": ")" + kNeedy + "\"}";
  CHECK(refusal(behind, "", {needy(R"({"after": "sizes"})"), other}) ==
        R"(the step "needy" needs what the step "sizes" puts out (option "after"): put that step before it)");
  World good;
  CHECK(validate(good, "", {other, needy(R"({"after": "sizes"})")}).exit_code == 0);
}

TEST_CASE("all that is missing is said at once, and a manifest that gives it is taken") {
  World world;
  const Ran ran = validate(world, "", {needy(R"({"account": "a", "journals": ["j"], "after": "s"})")});
  CHECK(ran.exit_code == 65);
  for (const char* need : {"the host ", "the secret ", "the input ", "what the step "}) CHECK(contains(ran.err, need));
  World good;
  CHECK(validate(good, kSecret + kHost, {needy(kAccount, kNamed)}).exit_code == 0);
  World saved;
  CHECK(validate(saved, "", {needy(R"({"account": "a", "saved": "pages"})")}).exit_code == 0);
}

TEST_CASE("a service that this Daydream does not have is named with its step") {
  World world;
  world.init_git();
  world.manifest(R"({"manifest": 1, "steps": [{"id": "mails", "plugin": ")" + std::string(E2E_STEPS) +
                 R"(/wants_service.so"}]})");
  const Ran ran = world.daydream({"validate", "--manifest", (world.root() / "pipeline.json").string()});
  INFO(ran.err);
  CHECK(ran.exit_code == 65);
  CHECK(contains(ran.err, "steps[0].plugin"));
  CHECK(contains(ran.err, "services[1]: this Daydream has no service \"daydream.mail/1\""));
  CHECK(contains(ran.err, "install a Daydream that has it, or a version of the step that needs less"));
}
