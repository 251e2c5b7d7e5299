#include "train/shard_workers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>

#include "eddy/error.h"
#include "eddy/random.h"
#include "eddy/recurrent.h"
#include "kernels/packed_once.h"
#include "train/process_exchange.h"

namespace eddy {
namespace shard_workers_test {

constexpr auto kAlways = Threads::Share::kAlways;

class Two final : public ProcessGroup {
 public:
  int rank() const override { return 0; }
  int size() const override { return 2; }
  void Exchange(std::span<const std::span<const std::byte>>, std::span<const std::span<std::byte>>) override {}
};

struct OneWeight {
  Parameter weight{"weight", Tensor({1})};
  std::vector<Parameter*> all{&weight};
  std::vector<std::unique_ptr<GradientArrays>> arrays;

  // So many arrays for gradients, none of zeros.
  std::vector<const GradientArrays*> Places(size_t count) {
    std::vector<const GradientArrays*> places;
    for (size_t i = 0; i < count; ++i) {
      arrays.push_back(std::make_unique<GradientArrays>(all));
      arrays.back()->Of(weight)[0] = 7;
      places.push_back(arrays.back().get());
    }
    return places;
  }
};

TEST(ShardWorkers, are_as_many_as_divide_the_shards_and_the_threads) {
  const auto count = [&](size_t shards, int threads, const ProcessGroup& group = Alone()) {
    Threads team(threads, kAlways);
    return ShardWorkers(shards, group, team).count();
  };
  EXPECT_EQ(count(4, 1), 1);
  EXPECT_EQ(count(4, 2), 2);
  EXPECT_EQ(count(4, 3), 1);
  EXPECT_EQ(count(4, 4), 4);
  EXPECT_EQ(count(4, 6), 2);
  EXPECT_EQ(count(4, 8), 4);
  EXPECT_EQ(count(1, 8), 1);
  EXPECT_EQ(count(6, 4), 2);
  EXPECT_EQ(count(4, 2, Two()), 1) << "what one has computed travels while it goes on";
}

// Each adds a hundred times its shard, in pieces, to what must be zeros of its own.
TEST(ShardWorkers, compute_each_its_shard_with_threads_and_zeroed_gradients_of_its_own) {
  for (const int threads : {1, 2, 3, 4, 8}) {
    OneWeight network;
    Threads team(threads, kAlways);
    ShardWorkers workers(4, Alone(), team);
    for (size_t first = 0; first < 4; first += workers.count()) {
      const std::vector<const GradientArrays*> places = network.Places(workers.count());
      std::atomic<int> at_work{0};
      const auto losses = workers.Compute(first, places, [&](size_t shard, const ShardWorker& worker) {
        ++at_work;
        EXPECT_EQ(worker.threads.count(), threads / static_cast<int>(workers.count()));
        for (int i = 0; i < 100; ++i) {
          Tape tape = worker.MakeTape();
          const Var weight = tape.Use(network.weight);
          tape.Grad(weight)[0] += static_cast<Real>(shard);
        }
        worker.threads.Run([](int) {});
        return 0.5 + static_cast<double>(shard);
      });
      EXPECT_EQ(at_work, static_cast<int>(workers.count()));
      ASSERT_EQ(losses.size(), workers.count());
      for (size_t i = 0; i < losses.size(); ++i) {
        EXPECT_EQ(losses[i], 0.5 + static_cast<double>(first + i));
        EXPECT_EQ(places[i]->Of(network.weight)[0], static_cast<Real>(100 * (first + i))) << threads;
      }
    }
  }
}

TEST(ShardWorkers, threads_that_are_stopped_or_fail_say_so_where_they_were_started) {
  OneWeight network;
  StopRequest request;
  Threads team(2, kAlways);
  team.SetStop(&request);
  ShardWorkers workers(2, Alone(), team);
  const std::vector<const GradientArrays*> places = network.Places(2);
  const auto step = [](size_t, const ShardWorker& worker) {
    worker.threads.ThrowIfStopped();
    return 1.0;
  };
  EXPECT_NO_THROW(workers.Compute(0, places, step));
  EXPECT_THROW(workers.Compute(0, places,
                               [](size_t shard, const ShardWorker&) -> double {
                                 if (shard == 1) Fail("step", "the shard", "0", "1");
                                 return 1.0;
                               }),
               Error);
  request.Ask();
  EXPECT_THROW(workers.Compute(0, places, step), Stopped);
}

TEST(ShardWorkers, threads_pack_weights_once_a_step) {
  Random random(1);
  const Recurrent layer({.cell = "lstm", .input = 3, .hidden = 5}, "layer", random);
  const Real* weights = layer.parameters().front()->value.data();
  for (const int threads : {1, 2}) {
    Threads team(threads, kAlways);
    OneWeight network;
    ShardWorkers workers(2, Alone(), team);
    std::atomic<int> packed{0};
    const auto step = [&](size_t, const ShardWorker& worker) {
      const auto pack = [&](MemoryPool* memory) {
        ++packed;
        return PackedMatrix(RowMajor(weights, 20, 3), Precision::kFloat32, &worker.threads, memory);
      };
      const PackedMatrix one =
          PackOnce(worker.share.packed, weights, PackedOnce::Side::kBackward, Precision::kFloat32, pack);
      EXPECT_EQ(one.rows(), 20);
      EXPECT_EQ(PackOnce(worker.share.packed, weights, PackedOnce::Side::kForward, Precision::kFloat32, pack).cols(), 3);
      return 0.0;
    };
    for (int i = 1; i <= 2; ++i) {
      for (size_t first = 0; first < 2; first += workers.count()) workers.Compute(first, network.Places(2), step);
      EXPECT_EQ(packed, 2 * i) << threads;
      workers.EndStep();
    }
  }
}

TEST(GradientArrays, are_those_of_their_parameters_alone) {
  OneWeight network;
  Parameter other("other", Tensor({2}));
  GradientArrays arrays(network.all);
  EXPECT_EQ(arrays.Of(other).data(), other.grad.data());
  ASSERT_NE(arrays.Of(network.weight).data(), network.weight.grad.data());
  arrays.Of(network.weight)[0] = 3;
  EXPECT_EQ(network.weight.grad[0], 0);
  Threads threads;
  arrays.Zero(threads);
  EXPECT_EQ(arrays.Of(network.weight)[0], 0);
  EXPECT_EQ(GradientArrays::OwnOf(network.all).Of(network.weight).data(), network.weight.grad.data());
}

}  // namespace shard_workers_test
}  // namespace eddy
