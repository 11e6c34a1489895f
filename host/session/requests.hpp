// What a worker may read through the host: memory, outputs and findings of earlier steps, the file list.
#pragma once

#include <optional>
#include <vector>

#include "frames/channel.hpp"
#include "frames/messages.hpp"
#include "session/session.hpp"

namespace daydream::session {

class Requests {
 public:
  explicit Requests(const Options& options) : options_(options) {}

  // nullopt: not a read. An error: the store failed. kInvalid: the frame is not ours.
  Result<std::optional<frames::Reply>> answer(const frames::Frame& frame);

 private:
  Result<frames::Reply> memory(std::string_view body);
  Result<frames::Reply> scan(std::string_view body);
  Result<frames::Reply> output(std::string_view body);
  Result<frames::Reply> findings(std::string_view body);
  Result<frames::Reply> list(std::string_view body);
  [[nodiscard]] bool earlier(const std::string& step) const;

  const Options& options_;
  std::optional<std::vector<changes::Entry>> listing_;  // the tree stands still while a step runs
};

}  // namespace daydream::session
