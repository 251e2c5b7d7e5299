// Language models: text that goes on, and how likely a text is.
//
//     const auto trained = eddy::Train(eddy::LanguageModelOptions{}, {"book.txt"});
//     std::puts(trained.model.Generate({.prompt = "It was", .length = 200}).c_str());
//     eddy::LanguageModel::Stream stream(trained.model);     // a token at a time
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "eddy/sampling.h"
#include "eddy/tasks/train.h"
#include "eddy/tasks/train_options.h"
#include "eddy/text_unit.h"

EDDY_API_BEGIN
namespace eddy {

struct LanguageModelOptions {
  TextUnit unit = TextUnit::kCharacters;  // what is predicted
  bool lines = false;                     // each line is a sequence of its own
  size_t vocabulary = 10'000;             // at most so many different characters or words, at least 2
  HeldOut held_out = {0.1, {}};           // a share of the end, or a text of its own
  std::optional<size_t> embedding = {};   // width of a token's vector
  bool tie = false;                       // whether the softmax shares the embedding's weights
  size_t k1 = 0, k2 = 0;  // truncated BPTT: an update every k1 steps, through the last k2 >= k1; 0 for what suits the text
  // A finished model whose network is gone on with, its path: with its unit, lines, layers and weights, and its vocabulary,
  // behind which tokens that are new are added. Empty for a network from the beginning.
  std::string start = {};
  double label_smoothing = 0;  // share of the target spread over all tokens, in [0, 1)
  bool exact = false;          // whether all that is held out is measured at the end, at whatever cost
  TrainOptions train = {};
};

struct GenerateOptions {
  std::string prompt = {};  // with lines, every line begins with it
  size_t length = 1000;     // tokens to draw; with lines, the line that reaches it is finished
  SamplingOptions sampling = {};
  uint64_t seed = 1;
};

class LanguageModel : public TrainedModel {
 public:
  static LanguageModel Load(const std::string& path);  // throws Error, also for a model of another task
  explicit LanguageModel(const TrainedModel& model);   // the same, of a model that was loaded

  // Text that goes on from a prompt, the prompt first. `write` is given the pieces as they are made; false ends the text.
  // The unknown token is never drawn.
  std::string Generate(const GenerateOptions& options = {}) const;
  void Generate(const GenerateOptions& options, const std::function<bool(std::string_view piece)>& write) const;

  const std::vector<std::string>& vocabulary() const;
  std::vector<int32_t> Encode(std::string_view text) const;  // tokens by their place in the vocabulary
  std::string Decode(std::span<const int32_t> tokens) const;

  // The network a token at a time, for one thread. A step allocates nothing, locks nothing and throws nothing.
  class Stream {
   public:
    explicit Stream(const LanguageModel& model);  // which may go
    ~Stream();
    Stream(Stream&&) noexcept;
    // The logits [V] of the token after this one, valid until the next call. 0 <= token < V.
    std::span<const float> Step(int32_t token) noexcept;
    void Reset() noexcept;  // to the beginning of a text

   private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
  };

 private:
  struct Impl;
  std::shared_ptr<const Impl> impl_;
};

// Texts are read one after another. Throws Error, and Stopped where `hooks` ended the run.
Trained<LanguageModel> Train(const LanguageModelOptions& options, const std::vector<Data>& texts,
                             const TrainHooks& hooks = {});

}  // namespace eddy
EDDY_API_END
