// What must never be seen of this process: the values of the secrets its manifest declares. One set for
// the whole host, for everything that it stores, logs or says goes through here. [any thread]
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace daydream {

// From then on, and for ever: a value that was secret once may still be in somebody's hands.
void hide_secrets(const std::vector<std::string>& values);

// text::mask(), and every hidden value, also where it is base64 or URL-encoded.
std::string mask(std::string_view text);
bool shows_hidden(std::string_view text);

}  // namespace daydream
