#include "tasks/generate.h"

#include <fmt/format.h>

#include <memory>

#include "console.h"
#include "output.h"
#include "signals.h"
#include "usage.h"
#include "verbs.h"

namespace eddy {
namespace {

struct Options {
  std::string model;
  GenerateOptions generate;
  bool quiet = false;
};

void RunGenerate(const Options& options) {
  const TextModel model = UnpackTextModel(LoadModel(options.model, kTextTask));
  const StopSignals signals;
  char last = '\n';
  const size_t unknown = Generate(model, options.generate, [&](std::string_view piece) {
    Print(piece);
    if (!piece.empty()) last = piece.back();
    if (last == '\n') FlushOutput();
    return StopSignal() == 0;
  });
  if (last != '\n') Print("\n");
  if (StopSignal() != 0) {
    FlushOutput();
    throw Interrupted(StopSignal());
  }
  if (unknown > 0) {
    Console(options.quiet)
        .Line(fmt::format("{} of the prompt's {} are not in the model's vocabulary.", unknown,
                          TextUnitName(model.format.unit)));
  }
}

}  // namespace

void AddGenerate(CLI::App& app) {
  CLI::App& verb = *app.add_subcommand("generate", "Write text that a model goes on with");
  auto options = std::make_shared<Options>();
  GenerateOptions& o = options->generate;
  verb.add_option("MODEL", options->model, "a model that \"eddy train text\" wrote")->required();

  const char* group = "Text";
  verb.add_option("--prompt", o.prompt, "what it begins with; of lines, every line")->type_name("TEXT")->group(group);
  verb.add_option("--length", o.length, "characters, bytes or words to write; lines are finished")
      ->type_name("N")
      ->capture_default_str()
      ->check(WholeNumberIn(0, uint64_t{1} << 40))
      ->group(group);
  verb.add_option("--temperature", o.sampling.temperature, "below 1 bolder, above 1 wilder; 0 for the likeliest text")
      ->type_name("X")
      ->capture_default_str()
      ->check(NumberIn(0, 1000))
      ->group(group);
  verb.add_option("--top-k", o.sampling.top_k, "draw from the K likeliest only; 0 for all")
      ->type_name("K")
      ->capture_default_str()
      ->check(WholeNumberIn(0, uint64_t{1} << 40))
      ->group(group);
  verb.add_option("--top-p", o.sampling.top_p, "draw from the likeliest that together have this probability")
      ->type_name("P")
      ->capture_default_str()
      ->check(NumberIn(1e-9, 1))
      ->group(group);
  verb.add_option("--seed", o.seed, "another seed writes another text")->type_name("N")->capture_default_str()->group(group);
  verb.add_flag("--quiet", options->quiet, "say nothing but errors beside the text")->group("Run");
  verb.footer(R"(Examples:
  eddy generate book.eddy
  eddy generate book.eddy --prompt "It was a dark" --length 300 --seed 7
  eddy generate words.eddy --prompt un --temperature 0.7)");
  verb.callback([options] { RunGenerate(*options); });
}

}  // namespace eddy
