#include "pipeline/list_options.hpp"

#include <string>

#include "manifest/tree.hpp"

namespace daydream::pipeline {

namespace {

constexpr int kMaxDepth = 64;

class Lists {
 public:
  Lists(const json::Value& schema, json::Document& document, std::vector<json::Problem>& problems)
      : schema_(schema), allocator_(document.GetAllocator()), problems_(problems) {}

  void settle(json::Value& object, const json::Value& schema, const std::string& pointer, int depth) {
    if (depth > kMaxDepth) return;
    const json::Value* properties = json::find(form(schema, "object"), "properties");
    for (auto& member : object.GetObject()) {
      const std::string key = json::string_of(member.name);
      const json::Value* option = properties == nullptr ? nullptr : json::find(*properties, key.c_str());
      if (option == nullptr) option = json::find(form(schema, "object"), "additionalProperties");
      if (option == nullptr || !option->IsObject() || !member.value.IsObject()) continue;
      const std::string below = pointer + "/" + json::pointer_part(key);
      if (manifest::is_operation(member.value) && is_list(form(*option, "array"))) {
        apply(member.value, *option, below);
      } else {
        settle(member.value, *option, below, depth + 1);
      }
    }
  }

 private:
  static bool is_list(const json::Value& schema) { return json::get_string(schema, "type") == "array"; }

  // Behind "$ref", and of several forms the one of this type.
  const json::Value& form(const json::Value& schema, std::string_view type) const {
    const json::Value* part = &schema;
    for (int depth = 0; depth < kMaxDepth; ++depth) {
      const json::Value* next = nullptr;
      if (const json::Value* reference = json::find(*part, "$ref"); reference != nullptr && reference->IsString()) {
        const json::Value* definitions = json::find(schema_, "definitions");
        const std::string name = json::string_of(*reference);
        const auto slash = name.rfind('/');
        next = definitions == nullptr || slash == std::string::npos
                   ? nullptr
                   : json::find(*definitions, name.substr(slash + 1).c_str());
      }
      for (const char* word : {"anyOf", "oneOf"}) {
        const json::Value* forms = next == nullptr ? json::find(*part, word) : nullptr;
        for (rapidjson::SizeType i = 0; forms != nullptr && i < forms->Size(); ++i) {
          if (json::get_string(form((*forms)[i], type), "type") == type) next = &(*forms)[i];
        }
      }
      if (next == nullptr) return *part;
      part = next;
    }
    return *part;
  }

  void apply(json::Value& operation, const json::Value& option, const std::string& pointer) {
    json::Value list(rapidjson::kArrayType);
    const json::Value* fallback = json::find(option, "default");
    if (fallback == nullptr) fallback = json::find(form(option, "array"), "default");
    if (fallback != nullptr && fallback->IsArray()) list.CopyFrom(*fallback, allocator_);
    if (const json::Value* taken = json::find(operation, "remove")) {
      for (rapidjson::SizeType i = 0; i < taken->Size(); ++i) {
        if (!remove((*taken)[i], list)) {
          problems_.push_back({pointer + "/remove/" + std::to_string(i), "",
                               "not in the list that the plugin has by default: " + json::write(list)});
        }
      }
    }
    if (const json::Value* added = json::find(operation, "append")) {
      for (const json::Value& value : added->GetArray()) {
        list.PushBack(json::Value().CopyFrom(value, allocator_), allocator_);
      }
    }
    operation = std::move(list);
  }

  static bool remove(const json::Value& wanted, json::Value& list) {
    for (auto* item = list.Begin(); item != list.End(); ++item) {
      if (*item != wanted) continue;
      list.Erase(item);
      return true;
    }
    return false;
  }

  const json::Value& schema_;
  json::Document::AllocatorType& allocator_;
  std::vector<json::Problem>& problems_;
};

}  // namespace

json::Document with_lists(const json::Value& config, const json::Value& schema, std::vector<json::Problem>& problems) {
  json::Document document;
  document.CopyFrom(config, document.GetAllocator());
  if (document.IsObject()) Lists(schema, document, problems).settle(document, schema, "", 0);
  return document;
}

}  // namespace daydream::pipeline
