#include "support/http_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace daydream::testing {

namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
  return text;
}

std::string trimmed(const std::string& text) {
  const auto from = text.find_first_not_of(" \t");
  const auto to = text.find_last_not_of(" \t");
  return from == std::string::npos ? "" : text.substr(from, to - from + 1);
}

// The head up to the empty line, or nothing.
bool parse_head(const std::string& head, HttpAsked& asked) {
  const auto line_end = head.find("\r\n");
  const std::string line = head.substr(0, line_end);
  const auto first = line.find(' ');
  const auto second = line.find(' ', first + 1);
  if (first == std::string::npos || second == std::string::npos) return false;
  asked.method = line.substr(0, first);
  asked.target = line.substr(first + 1, second - first - 1);
  for (auto at = line_end + 2; at < head.size();) {
    const auto end = std::min(head.find("\r\n", at), head.size());
    const std::string header = head.substr(at, end - at);
    const auto colon = header.find(':');
    if (colon != std::string::npos) asked.headers[lower(header.substr(0, colon))] = trimmed(header.substr(colon + 1));
    at = end + 2;
  }
  return true;
}

std::string chunked(const std::string& body) {
  std::string out;
  for (std::size_t at = 0; at < body.size(); at += 1000) {
    const std::string piece = body.substr(at, 1000);
    char size[32];
    std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
    out += size + piece + "\r\n";
  }
  return out + "0\r\n\r\n";
}

std::string head_of(const HttpSays& says, std::size_t length) {
  std::string head = "HTTP/1.1 " + std::to_string(says.status) + " Said\r\n";
  for (const auto& [name, value] : says.headers) head += name + ": " + value + "\r\n";
  if (says.gzip) head += "Content-Encoding: gzip\r\n";
  if (says.chunked)
    head += "Transfer-Encoding: chunked\r\n";
  else if (!says.no_length && says.status != 204 && says.status != 304)
    head += "Content-Length: " + std::to_string(length) + "\r\n";
  if (says.close || says.no_length) head += "Connection: close\r\n";
  return head + "\r\n";
}

// So that the other side sees a reset, not an end.
void reset(int socket) {
  const linger hard{1, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
}

}  // namespace

std::string gzipped(const std::string& bytes) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

HttpServer::HttpServer(Script script) : script_(std::move(script)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (listener_ < 0 || ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::listen(listener_, 256) != 0 || ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    std::abort();
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

HttpServer::~HttpServer() {
  stopping_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  {
    const std::lock_guard lock(mutex_);
    for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
  }
  for (auto& thread : threads_) thread.join();
  for (const int socket : sockets_) ::close(socket);
  ::close(listener_);
}

std::vector<HttpAsked> HttpServer::asked() const {
  const std::lock_guard lock(mutex_);
  return asked_;
}

void HttpServer::accept_all() {
  while (!stopping_) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) {
      if (stopping_) return;
      continue;
    }
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const int number = ++connections_;
    const std::lock_guard lock(mutex_);
    sockets_.push_back(socket);
    threads_.emplace_back([this, socket, number] { serve(socket, number); });
  }
}

// Closed by the destructor: a number that is used again would be another's.
void HttpServer::serve(int socket, int connection) {
  std::string buffer;
  const auto more = [&] {
    char piece[16384];
    const ssize_t got = ::recv(socket, piece, sizeof piece, 0);
    if (got > 0) buffer.append(piece, static_cast<std::size_t>(got));
    return got > 0;
  };
  while (!stopping_) {
    std::size_t end = 0;
    while ((end = buffer.find("\r\n\r\n")) == std::string::npos) {
      if (!more()) return;
    }
    HttpAsked asked;
    if (!parse_head(buffer.substr(0, end), asked)) break;
    const auto length = asked.headers.find("content-length");
    const std::size_t size = length == asked.headers.end() ? 0 : std::strtoul(length->second.c_str(), nullptr, 10);
    while (buffer.size() < end + 4 + size) {
      if (!more()) return;
    }
    asked.body = buffer.substr(end + 4, size);
    buffer.erase(0, end + 4 + size);
    asked.connection = connection;
    {
      const std::lock_guard lock(mutex_);
      asked.number = static_cast<int>(asked_.size()) + 1;
      asked_.push_back(asked);
    }
    if (!answer(socket, asked)) break;
  }
  ::shutdown(socket, SHUT_RDWR);
}

bool HttpServer::send_all(int socket, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t sent = ::send(socket, data, size, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    data += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

// True: the connection lives on.
bool HttpServer::answer(int socket, const HttpAsked& asked) {
  const int now = ++under_way_;
  for (int most = most_; now > most && !most_.compare_exchange_weak(most, now);) {
  }
  const HttpSays says = script_(asked);
  const auto nap = [this](std::chrono::milliseconds time) {
    for (const auto until = std::chrono::steady_clock::now() + time;
         !stopping_ && std::chrono::steady_clock::now() < until;)
      ::poll(nullptr, 0, 2);
  };
  if (says.delay.count() > 0) nap(says.delay);
  --under_way_;
  if (!says.raw.empty()) {
    send_all(socket, says.raw.data(), says.raw.size());
    return false;
  }
  std::string body = says.gzip ? gzipped(says.body) : says.body;
  if (says.chunked) body = chunked(body);
  std::string bytes = head_of(says, body.size());
  const std::size_t head = bytes.size();
  if (asked.method != "HEAD") bytes += body;
  if (says.cut_after < bytes.size()) {
    send_all(socket, bytes.data(), says.cut_after);
    nap(std::chrono::milliseconds(20));  // so that what was sent is read before the reset
    reset(socket);
    return false;
  }
  if (says.drip.count() == 0) return send_all(socket, bytes.data(), bytes.size()) && !says.close && !says.no_length;
  if (!send_all(socket, bytes.data(), head)) return false;
  for (std::size_t at = head; at < bytes.size(); ++at) {
    nap(says.drip);
    if (stopping_ || !send_all(socket, bytes.data() + at, 1)) return false;
  }
  return !says.close && !says.no_length;
}

}  // namespace daydream::testing
