// Processes that train one model together, each with its part of every step's batch: on one machine or on many. They compute
// the same bits as one process would (eddy/train.h), so that a run may be begun by four and resumed by two.
//
// The library brings the group of one. `mpirun eddy` makes one of MPI's processes; a program with another way to send bytes
// derives its own class.
#pragma once

#include <cstddef>
#include <memory>
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

  // An exchange that goes on while its process computes.
  class Pending {
   public:
    virtual ~Pending() = default;  // before it is done only where an error ends the process: nothing moves from then on
    virtual bool Done() = 0;       // without waiting; the same errors as Exchange()
    virtual void Wait() = 0;
  };

  // Begins an exchange as above; the bytes, though not the spans, stay where they are until it is done. Every process begins
  // the exchanges of a channel, 0 to 7, in the same order, and those of different channels in whatever order; Exchange() is
  // of channel 0. By default it is made at once and done when this returns, which is right where processes begin the
  // exchanges of all channels in one order.
  virtual std::unique_ptr<Pending> Begin(std::span<const std::span<const std::byte>> to,
                                         std::span<const std::span<std::byte>> from, [[maybe_unused]] int channel) {
    Exchange(to, from);
    return std::make_unique<Made>();
  }

 private:
  // All virtual functions are inline or pure: a group in a module of its own needs no symbol of the program's.
  class Made final : public Pending {
   public:
    bool Done() override { return true; }
    void Wait() override {}
  };
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
