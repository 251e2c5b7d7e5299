// eddy speak: the sound of a text.
#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <optional>

#include "audio/sound.h"
#include "data/encoding.h"
#include "data/read_file.h"
#include "eddy/error.h"
#include "model/atomic_file.h"
#include "tasks/speak/actions.h"
#include "tasks/speak/durations_file.h"
#include "tasks/speak/model.h"
#include "tasks/speak/options.h"
#include "tasks/speak/player.h"
#include "tasks/speak/sentences.h"
#include "tasks/use_output.h"

namespace eddy {
namespace {

class UseVoice : public UseAction {
 public:
  void Declare(OptionTable& table) override {
    table.Add("MODEL", model_, AnyText("MODEL"), "a voice that \"eddy train speak\" wrote").Required();
    table.Add("TEXT", text_, AnyText("TEXT"), "what to say, or a file of it; - for standard input").Usually("-");
    DeclareSpeaking(options_, table);
    table.Add("durations", durations_, AnyText("FILE"),
              "how long each symbol lasts, as --write-durations has written it for the same text");
    table.Add("write-durations", write_durations_, AnyText("FILE"),
              "where to write how long each symbol lasts: a symbol, a tab and milliseconds a line");
    eddy::Declare(output_, table, "FILE", "print one JSON object instead, with the durations and without the sound");
    for (const char* of_sound : {"pitch", "sharpness", "vocoder"}) table.Find(of_sound).Excludes("json");
    table.Flag("play", play_, "play it while it is made, by aplay, paplay or ffplay, and write it to --output alone")
        .Excludes("json");
  }
  std::string notes() const override {
    return R"(The sound is a wav file of 16 bits and one channel; on standard output it is these samples alone, little-endian, as they
are made. A voice of phonemes reads phonemes, with spaces between them; one that learned with --sounds reads words.
Examples:
  eddy speak voice.eddy "Good morning." -o morning.wav
  eddy speak voice.eddy story.txt --speed 1.2 -o story.wav
  eddy speak voice.eddy story.txt --play
  fortune | eddy speak voice.eddy | aplay -t raw -f S16_LE -r 16000)";
  }
  std::vector<std::string> reads() const override { return {model_, durations_, is_file() ? text_ : ""}; }
  std::vector<std::string> writes() const override { return {output_.path, write_durations_}; }
  std::string model() const override { return model_; }

  void Run(UseContext& context) override {
    const VoiceNetwork network = LoadVoice(LoadModel(model_, kSpeakTask), context.threads);
    const std::vector<std::string> sentences = SentencesOf(Text(context), network.design().alphabet.reads_words());
    Require(!sentences.empty(), "speak", "the text", "not empty", "empty");
    SpeakOptions options = options_;
    if (!durations_.empty()) {
      if (sentences.size() > 1) throw UsageError("--durations is for one sentence");
      if (options_.speed != 1) throw UsageError("--durations and --speed both say how long it takes");
      options.durations = ParseDurations(ReadDecoded(durations_).text, durations_);
    }
    std::optional<Player> player;
    if (play_) player.emplace(network.design().vocoder.rate);
    const bool streams = output_.path.empty() && !output_.json && !play_;
    std::vector<float> samples;
    std::vector<SpokenSymbol> symbols;
    OrderedJson spoken = OrderedJson::array();
    for (const std::string& sentence : sentences) {
      if (context.stop()) return;
      const Speech speech = SpeakText(network, sentence, options, context.threads, [&](std::span<const float> piece) {
        if (streams) context.write(Pcm(piece));
        return !context.stop() && (!player || Play(*player, piece, context));
      });
      if (context.stop()) return;
      symbols.insert(symbols.end(), speech.symbols.begin(), speech.symbols.end());
      if (output_.json) spoken.push_back(SentenceJson(sentence, speech));
      if (!output_.path.empty()) {
        samples.insert(samples.end(), speech.samples.begin(), speech.samples.end());
      }
    }
    if (!write_durations_.empty()) WriteFile(write_durations_, WriteDurations(symbols));
    if (output_.json) return context.write_json({{"rate", network.design().vocoder.rate}, {"sentences", spoken}});
    if (!output_.path.empty()) WriteFile(output_.path, WriteWav16(samples, network.design().vocoder.rate));
    if (player) player->Finish();
  }

 private:
  bool is_file() const {
    std::error_code error;
    return text_ != "-" && std::filesystem::is_regular_file(text_, error);
  }

  std::string Text(UseContext& context) const {
    if (text_ == "-") return context.read();
    return is_file() ? ReadDecoded(text_).text : text_;
  }

  // False where the program that plays was ended together with this one.
  static bool Play(Player& player, std::span<const float> samples, UseContext& context) {
    try {
      player.Write(Pcm(samples));
    } catch (const Error&) {
      if (!context.stop()) throw;
      return false;
    }
    return true;
  }

  static OrderedJson SentenceJson(const std::string& text, const Speech& speech) {
    OrderedJson symbols = OrderedJson::array();
    for (const SpokenSymbol& each : speech.symbols) {
      symbols.push_back({{"symbol", each.symbol}, {"milliseconds", std::round(1000 * each.seconds)}});
    }
    return {{"text", text}, {"seconds", static_cast<double>(speech.samples.size()) / speech.rate}, {"symbols", symbols}};
  }

  static void WriteFile(const std::string& path, std::string_view bytes) {
    AtomicFile file(path);
    file.Write(bytes);
    file.Commit();
  }

  std::string model_, text_ = "-", durations_, write_durations_;
  SpeakOptions options_;
  UseOutput output_;
  bool play_ = false;
};

}  // namespace

std::unique_ptr<UseAction> MakeVoiceUse() { return std::make_unique<UseVoice>(); }

}  // namespace eddy
