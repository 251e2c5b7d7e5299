// What processes that train together tell each other besides gradients.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "eddy/process_group.h"
#include "eddy/trainable.h"

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
// What each process gives, one behind the other in the order of their ranks, on each.
std::vector<double> Joined(ProcessGroup& group, std::vector<double> own);
std::vector<std::string> Joined(ProcessGroup& group, std::vector<std::string> own);
// The same of bytes, on the first; nothing on the others.
std::vector<std::string> ToFirst(ProcessGroup& group, const std::string& bytes);

// A task's state with the tensors of all processes' shards, on the first; its own text. One name is kept once.
TaskState UnitedState(ProcessGroup& group, TaskState own);

}  // namespace eddy
