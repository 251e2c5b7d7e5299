// What processes that train together tell each other besides gradients.
#pragma once

#include <cstddef>
#include <cstring>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "eddy/process_group.h"
#include "eddy/trainable.h"
#include "train/packed.h"

namespace eddy {

ProcessGroup& Alone();  // a group of one; it has no state

// "process 2 of 4 (host)".
std::string NameOfProcess(const ProcessGroup& group);

// What the first process does for all, such as writing a file: what is wrong with it is its own, and said with its name.
// Nothing on the others. Throws Error.
void OnFirst(ProcessGroup& group, const std::function<void()>& work);

// Of what processes share out, the part of this one: contiguous, in the order of ranks.
inline Shard OwnShare(const ProcessGroup& group) {
  return {static_cast<size_t>(group.rank()), static_cast<size_t>(group.size())};
}

// The first process' value, on each.
double OfFirst(ProcessGroup& group, double value);
// Whether it is so on one of them, on each.
bool OnAny(ProcessGroup& group, bool value);
// What each process gives, in the order of their ranks, on each.
std::vector<double> FromAll(ProcessGroup& group, double value);
// What each process gives, one behind the other in the order of their ranks, on each. Of what can be packed (packed.h).
std::vector<std::byte> JoinedBytes(ProcessGroup& group, std::span<const std::byte> own);
template <class T>
std::vector<T> Joined(ProcessGroup& group, std::vector<T> own) {
  if (group.size() == 1) return own;
  std::vector<T> all;
  if constexpr (std::is_trivially_copyable_v<T>) {
    const std::vector<std::byte> bytes = JoinedBytes(group, std::as_bytes(std::span(own)));
    all.resize(bytes.size() / sizeof(T));
    if (!all.empty()) std::memcpy(all.data(), bytes.data(), bytes.size());
  } else {
    std::vector<std::byte> packed;
    for (T& each : own) Pack(each, packed);
    const std::vector<std::byte> bytes = JoinedBytes(group, packed);
    for (std::span<const std::byte> rest = bytes; !rest.empty();) Unpack(rest, all.emplace_back());
  }
  return all;
}
// What make(i) gives for each i below `count`, on each process: every one makes a part of them.
template <class Make>
auto SharedOut(ProcessGroup& group, size_t count, const Make& make) {
  std::vector<decltype(make(size_t{}))> own;
  for (size_t i = OwnShare(group).begin(count); i < OwnShare(group).end(count); ++i) own.push_back(make(i));
  return Joined(group, std::move(own));
}
// The mean of the losses of what all processes judged, in the order of their ranks, on each; none where nothing has weight.
struct WeightedLoss {
  double loss = 0, weight = 0;
};
std::optional<double> MeanOfAll(ProcessGroup& group, std::vector<WeightedLoss> own);
// What each process gives, on the first; nothing on the others.
std::vector<std::string> ToFirst(ProcessGroup& group, const std::string& bytes);

// A task's state with the tensors of all processes' shards, on the first; its own text. One name is kept once.
TaskState UnitedState(ProcessGroup& group, TaskState own);

}  // namespace eddy
