#include "daydream/kit/hash.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "daydream/kit/result.hpp"

namespace daydream::hash {

struct Sha256::State {
  // OpenSSL fails here only when it has no memory or no SHA-256 at all: nothing a caller could act on.
  explicit State(const EVP_MD* algorithm) : context(EVP_MD_CTX_new()) {
    contract(context != nullptr && EVP_DigestInit_ex(context, algorithm, nullptr) == 1, "libcrypto has no such hash");
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { EVP_MD_CTX_free(context); }

  void update(std::string_view bytes) const {
    contract(EVP_DigestUpdate(context, bytes.data(), bytes.size()) == 1, "hash update");
  }
  std::string finish() {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    contract(!finished, "a hash is finished once");
    finished = true;
    contract(EVP_DigestFinal_ex(context, digest, &size) == 1, "hash finish");
    return {reinterpret_cast<const char*>(digest), size};
  }

  EVP_MD_CTX* context;
  bool finished = false;
};

Sha256::Sha256() : state_(std::make_unique<State>(EVP_sha256())) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::string_view bytes) {
  state_->update(bytes);
}

std::array<std::uint8_t, 32> Sha256::finish() {
  const std::string digest = state_->finish();
  std::array<std::uint8_t, 32> raw{};
  contract(digest.size() == raw.size(), "SHA-256 has 32 bytes");
  for (std::size_t i = 0; i < raw.size(); ++i) raw[i] = static_cast<std::uint8_t>(digest[i]);
  return raw;
}

void without_openssl_configuration() {
  constexpr std::uint64_t kBare = OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS;
  contract(OPENSSL_init_crypto(kBare, nullptr) == 1, "libcrypto starts");
}

std::array<std::uint8_t, 32> sha256(std::string_view bytes) {
  Sha256 hasher;
  hasher.update(bytes);
  return hasher.finish();
}

std::string sha256_hex(std::string_view bytes) {
  const auto raw = sha256(bytes);
  return hex({reinterpret_cast<const char*>(raw.data()), raw.size()});
}

std::string git_blob_id(std::string_view content, GitFormat format) {
  const std::string header = "blob " + std::to_string(content.size()) + '\0';
  const EVP_MD* algorithm = format == GitFormat::kSha1 ? EVP_sha1() : EVP_sha256();
  // One context a thread: making one costs more than hashing a small file.
  thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> owner(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_MD_CTX* context = owner.get();
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  const bool done = context != nullptr && EVP_DigestInit_ex(context, algorithm, nullptr) == 1 &&
                    EVP_DigestUpdate(context, header.data(), header.size()) == 1 &&
                    EVP_DigestUpdate(context, content.data(), content.size()) == 1 &&
                    EVP_DigestFinal_ex(context, digest, &size) == 1;
  contract(done, "libcrypto hashes a blob");
  return hex({reinterpret_cast<const char*>(digest), size});
}

namespace {

int digit_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

}  // namespace

std::uint64_t token_of_blob_id(std::string_view hex_id) {
  std::uint64_t token = 0;
  for (const char digit : hex_id.substr(0, 16)) {
    const int value = digit_value(digit);
    if (value < 0) break;
    token = token << 4 | static_cast<std::uint64_t>(value);
  }
  return token == 0 ? 1 : token;
}

std::string hex(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    text.push_back(kDigits[value >> 4]);
    text.push_back(kDigits[value & 15]);
  }
  return text;
}

}  // namespace daydream::hash
