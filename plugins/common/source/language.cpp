#include "daydream/source/language.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace daydream::source {
namespace {

constexpr std::array<std::pair<std::string_view, Language>, 34> kExtensions{{
    {"py", Language::kPython},      {"pyi", Language::kPython},     {"pyw", Language::kPython},
    {"js", Language::kJavaScript},  {"mjs", Language::kJavaScript}, {"cjs", Language::kJavaScript},
    {"jsx", Language::kJavaScript}, {"ts", Language::kTypeScript},  {"mts", Language::kTypeScript},
    {"cts", Language::kTypeScript}, {"tsx", Language::kTsx},        {"c", Language::kC},
    {"h", Language::kCpp},          {"cc", Language::kCpp},         {"cpp", Language::kCpp},
    {"cxx", Language::kCpp},        {"c++", Language::kCpp},        {"hh", Language::kCpp},
    {"hpp", Language::kCpp},        {"hxx", Language::kCpp},        {"h++", Language::kCpp},
    {"ipp", Language::kCpp},        {"inl", Language::kCpp},        {"tcc", Language::kCpp},
    {"cu", Language::kCpp},         {"cuh", Language::kCpp},        {"go", Language::kGo},
    {"java", Language::kJava},      {"rs", Language::kRust},        {"sh", Language::kShell},
    {"bash", Language::kShell},     {"ksh", Language::kShell},      {"bats", Language::kShell},
    {"ebuild", Language::kShell},
}};

// "python3" of "#!/usr/bin/env -S python3 -u".
std::string_view interpreter(std::string_view head) {
  if (!head.starts_with("#!")) return {};
  head = head.substr(2, std::min(head.find_first_of("\r\n"), std::size_t{256}) - 2);
  while (!head.empty()) {
    const auto start = head.find_first_not_of(" \t");
    if (start == std::string_view::npos) return {};
    head.remove_prefix(start);
    const auto stop = std::min(head.find_first_of(" \t"), head.size());
    std::string_view word = head.substr(0, stop);
    head.remove_prefix(stop);
    word.remove_prefix(word.rfind('/') == std::string_view::npos ? 0 : word.rfind('/') + 1);
    const bool skipped = word == "env" || word.starts_with("-") || word.find('=') != std::string_view::npos;
    if (!skipped) return word;
  }
  return {};
}

Language by_interpreter(std::string_view program) {
  if (program.starts_with("python") || program.starts_with("pypy")) return Language::kPython;
  if (program == "sh" || program == "bash" || program == "dash" || program == "ksh" || program == "zsh") {
    return Language::kShell;
  }
  if (program == "node" || program == "nodejs") return Language::kJavaScript;
  return Language::kNone;
}

}  // namespace

Language detect(std::string_view path, std::string_view head) {
  const auto slash = path.rfind('/');
  const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return by_interpreter(interpreter(head));
  const std::string_view extension = name.substr(dot + 1);
  for (const auto& [known, language] : kExtensions) {
    if (extension == known) return language;
  }
  return Language::kNone;
}

std::string_view language_name(Language language) {
  switch (language) {
    case Language::kNone:
      return "";
    case Language::kPython:
      return "Python";
    case Language::kJavaScript:
      return "JavaScript";
    case Language::kTypeScript:
      return "TypeScript";
    case Language::kTsx:
      return "TSX";
    case Language::kC:
      return "C";
    case Language::kCpp:
      return "C++";
    case Language::kGo:
      return "Go";
    case Language::kJava:
      return "Java";
    case Language::kRust:
      return "Rust";
    case Language::kShell:
      return "shell";
  }
  return "";
}

}  // namespace daydream::source
