// What another build of the step remembers is not taken from memory: neither what a night said nor the records of
// files. (What history has proven: history_test.cpp.)
#include "plugins/legacy_cleanup/identity.hpp"

#include <catch2/catch.hpp>

#include "plugins/legacy_cleanup/night.hpp"
#include "plugins/legacy_cleanup/rules/registry.hpp"
#include "plugins/legacy_cleanup/sealed.hpp"

using namespace daydream::legacy;

TEST_CASE("the build has an identity, and its records and nights hang on it") {
  CHECK(build_identity().size() == 32);
  CHECK(build_identity().find_first_not_of("0123456789abcdef") == std::string_view::npos);
  Repository repository;
  repository.files = {{"a.py", 12, 34}};
  CHECK(circumstances(repository) == circumstances(repository, build_identity()));
  CHECK(rules_version(repository.settings) == rules_version(repository.settings, build_identity()));
  CHECK(circumstances(repository, "one") == circumstances(repository, "one"));

  Night night;
  night.said = {{"a.py", 34, "", {}}};
  const std::string then = sealed(circumstances(repository, "one"), Night::kKey, night.encode());
  CHECK(opened(circumstances(repository, "one"), Night::kKey, then));
  CHECK_FALSE(opened(circumstances(repository, "other"), Night::kKey, then));
  const std::string record = sealed(rules_version(repository.settings, "one"), "f/1", "record");
  CHECK(opened(rules_version(repository.settings, "one"), "f/1", record));
  CHECK_FALSE(opened(rules_version(repository.settings, "other"), "f/1", record));
}
