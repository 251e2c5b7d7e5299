// Values as bytes, from one process to another of the same program: numbers and structures of numbers, strings, vectors of
// such values, and structures whose fields() is a std::tuple of references to such values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <tuple>
#include <type_traits>
#include <vector>

namespace eddy {

template <class T>
void Pack(T& value, std::vector<std::byte>& bytes) {
  const auto append = [&](std::span<const std::byte> more) { bytes.insert(bytes.end(), more.begin(), more.end()); };
  if constexpr (std::is_trivially_copyable_v<T>) {
    static_assert(!std::is_pointer_v<T>);
    append(std::as_bytes(std::span(&value, 1)));
  } else if constexpr (requires { value.fields(); }) {
    std::apply([&](auto&... each) { (Pack(each, bytes), ...); }, value.fields());
  } else {
    uint64_t size = value.size();
    Pack(size, bytes);
    if constexpr (std::is_trivially_copyable_v<typename T::value_type>) {
      append(std::as_bytes(std::span(value)));
    } else {
      for (auto& each : value) Pack(each, bytes);
    }
  }
}

// Reads what Pack() wrote from the beginning of `bytes`, and moves that behind it.
template <class T>
void Unpack(std::span<const std::byte>& bytes, T& value) {
  const auto take = [&](std::span<std::byte> into) {
    if (!into.empty()) std::memcpy(into.data(), bytes.data(), into.size());
    bytes = bytes.subspan(into.size());
  };
  if constexpr (std::is_trivially_copyable_v<T>) {
    take(std::as_writable_bytes(std::span(&value, 1)));
  } else if constexpr (requires { value.fields(); }) {
    std::apply([&](auto&... each) { (Unpack(bytes, each), ...); }, value.fields());
  } else {
    uint64_t size = 0;
    Unpack(bytes, size);
    value.resize(size);
    if constexpr (std::is_trivially_copyable_v<typename T::value_type>) {
      take(std::as_writable_bytes(std::span(value)));
    } else {
      for (auto& each : value) Unpack(bytes, each);
    }
  }
}

}  // namespace eddy
