#include "plugins/sentry_review/code/tree.hpp"

#include <utility>

#include "daydream/kit/text.hpp"

namespace daydream::sentry {

Tree::Tree(std::vector<std::string> paths, Reader read) : paths_(std::move(paths)), read_(std::move(read)) {
  for (std::size_t i = 0; i < paths_.size(); ++i) {
    const std::string& path = paths_[i];
    const std::size_t slash = path.rfind('/');
    by_name_[slash == std::string::npos ? path : path.substr(slash + 1)].push_back(static_cast<std::uint32_t>(i));
  }
}

const std::vector<std::uint32_t>& Tree::named(std::string_view name) const {
  static const std::vector<std::uint32_t> kNone;
  const auto found = by_name_.find(std::string(name));
  return found == by_name_.end() ? kNone : found->second;
}

const std::vector<std::string_view>* Tree::lines(std::uint32_t index) const {
  if (loaded_ != index) {
    loaded_ = index;
    auto content = read_ ? read_(paths_[index]) : std::nullopt;
    readable_ = content.has_value();
    content_ = content.value_or("");
    lines_ = text::split(content_, '\n');
  }
  return readable_ ? &lines_ : nullptr;
}

}  // namespace daydream::sentry
