// One exchange with a server on one libcurl handle: a request without redirects, retries or policy. What it
// connects to is pinned; what comes back is counted while it comes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "broker/address.hpp"
#include "broker/curl_library.hpp"
#include "broker/pace.hpp"
#include "broker/request.hpp"

namespace daydream::broker {

struct Exchange {
  std::string method;
  Url url;
  std::vector<std::string> headers;  // "Name: value"
  std::string_view body;             // lives as long as the transfer
  milliseconds timeout{30'000};
  std::size_t max_bytes = 0;
  std::vector<Address> addresses;  // the only ones it may connect to
  std::string certificates;        // file of trusted certificates; "" = the system's
};

class Transfer {
 public:
  Transfer(const Curl& curl, CURL* easy) : curl_(curl), easy_(easy) {}
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  [[nodiscard]] CURL* handle() const { return easy_; }
  // Ready to be added to a multi handle. False: out of memory.
  bool prepare(Exchange exchange);
  // Once it has ended: why it failed, as a word of the contract and words for people; "" = it did not.
  [[nodiscard]] std::string failure(CURLcode result, std::string& words) const;
  [[nodiscard]] int status() const { return status_; }
  Headers take_headers() { return std::move(headers_); }
  std::string take_body() { return std::move(body_); }
  [[nodiscard]] bool sent() const;  // bytes of the request may have reached the server

 private:
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  static curl_socket_t on_open(void* self, curlsocktype purpose, curl_sockaddr* address);
  bool take_header_line(std::string_view line);
  bool set_request();
  void set_limits();

  const Curl& curl_;
  CURL* easy_;
  Exchange exchange_;
  curl_slist* header_list_ = nullptr;
  curl_slist* resolve_list_ = nullptr;
  std::string url_text_;
  int status_ = 0;
  Headers headers_;
  std::string last_header_;
  std::size_t header_bytes_ = 0;
  std::string body_;
  bool too_large_ = false, refused_ = false;
};

}  // namespace daydream::broker
