// The rules over texts that are nearly programs: whatever is torn out or put in, they end, their edits
// lie in the text, and what is said with the repository in sight was announced without it.
#include <array>
#include <catch2/catch.hpp>

#include "plugins/legacy_cleanup/examine.hpp"

namespace daydream::legacy {
namespace {

constexpr std::string_view kScript = R"js(/* @license none */
'use strict';
import a, { b, c as d, type E } from './a.js';
import * as f from "node:fs"; // words
const { g, h: i, ...rest } = require('./g'), j = new Buffer('x');
/** @type {E} */
export function k(l, { m = 1 } = {}) {
  const n = `t${l}`, o = /[/]x/g;
  let p = 0, q;
  // TODO: remove after 2020-01-01
  for (const r of l) { p++; if (r) continue; else break; q(); }
  // n.go(p);
  // if (n) { q = p; }
  switch (m) { case 1: return n; q(); default: throw new Error('x'); }
  label: while (true) { break label; }
  return
    p;
}
class S extends f.X { #t = 1; static { var u; } get v() { return this.#t; } }
module.exports = { k, [S]: () => <a.B x={1}>{...rest}</a.B> };
;[1, 2].map((w) => w)
)js";

constexpr std::string_view kC = R"cc(// Copyright
#include <stdio.h>
#define RUN(a) \
                                       do {         \
                                         a;         \
                                       } while (0)
#if 0
static int old(register int a) { return 'x' + 1'000; }
#ifdef X
don't
#else
#endif
#endif
                                     static const char* s = R"x(/* " */)x"
                                                            "\"//";
                                     int f(int a) throw() {
                                       /* a = b;
                                          c(a); */
                                       // a = s[0];
                                       for (;;) {
                                         if (a) break;
                                         continue;
                                         a--;
                                       }
                                       switch (a) {
                                         case 1:
                                           return 2;
                                           break;
                                         default:
                                           goto out;
                                           a++;
                                       }
                                       std::auto_ptr<int> p;
                                     out:
                                       return a;
                                       a += RUN(1);
                                     }
)cc";

// A small generator: the same texts every time.
class Numbers {
 public:
  explicit Numbers(std::uint64_t seed) : state_(seed * 2654435769U + 88172645463325252U) {}
  std::size_t below(std::size_t limit) {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return limit == 0 ? 0 : static_cast<std::size_t>(state_ % limit);
  }

 private:
  std::uint64_t state_;
};

std::string mutated(std::string_view text, Numbers& numbers) {
  static constexpr std::array<std::string_view, 22> kPieces{"`",
                                                            "/*",
                                                            "*/",
                                                            "//",
                                                            "#if 0\n",
                                                            "#endif\n",
                                                            "#else\n",
                                                            "\\\n",
                                                            "}",
                                                            "{",
                                                            "(",
                                                            ")",
                                                            ";",
                                                            "'",
                                                            "\"",
                                                            "R\"(",
                                                            "\n",
                                                            "\xFF",
                                                            "return ",
                                                            "const x = 1;\n",
                                                            "import x from 'x';\n",
                                                            "<a>"};
  std::string result(text);
  for (std::size_t times = 1 + numbers.below(4); times > 0; --times) {
    const std::size_t at = numbers.below(result.size()), size = numbers.below(40);
    switch (numbers.below(3)) {
      case 0:
        result.erase(at, size);
        break;
      case 1:
        result.insert(at, result.substr(numbers.below(result.size()), size));
        break;
      default:
        result.insert(at, kPieces[numbers.below(kPieces.size())]);
    }
  }
  return result;
}

void check(const std::string& path, const std::string& text) {
  INFO(path << "\n" << text);
  Repository repository;
  repository.date = "2026-11-22";
  const Record record = record_of(path, text, {});
  REQUIRE(Record::decode(record.encode()).ok());
  repository.add(path, record.facts);
  const std::vector<Finding> findings = findings_of(path, text, repository);
  const bool announced = findings.empty() || record.candidates;
  REQUIRE(announced);
  for (const Finding& finding : findings) {
    std::uint32_t behind = 0;
    const bool placed = finding.line >= 1 && finding.end_line >= finding.line && finding.column >= 1;
    REQUIRE(placed);
    for (const Edit& edit : finding.edits) {
      const bool inside = edit.begin >= behind && edit.begin <= edit.end && edit.end <= text.size();
      REQUIRE(inside);
      behind = edit.end;
    }
  }
}

}  // namespace

TEST_CASE("nearly programs are read to their end") {
  Numbers numbers(7);
  for (int i = 0; i < 250; ++i) {
    check("src/a.js", mutated(kScript, numbers));
    check("src/a.tsx", mutated(kScript, numbers));
    check("src/a.cc", mutated(kC, numbers));
    check("src/a.c", mutated(kC, numbers));
  }
}

TEST_CASE("nothing at all, and only beginnings, are read") {
  for (const std::string_view whole : {kScript, kC}) {
    for (std::size_t size = 0; size < whole.size(); size += 23) {
      check("a.ts", std::string(whole.substr(0, size)));
      check("a.hpp", std::string(whole.substr(0, size)));
    }
  }
}

}  // namespace daydream::legacy
