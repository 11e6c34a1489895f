// Frames of eight languages, as servers and build machines mangle their paths: found, or nothing.
#include <catch2/catch.hpp>
#include <map>

#include "plugins/sentry_review/code/locate.hpp"

using namespace daydream::sentry;

namespace {

const std::map<std::string, std::string>& repository() {
  static const std::map<std::string, std::string> kFiles{
      {"services/pay/views.py", "import x\ndef charge(request):\n    return request['amount']\n"},
      {"services/shop/views.py", "import y\ndef index(request):\n    return 1\n"},
      {"web/src/cart/Cart.tsx", "export function Cart() {\n  const total = sum(items);\n}\n"},
      {"web/src/index.js", "render();\n"},
      {"src/main/java/com/acme/Shop.java", "package com.acme;\nclass Shop { void find() {\n  throw up;\n} }\n"},
      {"src/Acme.Web/Controllers/HomeController.cs",
       "namespace Acme.Web.Controllers {\n class HomeController { void Index() {} }\n}\n"},
      {"internal/store/store.go", "package store\nfunc Open() {\n\tpanic(1)\n}\n"},
      {"app/Http/Controllers/CartController.php", "<?php\nclass CartController { function add() {\n } }\n"},
      {"app/models/order.rb", "class Order\n  def total\n    nil.x\n  end\nend\n"},
      {"engine/src/parse.cpp", "int parse(int a) {\n  return *p;\n}\n"}};
  return kFiles;
}

const Tree& tree() {
  static const Tree kTree = [] {
    std::vector<std::string> paths;
    for (const auto& [path, content] : repository()) paths.push_back(path);
    return Tree(paths, [](const std::string& path) { return std::optional<std::string>(repository().at(path)); });
  }();
  return kTree;
}

Frame ours(std::string filename, std::string abs_path, std::string function, int line, std::string module = "") {
  Frame frame;
  frame.filename = std::move(filename);
  frame.abs_path = std::move(abs_path);
  frame.function = std::move(function);
  frame.line = line;
  frame.module = std::move(module);
  frame.in_app = true;
  return frame;
}

std::string found(const Frame& frame, const std::string& platform) {
  return Locator(tree(), {}).locate(frame, platform).path;
}

struct Language {
  std::string platform, path, tail, function, module;
};

const std::vector<Language>& languages() {
  static const std::vector<Language> kAll{
      {"python", "services/pay/views.py", "pay/views.py", "charge", ""},
      {"javascript", "web/src/cart/Cart.tsx", "src/cart/Cart.tsx", "Cart", ""},
      {"java", "src/main/java/com/acme/Shop.java", "com/acme/Shop.java", "find", "com.acme.Shop"},
      {"csharp", "src/Acme.Web/Controllers/HomeController.cs", "Acme.Web/Controllers/HomeController.cs", "Index", ""},
      {"go", "internal/store/store.go", "store/store.go", "Open", ""},
      {"php", "app/Http/Controllers/CartController.php", "Http/Controllers/CartController.php", "add", ""},
      {"ruby", "app/models/order.rb", "models/order.rb", "total", ""},
      {"native", "engine/src/parse.cpp", "src/parse.cpp", "parse", ""}};
  return kAll;
}

}  // namespace

TEST_CASE("eight languages, each path mangled in eight ways, are found") {
  const std::vector<std::function<std::string(const Language&)>> manglings{
      [](const Language& l) { return l.path; },
      [](const Language& l) { return "/home/ci/build/" + l.path; },
      [](const Language& l) {
        std::string windows = "D:\\a\\1\\s\\" + l.path;
        std::replace(windows.begin(), windows.end(), '/', '\\');
        return windows;
      },
      [](const Language& l) { return "./" + l.path; },
      [](const Language& l) { return "app:///" + l.path; },
      [](const Language& l) { return l.tail; },
      [](const Language& l) { return "webpack:///./" + l.tail + "?a1b2"; },
      [](const Language& l) { return "/srv/x/../" + l.path; }};
  for (const Language& language : languages()) {
    for (std::size_t i = 0; i < manglings.size(); ++i) {
      INFO(language.platform << ", mangling " << i << ": " << manglings[i](language));
      CHECK(found(ours(manglings[i](language), "", language.function, 2), language.platform) == language.path);
    }
  }
}

TEST_CASE("a module or class leads to its file where the path does not") {
  CHECK(found(ours("Shop.java", "Shop.java", "find", 2, "com.acme.Shop$Inner"), "java") ==
        "src/main/java/com/acme/Shop.java");
  CHECK(found(ours("", "", "charge", 2, "services.pay.views"), "python") == "services/pay/views.py");
  CHECK(found(ours("", "", "Open", 2, "github.com/acme/app/internal/store"), "go").empty());
  CHECK(found(ours("store.go", "", "Open", 2, "github.com/acme/app/internal/store"), "go") ==
        "internal/store/store.go");
  CHECK(found(ours("", "", "Index", 2, "Acme.Web.Controllers.HomeController"), "csharp") ==
        "src/Acme.Web/Controllers/HomeController.cs");
  CHECK(found(ours("", "", "App\\Http\\Controllers\\CartController::add", 2), "php") ==
        "app/Http/Controllers/CartController.php");
}

TEST_CASE("what fits two files, or one by its last name only, is nothing") {
  CHECK(found(ours("views.py", "", "dispatch", 2), "python").empty());
  CHECK(found(ours("other/views.py", "", "dispatch", 2), "python").empty());
  CHECK(found(ours("/usr/lib/node_modules/x/index.js", "", "go", 1), "javascript").empty());
  CHECK(found(ours("/opt/vendor/lib/order.rb", "", "connect", 1), "ruby").empty());
  CHECK(found(ours("<anonymous>", "", "x", 1), "javascript").empty());
  CHECK(found(ours("", "", "", 0), "python").empty());
  CHECK(found(ours("Views.py", "", "charge", 2), "python").empty());
  const Place open = Locator(tree(), {}).locate(ours("views.py", "", "dispatch", 2), "python");
  CHECK(open.candidates.size() == 2);
}

TEST_CASE("a name that fits two is decided by the quoted line or the function, when only one has it") {
  Frame frame = ours("views.py", "", "dispatch", 3);
  frame.context_line = "return request['amount']";
  CHECK(found(frame, "python") == "services/pay/views.py");
  CHECK(found(ours("views.py", "", "index", 2), "python") == "services/shop/views.py");
}

TEST_CASE("a mapping of the configuration goes first") {
  const Locator locator(tree(), {{"bundle/", "web/src/"}});
  CHECK(locator.locate(ours("bundle/index.js", "", "go", 1), "javascript").path == "web/src/index.js");
}

TEST_CASE("the innermost frame that is ours and here is the place") {
  Event event;
  event.platform = "python";
  Frame django = ours("django/base.py", "/usr/lib/python3/dist-packages/django/base.py", "get_response", 1);
  django.in_app = false;
  Frame missing = ours("lib/gone.py", "", "lost", 9);
  event.exceptions.push_back(
      {"E", "", "", std::nullopt, {ours("services/pay/views.py", "", "charge", 3), missing, django}});
  const Place place = Locator(tree(), {}).locate(event);
  CHECK(place.path == "services/pay/views.py");
  CHECK(place.line == 3);
}

TEST_CASE("a line behind the end of the file is no line") {
  CHECK(Locator(tree(), {}).locate(ours("services/pay/views.py", "", "charge", 900), "python").line == 0);
}
