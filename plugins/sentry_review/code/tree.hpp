// The files of the source tree by name, for the way from a frame to a file.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace daydream::sentry {

class Tree {
 public:
  using Reader = std::function<std::optional<std::string>(const std::string& path)>;
  // `read` gives the content of a listed file, or none.
  Tree() = default;
  Tree(std::vector<std::string> paths, Reader read);

  // Paths with this last part, exactly as written.
  [[nodiscard]] const std::vector<std::uint32_t>& named(std::string_view name) const;
  [[nodiscard]] const std::string& path(std::uint32_t index) const { return paths_[index]; }
  [[nodiscard]] std::size_t size() const { return paths_.size(); }
  // Lines of a file, without their ends; the last file is kept. nullptr where it cannot be read.
  [[nodiscard]] const std::vector<std::string_view>* lines(std::uint32_t index) const;

 private:
  std::vector<std::string> paths_;
  std::unordered_map<std::string, std::vector<std::uint32_t>> by_name_;
  Reader read_;
  mutable std::optional<std::uint32_t> loaded_;
  mutable std::string content_;
  mutable std::vector<std::string_view> lines_;
  mutable bool readable_ = false;
};

}  // namespace daydream::sentry
