#include "train/step_gradient.h"

#include <chrono>

#include "eddy/optim.h"

namespace eddy {

StepGradient::StepGradient(Trainable& task, const std::vector<Parameter*>& parameters, ProcessGroup& group, Threads& threads,
                           Precision exchange)
    : task_(task),
      parameters_(parameters),
      threads_(threads),
      shards_(task.shards()),
      own_(ShardsOf(shards_, group.rank(), group.size())),
      sum_(shards_ > 1 ? std::make_unique<ShardSum>(parameters, shards_, group, threads, exchange) : nullptr),
      workers_(own_.size(), group, threads) {}

double StepGradient::Compute(int64_t step) {
  task_.BeginStep(step);
  try {
    if (sum_) return SumShards(step);
    ZeroGrad(parameters_, threads_);
    return task_.Step(step, {}, {threads_});
  } catch (const Stopped&) {
    task_.TakeBackStep();
    throw;
  }
}

double StepGradient::SumShards(int64_t step) {
  const auto compute = [&](size_t shard, const ShardWorker& worker) { return task_.Step(step, {shard, shards_}, worker); };
  const auto complete = [this](const Parameter& parameter) { sum_->Complete(parameter); };
  for (size_t first = own_.begin; first < own_.end; first += workers_.count()) {
    for (const double loss : workers_.Compute(first, sum_->Next(workers_.count()), compute, complete)) sum_->Add(loss);
  }
  workers_.EndStep();
  const auto computed = std::chrono::steady_clock::now();
  const double loss = sum_->Finish();
  waited_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - computed).count();
  return loss;
}

}  // namespace eddy
