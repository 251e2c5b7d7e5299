// What processes that train together pay for it: the network between them measured, and what a step costs on any number of
// machines by a simple law. An exchange in which each process sends n bytes to each of the others takes
//     (processes - 1) (latency + n / bandwidth);
// that of a gradient is two such (train/shard_sum.h), with its share of the gradient each. Messages to several processes
// overlap on most networks, so that of many machines the latency's part is what it takes at most.
#pragma once

#include <cstddef>
#include <vector>

#include "eddy/precision.h"
#include "eddy/process_group.h"

namespace eddy {

struct ExchangeTime {
  size_t bytes = 0;    // to each other process
  double seconds = 0;  // the median of several turns
};

// Of messages of 8 bytes up to 4 MiB, 64 MiB to all others together; in about a second. Every process of the group, of two
// at least, calls it, and all get the first one's times.
std::vector<ExchangeTime> TimeExchanges(ProcessGroup& group);

// The gradient of so many weights, exchanged and summed as in a step: the median of several turns, on the first process.
// Takes about five times the gradient of memory.
double TimeGradient(ProcessGroup& group, size_t weights, Precision exchange);

struct NetworkLimits {
  double latency = 0;    // seconds a message to one other process
  double bandwidth = 0;  // bytes a second out of each process, while as many come in
};

// From the fastest of the short messages of TimeExchanges, and the longest.
NetworkLimits LimitsOf(const std::vector<ExchangeTime>& times, int processes);

// Seconds of an exchange by the law above.
double ExchangeSeconds(const NetworkLimits& network, size_t processes, double bytes);

// What a step pays on so many processes for being shared: the gradient, and the short messages in which the processes agree
// on the loss, the clock and the stop.
double SharingSeconds(const NetworkLimits& network, size_t processes, size_t weights, Precision exchange);

}  // namespace eddy
