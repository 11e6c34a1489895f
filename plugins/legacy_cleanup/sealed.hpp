// Values of the step's memory under a seal: who wrote them (the build, the rules), under which key, and
// whether they are whole. What does not open is as good as never written.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace daydream::legacy {

// `version`: of those who will read it, of any length.
std::string sealed(std::string_view version, std::string_view key, std::string_view bytes);
// A view into `value`; nullopt where it was sealed under another version or key, cut short or changed.
std::optional<std::string_view> opened(std::string_view version, std::string_view key, std::string_view value);

}  // namespace daydream::legacy
