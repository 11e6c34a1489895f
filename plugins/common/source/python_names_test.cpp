#include <catch2/catch.hpp>

#include "daydream/source/python_names.hpp"

namespace daydream::source::python {
namespace {

struct Analysed {
  explicit Analysed(std::string source)
      : text(std::move(source)), file(std::move(File::parse(text, Language::kPython)).value()), names(make(file)) {}
  static Names make(const File& parsed) {
    REQUIRE(parsed.clean());
    return Names::analyse(parsed);
  }
  [[nodiscard]] bool used(std::string_view name) const { return names.used(0, name); }
  // Whether the scope of the function (or class, lambda) that begins on `line` uses the name.
  [[nodiscard]] bool used_in(std::uint32_t line, std::string_view name) const {
    for (ScopeId id = 1; id < names.scopes().size(); ++id) {
      const Scope& scope = names.scopes()[id];
      if (scope.kind == ScopeKind::kFunction && file.line(file[scope.node].begin) == line) return names.used(id, name);
    }
    FAIL("no function on line " << line);
    return false;
  }
  std::string text;
  File file;
  Names names;
};

}  // namespace

TEST_CASE("a name that is only imported is unused, one that is read is used") {
  const Analysed file("import os, sys\nprint(sys)\n");
  CHECK_FALSE(file.used("os"));
  CHECK(file.used("sys"));
}

TEST_CASE("import a.b binds a, an alias binds the alias") {
  const Analysed file("import a.b\nimport c.d as e\na.b.x\n");
  CHECK(file.used("a"));
  CHECK_FALSE(file.used("e"));
  CHECK(file.names.find(0, "c") == nullptr);
}

TEST_CASE("an attribute or keyword of the same name is no read") {
  const Analysed file("import os, re\nx.os\nf(re=1)\n");
  CHECK_FALSE(file.used("os"));
  CHECK_FALSE(file.used("re"));
}

TEST_CASE("a local variable hides the module's name in the whole function") {
  const Analysed file("import os\ndef f():\n    os = 1\n    return os\n");
  CHECK_FALSE(file.used("os"));
  CHECK(file.used_in(2, "os"));
}

TEST_CASE("global sends a binding to the module") {
  const Analysed file("def f():\n    global x\n    x = 1\nprint(x)\n");
  CHECK(file.used("x"));
  REQUIRE(file.names.find(0, "x") != nullptr);
  CHECK(file.names.find(0, "x")->bindings.size() == 1);
}

TEST_CASE("nonlocal sends a binding to the enclosing function") {
  const Analysed file("def f():\n    x = 0\n    def g():\n        nonlocal x\n        x = 1\n    return x, g\n");
  CHECK(file.used_in(1, "x"));
}

TEST_CASE("methods do not see the names of their class") {
  const Analysed file("import re\nclass A:\n    re = 1\n    def f(self):\n        return re\n");
  CHECK(file.used("re"));
}

TEST_CASE("a class body may read the outer name it then binds") {
  const Analysed file("import re\nclass A:\n    re = re\n");
  CHECK(file.used("re"));
}

TEST_CASE("a comprehension has its own targets, its first iterable belongs outside") {
  const Analysed file("import x, y\nclass A:\n    y = []\n    z = [x for x in y]\n");
  CHECK_FALSE(file.used("x"));
  CHECK(file.used("y"));
}

TEST_CASE("a walrus in a comprehension binds outside of it") {
  const Analysed file("def f(a):\n    [last := b for b in a]\n    return last\n");
  CHECK(file.used_in(1, "last"));
}

TEST_CASE("decorators, defaults and annotations are read outside the function") {
  const Analysed file("import a, b, c, d\n@a\ndef f(a: b = c) -> d:\n    b = c = d = 1\n");
  for (const char* name : {"a", "b", "c", "d"}) CHECK(file.used(name));
}

TEST_CASE("string annotations, casts and generic bases are code") {
  const Analysed file(
      "import a, b, c, d, e\ndef f(x: 'a.T') -> 'List[b]':\n    y: 'c' = cast('d', x)\nclass G(Base['e']): pass\n");
  for (const char* name : {"a", "b", "c", "d", "e"}) CHECK(file.used(name));
}

TEST_CASE("other strings are no code") {
  const Analysed file("import json\nx = 'json'\nd['json'] = Literal['json']\n");
  CHECK_FALSE(file.used("json"));
}

TEST_CASE("type comments and doctests are code") {
  const Analysed file("import a, b, c\nx = []  # type: List[a]\ny = 1  # b\ndef f():\n    '''\n    >>> c.x\n    '''\n");
  CHECK(file.used("a"));
  CHECK_FALSE(file.used("b"));
  CHECK(file.used("c"));
}

TEST_CASE("fields of f-strings are read, also in format specifications") {
  const Analysed file("import a, b, c\nf'{a!r:>{b}} c'\n");
  CHECK(file.used("a"));
  CHECK(file.used("b"));
  CHECK_FALSE(file.used("c"));
}

TEST_CASE("__all__ is understood in its usual forms") {
  for (const char* form :
       {"__all__ = ['os']", "__all__ = ('os',)", "__all__ = ['x'] + ['os']", "__all__ = []\n__all__ += ['os']",
        "__all__ = []\n__all__.extend(['os'])", "__all__ = []\n__all__.append('os')", "__all__: list[str] = ['os']",
        "if x:\n    __all__ = ['os']", "__all__ = 'os', 'x'"}) {
    const Analysed file(std::string("import os, re\n") + form + "\n");
    INFO(form);
    CHECK(file.used("os"));
    CHECK_FALSE(file.used("re"));
  }
}

TEST_CASE("an __all__ that is not understood makes everything used") {
  for (const char* form : {"__all__ = [n for n in x]", "__all__ = a.__all__ + ['b']", "__all__ = make()", "f(__all__)",
                           "__all__ += names"}) {
    const Analysed file(std::string("import os\n") + form + "\n");
    INFO(form);
    CHECK(file.used("os"));
  }
}

TEST_CASE("locals, eval and globals make names used that no text shows") {
  CHECK(Analysed("def f():\n    x = 1\n    return '%(x)s' % locals()\n").used_in(1, "x"));
  CHECK(Analysed("import os\nglobals()['os']\n").used("os"));
  CHECK(Analysed("import os\ndef f(s):\n    return eval(s)\n").used("os"));
  CHECK_FALSE(Analysed("def f(o):\n    x = 1\n    return vars(o)\n").used_in(1, "x"));
}

TEST_CASE("names marked with @ in a string and frames that are looked into count as read") {
  CHECK(Analysed("def f(d):\n    limit = 3\n    return d.query('a > @limit')\n").used_in(1, "limit"));
  CHECK(Analysed("def f():\n    x = 3\n    return inspect.currentframe()\n").used_in(1, "x"));
}

TEST_CASE("match patterns bind names and read classes and dotted values") {
  const Analysed file(
      "import A, b, C\ndef f(v):\n    match v:\n        case A(x=y): pass\n        case b.c: pass\n        case C: "
      "pass\n");
  CHECK(file.used("A"));
  CHECK(file.used("b"));
  CHECK_FALSE(file.used("C"));
  CHECK_FALSE(file.used_in(2, "y"));
}

TEST_CASE("names are compared after NFKC") {
  CHECK(Analysed("import \xF0\x9D\x95\xA0s\nprint(os)\n").used("os"));
}

TEST_CASE("a deleted name counts as used") {
  CHECK(Analysed("import os\ndel os\n").used("os"));
}

TEST_CASE("deep nesting is a limit, not a crash") {
  std::string text = "x = ";
  for (int i = 0; i < 20000; ++i) text += '(';
  for (int i = 0; i < 20000; ++i) text += ')';
  const auto file = File::parse(text, Language::kPython);
  REQUIRE_FALSE(file.ok());
  CHECK(file.error().kind() == ErrorKind::kUnsupported);
}

}  // namespace daydream::source::python
