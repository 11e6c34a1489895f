// The format of a file: what wraps its lines (JSON, logfmt, container runtimes, syslog priority), and the
// layout of what is inside. Learned from a sample, then applied to each line. One thread an object.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugins/log_review/format/layout.hpp"

namespace daydream::logs {

enum class Wrap : std::uint8_t { kNone, kJson, kLogfmt, kDocker, kCri, kPriority };

class Format {
 public:
  Format() = default;
  static Format learn(const std::vector<std::string_view>& lines);
  // Views live until the next call. A line that the format does not fit is its own message, without a head.
  Parts read(std::string_view line);

  [[nodiscard]] Wrap wrap() const { return wrap_; }
  [[nodiscard]] const Layout& layout() const { return layout_; }
  // A line without a head goes on with the one before it.
  [[nodiscard]] bool joins() const;
  // "json lines", "syslog", "text, 2026-11-22 10:11:12": for people.
  [[nodiscard]] std::string describe() const;
  [[nodiscard]] std::string to_text() const;
  static Format from_text(std::string_view text);

 private:
  [[nodiscard]] Parts inside(std::string_view message, const Parts& outer);
  [[nodiscard]] Parts fields_of(Wrap wrap, std::string_view line, std::string& scratch);

  Wrap wrap_ = Wrap::kNone;
  Wrap inner_ = Wrap::kNone;  // what a container runtime wraps: JSON or logfmt, else text by the layout
  Layout layout_;
  std::string scratch_, inner_scratch_;
};

}  // namespace daydream::logs
