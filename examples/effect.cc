// A real-time effect: a recurrent network that shapes sound, called with blocks of 64 samples as an audio host calls a
// plugin. After construction nothing is allocated, which this program counts. (The weights are random here, so it is noise
// that comes out; own_cell.cc shows how weights are stored and put back.)
#include <eddy/recurrent.h>
#include <eddy/stream.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <numbers>
#include <span>

namespace {
long allocations = 0;
}

void* operator new(size_t size) {
  ++allocations;
  if (void* p = std::malloc(size)) return p;
  throw std::bad_alloc();
}
void* operator new(size_t size, std::align_val_t alignment) {
  ++allocations;
  const size_t a = static_cast<size_t>(alignment);
  if (void* p = std::aligned_alloc(a, (size + a - 1) / a * a)) return p;
  throw std::bad_alloc();
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, size_t, std::align_val_t) noexcept { std::free(p); }

namespace {

class Effect {
 public:
  explicit Effect(const eddy::RecurrentStack& stack) : stream_(stack) {}

  // In place; as many samples as the host likes, whose number may change from call to call.
  void Process(std::span<float> block) noexcept {
    for (float& sample : block) {
      const std::span<const eddy::Real> h = stream_.Step(&sample);
      float sum = 0;
      for (const float unit : h) sum += unit;
      sample += sum / static_cast<float>(h.size());
    }
  }
  void Reset() noexcept { stream_.Reset(); }

 private:
  eddy::RecurrentStream stream_;
};

}  // namespace

int main() {
  constexpr size_t kBlock = 64, kBlocks = 750;  // a second at 48 kHz
  constexpr float kRate = 48000;
  eddy::Random random(1);
  const eddy::RecurrentStack stack({.layer = {.cell = "lstm", .input = 1, .hidden = 16}}, "effect", random);
  Effect effect(stack);

  float block[kBlock];
  double energy = 0, slowest = 0;
  const long before = allocations;
  for (size_t b = 0; b < kBlocks; ++b) {
    for (size_t i = 0; i < kBlock; ++i) {
      block[i] = 0.5f * std::sin(2 * std::numbers::pi_v<float> * 440 * static_cast<float>(b * kBlock + i) / kRate);
    }
    const auto start = std::chrono::steady_clock::now();
    effect.Process(block);
    slowest = std::max(slowest, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    for (const float sample : block) energy += sample * sample;
  }
  const long during = allocations - before;

  std::printf("one second of sound: energy %.2f, %ld allocations, slowest block %.3f of %.3f ms\n", energy, during,
              slowest * 1e3, kBlock / kRate * 1e3);
  return during == 0 && std::isfinite(energy) ? 0 : 1;
}
