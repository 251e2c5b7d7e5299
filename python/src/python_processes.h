// The processes that a Python program trains with, as a ProcessGroup: mpi4py moves their bytes (eddy_rnn/_processes.py).
#pragma once

#include <nanobind/nanobind.h>

#include "eddy/process_group.h"

namespace eddy::python {

// Its functions are called from threads without the interpreter's lock, and take it while Python works; what Python raises
// leaves them as Error. Made and left with the lock held, or from any thread after that.
class PythonProcesses final : public ProcessGroup {
 public:
  explicit PythonProcesses(nanobind::object processes);  // a Processes of _processes.py
  ~PythonProcesses() override;

  int rank() const override { return rank_; }
  int size() const override { return size_; }
  void Exchange(std::span<const std::span<const std::byte>> to, std::span<const std::span<std::byte>> from) override;
  std::unique_ptr<Pending> Begin(std::span<const std::span<const std::byte>> to, std::span<const std::span<std::byte>> from,
                                 int channel) override;

 private:
  class Messages;

  nanobind::object processes_;
  int rank_, size_;
};

}  // namespace eddy::python
