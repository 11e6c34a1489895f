#include <catch2/catch.hpp>

#include "plugins/legacy_cleanup/index.hpp"

namespace daydream::legacy {
namespace {

struct Repo {
  Repo& add(std::string_view path, std::string_view text) {
    index.add(path, facts_of(source::python::lex(text)));
    return *this;
  }
  Index index;
};

}  // namespace

TEST_CASE("a name is taken by every form of import") {
  const auto taken = [](std::string_view by, std::string_view text) {
    Repo repo;
    repo.add("src/pkg/mod.py", "import json\n").add(by, text);
    return repo.index.taken("src/pkg/mod.py", "json");
  };
  CHECK(taken("src/pkg/user.py", "from .mod import json\n"));
  CHECK(taken("src/pkg/sub/user.py", "from ..mod import json\n"));
  CHECK(taken("src/pkg/__init__.py", "from .mod import (a,  # c\n  json)\n"));
  CHECK(taken("user.py", "from pkg.mod import x, json as j\n"));
  CHECK(taken("user.py", "from pkg.mod import *\n"));
  CHECK(taken("user.py", "import pkg.mod\npkg.mod.json.loads\n"));
  CHECK(taken("user.py", "import pkg.mod as m\nm.json\n"));
  CHECK(taken("user.py", "from pkg import mod\nif 1: mod.json\n"));
  CHECK(taken("user.py", "patch('pkg.mod.json')\n"));
  CHECK(taken("user.py", "from pkg import mod\nsetattr(mod, 'json', 1)\n"));
  CHECK(taken("user.py", "m = importlib.import_module(name)\nm.json\n"));
  CHECK(taken("user.py", "entry = 'pkg.mod:json'\n"));
  CHECK(taken("user.py", "try: from mod import json\nexcept ImportError: pass\n"));

  CHECK_FALSE(taken("user.py", "from other.mod import json\n"));
  CHECK_FALSE(taken("user.py", "import json\njson.loads\n"));
  CHECK_FALSE(taken("user.py", "x.json\n'json'\n"));
  CHECK_FALSE(taken("src/pkg/user.py", "from .other import json\n"));
  CHECK_FALSE(taken("user.py", "import pkg.mod\nsys.modules['x']\na.json\n"));
}

TEST_CASE("relative imports reach exactly the file they name") {
  Repo repo;
  repo.add("a/util.py", "import os\n").add("b/util.py", "import os\n").add("a/user.py", "from .util import os\n");
  CHECK(repo.index.taken("a/util.py", "os"));
  CHECK_FALSE(repo.index.taken("b/util.py", "os"));
  CHECK(repo.index.own_files("a/user.py", ".util") == std::vector<std::string>{"a/util.py"});
  CHECK(repo.index.own_files("a/user.py", "numpy").empty());
}

TEST_CASE("configuration names objects") {
  Repo repo;
  repo.add("pkg/cli.py", "from os import getcwd\n");
  repo.index.add("setup.cfg", facts_of_text("[entry]\nrun = pkg.cli:getcwd\nversion = 1.2.3\n"));
  CHECK(repo.index.taken("pkg/cli.py", "getcwd"));
}

TEST_CASE("a module acts when it is imported") {
  const auto acts = [](std::string_view text) {
    Repo repo;
    repo.add("m.py", text);
    return repo.index.acts_on_import("m.py");
  };
  CHECK(acts("register('x')\n"));
  CHECK(acts("admin.site.register(X)\n"));
  CHECK(acts("@receiver(x)\ndef f(): pass\n"));
  CHECK(acts("class A(Model): pass\n"));
  CHECK(acts("sys.modules['x'] = 1\n"));
  CHECK(acts("for x in y: z(x)\n"));
  CHECK_FALSE(
      acts("'''doc'''\nimport os\nX = os.path.join('a')\ndef f(): g()\nclass A: pass\nclass E(Exception): pass\n"));
  CHECK_FALSE(acts("@functools.wraps(f)\ndef g(): h()\n@pytest.fixture\ndef x(): pass\n"));
}

TEST_CASE("facts survive being written and read, and damaged ones are refused") {
  const Facts facts =
      facts_of(source::python::lex("from a import b as c\nimport d.e\nd.e.f\n'x.y'\n@fixture\ndef g(): pass\nh()\n"));
  const std::string bytes = facts.encode();
  const auto again = Facts::decode(bytes);
  REQUIRE(again.ok());
  CHECK(again->encode() == bytes);
  REQUIRE(again->imports.size() == 2);
  CHECK(again->imports[0].alias == "c");
  CHECK(again->fixtures == std::vector<std::string>{"g"});
  CHECK(again->acts);
  for (std::size_t size = 0; size < bytes.size(); ++size) CHECK_FALSE(Facts::decode(bytes.substr(0, size)).ok());
  CHECK_FALSE(Facts::decode("\xFF\xFF\xFF\xFF\x7F").ok());
}

}  // namespace daydream::legacy
