// eddy generate: text that a model goes on with.
#include <fmt/format.h>

#include "tasks/text/actions.h"
#include "tasks/text/generate.h"

namespace eddy {
namespace {

class UseText : public UseAction {
 public:
  void Declare(OptionTable& table) override {
    GenerateOptions& o = options_;
    table.Add("MODEL", model_, AnyText("MODEL"), "a model that \"eddy train text\" wrote").Required();
    table.Group("Text");
    table.Add("prompt", o.prompt, AnyText("TEXT"), "what it begins with; of lines, every line");
    table.Add("length", o.length, WholeNumber(0, uint64_t{1} << 40),
              "characters, bytes or words to write; lines are finished");
    table.Add("temperature", o.sampling.temperature, Number(0, 1000),
              "below 1 bolder, above 1 wilder; 0 for the likeliest text");
    table.Add("top-k", o.sampling.top_k, WholeNumber(0, uint64_t{1} << 40).Called("K"),
              "draw from the K likeliest only; 0 for all");
    table.Add("top-p", o.sampling.top_p, Number(1e-9, 1).Called("P"),
              "draw from the likeliest that together have this probability");
    table.Add("seed", o.seed, WholeNumber(0, ~uint64_t{0}), "another seed writes another text");
  }
  std::string notes() const override {
    return R"(Examples:
  eddy generate book.eddy
  eddy generate book.eddy --prompt "It was a dark" --length 300 --seed 7
  eddy generate words.eddy --prompt un --temperature 0.7)";
  }
  std::vector<std::string> reads() const override { return {model_}; }
  std::string model() const override { return model_; }

  void Run(UseContext& context) override {
    const TextModel model = UnpackTextModel(LoadModel(model_, kTextTask));
    char last = '\n';
    const size_t unknown = Generate(model, options_, [&](std::string_view piece) {
      context.write(piece);
      if (!piece.empty()) last = piece.back();
      return !context.stop();
    });
    if (last != '\n') context.write("\n");
    if (unknown > 0 && !context.stop()) {
      context.line(
          fmt::format("{} of the prompt's {} are not in the model's vocabulary.", unknown, TextUnitName(model.format.unit)));
    }
  }

 private:
  std::string model_;
  GenerateOptions options_;
};

}  // namespace

std::unique_ptr<UseAction> MakeTextUse() { return std::make_unique<UseText>(); }

}  // namespace eddy
