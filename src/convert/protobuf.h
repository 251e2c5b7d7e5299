// Writes messages of Protocol Buffers: fields by their number, in the order in which they are added. A message within
// another is added as its bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace eddy {

class Message {
 public:
  Message& Add(int field, std::string_view bytes) {  // of a text, bytes or a message
    Key(field, 2);
    Varint(bytes.size());
    bytes_ += bytes;
    return *this;
  }
  Message& Add(int field, const char* text) { return Add(field, std::string_view(text)); }
  Message& Add(int field, const Message& message) { return Add(field, std::string_view(message.bytes_)); }
  Message& Add(int field, int64_t number) {
    Key(field, 0);
    Varint(static_cast<uint64_t>(number));
    return *this;
  }

  const std::string& bytes() const { return bytes_; }

 private:
  void Key(int field, uint64_t type) { Varint(static_cast<uint64_t>(field) << 3 | type); }
  void Varint(uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
    bytes_ += static_cast<char>(value);
  }

  std::string bytes_;
};

}  // namespace eddy
