// A step seen through a glass: between the in-memory host and the step, so that a check can withhold, cut or
// grow tables, ask for a stop at any moment and see each commit. One at a time in a process.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "daydream/abi.h"

namespace daydream::conformance {

class Lens {
 public:
  explicit Lens(const dd_plugin& step);
  ~Lens();
  Lens(const Lens&) = delete;
  Lens& operator=(const Lens&) = delete;

  // To be given to a host in the step's place. Lives as long as the lens.
  [[nodiscard]] const dd_plugin& plugin() const { return seen_; }

  // Each may be left empty. They are called on the run thread, `asked_to_stop` on any.
  std::function<const void*(std::string_view id, const void* table)> service;  // what the step gets instead
  std::function<const dd_host*(const dd_host* table)> host_table;              // the same for the host's own
  std::function<bool()> asked_to_stop;                                         // or what the host says
  std::function<void()> before_open, before_commit, after_commit, before_run;
  std::optional<std::string> configuration;  // what open() gets instead
  bool without_run = false;                  // run() says ok and does nothing
  dd_status opened = DD_OK;                  // what open() said last
  std::int32_t stop_questions = 0;           // how often `cancelled` was asked

 private:
  friend struct LensTable;
  const dd_plugin* step_;
  dd_plugin seen_;
  const dd_host* host_ = nullptr;
};

}  // namespace daydream::conformance
