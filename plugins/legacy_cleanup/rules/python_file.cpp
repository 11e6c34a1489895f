#include "plugins/legacy_cleanup/rules/python_file.hpp"

namespace daydream::legacy {

using source::File;
using source::kNoNode;
using source::NodeId;

void place(const File& file, NodeId node, Finding& finding) {
  finding.line = file.line(file[node].begin);
  finding.end_line = file.line(file[node].end);
  const std::string_view before = file.content().substr(0, file[node].begin);
  const auto line_break = before.rfind('\n');
  finding.column =
      static_cast<std::uint32_t>(before.size() - (line_break == std::string_view::npos ? 0 : line_break + 1)) + 1;
}

NodeId around(const File& file, NodeId node, std::uint16_t symbol) {
  NodeId at = file[node].parent;
  while (at != kNoNode && !file.is(at, symbol)) at = file[at].parent;
  return at;
}

namespace {

bool catches_import_error(const File& file, NodeId clause) {
  const auto& s = source::python::symbols();
  const NodeId first = file.first_named(clause);
  if (first == kNoNode || file.is(first, s.block)) return true;
  const std::string_view text = file.text(first);
  return text.find("ImportError") != std::string_view::npos ||
         text.find("ModuleNotFoundError") != std::string_view::npos ||
         text.find("Exception") != std::string_view::npos || text.find("Error") != std::string_view::npos;
}

bool scope_border(const File& file, NodeId node) {
  const auto& s = source::python::symbols();
  return file.is(node, s.function_definition) || file.is(node, s.class_definition) || file.is(node, s.module);
}

}  // namespace

bool in_import_attempt(const File& file, NodeId statement) {
  const auto& s = source::python::symbols();
  for (NodeId at = statement; at != kNoNode && !scope_border(file, at); at = file[at].parent) {
    if (file.is(at, s.except_clause) || file.is(at, s.except_group_clause)) return true;
    const NodeId above = file[at].parent;
    if (!file.is(above, s.try_statement)) continue;
    for (NodeId clause = file.first_named(above); clause != kNoNode; clause = file.next_named(clause)) {
      if (file.is(clause, s.except_clause) && catches_import_error(file, clause)) return true;
    }
  }
  return false;
}

bool conditional(const File& file, NodeId statement) {
  const auto& s = source::python::symbols();
  for (NodeId at = file[statement].parent; at != kNoNode && !scope_border(file, at); at = file[at].parent) {
    if (!file.is(at, s.block)) return true;
  }
  return false;
}

std::string_view file_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

bool is_test_file(std::string_view path) {
  const std::string_view name = file_name(path);
  return name.starts_with("test") || name.ends_with("_test.py") || name.ends_with("_tests.py") ||
         name == "conftest.py" || path.starts_with("tests/") || path.starts_with("test/") ||
         path.find("/tests/") != std::string_view::npos || path.find("/test/") != std::string_view::npos ||
         path.find("testing/") != std::string_view::npos;
}

bool is_sample(std::string_view path) {
  for (const std::string_view part :
       {"fixtures/", "testdata/", "test_data/", "test-data/", "targets/", "samples/", "snippets/"}) {
    const auto at = path.find(part);
    if (at != std::string_view::npos && (at == 0 || path[at - 1] == '/')) return true;
  }
  return false;
}

std::string quoted_list(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
    text += "`" + names[i] + "`";
  }
  return text;
}

}  // namespace daydream::legacy
