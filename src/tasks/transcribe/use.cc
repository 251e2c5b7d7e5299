// eddy transcribe: the words of sounds, from files or as they come.
#include <fmt/format.h>

#include <cmath>
#include <filesystem>

#include "audio/sound.h"
#include "tasks/standard_input.h"
#include "tasks/transcribe/actions.h"
#include "tasks/transcribe/live_text.h"
#include "tasks/transcribe/subtitles.h"
#include "tasks/transcribe/transcript.h"
#include "tasks/use_output.h"

namespace eddy {
namespace {

OrderedJson WordsJson(const std::vector<SpokenWord>& words) {
  OrderedJson json = OrderedJson::array();
  for (const SpokenWord& word : words) {
    json.push_back({{"word", word.text}, {"begin", word.begin}, {"end", word.end}, {"confidence", word.confidence}});
  }
  return json;
}

// A line of JSON.
std::string Line(const OrderedJson& json) { return json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace) + "\n"; }

class UseTranscriber : public UseAction {
 public:
  void Declare(OptionTable& table) override {
    table.Add("MODEL", model_, AnyText("MODEL"), "a model that \"eddy train transcribe\" wrote").Required();
    table
        .AddMany("FILE", files_, AnyText("FILE"),
                 "sounds (wav, flac, ogg, mp3), or features for a model of them; - for standard input, as it comes")
        .Required();
    table.Group("Sound");
    table
        .Add("rate", rate_, WholeNumber(kLeastRate, kMostRate),
             "with -: samples a second of what comes, one channel of 16 bits, little-endian, without a header")
        .Usually("the model's");
    table.Flag("one-speaker", one_speaker_,
               "all sounds are by one speaker, whose mean is taken from them, not each one's own");
    DeclareSearch(search_, table);
    table.Add("nbest", best_, WholeNumber(1, kMostTranscriptBeam), "transcripts of each file, with their scores");
    eddy::Declare(output_, table, "FILE", "print one JSON object instead of lines; with -, one a line for each text");
    table.Flag("srt", srt_, "write subtitles (SubRip)").Excludes("json").Excludes("vtt").Excludes("ctm").Excludes("nbest");
    table.Flag("vtt", vtt_, "write subtitles (WebVTT)").Excludes("json").Excludes("ctm").Excludes("nbest");
    table.Flag("ctm", ctm_, "write a line for each word, with its time and confidence").Excludes("json").Excludes("nbest");
  }
  std::string notes() const override {
    return R"(Of several files a line is the path, a tab and what is said. With --nbest above 1 it is the path, the score and the text.
With - the model must be causal; a text ends after a second of silence, at the first one after twenty seconds, or after a minute.
Examples:
  eddy transcribe speech.eddy a.wav b.flac
  eddy transcribe speech.eddy ana1.wav ana2.wav ana3.wav --one-speaker
  eddy transcribe speech.eddy talk.mp3 --lm words.arpa --srt -o talk.srt
  arecord -t raw -f S16_LE -r 16000 | eddy transcribe speech.eddy - --json)";
  }
  std::vector<std::string> reads() const override {
    std::vector<std::string> paths = {model_, search_.language_model.name(), search_.hot_words.name()};
    if (!streams()) paths.insert(paths.end(), files_.begin(), files_.end());
    return paths;
  }
  std::vector<std::string> writes() const override { return {output_.path}; }
  std::string model() const override { return model_; }

  void Run(UseContext& context) override {
    const TranscriberNetwork network = LoadTranscriber(LoadModel(model_, kTranscribeTask), context.threads);
    const Seeking seeking(search_);
    const SearchOptions options = seeking.options();
    if (best_ > 1 && best_ > options.beam) throw UsageError("--nbest must be at most --beam");
    if (streams()) return Stream(network, options, context);
    if (rate_) throw UsageError("--rate is of standard input, -");
    if ((srt_ || vtt_) && files_.size() > 1) throw UsageError("--srt and --vtt are for one file");
    const FrontEnd front = FrontEndOf(network.design());
    std::vector<Utterance> utterances = ReadFiles(front, context);
    if (one_speaker_) {
      if (!network.design().own_mean) throw UsageError("--one-speaker is for models that are not causal");
      if (files_.size() == 1) throw UsageError("--one-speaker is of several files");
      for (Utterance& each : utterances) each.speaker = "one";
      ShareSpeakers(utterances, front);
    }
    const std::vector<std::vector<float>> scaled = ScaledFrames(utterances, network.design());
    const std::vector<std::span<const float>> frames(scaled.begin(), scaled.end());
    const auto transcripts = TranscribeFrames(network, frames, options, best_, context.threads);
    if (output_.json) return context.write_json({{"files", files_}, {"recordings", FilesJson(utterances, transcripts)}});
    WriteText(Text(transcripts), output_, context);
  }

