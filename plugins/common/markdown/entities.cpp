// HTML entities, by cmark's own table.
#include <cmark-gfm.h>
#include <cmark-gfm/buffer.h>
#include <cmark-gfm/houdini.h>

#include <algorithm>

#include "parts.hpp"

namespace daydream::markdown {

std::size_t append_entity(std::string_view text, std::string& out) {
  constexpr std::size_t kLongest = 40;
  const std::size_t size = std::min(text.size(), kLongest);
  cmark_strbuf buffer;
  cmark_strbuf_init(cmark_get_default_mem_allocator(), &buffer, 0);
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const int taken = size < 3 ? 0 : houdini_unescape_ent(&buffer, bytes + 1, static_cast<bufsize_t>(size - 1));
  if (taken > 0) out.append(reinterpret_cast<const char*>(buffer.ptr), static_cast<std::size_t>(buffer.size));
  cmark_strbuf_free(&buffer);
  if (taken > 0) return static_cast<std::size_t>(taken) + 1;
  out += '&';
  return 1;
}

}  // namespace daydream::markdown
