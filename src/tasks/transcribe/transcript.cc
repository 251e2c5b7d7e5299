#include "tasks/transcribe/transcript.h"

#include <algorithm>

#include "tasks/task.h"

namespace eddy {
namespace {

constexpr size_t kUsualBeam = 32;  // with a language model

}  // namespace

Transcript MakeTranscript(const FoundLabels& found, const Tensor& logits, const TranscriberDesign& design, double from) {
  const std::vector<LabelTime> times = AlignLabels(logits, found.labels);
  const double step = design.step_seconds();
  Transcript transcript;
  transcript.log_probability = found.log_probability;
  for (const LabelRange& range : design.spelling.WordsIn(found.labels)) {
    SpokenWord& word = transcript.words.emplace_back();
    word.text = design.spelling.Join(std::span(found.labels).subspan(range.begin, range.end - range.begin));
    word.begin = from + static_cast<double>(times[range.begin].begin) * step;
    word.end = from + static_cast<double>(times[range.end - 1].end) * step;
    word.confidence = Confidence(times, range);
    transcript.text += (transcript.text.empty() ? "" : " ") + word.text;
  }
  return transcript;
}

std::vector<std::vector<Transcript>> TranscribeFrames(const TranscriberNetwork& network,
                                                      std::span<const std::span<const float>> frames,
                                                      const SearchOptions& options, size_t count, Threads& threads) {
  std::vector<std::vector<Transcript>> transcripts(frames.size());
  ForLogits(network, frames, threads, [&](size_t place, const Tensor& logits) {
    LabelSearch search(network.design(), options);
    for (size_t t = 0; t < logits.dim(0); ++t) search.Step(logits.data() + t * logits.dim(1));
    for (const FoundLabels& found : search.Best(count)) {
      transcripts[place].push_back(MakeTranscript(found, logits, network.design()));
    }
  });
  return transcripts;
}

std::vector<std::vector<float>> ScaledFrames(std::span<const Utterance> utterances, const TranscriberDesign& design) {
  std::vector<std::vector<float>> scaled;
  for (const Utterance& each : utterances) {
    ScaleFrames(scaled.emplace_back(each.frames.front()), MeanToTake(each, 0, design), design);
  }
  return scaled;
}

Seeking::Seeking(const TranscribeOptions& options) : given_(options) {
  OptionTable table;
  DeclareSearch(given_, table);
  table.Check("transcribe");
  if (!given_.language_model.empty()) model_.emplace(WordModel::Read(given_.language_model));
  if (!given_.hot_words.empty()) hot_.emplace(HotWords::Read(given_.hot_words));
  if (given_.beam && *given_.beam < 2) {
    if (model_) throw UsageError("--lm needs a --beam of 2 at least");
    if (hot_) throw UsageError("--hot-words needs a --beam of 2 at least");
  }
}

SearchOptions Seeking::options() const {
  return {.beam = given_.beam.value_or(model_ || hot_ ? kUsualBeam : 1),
          .model = model_ ? &*model_ : nullptr,
          .weight = given_.language_weight,
          .bonus = given_.word_bonus,
          .hot = hot_ ? &*hot_ : nullptr,
          .hot_weight = given_.hot_weight};
}

void DeclareSearch(TranscribeOptions& o, OptionTable& table) {
  table.Group("Search");
  table
      .Add("beam", o.beam, WholeNumber(1, kMostTranscriptBeam),
           "beginnings kept in the search; 1 for the likeliest token at every step")
      .Usually("1; 32 with --lm or --hot-words");
  table
      .Add("lm", o.language_model, AnyText("FILE"),
           "a language model of words: an ARPA file, or text, a sentence a line, from which one is learned (Kneser-Ney)")
      .OfTheRun();
  table.Add("lm-weight", o.language_weight, Number(0, 100), "of its logarithms").Needs("lm");
  table.Add("word-bonus", o.word_bonus, Number(-100, 100), "added for every word").Needs("lm");
  table
      .Add("hot-words", o.hot_words, AnyText("FILE"),
           "a list of words to favour, such as names, as transcripts have them; with white space between them")
      .OfTheRun();
  table.Add("hot-weight", o.hot_weight, Number(0, 100), "added to the logarithms for each of them").Needs("hot-words");
}

}  // namespace eddy
