#include "timing/exchange_timing.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <span>

#include "base/median.h"
#include "train/process_exchange.h"
#include "train/shard_sum.h"

namespace eddy {
namespace {

constexpr size_t kLeastBytes = 8, kMostExchangedBytes = size_t{4} << 20, kMostToAll = size_t{64} << 20;
constexpr size_t kShortExchanges = 2;  // of a step: whether to stop, the clock; the losses travel beside the gradient

// The same number of turns on every process, as the first one's clock decides.
double MedianSeconds(ProcessGroup& group, const std::function<void()>& work) {
  constexpr double kSeconds = 0.1;
  constexpr size_t kLeastTurns = 5, kMostTurns = 201;
  const auto seconds_of = [&] {
    OfFirst(group, 0);  // they begin together
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  seconds_of();  // the first is slower
  const double planned = OfFirst(group, kSeconds / std::max(seconds_of(), 1e-9));
  const auto turns =
      static_cast<size_t>(std::clamp(planned, static_cast<double>(kLeastTurns), static_cast<double>(kMostTurns)));
  std::vector<double> times(turns);
  for (double& time : times) time = seconds_of();
  return OfFirst(group, UpperMedian(times));
}

size_t BytesSent(Precision exchange) { return exchange == Precision::kBfloat16 ? 2 : sizeof(Real); }

}  // namespace

std::vector<ExchangeTime> TimeExchanges(ProcessGroup& group) {
  const auto processes = static_cast<size_t>(group.size());
  const size_t most = std::min(kMostExchangedBytes, kMostToAll / processes);
  const std::vector<std::byte> out(most);
  std::vector<std::byte> in(most * processes);
  std::vector<ExchangeTime> times;
  for (size_t bytes = kLeastBytes;; bytes = std::min(bytes * 8, most)) {
    const std::vector<std::span<const std::byte>> to(processes, std::span(out).first(bytes));
    std::vector<std::span<std::byte>> from;
    for (size_t rank = 0; rank < processes; ++rank) from.push_back(std::span(in).subspan(rank * most, bytes));
    times.push_back({bytes, MedianSeconds(group, [&] { group.Exchange(to, from); })});
    if (bytes == most) return times;
  }
}

double TimeGradient(ProcessGroup& group, size_t weights, Precision exchange) {
  Parameter parameter("gradient", Tensor({weights}));
  Threads threads(1);
  ShardSum sum({&parameter}, static_cast<size_t>(group.size()), group, threads, exchange);
  return MedianSeconds(group, [&] {
    sum.Next(1);
    sum.Add(0);
    sum.Finish();
  });
}

NetworkLimits LimitsOf(const std::vector<ExchangeTime>& times, int processes) {
  constexpr size_t kShort = 4096;
  const double others = processes - 1;
  double latency = times.front().seconds;
  for (const ExchangeTime& each : times) latency = each.bytes <= kShort ? std::min(latency, each.seconds) : latency;
  const double of_bytes = std::max(times.back().seconds - latency, 1e-9);
  return {latency / others, others * static_cast<double>(times.back().bytes) / of_bytes};
}

double ExchangeSeconds(const NetworkLimits& network, size_t processes, double bytes) {
  return static_cast<double>(processes - 1) * (network.latency + bytes / network.bandwidth);
}

double SharingSeconds(const NetworkLimits& network, size_t processes, size_t weights, Precision exchange) {
  const double slice = static_cast<double>(weights * BytesSent(exchange)) / static_cast<double>(processes);
  return 2 * ExchangeSeconds(network, processes, slice) + kShortExchanges * ExchangeSeconds(network, processes, kLeastBytes);
}

}  // namespace eddy
