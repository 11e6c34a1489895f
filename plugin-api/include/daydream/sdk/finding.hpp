// One finding, built field by field. Lines and columns count from 1; 0 = none.
#pragma once

#include <cstdint>
#include <string>

#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::sdk {

enum class Severity { kInfo, kWarning, kError };
// kSafe: applied; the evidence would convince a reviewer. kReview: a ready patch for a person.
// kInfo: reported only.
enum class Safety { kSafe, kReview, kInfo };

inline const char* name_of(Severity severity) {
  return severity == Severity::kInfo ? "info" : severity == Severity::kWarning ? "warning" : "error";
}
inline const char* name_of(Safety safety) {
  return safety == Safety::kSafe ? "safe" : safety == Safety::kReview ? "review" : "info";
}

struct Finding {
  std::string rule{};  // what is wrong: "unused-import"; a third party's is "vendor/rule"
  Severity severity = Severity::kInfo;
  Safety safety = Safety::kInfo;
  std::string path{};  // relative to the source tree; "" = of no file
  int line = 0, column = 0, end_line = 0;
  std::string symbol{};      // the name concerned, where there is one
  std::string context{};     // tells twins apart through the nights; "" = the line, white space collapsed
  std::string message{};     // what is wrong, one line
  std::string evidence{};    // why that is certain
  std::string suggestion{};  // what a person could do

  // The object that put_finding takes; empty fields are left out. A path that is not UTF-8 goes as
  // "path_hex", its bytes in hexadecimal.
  [[nodiscard]] std::string to_json() const {
    json::Writer out;
    out.begin_object().field("rule", rule).field("severity", name_of(severity)).field("safety", name_of(safety));
    text::valid_utf8(path) ? put(out, "path", path) : put(out, "path_hex", hexadecimal(path));
    put(out, "line", line);
    put(out, "column", column);
    put(out, "end_line", end_line);
    put(out, "symbol", symbol);
    put(out, "context", context);
    put(out, "message", message);
    put(out, "evidence", evidence);
    put(out, "suggestion", suggestion);
    out.end_object();
    return out.take();
  }

 private:
  static void put(json::Writer& out, const char* key, const std::string& text) {
    if (!text.empty()) out.field(key, text);
  }
  static std::string hexadecimal(std::string_view bytes) {
    static constexpr std::string_view kDigits = "0123456789abcdef";
    std::string digits;
    for (const char byte : bytes) {
      const auto value = static_cast<unsigned char>(byte);
      digits += kDigits[value >> 4U];
      digits += kDigits[value & 15U];
    }
    return digits;
  }
  static void put(json::Writer& out, const char* key, int number) {
    if (number != 0) out.field(key, number);
  }
};

}  // namespace daydream::sdk
