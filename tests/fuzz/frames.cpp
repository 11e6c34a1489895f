#include <array>
#include <string>

#include "daydream/kit/result.hpp"
#include "frames/codec.hpp"
#include "frames/messages.hpp"
#include "targets.hpp"

namespace daydream::fuzz {

namespace {

// What is accepted is exactly what would have been sent: no second form of a message, no bytes left over.
template <class Message>
void round_trip(std::string_view body) {
  auto message = Message::decode(body);
  if (!message) return;
  promise(message->encode() == body, "a message has one form");
}

// The reading primitives in an order that the input chooses.
void read_anything(std::string_view bytes) {
  if (bytes.size() < 8) return;
  frames::Decoder decoder(bytes.substr(8));
  for (const char step : bytes.substr(0, 8)) {
    const bool before = decoder.good();
    std::uint64_t value = 0;
    switch (static_cast<unsigned char>(step) % 6) {
      case 0:
        value = decoder.u8();
        break;
      case 1:
        value = decoder.u32();
        break;
      case 2:
        value = decoder.u64();
        break;
      case 3:
        value = decoder.text().size();
        break;
      case 4:
        value = decoder.count(8);
        break;
      default:
        value = static_cast<std::uint64_t>(decoder.i64());
        break;
    }
    promise(before || !decoder.good(), "a bad decoder stays bad");
    promise(decoder.good() || value == 0, "a bad read gives nothing");
  }
}

constexpr std::array kMessages = {
    &read_anything,
    &round_trip<frames::Start>,
    &round_trip<frames::Ready>,
    &round_trip<frames::Log>,
    &round_trip<frames::Progress>,
    &round_trip<frames::Explain>,
    &round_trip<frames::Done>,
    &round_trip<frames::Reply>,
    &round_trip<frames::Commit>,
    &round_trip<frames::MemoryRequest>,
    &round_trip<frames::ScanRequest>,
    &round_trip<frames::Pairs>,
    &round_trip<frames::OutputRequest>,
    &round_trip<frames::ListRequest>,
    &round_trip<frames::Entries>,
};

}  // namespace

void frames(std::string_view bytes) {
  if (bytes.empty()) return;
  kMessages[static_cast<unsigned char>(bytes.front()) % kMessages.size()](bytes.substr(1));
}

}  // namespace daydream::fuzz
