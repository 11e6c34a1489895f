#include "frames/http_messages.hpp"

#include "frames/codec.hpp"

namespace daydream::frames {
namespace {

Error bad(const char* name) {
  return {ErrorKind::kInvalid, std::string("a frame ") + name + " that is not whole"};
}

}  // namespace

std::string HttpSubmit::encode() const {
  Encoder out;
  out.u64(ticket);
  out.text(request);
  out.text(body);
  return out.take();
}
Result<HttpSubmit> HttpSubmit::decode(std::string_view bytes) {
  Decoder in(bytes);
  HttpSubmit message;
  message.ticket = in.u64();
  message.request = in.text();
  message.body = in.text();
  if (!in.finished()) return bad("HttpSubmit");
  return message;
}

std::string HttpPoll::encode() const {
  Encoder out;
  out.u32(timeout_ms);
  return out.take();
}
Result<HttpPoll> HttpPoll::decode(std::string_view bytes) {
  Decoder in(bytes);
  HttpPoll message{in.u32()};
  if (!in.finished()) return bad("HttpPoll");
  return message;
}

std::string HttpAnswers::encode() const {
  Encoder out;
  out.u64(items.size());
  for (const HttpAnswer& item : items) {
    out.u64(item.ticket);
    out.text(item.json);
    out.text(item.body);
  }
  return out.take();
}
Result<HttpAnswers> HttpAnswers::decode(std::string_view bytes) {
  Decoder in(bytes);
  HttpAnswers message;
  for (std::uint64_t left = in.count(24); left > 0; --left) {
    HttpAnswer item;
    item.ticket = in.u64();
    item.json = in.text();
    item.body = in.text();
    message.items.push_back(std::move(item));
  }
  if (!in.finished()) return bad("HttpAnswers");
  return message;
}

std::string HttpSettled::encode() const {
  Encoder out;
  out.i32(state);
  out.text(response);
  return out.take();
}
Result<HttpSettled> HttpSettled::decode(std::string_view bytes) {
  Decoder in(bytes);
  HttpSettled message;
  message.state = in.i32();
  message.response = in.text();
  if (!in.finished()) return bad("HttpSettled");
  return message;
}

std::string HttpReconciled::encode() const {
  Encoder out;
  out.text(key);
  out.i32(status);
  out.i32(happened);
  return out.take();
}
Result<HttpReconciled> HttpReconciled::decode(std::string_view bytes) {
  Decoder in(bytes);
  HttpReconciled message;
  message.key = in.text();
  message.status = in.i32();
  message.happened = in.i32();
  if (!in.finished()) return bad("HttpReconciled");
  return message;
}

}  // namespace daydream::frames
