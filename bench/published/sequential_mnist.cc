// Bai et al. 2018 (arXiv 1803.01271), table 1: sequential and permuted MNIST. A digit of 28 by 28 pixels is read pixel by
// pixel, 784 steps, in the order of reading or in one fixed order drawn at random; the figure is the accuracy on the 10,000
// test images.
//
// The last 5,000 training images choose the weights. The order of the permuted task is drawn from a key of its own, so it is
// not the paper's. Gates start as for lags of up to 64 (chrono initialisation): with 784 an lstm learned several times more
// slowly.
#include <algorithm>
#include <numeric>
#include <span>

#include "eddy/error.h"
#include "eddy/loss.h"
#include "model/input_file.h"
#include "table.h"

namespace {

using namespace eddy;
using namespace eddy::published;

constexpr size_t kPixels = 28 * 28;
constexpr size_t kClasses = 10;
constexpr size_t kRows = 32;
constexpr size_t kValid = 5000;
constexpr uint64_t kOrderKey = 784;

struct Digits {
  std::vector<uint8_t> pixels;  // [N, kPixels]
  std::vector<uint8_t> labels;  // [N]
  size_t count() const { return labels.size(); }
};

// The bytes of an idx file (LeCun's MNIST page): two zeros, the type (8: bytes), the number of dimensions, their sizes as
// 32 bits each, the highest byte first, then the values. `inner` is what one item must hold.
std::vector<uint8_t> ReadIdx(const std::string& path, const std::vector<uint32_t>& inner) {
  const auto require = [&](bool holds) {
    Require(holds, "read", path, "a whole idx file of 28 by 28 images or their labels", "something else");
  };
  const InputFile file(path, "an idx file");
  std::vector<uint8_t> header(4 * (2 + inner.size()));
  require(file.size() >= header.size());
  file.Read(0, header.data(), header.size());
  const auto number = [&](size_t i) {
    const uint8_t* b = header.data() + 4 * i;
    return uint32_t{b[0]} << 24 | uint32_t{b[1]} << 16 | uint32_t{b[2]} << 8 | b[3];
  };
  require(number(0) == 0x800 + 1 + inner.size());
  size_t item = 1;
  for (size_t i = 0; i < inner.size(); ++i) {
    require(number(2 + i) == inner[i]);
    item *= inner[i];
  }
  require(file.size() - header.size() == number(1) * item);
  std::vector<uint8_t> values(number(1) * item);
  file.Read(header.size(), values.data(), values.size());
  return values;
}

Digits ReadDigits(const Command& command, const std::string& part) {
  Digits digits{ReadIdx(command.File(part + "-images-idx3-ubyte"), {28, 28}),
                ReadIdx(command.File(part + "-labels-idx1-ubyte"), {})};
  Require(digits.pixels.size() == digits.count() * kPixels, "read", part, "as many labels as images", "another number");
  for (const uint8_t label : digits.labels) Require(label < kClasses, "read", part, "labels 0 to 9", std::to_string(label));
  return digits;
}

Batch MakeBatch(const Digits& digits, std::span<const size_t> chosen, const std::vector<size_t>& order) {
  const size_t B = chosen.size();
  Batch batch;
  batch.x = Tensor({kPixels, B, 1});
  batch.sequence = {kPixels, B, {}, {}};
  batch.count = static_cast<double>(B);
  for (size_t row = 0; row < B; ++row) {
    batch.labels.push_back(digits.labels[chosen[row]]);
    const uint8_t* image = digits.pixels.data() + chosen[row] * kPixels;
    for (size_t t = 0; t < kPixels; ++t) batch.x[t * B + row] = static_cast<Real>(image[order[t]]) / 255;
  }
  return batch;
}

std::vector<size_t> Numbers(size_t begin, size_t end) {
  std::vector<size_t> numbers(end - begin);
  std::iota(numbers.begin(), numbers.end(), begin);
  return numbers;
}

std::vector<Batch> MakePart(const Digits& digits, std::span<const size_t> chosen, const std::vector<size_t>& order) {
  std::vector<Batch> part;
  for (size_t begin = 0; begin < chosen.size(); begin += kRows) {
    part.push_back(MakeBatch(digits, chosen.subspan(begin, std::min(kRows, chosen.size() - begin)), order));
  }
  return part;
}

// The share of the test images that are of the commonest digit in training.
double CommonestDigit(const Digits& train, const Digits& test) {
  std::vector<size_t> counts(kClasses);
  for (const uint8_t label : train.labels) ++counts[label];
  const auto commonest = std::max_element(counts.begin(), counts.end()) - counts.begin();
  const auto hits = std::count(test.labels.begin(), test.labels.end(), static_cast<uint8_t>(commonest));
  return static_cast<double>(hits) / static_cast<double>(test.count());
}

void Run(const Command& command, const Digits& train, const Digits& test, const std::string& title,
         const std::vector<size_t>& order, const std::map<std::string, double>& paper) {
  const size_t learned = train.count() - kValid;
  Recipe recipe;
  recipe.title = title;
  recipe.measure = "accuracy";
  recipe.accuracy = true;
  recipe.inputs = 1;
  recipe.outputs = kClasses;
  recipe.parameters = 70000;
  recipe.span = kPixels;
  recipe.longest_lag = 64;
  recipe.training = command.Training();
  recipe.training.validations = 10;  // as each reads 5,000 images
  recipe.steps_per_epoch = static_cast<int64_t>(learned / kRows);
  recipe.batch = [&](int64_t step) {
    std::vector<size_t> shuffled = Numbers(0, learned);
    StepRandom(command.seed, step / recipe.steps_per_epoch).Shuffle(shuffled);
    const size_t begin = static_cast<size_t>(step % recipe.steps_per_epoch) * kRows;
    return MakeBatch(train, std::span(shuffled).subspan(begin, kRows), order);
  };
  recipe.valid = MakePart(train, Numbers(learned, train.count()), order);
  recipe.test = MakePart(test, Numbers(0, test.count()), order);
  recipe.loss = [](Tape& tape, Var outputs, const Batch& batch) { return SoftmaxCrossEntropy(tape, outputs, batch.labels); };
  recipe.figure = Accuracy;
  RunTable(command, recipe, {paper, {{"commonest digit", CommonestDigit(train, test)}}});
}

}  // namespace

int main(int argc, char** argv) {
  Defaults defaults;
  defaults.program = "sequential_mnist";
  defaults.description = "Digits read pixel by pixel, in order and permuted (Bai 2018, table 1)";
  defaults.data =
      "a folder with MNIST's four idx files, unpacked, such as train-images-idx3-ubyte, from yann.lecun.com/exdb/mnist";
  defaults.models = "lstm,gru,rnn_tanh,tcn";
  defaults.minutes = 60;
  defaults.rate = 6e-3;
  return Main(argc, argv, defaults, [](const Command& command) {
    const Digits train = ReadDigits(command, "train"), test = ReadDigits(command, "t10k");
    Require(train.count() > kValid + kRows && test.count() > 0, "read", command.folder,
            "more than " + std::to_string(kValid + kRows) + " training images", std::to_string(train.count()));
    std::vector<size_t> order = Numbers(0, kPixels);
    Run(command, train, test, "sequential MNIST", order, {{"lstm", .872}, {"gru", .962}, {"rnn_tanh", .215}, {"tcn", .990}});
    Random(kOrderKey).Shuffle(order);
    Run(command, train, test, "permuted MNIST", order, {{"lstm", .857}, {"gru", .873}, {"rnn_tanh", .253}, {"tcn", .972}});
  });
}
