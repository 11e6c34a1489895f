#include "sample.hpp"

#include <fstream>
#include <iterator>

#include "daydream/kit/json.hpp"
#include "daydream/kit/process.hpp"
#include "daydream/kit/walk.hpp"
#include "daydream/testing/cases.hpp"

namespace daydream::conformance {
namespace {

using testing::FileMap;

constexpr std::size_t kMostFiles = 5'000;
constexpr std::size_t kMostBytes = std::size_t{64} << 20;

FileMap code() {
  return {
      {"src/app.py",
       "import os\nimport sys\n\n# total = 0\n# for row in rows:\n#     total += row.amount\n\n\n"
       "def main():\n    \"\"\"Starts the application.\"\"\"\n    return run(sys.argv)  \n\n\n"
       "def run(words):\n    return len(words)\n\n\ndef unused_helper():\n    return 1\n"},
      {"src/util.py",
       "from collections import OrderedDict\nimport json\n\n\ndef load(text):\n    return json.loads(text)\n"},
      {"src/tool.cpp",
       "#include <cstdio>\n\n// int old() { return 1; }\n\nint main() {\n  std::puts(\"hello\");\t\n}\n"},
      {"web/index.js", "const fs = require('fs');\n\nfunction greet(name) {\n  return `hello ${name}`;\n}\n"},
      {"Makefile", "all:\n\tpython3 -m src.app\n"},
      {"config/settings.json", "{\"port\": 8080, \"debug\": false}\n"},
  };
}

FileMap documents() {
  return {
      {"README.md",
       "# Sample\n\nSee [the guide](docs/guide.md#start) and [nothing](docs/missing.md).\n\n"
       "```python\nfrom src import util\n```\n"},
      {"docs/guide.md", "# Guide\n\n## Start\n\nRun `make`.   \n\n![picture](picture.png)\n"},
      {"TODO.md", "# To do\n\n- [x] write the sample\n- [ ] test it @later\n- [ ] publish (2019-01-01)\n"},
      {"CHANGELOG.md", "# Changes\n\n## 1.0.0\n\n- first\n"},
      {"logs/app.log",
       "2026-11-21T10:00:00Z INFO started\n2026-11-21T10:00:01Z ERROR cannot open /tmp/a: no such file\n"
       "2026-11-21T10:00:02Z ERROR cannot open /tmp/b: no such file\n"},
  };
}

FileMap surprises() {
  FileMap files{
      {"data/empty.txt", ""},
      {"data/no_last_break.txt", "one\ntwo"},
      {"data/windows.txt", "one \r\ntwo\t\r\n"},
      {"data/binary.txt", std::string("a \n\0b \n", 7)},
      {"data/latin1.txt", "caf\xe9 \n"},
      {"data/with space.txt", "a \n"},
      {"data/\xc3\xa9t\xc3\xa9.txt", "summer \n"},
      {"a/b/c/d/e/deep.txt", "deep \n"},
      {"data/long_line.txt", std::string(20'000, 'x') + " \n"},
  };
  for (int number = 1; number <= 9; ++number) {
    files["many/" + std::to_string(number) + ".txt"] = "line \nline\n" + std::to_string(number) + "  \n";
  }
  return files;
}

Result<std::string> content_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(in)), {});
  if (!in && !in.eof()) return Error(ErrorKind::kNotFound, file + ": cannot be read");
  return bytes;
}

}  // namespace

testing::Start sample_start() {
  testing::Start start;
  start.files = surprises();
  start.files.merge(code());
  FileMap first = start.files;
  start.files.merge(documents());
  if (process::find_program("git")) {
    start.history = {{"the code", "2025-03-01", std::move(first), {}},
                     {"its documents", "2026-06-01", documents(), {}}};
  }
  return start;
}

Result<testing::FileMap> read_tree(const std::string& folder) {
  auto listing = walk::list(folder);
  if (!listing) return std::move(listing.error());
  FileMap files;
  std::size_t bytes = 0;
  for (const walk::File& file : listing->files) {
    bytes += file.size;
    if (files.size() == kMostFiles || bytes > kMostBytes) {
      return Error(ErrorKind::kInvalid, folder + ": over 5,000 files or 64 MiB; give a smaller tree");
    }
    auto content = walk::read_beneath(folder, file.path, kMostBytes);
    if (!content) return std::move(content.error()).context(folder);
    files[file.path] = std::move(*content);
  }
  return files;
}

Result<testing::Start> read_case(const std::string& file) {
  auto text = content_of(file);
  if (!text) return std::move(text.error());
  auto cases = testing::parse_cases(*text, file);
  if (!cases) return std::move(cases.error());
  if (cases->cases.empty()) return Error(ErrorKind::kInvalid, file + ": holds no case");
  return testing::start_of(cases->cases.front());
}

Result<std::string> read_config(const std::string& file) {
  auto text = content_of(file);
  if (!text) return std::move(text.error());
  json::ParseOptions options;
  options.name = file;
  options.comments = true;
  auto parsed = json::Text::parse(*text, options);
  if (!parsed) return std::move(parsed.error());
  if (!parsed->root().IsObject()) return Error(ErrorKind::kInvalid, file + ": expected an object");
  return json::write(parsed->root());
}

}  // namespace daydream::conformance
