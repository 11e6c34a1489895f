// What words look like, and after which words values stand: English as programs write it.
#pragma once

#include <string_view>

namespace daydream::logs {

enum class WordClass {
  kPlain,    // "opened", "Session"
  kCapital,  // "OK", "HALT"
  kDotted,   // "org.apache.Thing", "a.b.example.net"
  kName,     // "nscd.conf", "my_disk", "OutputCommitter", "node-#": chosen by somebody for a thing
};
WordClass class_of_word(std::string_view word);
// How surely a value follows: 1 behind "for" and "from", more behind "user" and "file", 0 elsewhere.
double announcement(std::string_view word);
// "null", "none", "nil": written where a value would stand.
bool is_absence(std::string_view word);

}  // namespace daydream::logs
