// Processes that train one model together, each with its part of every step's batch: on one machine or on many. They compute
// the same bits as one process would (eddy/train.h), so that a run may be begun by four and resumed by two.
//
// The library brings the group of one. `mpirun eddy` makes one of MPI's processes; a program with another way to send bytes
// derives its own class.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "eddy/export.h"

EDDY_API_BEGIN
namespace eddy {

class ProcessGroup {
 public:
  virtual ~ProcessGroup() = default;

  virtual int rank() const = 0;  // of this process: 0 .. size() - 1
  virtual int size() const = 0;

  // Sends to[r] to process r and fills from[r] with what process r sends to this one; both have size() entries, and to[r] is
  // as long as from[rank()] there. Every process calls it with the others. Throws Error where one is gone.
  virtual void Exchange(std::span<const std::span<const std::byte>> to, std::span<const std::span<std::byte>> from) = 0;
};

// One process alone.
class SingleProcess final : public ProcessGroup {
 public:
  int rank() const override { return 0; }
  int size() const override { return 1; }
  void Exchange(std::span<const std::span<const std::byte>> to, std::span<const std::span<std::byte>> from) override;
};

}  // namespace eddy
EDDY_API_END
