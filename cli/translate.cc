#include <fmt/format.h>

#include <iostream>
#include <iterator>
#include <memory>

#include "data/pairs.h"
#include "data/read_file.h"
#include "eddy/error.h"
#include "json_output.h"
#include "model/atomic_file.h"
#include "output.h"
#include "output_files.h"
#include "tasks/translation_report.h"
#include "train_options.h"
#include "usage.h"
#include "verbs.h"

namespace eddy {
namespace {

struct Options {
  std::vector<std::string> paths;  // models, and the file last
  std::string output, alignments;
  BeamOptions beam;
  bool json = false;
  int threads = 1;
};

// A model begins with the length of its header, which is JSON.
bool IsModelFile(const std::string& path) {
  const std::string bytes = ReadFile(path);
  return bytes.size() > 8 && bytes[8] == '{' && bytes.find('\0') < 8;
}

// With more than one wanted a line has the place of its source, the score and the translation, with tabs between them.
std::string Lines(const std::vector<std::vector<Translation>>& translations, size_t best) {
  std::string text;
  for (size_t i = 0; i < translations.size(); ++i) {
    for (const Translation& each : translations[i]) {
      text += best > 1 ? fmt::format("{}\t{:.4f}\t{}\n", i + 1, each.score, each.text) : each.text + "\n";
    }
  }
  return text;
}

void PrintAsJson(const std::vector<std::string>& models, const std::string& file, const std::vector<std::string>& sources,
                 const std::vector<std::vector<Translation>>& translations) {
  OrderedJson json = JsonResult("translate", kTranslateTask, models[0]);
  json["models"] = models;
  json["data"] = file;
  json["translations"] = OrderedJson::array();
  for (size_t i = 0; i < sources.size(); ++i) {
    OrderedJson best = OrderedJson::array();
    for (const Translation& each : translations[i]) {
      best.push_back({{"text", each.text}, {"score", each.score}, {"log_probability", each.log_probability}});
    }
    json["translations"].push_back({{"source", sources[i]}, {"best", best}});
  }
  PrintJson(json);
}

void RunTranslate(const Options& options) {
  RequireOutputs({options.output, options.alignments}, options.paths);
  std::vector<std::string> models = options.paths;
  std::string file;
  if (models.size() > 1 && !IsModelFile(models.back())) {
    file = models.back();
    models.pop_back();
  }
  Threads threads(options.threads);
  std::vector<TranslatorNetwork> networks = LoadTranslators(models, threads);
  const std::string text = file.empty() ? std::string(std::istreambuf_iterator<char>(std::cin), {}) : ReadFile(file);
  const std::vector<std::string> sources = ParseLines(text, file.empty() ? "standard input" : file);
  const std::vector<std::vector<Translation>> translations =
      TranslateTexts(PointersTo(networks), sources, options.beam, threads);
  if (!options.alignments.empty()) {
    std::vector<Translation> best;
    for (const auto& each : translations) best.push_back(each[0]);
    WriteReport(options.alignments, MakeAlignmentReport(networks[0], sources, best, models[0], threads));
  }
  if (options.json) return PrintAsJson(models, file, sources, translations);
  const std::string lines = Lines(translations, options.beam.best);
  if (options.output.empty()) return Print(lines);
  AtomicFile output(options.output);
  output.Write(lines);
  output.Commit();
}

}  // namespace

void AddTranslate(CLI::App& app) {
  CLI::App& verb = *app.add_subcommand("translate", "Translate sentences, or spellings to sounds");
  auto options = std::make_shared<Options>();
  verb.add_option("MODEL", options->paths,
                  "what \"eddy train translate\" wrote; several of the same vocabularies decide together. The last may be a "
                  "file to translate, a line each; standard input otherwise")
      ->required();
  verb.add_option("--beam", options->beam.width, "beginnings kept in the search; 1 for the likeliest token at every step")
      ->type_name("N")
      ->capture_default_str()
      ->check(WholeNumberIn(1, kMostBeam))
      ->group("Search");
  verb.add_option("--n-best", options->beam.best, "translations of each line, with their scores")
      ->type_name("N")
      ->capture_default_str()
      ->check(WholeNumberIn(1, kMostBeam))
      ->group("Search");
  verb.add_option("--length-penalty", options->beam.length_penalty, "how much long translations are favoured (Wu 2016)")
      ->type_name("X")
      ->capture_default_str()
      ->check(NumberIn(0, 100))
      ->group("Search");
  CLI::Option* output = verb.add_option("-o,--output", options->output, "where to write it")
                            ->type_name("FILE")
                            ->default_str("standard output")
                            ->group("Result");
  verb.add_option("--alignments", options->alignments, "also draw what the first model attends to")
      ->type_name("OUT.html")
      ->group("Result");
  verb.add_flag("--json", options->json, "print one JSON object instead of lines")->excludes(output)->group("Run");
  AddThreadsOption(verb, options->threads);
  verb.footer(
      R"(With --n-best above 1 a line is the number of its source, the score and the translation, with tabs between them.
Examples:
  echo "ein Hund" | eddy translate de-en.eddy
  eddy translate de-en.eddy news.de --beam 10 -o news.en
  echo "ein Hund" | eddy translate de-en.eddy --alignments dog.html
  eddy translate seed1.eddy seed2.eddy seed3.eddy words.txt --n-best 3)");
  verb.callback([options] {
    if (options->beam.best > options->beam.width) throw UsageError("--n-best must be at most --beam");
    RunTranslate(*options);
  });
}

}  // namespace eddy
