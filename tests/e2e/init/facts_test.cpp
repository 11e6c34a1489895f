// What `daydream init` says of logs, Sentry, tasks and owners, and what it never writes.
#include <catch2/catch.hpp>

#include "support/world.hpp"

using daydream::testing::contains;
using daydream::testing::Ran;
using daydream::testing::World;

namespace {

// Shown, not written: no test is tried here.
Ran shown(const World& world) {
  Ran ran = world.daydream({"init", "--dry-run", "--no-try"});
  INFO(ran.out << ran.err);
  REQUIRE(ran.exit_code == 0);
  return ran;
}

void seed(World& world, const std::vector<std::pair<std::string, std::string>>& files) {
  world.init_git();
  for (const auto& [path, content] : files) world.write(path, content);
  world.commit("start");
}

}  // namespace

TEST_CASE("init: Sentry's own settings are used, its token is not, a tracked token is told") {
  World world;
  seed(world,
       {{".sentryclirc", "[defaults]\norg = acme\nproject = shop, till\n\n[auth]\ntoken = sntrys_abcdef0123456789\n"},
        {"shop/app.py", "import sentry_sdk\nsentry_sdk.init(dsn=os.environ['SENTRY_DSN'])\n"}});
  const Ran ran = shown(world);
  INFO(ran.out << ran.err);
  CHECK(contains(
      ran.out,
      R"("secrets": ["SENTRY_AUTH_TOKEN"], "config": {"organization": "acme", "projects": ["shop", "till"]})"));
  CHECK(contains(ran.out, R"("hosts": {"sentry_review": ["sentry.io", "*.sentry.io"]})"));
  CHECK(contains(ran.err, "organisation acme, by .sentryclirc:2"));
  CHECK(contains(ran.err, ".sentryclirc:6 holds a token and is tracked by git"));
  CHECK_FALSE(contains(ran.out + ran.err, "sntrys_"));
  const Ran written = world.daydream({"init", "--no-try"});
  CHECK(written.exit_code == 0);
  CHECK(world.daydream({"validate"}).exit_code == 0);
  // Without a token in the environment that step is skipped, and the night is whole.
  const Ran night = world.run();
  INFO(night.err);
  CHECK(night.exit_code == 0);
  CHECK(contains(daydream::testing::read_file(world.state() / "report_2026-11-22.md"), "skipped: "));
}

TEST_CASE("init: a server of its own never gets the token by what a file of the repository says") {
  World world;
  seed(world, {{"sentry.properties", "defaults.url=https://collect.evil.example\ndefaults.org=acme\n"}});
  const Ran ran = shown(world);
  INFO(ran.out << ran.err);
  CHECK(contains(ran.err, "left to you: a token for collect.evil.example"));
  CHECK(contains(ran.out, R"(      //   "hosts": {"sentry_review": ["collect.evil.example"]},)") !=
        contains(ran.out, R"(    //   "hosts": {"sentry_review": ["collect.evil.example"]},)"));
  CHECK_FALSE(contains(ran.out, "\n  \"hosts\""));
  CHECK_FALSE(contains(ran.out, "\n  \"secrets\""));
}

TEST_CASE("init: options of the build plugins name the organisation, a DSN alone names none") {
  World world;
  seed(world, {{"vite.config.js",
                "export default {\n  plugins: [sentryVitePlugin({\n    org: \"acme-web\",\n    project: 'till',\n  "
                "})],\n};\n"}});
  CHECK(contains(shown(world).out, R"("config": {"organization": "acme-web", "projects": ["till"]})"));
  World dsn;
  seed(dsn, {{"app.py", "x = os.environ['SENTRY_DSN']\n"}});
  CHECK(contains(shown(dsn).err, "Sentry is used (app.py:1), but no file names the organisation"));
}

TEST_CASE("init: logs that are here, and those that are left to a human") {
  World world;
  seed(world, {{".gitignore", "*.log\n/logs/\n"},
               {"deploy/shop.service", "[Unit]\n[Service]\nExecStart=/usr/bin/shop\n"},
               {"deploy/logrotate.conf", "/var/log/shop/*.log {\n  weekly\n}\n"},
               {"deploy/worker@.service", "[Service]\nExecStart=/usr/bin/worker\n"},
               {"shop/log.py", "# /var/log/never/x.log\n"},
               {"README.md", "see /var/log/other/x.log\n"}});
  world.write("logs/app.txt", "2026-11-22 ERROR x\n");
  const Ran ran = shown(world);
  INFO(ran.out << ran.err);
  CHECK(contains(ran.err, "reads logs/app.txt"));
  CHECK(contains(ran.err, "left to you: /var/log/shop, named by deploy/logrotate.conf:1"));
  CHECK(contains(ran.out, R"("paths": ["/var/log/shop"])"));
  CHECK(contains(
      ran.out, R"(["journalctl", "-o", "export", "--since", "-25h", "-u", "shop.service", "-u", "worker@*.service"])"));
  CHECK_FALSE(contains(ran.out, "/var/log/other"));
  CHECK_FALSE(contains(ran.out, "/var/log/never"));
}

TEST_CASE("init: task lists under other names are added, owners of the manifest are named") {
  World world;
  seed(world, {{"TODO.md", "- [ ] one\n"},
               {"BACKLOG.md", "# Later\n\n- [ ] two\n"},
               {"TASKS.md", "prose\n"},
               {".github/CODEOWNERS", "* @acme/all\n/docs/ @acme/writers\n/.daydream/ @acme/platform # nights\n"}});
  const Ran ran = shown(world);
  INFO(ran.out << ran.err);
  CHECK(contains(ran.out, R"("config": {"lists": ["TODO.md", "BACKLOG.md"]})"));
  CHECK(contains(ran.err, "@acme/platform review changes of .daydream/pipeline.json"));
  CHECK(contains(ran.err, ".github/CODEOWNERS:3"));
}
