// Content hashes, from a library (OpenSSL's libcrypto).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace daydream::hash {

// For a program that needs nothing else of OpenSSL, before its first hash: the machine's openssl.cnf is not read, now
// or later in this process. That takes longer than hashing a small file, and may leave a library without any hash.
void without_openssl_configuration();

// 32 raw bytes. [any thread]
std::array<std::uint8_t, 32> sha256(std::string_view bytes);
// 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

class Sha256 {  // incremental; one thread
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  void update(std::string_view bytes);
  std::array<std::uint8_t, 32> finish();  // once

 private:
  struct State;
  std::unique_ptr<State> state_;
};

enum class GitFormat { kSha1, kSha256 };
// The id git gives a blob of these bytes, in hexadecimal.
std::string git_blob_id(std::string_view content, GitFormat format = GitFormat::kSha1);
// The 64-bit token of the plugin ABI: the first 16 hexadecimal digits of the blob id, as a number. Never 0.
std::uint64_t token_of_blob_id(std::string_view hex_id);

std::string hex(std::string_view bytes);

}  // namespace daydream::hash
