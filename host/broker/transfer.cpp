#include "broker/transfer.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>

#include "daydream/kit/text.hpp"

namespace daydream::broker {
namespace {

constexpr std::size_t kMaxHeaders = 256 << 10;
constexpr long kConnectMs = 10'000;
constexpr long kStallSeconds = 30;

std::string resolve_entry(const Url& url, const std::vector<Address>& addresses) {
  std::string entry = url.host + ":" + std::to_string(url.port) + ":";
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    if (i > 0) entry += ',';
    entry += addresses[i].v6 ? "[" + to_string(addresses[i]) + "]" : to_string(addresses[i]);
  }
  return entry;
}

const char* word_for(CURLcode result) {
  switch (result) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return "resolve";
    case CURLE_OPERATION_TIMEDOUT:
      return "timeout";
    case CURLE_COULDNT_CONNECT:
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_PARTIAL_FILE:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return "connect";
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_ENGINE_NOTFOUND:
      return "tls";
    case CURLE_FILESIZE_EXCEEDED:
      return "too_large";
    default:
      return "protocol";
  }
}

}  // namespace

Transfer::~Transfer() {
  curl_.slist_free_all(header_list_);
  curl_.slist_free_all(resolve_list_);
}

bool Transfer::prepare(Exchange exchange) {
  exchange_ = std::move(exchange);
  url_text_ = exchange_.url.to_string();
  curl_.easy_reset(easy_);
  const auto set = [this](CURLoption option, auto value) { curl_.easy_setopt(easy_, option, value); };
  set(CURLOPT_URL, url_text_.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_PATH_AS_IS, 1L);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_PROXY, "");
  set(CURLOPT_NOPROXY, "*");
  set(CURLOPT_USERAGENT, "daydream/" DAYDREAM_VERSION);
  set(CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  if (!exchange_.certificates.empty()) set(CURLOPT_CAINFO, exchange_.certificates.c_str());
  set(CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  set(CURLOPT_WRITEDATA, static_cast<void*>(this));
  set(CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  set(CURLOPT_HEADERDATA, static_cast<void*>(this));
  set(CURLOPT_OPENSOCKETFUNCTION, &Transfer::on_open);
  set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
  set(CURLOPT_PRIVATE, static_cast<void*>(this));
  set_limits();
  return set_request();
}

void Transfer::set_limits() {
  const auto set = [this](CURLoption option, long value) { curl_.easy_setopt(easy_, option, value); };
  const long timeout = static_cast<long>(exchange_.timeout.count());
  set(CURLOPT_TIMEOUT_MS, timeout);
  set(CURLOPT_CONNECTTIMEOUT_MS, std::min(timeout, kConnectMs));
  set(CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(CURLOPT_LOW_SPEED_TIME, kStallSeconds);
}

bool Transfer::set_request() {
  const auto append = [this](curl_slist*& list, const std::string& line) {
    curl_slist* const longer = curl_.slist_append(list, line.c_str());
    if (longer != nullptr) list = longer;
    return longer != nullptr;
  };
  const std::string& method = exchange_.method;
  const bool has_body = !exchange_.body.empty() || method == "POST" || method == "PUT" || method == "PATCH";
  if (method == "HEAD") curl_.easy_setopt(easy_, CURLOPT_NOBODY, 1L);
  if (has_body) {
    curl_.easy_setopt(easy_, CURLOPT_POSTFIELDS, exchange_.body.empty() ? "" : exchange_.body.data());
    curl_.easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(exchange_.body.size()));
  }
  if (method != "GET" && method != "HEAD") curl_.easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, method.c_str());
  bool typed = false;
  for (const std::string& line : exchange_.headers) {
    typed = typed || text::to_lower_ascii(line.substr(0, 13)) == "content-type:";
    if (!append(header_list_, line)) return false;
  }
  // What libcurl would add by itself.
  if (has_body && !typed && !append(header_list_, "Content-Type:")) return false;
  if (has_body && !append(header_list_, "Expect:")) return false;
  curl_.easy_setopt(easy_, CURLOPT_HTTPHEADER, header_list_);
  if (exchange_.url.literal) return true;
  if (!append(resolve_list_, resolve_entry(exchange_.url, exchange_.addresses))) return false;
  curl_.easy_setopt(easy_, CURLOPT_RESOLVE, resolve_list_);
  return true;
}

// Decoded bytes: what a bomb becomes, not what it was.
std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::size_t bytes = size * count;
  if (bytes > transfer.exchange_.max_bytes - transfer.body_.size()) {
    transfer.too_large_ = true;
    return 0;
  }
  transfer.body_.append(data, bytes);
  return bytes;
}

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count, void* self) {
  return static_cast<Transfer*>(self)->take_header_line({data, size * count}) ? size * count : 0;
}

bool Transfer::take_header_line(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > kMaxHeaders) {
    too_large_ = true;
    return false;
  }
  if (line.starts_with("HTTP/")) {  // also after an interim answer
    headers_.clear();
    const std::size_t space = line.find(' ');
    status_ = 0;
    if (space != line.npos) std::from_chars(line.data() + space + 1, line.data() + line.size(), status_);
    return true;
  }
  const bool folded = line.starts_with(" ") || line.starts_with("\t");
  const std::string value = text::to_utf8(text::trim(folded ? line : line.substr(line.find(':') + 1)));
  if (folded) {
    if (!last_header_.empty() && !value.empty()) headers_[last_header_] += " " + value;
    return true;
  }
  const std::size_t colon = line.find(':');
  if (colon == line.npos) return true;
  last_header_ = text::to_lower_ascii(text::to_utf8(text::trim(line.substr(0, colon))));
  const auto [place, fresh] = headers_.emplace(last_header_, value);
  if (!fresh) place->second += ", " + value;
  return true;
}

// The last gate: whatever led here, a socket is only made for an address that was checked.
curl_socket_t Transfer::on_open(void* self, curlsocktype /*purpose*/, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(self);
  const auto wanted = address_of(&address->addr);
  const auto& allowed = transfer.exchange_.addresses;
  if (!wanted || std::find(allowed.begin(), allowed.end(), *wanted) == allowed.end()) {
    transfer.refused_ = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

bool Transfer::sent() const {
  long bytes = 0;
  curl_.easy_getinfo(easy_, CURLINFO_REQUEST_SIZE, &bytes);
  return bytes > 0;
}

std::string Transfer::failure(CURLcode result, std::string& words) const {
  if (too_large_) {
    words = "the answer is larger than " + std::to_string(exchange_.max_bytes) +
            " bytes (max_bytes), or its headers than 256 KiB";
    return "too_large";
  }
  if (refused_ && result != CURLE_OK) {
    words = "an address that was not checked";
    return "private_address";
  }
  if (result == CURLE_OK && status_ < 100) {
    words = "the answer has no status";
    return "protocol";
  }
  // Two lengths: whoever stands between may have read it differently.
  const auto length = headers_.find("content-length");
  if (length != headers_.end() && length->second.find_first_not_of("0123456789") != std::string::npos) {
    words = "the answer says two lengths, or none that is a number";
    return "protocol";
  }
  if (result == CURLE_OK) return "";
  words = curl_.easy_strerror(result);
  if (result == CURLE_PARTIAL_FILE || result == CURLE_RECV_ERROR || result == CURLE_GOT_NOTHING)
    words += "; the connection was cut";
  return word_for(result);
}

}  // namespace daydream::broker
