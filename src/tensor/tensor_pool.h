// Keeps the memory of tensors that are made again and again, as those of every training step are: memory fresh from the
// system costs a page fault every 4 KiB, which is a twentieth of a training step. Holds no more than was in use at once.
// Any thread may take; what it hands out may outlive it.
#pragma once

#include <memory>

#include "eddy/tensor.h"

namespace eddy {

class TensorPool {
 public:
  TensorPool();
  Tensor Uninitialized(const Shape& shape);  // its memory comes back when the last tensor that shares it is gone

 private:
  struct Idle;
  std::shared_ptr<Idle> idle_;
};

}  // namespace eddy