 private:
  bool streams() const { return files_.size() == 1 && files_[0] == "-"; }

  std::vector<Utterance> ReadFiles(const FrontEnd& front, UseContext& context) const {
    std::vector<Utterance> utterances;
    for (const std::string& file : files_) {
      std::vector<std::string> notes;
      utterances.push_back(ReadUtterance(file, front, &notes));
      for (const std::string& note : notes) context.line(fmt::format("{}: {}.", file, note));
    }
    return utterances;
  }

  std::string Text(const std::vector<std::vector<Transcript>>& transcripts) const {
    std::string text;
    for (size_t i = 0; i < transcripts.size(); ++i) {
      const std::vector<SpokenWord>& words = transcripts[i].front().words;
      if (srt_) return MakeSrt(words);
      if (vtt_) return MakeVtt(words);
      if (ctm_) {
        text += MakeCtm(words, std::filesystem::path(files_[i]).stem().string());
        continue;
      }
      for (const Transcript& each : transcripts[i]) {
        if (files_.size() > 1 || best_ > 1) text += files_[i] + "\t";
        if (best_ > 1) text += fmt::format("{:.4f}\t", each.log_probability);
        text += each.text + "\n";
      }
    }
    return text;
  }

  OrderedJson FilesJson(const std::vector<Utterance>& utterances,
                        const std::vector<std::vector<Transcript>>& transcripts) const {
    OrderedJson json = OrderedJson::array();
    for (size_t i = 0; i < transcripts.size(); ++i) {
      const Transcript& first = transcripts[i].front();
      OrderedJson& each = json.emplace_back(OrderedJson::object());
      each["file"] = files_[i];
      each["seconds"] = utterances[i].seconds;
      each["text"] = first.text;
      each["words"] = WordsJson(first.words);
      each["best"] = OrderedJson::array();
      for (const Transcript& other : transcripts[i]) {
        each["best"].push_back({{"text", other.text}, {"log_probability", other.log_probability}});
      }
    }
    return json;
  }

  void Stream(const TranscriberNetwork& network, const SearchOptions& options, UseContext& context) const {
    if (one_speaker_) throw UsageError("--one-speaker is of files, and - is a stream");
    if (!output_.path.empty() || srt_ || vtt_ || ctm_ || best_ > 1) {
      throw UsageError("- is written to standard output as it comes, in lines or as --json");
    }
    LiveText live(network, options,
                  static_cast<int>(rate_.value_or(network.design().sound ? network.design().sound->rate : 0)));
    std::string odd;  // half a sample
    std::vector<float> samples;
    while (!context.stop()) {
      const std::string bytes = odd + ReadSomeInput();
      if (bytes.size() == odd.size()) break;
      samples.clear();
      for (size_t i = 0; i + 1 < bytes.size(); i += 2) {
        const auto low = static_cast<unsigned char>(bytes[i]), high = static_cast<unsigned char>(bytes[i + 1]);
        samples.push_back(static_cast<float>(static_cast<int16_t>(low | high << 8)) / 32768);
      }
      odd = bytes.size() % 2 == 1 ? bytes.substr(bytes.size() - 1) : "";
      live.Push(samples);
      Tell(live, context);
    }
    live.Finish();
    Tell(live, context);
  }

  void Tell(LiveText& live, UseContext& context) const {
    for (const Transcript& each : live.TakeFinal()) {
      context.write(output_.json ? Line({{"final", each.text}, {"words", WordsJson(each.words)}}) : each.text + "\n");
    }
    if (!live.PartialChanged()) return;
    if (output_.json) {
      context.write(Line({{"partial", live.partial()}}));
    } else {
      context.live(live.partial());
    }
  }

  std::string model_;
  std::vector<std::string> files_;
  std::optional<size_t> rate_;
  TranscribeOptions search_;
  size_t best_ = 1;
  bool one_speaker_ = false;
  UseOutput output_;
  bool srt_ = false, vtt_ = false, ctm_ = false;
};

}  // namespace

std::unique_ptr<UseAction> MakeTranscriberUse() { return std::make_unique<UseTranscriber>(); }

}  // namespace eddy
