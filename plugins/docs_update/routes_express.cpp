// Express by its syntax tree.
#include <algorithm>
#include <array>
#include <unordered_set>

#include "daydream/source/file.hpp"
#include "daydream/source/language.hpp"
#include "plugins/docs_update/routes.hpp"

namespace daydream::docs {
namespace {

using source::File;
using source::kNoNode;
using source::NodeId;

class Reader {
 public:
  Reader(std::string_view path, const File& file, CodeRoutes& found)
      : path_(path),
        file_(file),
        found_(found),
        function_(source::field_of(file.language(), "function")),
        arguments_(source::field_of(file.language(), "arguments")),
        object_(source::field_of(file.language(), "object")),
        property_(source::field_of(file.language(), "property")),
        name_(source::field_of(file.language(), "name")),
        value_(source::field_of(file.language(), "value")) {}

  void read() {
    for (NodeId id = 0; id < file_.nodes().size(); ++id) {
      if (file_.type(id) == "variable_declarator") declared(id);
    }
    for (NodeId id = 0; id < file_.nodes().size(); ++id) {
      if (file_.type(id) == "call_expression") call(id);
    }
  }

 private:
  // app = express(), router = express.Router(), Router()
  void declared(NodeId id) {
    const NodeId name = file_.child(id, name_);
    const NodeId value = file_.child(id, value_);
    if (name == kNoNode || value == kNoNode || file_.type(value) != "call_expression") return;
    const NodeId called = file_.child(value, function_);
    if (called == kNoNode) return;
    const std::string_view text = file_.text(called);
    if (text == "express" || text == "express.Router" || text == "Router")
      routers_.insert(std::string(file_.text(name)));
  }

  // The string, where the node is a plain one.
  [[nodiscard]] std::string_view string_of(NodeId id) const {
    if (id == kNoNode || file_.type(id) != "string" || file_.text(id).size() < 2) return {};
    return file_.text(id).substr(1, file_.text(id).size() - 2);
  }

  void call(NodeId id) {
    const NodeId called = file_.child(id, function_);
    const NodeId given = file_.child(id, arguments_);
    if (called == kNoNode || given == kNoNode || file_.type(called) != "member_expression") return;
    const NodeId object = file_.child(called, object_);
    const NodeId property = file_.child(called, property_);
    if (object == kNoNode || property == kNoNode) return;
    static constexpr std::array<std::string_view, 6> kVerbs = {"get", "post", "put", "patch", "delete", "all"};
    const std::string_view verb = file_.text(property);
    if (std::find(kVerbs.begin(), kVerbs.end(), verb) == kVerbs.end()) return;
    const NodeId first = file_.first_named(given);
    if (routers_.contains(std::string(file_.text(object)))) {
      const bool handled = first != kNoNode && file_.next_named(first) != kNoNode;
      if (!handled) return;  // app.get("setting")
      put(string_of(first), verb, id);
      return;
    }
    // router.route("/x").get(handler), chained
    NodeId at = object;
    for (int hops = 0; hops < 16 && at != kNoNode && file_.type(at) == "call_expression"; ++hops) {
      const NodeId inner = file_.child(at, function_);
      if (inner == kNoNode || file_.type(inner) != "member_expression") return;
      const NodeId owner = file_.child(inner, object_);
      const NodeId what = file_.child(inner, property_);
      if (owner == kNoNode || what == kNoNode) return;
      if (file_.text(what) == "route" && routers_.contains(std::string(file_.text(owner)))) {
        const NodeId inner_given = file_.child(at, arguments_);
        put(inner_given == kNoNode ? std::string_view() : string_of(file_.first_named(inner_given)), verb, property);
        return;
      }
      at = owner;
    }
  }

  void put(std::string_view path, std::string_view verb, NodeId id) {
    Route route;
    if (!path.starts_with('/') || !path_parts(path, route.parts)) {
      found_.open = true;
      return;
    }
    if (verb != "all") {
      std::string method(verb);
      std::transform(method.begin(), method.end(), method.begin(),
                     [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
      route.methods.push_back(std::move(method));
    }
    route.path = path;
    route.file = path_;
    route.line = file_.line(file_[id].begin);
    found_.routes.push_back(std::move(route));
  }

  std::string path_;
  const File& file_;
  CodeRoutes& found_;
  std::uint16_t function_, arguments_, object_, property_, name_, value_;
  std::unordered_set<std::string> routers_;
};

}  // namespace

void express_routes(std::string_view path, std::string_view content, CodeRoutes& found) {
  using source::Language;
  const Language language = source::detect(path);
  if (language != Language::kJavaScript && language != Language::kTypeScript && language != Language::kTsx) return;
  if (content.find("express") == std::string_view::npos && content.find("Router(") == std::string_view::npos) return;
  auto file = File::parse(content, language);
  if (file) Reader(path, *file, found).read();
}

}  // namespace daydream::docs
