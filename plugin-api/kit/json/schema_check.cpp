// A value against a compiled schema, with messages a person can act on.
#include <algorithm>
#include <chrono>
#include <set>

#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"
#include "schema_nodes.hpp"

namespace daydream::json {

namespace {

std::string quoted(std::string_view word) {
  return "\"" + text::escape_terminal(text::shorten(text::to_utf8(word), 60)) + "\"";
}

std::string quoted_list(const std::vector<std::string>& words) {
  constexpr std::size_t kMost = 16;
  std::string list;
  for (std::size_t i = 0; i < std::min(words.size(), kMost); ++i) list += (i == 0 ? "" : ", ") + quoted(words[i]);
  if (words.size() > kMost) list += " and " + std::to_string(words.size() - kMost) + " more";
  return list;
}

std::size_t characters(const Value& text) {
  const std::string_view bytes(text.GetString(), text.GetStringLength());
  return static_cast<std::size_t>(
      std::count_if(bytes.begin(), bytes.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string number_text(double number) {
  const Value value(number);
  std::string text = write(value);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text;
}

// The same text for equal values: keys sorted.
void append_canonical(const Value& value, std::string& out) {
  if (value.IsArray()) {
    out += '[';
    for (const Value& item : value.GetArray()) {
      append_canonical(item, out);
      out += ',';
    }
    out += ']';
  } else if (value.IsObject()) {
    std::vector<std::string> members;
    for (const auto& member : value.GetObject()) {
      std::string text = write(member.name) + ":";
      append_canonical(member.value, text);
      members.push_back(std::move(text));
    }
    std::sort(members.begin(), members.end());
    out += '{' + text::join(members, ",") + '}';
  } else {
    out += write(value);
  }
}

class Checker {
 public:
  explicit Checker(const std::vector<SchemaNode>& nodes) : nodes_(nodes) {}

  std::vector<Problem> run(NodeIndex node, const Value& value) {
    check(node, value);
    // A "yes" that was never looked at is none.
    if (visits_ > kMostVisits) return {{"", "", "the schema has too many alternatives to try on this value"}};
    return std::move(problems_);
  }

 private:
  // Alternatives may nest so that the work explodes; no honest value needs as many looks.
  static constexpr std::size_t kMostVisits = 1'000'000;

  void problem(std::string message, std::string key = "") {
    problems_.push_back({pointer_, std::move(key), std::move(message)});
  }

  void check(NodeIndex index, const Value& value) {
    if (++visits_ > kMostVisits) return;
    const SchemaNode& node = nodes_[index];
    if (node.reference) return check(*node.reference, value);
    if ((type_of(value) & node.types) == 0)
      return problem("expected " + type_name(node.types) + ", not " + show_value(value));
    if (node.allowed != nullptr && !allowed(*node.allowed, value)) return;
    if (value.IsString()) check_string(node, value);
    if (value.IsNumber()) check_number(node, value.GetDouble());
    if (value.IsArray()) check_array(node, value);
    if (value.IsObject()) check_object(node, value);
    if (!node.any_of.empty()) check_alternatives(node.any_of, value, false);
    if (!node.one_of.empty()) check_alternatives(node.one_of, value, true);
  }

  bool allowed(const Value& list, const Value& value) {
    std::vector<std::string> words;
    std::string shown;
    for (const Value& item : list.GetArray()) {
      if (item == value) return true;
      if (item.IsString()) words.push_back(string_of(item));
      shown += (shown.empty() ? "" : ", ") + show_value(item);
    }
    const std::string near = value.IsString() ? text::nearest(string_of(value), words) : "";
    const std::string hint = near.empty() ? "" : "; did you mean " + quoted(near) + "?";
    problem("expected " + std::string(list.Size() > 1 ? "one of " : "") + shown + ", not " + show_value(value) + hint);
    return false;
  }

  void check_string(const SchemaNode& node, const Value& value) {
    const std::size_t size = characters(value);
    if (node.min_length && size < *node.min_length)
      problem(size == 0 ? "must not be empty"
                        : "expected at least " + std::to_string(*node.min_length) + " characters, not " +
                              std::to_string(size));
    if (node.max_length && size > *node.max_length)
      problem("expected at most " + std::to_string(*node.max_length) + " characters, not " + std::to_string(size));
    const re2::StringPiece content(value.GetString(), value.GetStringLength());
    if (node.pattern != nullptr && !re2::RE2::PartialMatch(content, *node.pattern))
      problem("expected text like " + quoted(node.pattern->pattern()) + ", not " + show_value(value));
    const std::string wrong = format_problem(node.format, {value.GetString(), value.GetStringLength()});
    if (!wrong.empty()) problem(wrong);
  }

  void check_number(const SchemaNode& node, double number) {
    if (node.minimum && (number < *node.minimum || (node.exclusive_minimum && number == *node.minimum)))
      problem("expected " + std::string(node.exclusive_minimum ? "more than " : "at least ") +
              number_text(*node.minimum) + ", not " + number_text(number));
    if (node.maximum && (number > *node.maximum || (node.exclusive_maximum && number == *node.maximum)))
      problem("expected " + std::string(node.exclusive_maximum ? "less than " : "at most ") +
              number_text(*node.maximum) + ", not " + number_text(number));
  }

  void check_array(const SchemaNode& node, const Value& value) {
    if (node.min_items && value.Size() < *node.min_items)
      problem("expected at least " + std::to_string(*node.min_items) + " items, not " + std::to_string(value.Size()));
    if (node.max_items && value.Size() > *node.max_items)
      problem("expected at most " + std::to_string(*node.max_items) + " items, not " + std::to_string(value.Size()));
    std::set<std::string> seen;
    for (rapidjson::SizeType i = 0; i < value.Size(); ++i) {
      const Step step(pointer_, std::to_string(i));
      if (node.items) check(*node.items, value[i]);
      if (!node.unique_items) continue;
      std::string text;
      append_canonical(value[i], text);
      if (!seen.insert(std::move(text)).second) problem("stands here twice: " + show_value(value[i]));
    }
  }

  void check_object(const SchemaNode& node, const Value& value) {
    for (const auto& member : value.GetObject()) {
      const std::string key = string_of(member.name);
      const auto property = std::find_if(node.properties.begin(), node.properties.end(),
                                         [&key](const auto& known) { return known.first == key; });
      if (property == node.properties.end() && !node.additional) {
        if (node.closed) unknown_key(node, key);
        continue;
      }
      const Step step(pointer_, pointer_part(key));
      check(property != node.properties.end() ? property->second : *node.additional, member.value);
    }
    for (const std::string& key : node.required) {
      const Value name(rapidjson::StringRef(key.data(), key.size()));
      if (value.FindMember(name) == value.MemberEnd()) problem("missing key " + quoted(key), key);
    }
  }

  void unknown_key(const SchemaNode& node, const std::string& key) {
    std::vector<std::string> known;
    for (const auto& property : node.properties) known.push_back(property.first);
    const std::string near = text::nearest(key, known);
    std::string hint = "; no keys are known here";
    if (!near.empty()) {
      hint = "; did you mean " + quoted(near) + "?";
    } else if (!known.empty()) {
      hint = "; known are " + quoted_list(known);
    }
    problem("unknown key " + quoted(key) + hint, key);
  }

  // The problems of the alternative that was most likely meant.
  void check_alternatives(const std::vector<NodeIndex>& alternatives, const Value& value, bool only_one) {
    std::size_t fitting = 0;
    std::vector<Problem> best;
    unsigned types = 0;
    bool same_type = false;
    for (const NodeIndex alternative : alternatives) {
      std::vector<Problem> before = std::exchange(problems_, {});
      check(alternative, value);
      std::vector<Problem> found = std::exchange(problems_, std::move(before));
      if (found.empty()) ++fitting;
      if (found.empty() && !only_one) return;
      const unsigned accepted = accepted_types(alternative);
      types |= accepted;
      const bool fits_type = (accepted & type_of(value)) != 0;
      if ((fits_type && !same_type) || (fits_type == same_type && (best.empty() || found.size() < best.size())))
        best = std::move(found);
      same_type = same_type || fits_type;
    }
    if (fitting == 1) return;
    if (fitting > 1) return problem("fits more than one of the allowed forms");
    if (!same_type) return problem("expected " + type_name(types) + ", not " + show_value(value));
    problems_.insert(problems_.end(), best.begin(), best.end());
  }

  [[nodiscard]] unsigned accepted_types(NodeIndex index) const {
    while (nodes_[index].reference) index = *nodes_[index].reference;
    return nodes_[index].types;
  }

  // One step down the pointer, and up again.
  class Step {
   public:
    Step(std::string& pointer, const std::string& part) : pointer_(pointer), size_(pointer.size()) {
      pointer_ += '/' + part;
    }
    ~Step() { pointer_.resize(size_); }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;

   private:
    std::string& pointer_;
    std::size_t size_;
  };

  const std::vector<SchemaNode>& nodes_;
  std::string pointer_;
  std::vector<Problem> problems_;
  std::size_t visits_ = 0;
};

bool valid_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const auto number = [text](std::size_t at, std::size_t size) {
    int value = 0;
    for (const char c : text.substr(at, size)) value = c >= '0' && c <= '9' ? value * 10 + (c - '0') : -100'000;
    return value;
  };
  if (number(0, 4) < 0 || number(5, 2) < 0 || number(8, 2) < 0) return false;
  return std::chrono::year_month_day(std::chrono::year(number(0, 4)),
                                     std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                     std::chrono::day(static_cast<unsigned>(number(8, 2))))
      .ok();
}

bool valid_glob(std::string_view text) {
  if (text.empty() || text.find('\0') != std::string_view::npos || text.find('\n') != std::string_view::npos)
    return false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\' && ++at == text.size()) return false;
    if (text[at] != '[') continue;
    const std::size_t first = at + 1 < text.size() && (text[at + 1] == '!' || text[at + 1] == '^') ? at + 3 : at + 2;
    const std::size_t end = text.find(']', first);
    if (end == std::string_view::npos) return false;
    at = end;
  }
  return true;
}

}  // namespace

std::vector<Problem> check_value(const std::vector<SchemaNode>& nodes, NodeIndex node, const Value& value) {
  if (depth_of(value) > kMaxValueDepth)
    return {{"", "", "nested deeper than " + std::to_string(kMaxValueDepth) + " levels"}};
  return Checker(nodes).run(node, value);
}

std::string format_problem(Format format, std::string_view text) {
  switch (format) {
    case Format::kAny:
      return "";
    case Format::kDuration: {
      const auto parsed = parse_duration_ms(text);
      return parsed ? "" : parsed.error().message();
    }
    case Format::kSize: {
      const auto parsed = parse_size(text);
      return parsed ? "" : parsed.error().message();
    }
    case Format::kDate:
      return valid_date(text) ? "" : "expected a date such as \"2026-11-22\", not " + quoted(text);
    case Format::kGlob:
      return valid_glob(text) ? "" : "expected a glob such as \"src/**/*.py\", not " + quoted(text);
    case Format::kRegex: {
      const re2::RE2 pattern(re2::StringPiece(text.data(), text.size()), re2::RE2::Quiet);
      return pattern.ok() ? "" : "not a regular expression (RE2): " + text::escape_terminal(pattern.error());
    }
  }
  return "";
}

}  // namespace daydream::json
