#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "plugins/legacy_cleanup/remarks.hpp"
#include "plugins/legacy_cleanup/rules/javascript/facts.hpp"
#include "plugins/legacy_cleanup/script_index.hpp"
#include "plugins/legacy_cleanup/script_project.hpp"

namespace daydream::legacy {
namespace {

ScriptFacts facts(std::string_view text, source::Language language = source::Language::kTypeScript) {
  return script::facts_of(Subject("", text, language));
}
bool acts(std::string_view text) {
  return facts(text).acts;
}
bool nothing_else(std::string_view module) {
  return module == "fs";
}

// A folder below /tmp with these files, gone at the end.
struct Folder {
  explicit Folder(const std::vector<std::pair<std::string, std::string>>& files) {
    std::string name = "/tmp/daydream-script-XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    root = name;
    for (const auto& [path, text] : files) {
      std::filesystem::create_directories((root / path).parent_path());
      std::ofstream(root / path) << text;
      paths.push_back(path);
    }
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(root, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ScriptProject project(const std::string& path) { return ScriptProjects(root.string(), paths).of(path); }
  std::filesystem::path root;
  std::vector<std::string> paths;
};

}  // namespace

TEST_CASE("a script acts when it does more than define") {
  CHECK(acts("start();"));
  CHECK(acts("window.x = 1;"));
  CHECK(acts("export const a = make();"));
  CHECK(acts("class A { static x = make(); }"));
  CHECK(acts("@register class A {}"));
  CHECK(acts("class A extends mixin(B) {}"));
  CHECK(acts("if (x) y();"));
  CHECK(acts("new Worker('x');"));
  CHECK(acts("export default make();"));
  CHECK(acts("exports.a.b = 1;"));
  CHECK(acts("await go();"));
  CHECK_FALSE(acts("'use strict'; import a from 'a'; const b = require('b'), c = [1, {d: () => e()}];"));
  CHECK_FALSE(acts("export class A extends B { x = make(); f() { go(); } static y = 1; }"));
  CHECK_FALSE(acts("module.exports = {a, b}; exports.c = function () { go(); };"));
  CHECK_FALSE(acts("interface A {} type B = A; enum C { D } declare const e: A; export default C;"));
}

TEST_CASE("what a script asks for is known in every form") {
  const auto found = facts("import a from 'a'; export * from 'b'; import('c'); const d = require('d'); import 'e';");
  CHECK(found.modules == std::vector<std::string>{"a", "b", "c", "d", "e"});
  CHECK(facts("declare global { interface Window {} } export {};").augments);
  CHECK_FALSE(facts("declare const x: number;").augments);
  CHECK_FALSE(facts("a = = 1").known);
}

TEST_CASE("modules are found as the tools find them") {
  ScriptIndex index;
  for (const char* const path : {"src/a.ts", "src/b/index.js", "src/c.jsx", "lib/d.mjs", "index.ts"})
    index.add(path, {});
  CHECK(index.file_of("src/x.ts", "./a") == "src/a.ts");
  CHECK(index.file_of("src/x.ts", "./a.js") == "src/a.ts");
  CHECK(index.file_of("src/x.ts", "./b") == "src/b/index.js");
  CHECK(index.file_of("src/b/x.ts", "../c") == "src/c.jsx");
  CHECK(index.file_of("src/x.ts", "../lib/d.mjs") == "lib/d.mjs");
  CHECK(index.file_of("src/x.ts", "..") == "index.ts");
  CHECK(index.file_of("src/x.ts", "./nothing").empty());
  CHECK(index.file_of("src/x.ts", "../../etc/passwd").empty());
  CHECK(index.file_of("src/x.ts", "react").empty());
}

TEST_CASE("only what all its files do counts, in circles too") {
  ScriptIndex index;
  index.add("a.js", facts("import './b.js'; import 'fs';"));
  index.add("b.js", facts("import './a.js';"));
  index.add("c.js", facts("import './d.js';"));
  index.add("d.js", facts("go();"));
  index.add("e.js", facts("import 'unknown';"));
  CHECK(index.only_defines("a.js", nothing_else));
  CHECK_FALSE(index.only_defines("c.js", nothing_else));
  CHECK_FALSE(index.only_defines("e.js", nothing_else));
  CHECK_FALSE(index.only_defines("none.js", nothing_else));
}

TEST_CASE("what a project says of its compiler, its effects and its versions") {
  Folder folder({{"tsconfig.json", "{\n// c\n\"compilerOptions\": {\"strict\": true,},}"},
                 {"package.json", R"({"version": "1.2.3", "sideEffects": false, "engines": {"node": ">=18.0.0"}})"},
                 {"kept/tsconfig.json", R"({"compilerOptions": {"verbatimModuleSyntax": true}})"},
                 {"far/tsconfig.json", R"({"extends": "unknown/base"})"},
                 {"near/tsconfig.json", R"({"extends": ["@tsconfig/node20/tsconfig.json", "../base"]})"},
                 {"base.json", R"({"compilerOptions": {"composite": true}})"},
                 {"gone/tsconfig.json", R"({"extends": "../../../etc/x.json"})"},
                 {"old/package.json", R"({"engines": {"node": "0.10 || 4"}})"}});
  const ScriptProject top = folder.project("src/a.ts");
  CHECK(top.drops_unused);
  CHECK(top.no_effects);
  CHECK(top.version == "1.2.3");
  CHECK(top.node == 18);
  CHECK_FALSE(top.declares);
  CHECK_FALSE(folder.project("kept/a.ts").drops_unused);
  CHECK_FALSE(folder.project("far/a.ts").drops_unused);
  CHECK(folder.project("near/a.ts").drops_unused);
  CHECK(folder.project("near/a.ts").declares);
  CHECK_FALSE(folder.project("gone/a.ts").drops_unused);
  CHECK(folder.project("old/a.ts").node == 1);
  CHECK_FALSE(folder.project("old/a.ts").no_effects);
}

TEST_CASE("minified text and places of others are known") {
  CHECK(minified(std::string(6000, 'a')));
  CHECK_FALSE(minified("int a;\nint b;\n"));
  CHECK(foreign_place("third_party/a.c"));
  CHECK(foreign_place("web/lib/x.min.js"));
  CHECK_FALSE(foreign_place("src/vendors.js"));
}

TEST_CASE("remarks hold for their lines, their file and their names") {
  const std::string_view text =
      "/* exported a */\nx; // eslint-disable-line no-unused-vars\n// eslint-disable-next-line other/rule -- why\ny;\n"
      "// @ts-ignore\nz; // words\n/** @type {B} */\n";
  const auto file = source::File::parse(text, source::Language::kJavaScript);
  REQUIRE(file.ok());
  const Remarks remarks(text, file->comments());
  CHECK(remarks.mentions("a"));
  CHECK(remarks.mentions("B"));
  CHECK(remarks.lines(2, 2, {"no-unused-vars"}));
  CHECK_FALSE(remarks.lines(2, 2, {"rule"}));
  CHECK(remarks.lines(4, 4, {"rule"}));
  CHECK(remarks.lines(6, 6, {"anything"}));
  CHECK(remarks.words(6, 6));
  CHECK(remarks.above(8));
  CHECK_FALSE(remarks.file({"rule"}));
}

TEST_CASE("directives that are odd end") {
  for (const std::string_view text :
       {"/* eslint no-x: \"off\" */", "/* eslint-disable \"'\" */", "// eslint-disable \"", "/* global */",
        "/*eslint*/", "//", "/**/", "/* exported ' */"}) {
    const auto file = source::File::parse(text, source::Language::kJavaScript);
    REQUIRE(file.ok());
    const Remarks remarks(text, file->comments());
    CHECK_FALSE(remarks.lines(9, 9, {"x"}));
  }
}

}  // namespace daydream::legacy
