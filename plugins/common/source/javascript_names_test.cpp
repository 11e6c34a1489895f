#include <catch2/catch.hpp>

#include "daydream/source/javascript_names.hpp"

namespace daydream::source::javascript {
namespace {

// How often the name is used, over all of its bindings in the scope of the program (or of any other).
struct Read {
  explicit Read(std::string_view text, Language language = Language::kTsx)
      : file(*File::parse(text, language)), names(Names::analyse(file)) {}
  [[nodiscard]] std::size_t uses(std::string_view name, ScopeId scope = 0) const {
    std::size_t found = 0;
    for (const Binding& binding : names.bindings()) {
      if (binding.name == name && binding.scope == scope) found += binding.references.size();
    }
    return found;
  }
  [[nodiscard]] const Binding* first(std::string_view name) const {
    for (const Binding& binding : names.bindings()) {
      if (binding.name == name) return &binding;
    }
    return nullptr;
  }
  File file;
  Names names;
};

}  // namespace

TEST_CASE("every form of import binds its name in the program") {
  const Read read("import a, {b, c as d, type E} from 'm';\nimport * as f from 'n';\nimport g = require('o');\n",
                  Language::kTypeScript);
  const auto kind = [&](std::string_view name) { return read.first(name)->kind; };
  CHECK(kind("a") == BindingKind::kImportDefault);
  CHECK(kind("b") == BindingKind::kImportNamed);
  CHECK(kind("d") == BindingKind::kImportNamed);
  CHECK(kind("E") == BindingKind::kImportNamed);
  CHECK(kind("f") == BindingKind::kImportNamespace);
  CHECK(kind("g") == BindingKind::kImportRequire);
  CHECK(read.first("c") == nullptr);
  CHECK(read.names.module());
  for (const Binding& binding : read.names.bindings()) CHECK(binding.references.empty());
}

TEST_CASE("a name is used by values, types, elements and exports") {
  const auto used = [](std::string_view text) {
    return Read("import {x} from 'm';\n" + std::string(text)).uses("x") > 0;
  };
  CHECK(used("x();"));
  CHECK(used("let a: x;"));
  CHECK(used("let a: typeof x;"));
  CHECK(used("let a: x.y.z;"));
  CHECK(used("let a = {x};"));
  CHECK(used("let a = {...x, [x]: 1};"));
  CHECK(used("export {x};"));
  CHECK(used("export {x as y};"));
  CHECK(used("export default x;"));
  CHECK(used("class A extends x {}"));
  CHECK(used("class A implements x {}"));
  CHECK(used("class A { @x f() {} }"));
  CHECK(used("let a = <x />;"));
  CHECK(used("let a = <x.y>z</x.y>;"));
  CHECK(used("let a = `${x}`;"));
  CHECK(used("function f(a = x) { var x; }"));
  CHECK(used("function f() { { function x() {} } return x; }"));
  CHECK(used("function f() { let x = 1; let a: x; }"));
  CHECK(used("enum A { B = x }"));
  CHECK(used("let {a = x, [x]: b} = c;"));

  CHECK_FALSE(used("let a = {x: 1}; a.x; a?.x;"));
  CHECK_FALSE(used("export {x} from 'n';"));
  CHECK_FALSE(used("x: for (;;) break x;"));
  CHECK_FALSE(used("function f(x) { return x; }"));
  CHECK_FALSE(used("function f({x}, [y]) { return x; }"));
  CHECK_FALSE(used("(x => x)(1);"));
  CHECK_FALSE(used("try {} catch (x) { x(); }"));
  CHECK_FALSE(used("for (const x of []) x();"));
  CHECK_FALSE(used("function f() { x(); var x; }"));
  CHECK_FALSE(used("let a: { x: string };"));
  CHECK_FALSE(used("function f<x>(a: x) {}"));
  CHECK_FALSE(used("let a = <p x={1} />;"));
}

TEST_CASE("writes and updates are told from reads") {
  const Read read("let a, b, c, d, e;\na = 1;\nb++;\nc += 1;\nf(d++);\n[e] = g;\n");
  const auto use = [&](std::string_view name) {
    return read.names.references()[read.first(name)->references.at(0)].use;
  };
  CHECK(use("a") == Use::kWrite);
  CHECK(use("b") == Use::kUpdate);
  CHECK(use("c") == Use::kUpdate);
  CHECK(use("d") == Use::kRead);
  CHECK(use("e") == Use::kWrite);
}

TEST_CASE("var and functions live where the language puts them") {
  const Read read("function f() { if (1) { var a = 1; let b = 2; function c() {} } }\n", Language::kJavaScript);
  CHECK(read.first("f")->scope == 0);
  CHECK(read.names.scopes()[read.first("a")->scope].holds_var);
  CHECK_FALSE(read.names.scopes()[read.first("b")->scope].holds_var);
  CHECK(read.first("a")->scope != 0);
}

TEST_CASE("names that no text shows are said to be possible") {
  CHECK(Read("eval('x');").names.opaque());
  CHECK(Read("with (a) { b(); }", Language::kJavaScript).names.opaque());
  CHECK_FALSE(Read("a.eval('x'); new Function('x');").names.opaque());
}

TEST_CASE("exported and declared names are marked") {
  const Read read("export const a = 1;\ndeclare const b: number;\ndeclare global { const c: number; }\nconst d = 1;\n");
  CHECK(read.first("a")->exported);
  CHECK(read.first("b")->ambient);
  CHECK(read.first("c")->ambient);
  CHECK_FALSE(read.first("d")->exported);
  CHECK_FALSE(read.first("d")->ambient);
}

}  // namespace daydream::source::javascript
