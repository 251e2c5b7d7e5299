#include "train/process_exchange.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <set>

#include "eddy/error.h"
#include "model/safetensors.h"

namespace eddy {
namespace {

template <class T>
std::vector<T> Everyones(ProcessGroup& group, T value) {
  const auto size = static_cast<size_t>(group.size());
  std::vector<T> values(size);
  const std::vector<std::span<const std::byte>> to(size, std::as_bytes(std::span(&value, 1)));
  std::vector<std::span<std::byte>> from;
  for (T& each : values) from.push_back(std::as_writable_bytes(std::span(&each, 1)));
  group.Exchange(to, from);
  return values;
}

}  // namespace

void SingleProcess::Exchange(std::span<const std::span<const std::byte>> to, std::span<const std::span<std::byte>> from) {
  if (!to[0].empty()) std::memmove(from[0].data(), to[0].data(), to[0].size());
}

ProcessGroup& Alone() {
  static SingleProcess alone;
  return alone;
}

std::string NameOfProcess(const ProcessGroup& group) {
  std::array<char, 256> host = {};
  const bool known = gethostname(host.data(), host.size() - 1) == 0 && host[0] != 0;
  return "process " + std::to_string(group.rank() + 1) + " of " + std::to_string(group.size()) +
         (known ? " (" + std::string(host.data()) + ")" : "");
}

void OnFirst(ProcessGroup& group, const std::function<void()>& work) {
  if (group.rank() != 0) return;
  if (group.size() == 1) return work();
  try {
    work();
  } catch (const Error& error) {
    throw Error(NameOfProcess(group) + ": " + error.what());
  }
}

double OfFirst(ProcessGroup& group, double value) { return group.size() == 1 ? value : Everyones(group, value).front(); }

bool OnAny(ProcessGroup& group, bool value) {
  if (group.size() == 1) return value;
  const std::vector<uint8_t> values = Everyones(group, static_cast<uint8_t>(value));
  return std::any_of(values.begin(), values.end(), [](uint8_t each) { return each != 0; });
}

std::vector<double> FromAll(ProcessGroup& group, double value) { return Everyones(group, value); }

std::vector<std::byte> JoinedBytes(ProcessGroup& group, std::span<const std::byte> own) {
  const std::vector<uint64_t> sizes = Everyones(group, uint64_t{own.size()});
  std::vector<std::byte> all(std::accumulate(sizes.begin(), sizes.end(), size_t{0}));
  const std::vector<std::span<const std::byte>> to(sizes.size(), own);
  std::vector<std::span<std::byte>> from;
  std::span<std::byte> rest = all;
  for (const uint64_t size : sizes) {
    from.push_back(rest.first(size));
    rest = rest.subspan(size);
  }
  group.Exchange(to, from);
  return all;
}

std::optional<double> MeanOfAll(ProcessGroup& group, std::vector<WeightedLoss> own) {
  double sum = 0, weight = 0;
  for (const WeightedLoss& each : Joined(group, std::move(own))) {
    sum += each.weight * each.loss;
    weight += each.weight;
  }
  return weight > 0 ? std::optional(sum / weight) : std::nullopt;
}

std::vector<std::string> ToFirst(ProcessGroup& group, const std::string& bytes) {
  const std::vector<uint64_t> sizes = Everyones(group, uint64_t{bytes.size()});
  const auto size = static_cast<size_t>(group.size());
  std::vector<std::string> all(group.rank() == 0 ? size : 0);
  std::vector<std::span<const std::byte>> to(size);
  to[0] = std::as_bytes(std::span(bytes));
  std::vector<std::span<std::byte>> from(size);
  for (size_t rank = 0; rank < all.size(); ++rank) {
    all[rank].resize(sizes[rank]);
    from[rank] = std::as_writable_bytes(std::span(all[rank]));
  }
  group.Exchange(to, from);
  return all;
}

TaskState UnitedState(ProcessGroup& group, TaskState own) {
  if (group.size() == 1) return own;
  TaskState all{std::move(own.text), {}};
  std::set<std::string> names;
  for (const std::string& bytes : ToFirst(group, SerializeSafetensors({{}, std::move(own.tensors)}))) {
    for (auto& [name, tensor] : ParseSafetensors(bytes, "a task's state").tensors) {
      if (names.insert(name).second) all.tensors.emplace_back(name, std::move(tensor));
    }
  }
  return all;
}

}  // namespace eddy
