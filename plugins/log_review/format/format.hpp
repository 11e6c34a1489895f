// The format of a file: what wraps its lines (JSON, logfmt, container runtimes, syslog priority), and the
// layout of what is inside. Learned from a sample, then applied to each line. One thread an object.
#pragma once

#include <string>
#include <string_view>
#include <utility>
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
  // A head says who speaks and nothing else: the message is the line below it.
  [[nodiscard]] bool titled() const { return titled_; }
  // "json lines", "syslog", "text, 2026-11-22 10:11:12": for people.
  [[nodiscard]] std::string describe() const;
  [[nodiscard]] std::string to_text() const;
  static Format from_text(std::string_view text);

 private:
  [[nodiscard]] Parts inside(std::string_view message, const Parts& outer);
  void learn_messages(const std::vector<std::string_view>& lines);
  [[nodiscard]] Parts fields_of(Wrap wrap, std::string_view line, std::string& scratch);

  Wrap wrap_ = Wrap::kNone;
  Wrap inner_ = Wrap::kNone;  // what a container runtime wraps: JSON or logfmt, else text by the layout
  bool coloured_ = false;     // lines have colours, which are no part of them
  bool titled_ = false;
  bool access_within_ = false;  // messages hold a request and its status
  Layout layout_;
  std::string scratch_, inner_scratch_, plain_;
  static constexpr std::pair<char, bool Format::*> kMarks[] = {  // in memory
      {'c', &Format::coloured_},
      {'t', &Format::titled_},
      {'a', &Format::access_within_}};
};

}  // namespace daydream::logs
