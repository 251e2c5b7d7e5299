// eddy translate: translations of new sentences, or sounds of new spellings.
#include <fmt/format.h>

#include "data/encoding.h"
#include "data/pairs.h"
#include "data/read_file.h"
#include "tasks/translate/actions.h"
#include "tasks/translate/report.h"
#include "tasks/use_output.h"

namespace eddy {
namespace {

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

OrderedJson TranslationsJson(const std::vector<std::string>& sources,
                             const std::vector<std::vector<Translation>>& translations) {
  OrderedJson json = OrderedJson::array();
  for (size_t i = 0; i < sources.size(); ++i) {
    OrderedJson best = OrderedJson::array();
    for (const Translation& each : translations[i]) {
      best.push_back({{"text", each.text}, {"score", each.score}, {"log_probability", each.log_probability}});
    }
    json.push_back({{"source", sources[i]}, {"best", best}});
  }
  return json;
}

class UseTranslator : public UseAction {
 public:
  void Declare(OptionTable& table) override {
    table
        .AddMany("MODEL", paths_, AnyText("MODEL"),
                 "what \"eddy train translate\" wrote; several of the same vocabularies decide together. The last may be a "
                 "file to translate, a line each; standard input otherwise")
        .Required();
    table.Group("Search");
    table.Add("beam", beam_.width, WholeNumber(1, kMostBeam),
              "beginnings kept in the search; 1 for the likeliest token at every step");
    table.Add("n-best", beam_.best, WholeNumber(1, kMostBeam), "translations of each line, with their scores");
    table.Add("length-penalty", beam_.length_penalty, Number(0, 100), "how much long translations are favoured (Wu 2016)");
    eddy::Declare(output_, table, "FILE", "print one JSON object instead of lines");
    table.Add("alignments", alignments_, AnyText("OUT.html"), "also draw what the first model attends to");
  }
  std::string notes() const override {
    return R"(With --n-best above 1 a line is the number of its source, the score and the translation, with tabs between them.
Examples:
  echo "ein Hund" | eddy translate de-en.eddy
  eddy translate de-en.eddy news.de --beam 10 -o news.en
  echo "ein Hund" | eddy translate de-en.eddy --alignments dog.html
  eddy translate seed1.eddy seed2.eddy seed3.eddy words.txt --n-best 3)";
  }
  std::vector<std::string> reads() const override { return paths_; }
  std::vector<std::string> writes() const override { return {output_.path, alignments_}; }
  std::string model() const override { return paths_.front(); }

  void Run(UseContext& context) override {
    if (beam_.best > beam_.width) throw UsageError("--n-best must be at most --beam");
    std::vector<std::string> models = paths_;
    std::string file;
    if (models.size() > 1 && !IsModelFile(models.back())) {
      file = models.back();
      models.pop_back();
    }
    std::vector<TranslatorNetwork> networks = LoadTranslators(models, context.threads);
    const std::string source = file.empty() ? "standard input" : file;
    const DecodedText text = file.empty() ? DecodeText(context.read(), source) : ReadDecoded(file);
    const std::vector<std::string> sources = ParseLines(text.text, source);
    const std::vector<std::vector<Translation>> translations =
        TranslateTexts(PointersTo(networks), sources, beam_, context.threads);
    if (!alignments_.empty()) {
      std::vector<Translation> best;
      for (const auto& each : translations) best.push_back(each[0]);
      WriteReport(alignments_, MakeAlignmentReport(networks[0], sources, best, models[0], context.threads));
    }
    if (!output_.json) return WriteText(Lines(translations, beam_.best), output_, context);
    context.write_json({{"models", models}, {"data", file}, {"translations", TranslationsJson(sources, translations)}});
  }

 private:
  std::vector<std::string> paths_;  // models, and the file last
  BeamOptions beam_;
  UseOutput output_;
  std::string alignments_;
};

}  // namespace

std::unique_ptr<UseAction> MakeTranslatorUse() { return std::make_unique<UseTranslator>(); }

}  // namespace eddy
